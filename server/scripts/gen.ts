/**
 * Writes everything that is made from the rules: their pages, the lists of them, the JSON Schema of the configuration and
 * the settings of VS Code. With `--check` it writes nothing, names what is stale and exits with 1.
 *
 *     npm run gen [-- --check]
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { configJsonSchema } from "../src/config/schema";
import { exampleCatalogue } from "../src/core/catalogue/examples";
import type { AnyRule } from "../src/core/rule";
import { allRules } from "../src/core/rules/index";
import type { Bench } from "./example";
import { exampleDay } from "./example";
import { embeddedGrammar, embeddedLanguages } from "./gen/grammar";
import { ruleIndex, withRuleTable } from "./gen/lists";
import { rulePage } from "./gen/page";
import { settings } from "./gen/settings";

const root = join(__dirname, "../..");

/** Every generated file by its path from the root of the repository, with its text. */
export function generatedFiles(rules: readonly AnyRule[], read: (path: string) => string): Map<string, string> {
  const bench: Bench = { rules, catalogue: exampleCatalogue(), today: exampleDay };
  const files = new Map<string, string>();
  for (const rule of rules) files.set(`docs/rules/${rule.id}.md`, rulePage(rule, bench));
  files.set("docs/rules/README.md", ruleIndex(rules));
  files.set("README.md", withRuleTable(read("README.md"), rules));
  files.set("docs/plimsoll.schema.json", `${JSON.stringify(configJsonSchema(rules), null, 2)}\n`);
  files.set("syntaxes/embedded.tmLanguage.json", embeddedGrammar());
  files.set("package.json", formatted("package.json", withSettings(read("package.json"), rules)));
  return files;
}

/** Paths whose text on disk is not what it should be; pages of rules that are gone are among them. */
export function staleFiles(files: ReadonlyMap<string, string>): string[] {
  const stale = [...files].filter(([path, text]) => readIfThere(path) !== text).map(([path]) => path);
  return [...stale, ...orphanPages(files)];
}

function orphanPages(files: ReadonlyMap<string, string>): string[] {
  const folder = join(root, "docs/rules");
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .map((name) => `docs/rules/${name}`)
    .filter((path) => path.endsWith(".md") && !files.has(path));
}

function withSettings(manifest: string, rules: readonly AnyRule[]): string {
  const parsed = JSON.parse(manifest) as { contributes?: { [key: string]: unknown } };
  const contributes = { ...parsed.contributes };
  contributes.configuration = settings(rules);
  contributes.grammars = (contributes.grammars as readonly { readonly path: string }[]).map((grammar) =>
    grammar.path.endsWith("embedded.tmLanguage.json")
      ? { ...grammar, embeddedLanguages: embeddedLanguages() }
      : grammar,
  );
  contributes.yamlValidation = [{ fileMatch: [".plimsoll.yaml", ".plimsoll.yml"], url: "./docs/plimsoll.schema.json" }];
  return JSON.stringify({ ...parsed, contributes }, null, 2);
}

/** The text as Biome would write it, so that the linter agrees with the generator. */
function formatted(path: string, text: string): string {
  const biome = join(root, "node_modules/@biomejs/biome/bin/biome");
  const run = spawnSync(process.execPath, [biome, "format", `--stdin-file-path=${path}`], {
    cwd: root,
    input: text,
    encoding: "utf8",
  });
  if (run.status !== 0) throw new Error(`Biome cannot format ${path}: ${run.stderr}`);
  return run.stdout;
}

function readIfThere(path: string): string | null {
  const full = join(root, path);
  return existsSync(full) ? readFileSync(full, "utf8") : null;
}

function main(): void {
  const files = generatedFiles(allRules, (path) => readFileSync(join(root, path), "utf8"));
  const stale = staleFiles(files);
  if (process.argv.includes("--check")) {
    if (stale.length === 0) return;
    console.error(`Stale, run "npm run gen":\n${stale.map((path) => `  ${path}`).join("\n")}`);
    process.exit(1);
  }
  for (const path of stale) {
    const text = files.get(path);
    const full = join(root, path);
    mkdirSync(dirname(full), { recursive: true });
    if (text === undefined) rmSync(full);
    else writeFileSync(full, text);
    console.log(`${text === undefined ? "removed" : "wrote"} ${path}`);
  }
}

if (require.main === module) main();
