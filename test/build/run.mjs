// Proves fixes by building: `npm run test:build` for every project, `node test/build/run.mjs --quick` for one of each
// kind, names of projects for those, `docker` or `buildah` for that builder alone. README.md says how it works and what stands in for what.
import { existsSync, writeFileSync } from "node:fs";
import path from "node:path";
import { root } from "../e2e/support/product.mjs";
import { createResults } from "../e2e/support/results.mjs";
import { createBases } from "./support/bases.mjs";
import { startBuildah } from "./support/buildah.mjs";
import { startDocker } from "./support/docker.mjs";
import { cli } from "./support/fix.mjs";
import { whyNotHere } from "./support/machine.mjs";
import { prove, readProjects } from "./support/project.mjs";
import { startRegistry } from "./support/registry.mjs";
import { asPage, asText } from "./support/report.mjs";
import { cache, openWorkshop } from "./support/workshop.mjs";

const page = path.join(root, "docs", "builds.md");
const starters = { docker: startDocker, buildah: startBuildah };

async function main(words) {
  const results = createResults("builds");
  const reason = whyNotHere() ?? (existsSync(cli) ? null : `${cli} is not there: npm run build`);
  if (reason !== null) {
    results.skip(reason);
    return results.finish();
  }
  const projects = chosenProjects(words);
  const workshop = await openWorkshop(results.say).catch((error) => {
    results.skip(`the workshop could not be made: ${error.message.trim()}`);
    return null;
  });
  if (workshop === null) return results.finish();
  process.on("exit", workshop.close);
  for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => process.exit(1));
  const proofs = [];
  try {
    const registry = projects.some((project) => project.registry) ? await startRegistry(workshop) : null;
    const wanted = Object.keys(starters).filter((name) => words.includes(name));
    // A full run asks both; otherwise buildah stands in where Docker Engine does not start.
    const everything = words.every((word) => word in starters);
    for (const name of wanted.length > 0 ? wanted : Object.keys(starters)) {
      if (proofs.length > 0 && !everything && wanted.length === 0) break;
      const builder = await startBuilder(name, workshop, registry, results, wanted.length > 0);
      if (builder === null) continue;
      proofs.push(await proveAll(projects, builder, workshop, registry, results));
      console.log(`\n${builder.name}\n\n${asText(proofs.at(-1).rows)}\n`);
      if (everything) writeFileSync(page, asPage(proofs, new Date().toISOString().slice(0, 10)));
    }
    if (proofs.length === 0) results.skip("neither Docker Engine nor buildah starts here");
  } finally {
    workshop.close();
  }
  results.finish();
}

async function startBuilder(name, workshop, registry, results, isWanted) {
  try {
    return await starters[name](workshop, registry);
  } catch (error) {
    if (isWanted) throw error;
    results.say(`${error.message}; see ${path.join(cache, "dockerd.log")}`);
    return null;
  }
}

async function proveAll(projects, builder, workshop, registry, results) {
  results.say(`Building with ${builder.name}`);
  const prepare = createBases(builder, workshop, results.say);
  const rows = [];
  for (const project of projects) {
    const start = Date.now();
    const row = await prove(project, { builder, workshop, prepare, registry: registry?.host });
    rows.push(row);
    const name = `${row.name}, ${((Date.now() - start) / 1000).toFixed(0)} s`;
    if (row.notBuilt !== undefined) results.skip(`${row.name}: ${row.notBuilt}`);
    else if (row.problems.length === 0) results.pass(name);
    else results.fail(name, `${row.problems.join("\n")}\n\n${row.mended ?? ""}`);
  }
  await builder.stop();
  return { builder: builder.name, rows };
}

function chosenProjects(words) {
  const projects = readProjects();
  const names = words.filter((word) => !word.startsWith("--") && !(word in starters));
  const unknown = names.filter((name) => !projects.some((project) => project.name === name));
  if (unknown.length > 0) throw new Error(`No project of test/build/projects is called ${unknown.join(", ")}`);
  if (words.includes("--quick")) return projects.filter(({ quick }) => quick === true);
  return names.length === 0 ? projects : projects.filter(({ name }) => names.includes(name));
}

await main(process.argv.slice(2));
