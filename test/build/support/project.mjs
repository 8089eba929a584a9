// One project: built and run as it is, mended, built and run again, compared with what its expect.json says.
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { imagesOf } from "./bases.mjs";
import { applyFixes } from "./fix.mjs";
import { serveGit } from "./git-server.mjs";
import { readImage } from "./image.mjs";
import { cache } from "./workshop.mjs";

const folder = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../projects");

/** The projects with what is expected of each, in the order of their names; README.md describes the fields. */
export function readProjects() {
  return readdirSync(folder)
    .sort()
    .map((name) => ({ name, ...JSON.parse(readFileSync(path.join(folder, name, "expect.json"), "utf8")) }));
}

/**
 * Proves one project. Returns a row of the report: `{ name, kind, fixes, before, after, problems }`, where before and
 * after are `{ built, ran, size, user, found }` as far as it came, and `problems` lists what is not as expected.
 * `failed` is set where it was to fail before; `notBuilt` says why this builder cannot build the result.
 */
export async function prove(project, { builder, workshop, prepare, registry }) {
  const row = { name: project.name, kind: project.kind, fixes: project.fixes, problems: [] };
  const unlike = project.notWith?.[builder.kind];
  if (unlike !== undefined) return { ...row, notBuilt: unlike };
  const copies = ["before", "after"].map((when) => copyProject(project.name, when, workshop));
  let server;
  try {
    const { git } = project;
    const origin = git && path.join(folder, project.name, git.folder);
    server = git && (await serveGit(workshop, { ...git, folder: origin, name: git.folder }));
    const before = judge(project, "before", copies[0], [], { builder, workshop, prepare });
    if (project.broken === true) {
      await fails(before);
      row.failed = true;
    } else row.before = await before;
    if (project.registry) await offerBases(copies[1], builder, registry);
    const commands = applyFixes(copies[1], project.fixes, project.options);
    row.mended = readFileSync(path.join(copies[1], "Dockerfile"), "utf8");
    keepMended(project.name, row.mended);
    const lacking = builder.cannotBuild(row.mended);
    if (lacking !== null) return { ...row, notBuilt: lacking };
    row.after = await judge(project, "after", copies[1], commands, { builder, workshop, prepare });
    if (project.smaller !== undefined && row.after.size > row.before.size * project.smaller) {
      row.problems.push(`Its size is ${percent(row.after.size / row.before.size)} of what it was`);
    }
  } catch (error) {
    row.problems.push(String(error?.message ?? error));
  } finally {
    server?.stop();
    for (const copy of copies) rmSync(copy, { recursive: true, force: true });
  }
  row.problems.push(...(row.before?.problems ?? []), ...(row.after?.problems ?? []));
  return row;
}

/** What a fix is there to mend: an image that cannot be built or started. Throws when it can. */
async function fails(before) {
  const works = await before.then(
    () => true,
    () => false,
  );
  if (works) throw new Error("Before the fix it was expected to fail, but it builds and runs");
}

async function judge(project, when, context, commands, { builder, workshop, prepare }) {
  const image = `plimsoll-${project.name}:${when}`;
  const place = `/work/${project.name}-${when}`;
  const expected = (value) => (Array.isArray(value) ? value[when === "before" ? 0 : 1] : value);
  const result = { built: false, ran: false, problems: [] };
  const wrong = (text) => result.problems.push(`${when}: ${text}`);

  await prepare(readFileSync(path.join(context, "Dockerfile"), "utf8"));
  const given = project.build?.[when] ?? {};
  const { secret } = project;
  await builder.build(place, {
    tag: image,
    args: given.args,
    env: given.env,
    flags: [...flagsOf(commands, place), ...(given.flags ?? [])],
  });
  result.built = true;
  try {
    const saved = path.join(workshop.work, `${project.name}-image`);
    mkdirSync(saved);
    await builder.save(image, `/work/${project.name}-image`);
    const read = readImage(saved);
    result.size = read.size;
    if (secret !== undefined) {
      result.found = read.find(secret);
      if (when === "before" && result.found.length === 0) wrong("the secret was expected to be in the image");
      if (when === "after") for (const spot of result.found) wrong(`the secret is in the ${spot}`);
    }
    rmSync(saved, { recursive: true, force: true });

    const answer = await answerOf(project, expected(project.run) ?? {}, image, builder);
    result.ran = true;
    result.user = answer.user;
    if (answer.text !== expected(project.answer)) wrong(`answered ${JSON.stringify(answer.text)}`);
    if (answer.user !== expected(project.user)) wrong(`runs as ${answer.user}, not ${expected(project.user)}`);
  } finally {
    await builder.remove(image);
  }
  return result;
}

/** Puts the bases of a Dockerfile into the registry, and says in the settings of the project that it is Docker Hub. */
async function offerBases(copy, builder, registry) {
  for (const image of imagesOf(readFileSync(path.join(copy, "Dockerfile"), "utf8")))
    await builder.push(image, registry);
  const settings = { registry: { mirrors: { "docker.io": registry }, insecure: [registry] } };
  writeFileSync(path.join(copy, ".plimsoll.yaml"), JSON.stringify(settings));
}

/** Keeps the mended Dockerfile of the last run, for people who want to judge it. */
function keepMended(name, text) {
  const place = path.join(cache, "mended");
  mkdirSync(place, { recursive: true });
  writeFileSync(path.join(place, `${name}.Dockerfile`), text);
}

async function answerOf({ port, path: address = "/" }, run, image, builder) {
  if (port === undefined) return { text: await builder.output(image, run), user: await builder.userOf(image) };
  const server = await builder.serve(image, run);
  try {
    return { text: await server.get(port, address), user: await server.user() };
  } finally {
    await server.stop();
  }
}

/** The flags of the commands that the fixes name, so that what users are told to type is what is tried. */
function flagsOf(commands, place) {
  const words = commands.flatMap((command) => command.split(/\s+/).slice(2, -1));
  // A source is named relative to the folder of the project, where the command is typed.
  return words.map((word) => word.replace(/\bsrc=(?![/~])/, `src=${place}/`));
}

function copyProject(name, when, workshop) {
  const copy = path.join(workshop.work, `${name}-${when}`);
  cpSync(path.join(folder, name), copy, { recursive: true });
  rmSync(path.join(copy, "expect.json"));
  return copy;
}

function percent(ratio) {
  return `${Math.round(ratio * 100)} %`;
}
