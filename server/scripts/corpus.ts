/**
 * Lints real Dockerfiles in one process and counts: the way to see what a rule does in the world.
 *
 *     npm run corpus -- <folder or file or list>… [--rule id]… [--preset name] [--show N] [--seed N] [--json FILE] [--fix]
 *
 * A `.txt` or `.list` file names paths, one a line. `--fix` applies all fixes to each file (in memory)
 * and exits with 1 when one does not hold; so does a crash.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { parseArgs } from "node:util";
import { findTargets } from "../src/cli/files";
import { isDockerfileName } from "../src/cli/names";
import { bundledCatalogue } from "../src/core/catalogue/catalogue";
import { resolveConfig } from "../src/core/preset";
import { allRules } from "../src/core/rules/index";
import type { RuleTimes } from "./corpus/measure";
import { clocked, measure } from "./corpus/measure";
import { sample, summarize, summaryText } from "./corpus/report";

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      rule: { type: "string", multiple: true },
      preset: { type: "string", default: "recommended" },
      show: { type: "string" },
      seed: { type: "string", default: "1" },
      json: { type: "string" },
      fix: { type: "boolean", default: false },
      today: { type: "string", default: new Date().toISOString().slice(0, 10) },
    },
  });
  const files = await filesOf(positionals.length > 0 ? positionals : ["."]);
  const chosen = new Set(values.rule ?? allRules.map((rule) => rule.id));
  const unknown = [...chosen].filter((id) => !allRules.some((rule) => rule.id === id));
  if (unknown.length > 0) return fail(`No such rule: ${unknown.join(", ")}`);

  const times: RuleTimes = new Map();
  const rules = clocked(
    allRules.filter((rule) => chosen.has(rule.id)),
    times,
  );
  // A rule that is asked for by name is on, whatever the preset says.
  const presets = values.rule ? ["all"] : [values.preset];
  const config = resolveConfig(rules, { presets });
  const setup = { rules, config, catalogue: bundledCatalogue(), today: values.today };
  const results = files.map((path) => measure(path, setup, values.fix));

  const summary = summarize(results, rules, times);
  if (values.json) writeFileSync(values.json, `${JSON.stringify(summary, null, 2)}\n`);
  if (values.show) console.log(`${sample(results, Number(values.show), Number(values.seed))}\n`);
  console.log(summaryText(summary));
  process.exitCode = summary.crashes.length > 0 || (summary.fixing?.faults.length ?? 0) > 0 ? 1 : 0;
}

async function filesOf(args: readonly string[]): Promise<string[]> {
  const paths = args.flatMap((arg) => (isList(arg) ? linesOf(arg) : [arg]));
  const { targets, faults } = await findTargets(paths, process.cwd());
  for (const { path, message } of faults) console.error(`${path} ${message}`);
  return targets.map((target) => target.absolute);
}

function isList(arg: string): boolean {
  return /\.(txt|list)$/.test(arg) && !isDockerfileName(arg);
}

function linesOf(list: string): string[] {
  return readFileSync(list, "utf8")
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => resolve(dirname(list), line.trim()));
}

function fail(message: string): void {
  console.error(message);
  process.exitCode = 2;
}

void main();
