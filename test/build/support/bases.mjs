// The bases that stand in for the images of registries. Each folder of ../bases holds a Dockerfile whose first lines say
// what it stands for:
//
//   # Stands for: golang:1.27 golang:1.27-trixie
//   # Stands for, up to stage files: golang:1.27-slim
//
// Only those that a Dockerfile asks for are made, each once until its own Dockerfile or one below it changes.
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { aptSettings, debianMirror } from "./machine.mjs";
import { run } from "./process.mjs";
import { debianRoot } from "./workshop.mjs";

const folder = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../bases");

/**
 * Returns `prepare(text)`: makes every image that the text of a Dockerfile asks for. Throws with its name when there is
 * none that stands in for it.
 */
export function createBases(builder, workshop, say) {
  const recipes = readRecipes();
  const byName = new Map(recipes.flatMap((recipe) => recipe.names.map((name) => [name, recipe])));
  const ready = new Set();

  const make = async (name) => {
    if (ready.has(name)) return;
    const recipe = byName.get(name);
    if (recipe === undefined) throw new Error(`No base in test/build/bases stands for ${name}`);
    for (const below of imagesOf(recipe.text)) await make(below);
    const stamp = `plimsoll-base:${hashOf(recipe, byName)}`;
    if (!(await builder.has(stamp))) {
      say(`Making a base for ${recipe.names.join(", ")} …`);
      const context = await contextOf(recipe, workshop, say);
      await builder.build(context, { tag: stamp, target: recipe.target, cached: true });
      rmSync(path.join(workshop.work, path.basename(context)), { recursive: true, force: true });
    }
    for (const one of recipe.names) {
      await builder.tag(stamp, one);
      ready.add(one);
    }
  };
  return async (text) => {
    for (const name of imagesOf(text)) await make(name);
  };
}

/** The images that a Dockerfile takes from elsewhere, in the order of the file; its own stages and scratch are none. */
export function imagesOf(text) {
  const own = new Set(["scratch"]);
  const images = new Set();
  for (const line of text.split("\n")) {
    const from = /^\s*FROM\s+(?:--\S+\s+)*(\S+)(?:\s+AS\s+(\S+))?/i.exec(line);
    const name = from?.[1] ?? /^\s*(?:COPY|ADD)\s.*--from=(\S+)/i.exec(line)?.[1];
    if (name !== undefined && !own.has(name.toLowerCase()) && !/^\d+$/.test(name)) images.add(withoutDigest(name));
    if (from?.[2] !== undefined) own.add(from[2].toLowerCase());
  }
  return [...images];
}

function withoutDigest(name) {
  return name.replace(/@sha256:.*$/, "");
}

function readRecipes() {
  return readdirSync(folder).flatMap((name) => {
    const text = readFileSync(path.join(folder, name, "Dockerfile"), "utf8");
    const heads = text.matchAll(/^# Stands for(?:, up to stage (\S+))?: (.*)$/gm);
    return [...heads].map(([, target, names]) => ({ name, text, target, names: names.trim().split(/\s+/) }));
  });
}

function hashOf(recipe, byName) {
  const hash = createHash("sha256").update(JSON.stringify([recipe.target ?? "", recipe.text]));
  const place = path.join(folder, recipe.name);
  for (const file of readdirSync(place).sort()) hash.update(readFileSync(path.join(place, file)));
  for (const below of imagesOf(recipe.text)) {
    const other = byName.get(below);
    if (other !== undefined) hash.update(hashOf(other, byName));
  }
  return hash.digest("hex").slice(0, 20);
}

/** The build context of a base, as a path inside the workshop; that of Debian itself gets the tree of debootstrap. */
async function contextOf(recipe, workshop, say) {
  const name = `base-${recipe.name}`;
  const outside = path.join(workshop.work, name);
  cpSync(path.join(folder, recipe.name), outside, { recursive: true });
  if (recipe.name === "debian") await packDebian(await debianRoot(say), path.join(outside, "debian.tar"));
  return `/work/${name}`;
}

/** Packs the tree of debootstrap, without manuals; the mirror and the way to it are those of this machine. */
async function packDebian(root, archive) {
  const settings = path.join(root, "etc/apt/apt.conf.d");
  mkdirSync(settings, { recursive: true });
  rmSync(path.join(settings, "docker-clean"), { force: true });
  writeFileSync(path.join(settings, "90machine"), aptSettings());
  writeFileSync(path.join(root, "etc/apt/sources.list"), `deb ${debianMirror()} trixie main\n`);
  const policy = path.join(root, "usr/sbin/policy-rc.d");
  if (!existsSync(policy)) writeFileSync(policy, "#!/bin/sh\nexit 101\n", { mode: 0o755 });
  const left = ["var/cache/apt/*", "var/lib/apt/lists/*", "usr/share/doc/*", "usr/share/man/*", "usr/share/locale/*"];
  const exclude = left.map((pattern) => `--exclude=./${pattern}`);
  await run("tar", ["--create", "--file", archive, "--numeric-owner", ...exclude, "--directory", root, "."]);
}
