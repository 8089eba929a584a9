// Proves fixes by building: `npm run test:build` for every project, `node test/build/run.mjs --quick` for one of each
// kind, names of projects for those. README.md says how it works and what stands in for what.
import { existsSync, writeFileSync } from "node:fs";
import path from "node:path";
import { root } from "../e2e/support/product.mjs";
import { createResults } from "../e2e/support/results.mjs";
import { createBases } from "./support/bases.mjs";
import { startDocker } from "./support/docker.mjs";
import { cli } from "./support/fix.mjs";
import { whyNotHere } from "./support/machine.mjs";
import { prove, readProjects } from "./support/project.mjs";
import { asPage, asText } from "./support/report.mjs";
import { openWorkshop } from "./support/workshop.mjs";

const page = path.join(root, "docs", "builds.md");

async function main(words) {
  const results = createResults("builds");
  const reason = whyNotHere() ?? (existsSync(cli) ? null : `${cli} is not there: npm run build`);
  if (reason !== null) {
    results.skip(reason);
    return results.finish();
  }
  const workshop = await openWorkshop(results.say);
  process.on("exit", workshop.close);
  try {
    const builder = await startDocker(workshop);
    results.say(`Building with ${builder.name}`);
    const prepare = createBases(builder, workshop, results.say);
    const rows = [];
    for (const project of chosenProjects(words)) {
      const row = await prove(project, { builder, workshop, prepare });
      rows.push(row);
      if (row.problems.length === 0) results.pass(row.name);
      else results.fail(row.name, `${row.problems.join("\n")}\n\n${row.mended ?? ""}`);
    }
    await builder.stop();
    console.log(`\n${asText(rows)}\n`);
    if (words.length === 0) writePage(rows, [builder.name]);
  } finally {
    workshop.close();
  }
  results.finish();
}

function chosenProjects(words) {
  const projects = readProjects();
  if (words.includes("--quick")) return projects.filter(({ quick }) => quick === true);
  return words.length === 0 ? projects : projects.filter(({ name }) => words.includes(name));
}

function writePage(rows, builders) {
  const day = new Date().toISOString().slice(0, 10);
  writeFileSync(page, asPage(rows, { day, builders, notBuilt: "" }));
}

await main(process.argv.slice(2));
