/**
 * Scaffolds a rule: one file to fill, listed in its theme.
 *
 *     npm run new-rule <id> [theme]
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isTheme, themeTitles } from "./gen/themes";

const rulesFolder = join(__dirname, "../src/core/rules");

/** Creates the rule's file and lists it. Answers with what happened, or with why it cannot be; then nothing is written. */
export function newRule(folder: string, id: string, theme: string): { ok: boolean; message: string } {
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)+$/.test(id)) {
    return {
      ok: false,
      message: `"${id}" is no rule id: name the pattern that is found, in kebab-case, e.g. missing-user.`,
    };
  }
  if (!isTheme(theme)) {
    return { ok: false, message: `There is no theme "${theme}". Themes: ${Object.keys(themeTitles).join(", ")}.` };
  }
  for (const other of themesIn(folder)) {
    if (existsSync(join(folder, other, `${id}.ts`)))
      return { ok: false, message: `${id} exists: rules/${other}/${id}.ts.` };
  }
  mkdirSync(join(folder, theme), { recursive: true });
  writeFileSync(join(folder, theme, `${id}.ts`), ruleFile(id, theme));
  const index = join(folder, theme, "index.ts");
  const isFirst = !existsSync(index);
  writeFileSync(index, themeList(theme, ruleIdsIn(join(folder, theme))));
  if (isFirst) writeFileSync(join(folder, "index.ts"), ruleList(themesIn(folder)));
  return {
    ok: true,
    message: [
      `Wrote rules/${theme}/${id}.ts and listed it.`,
      "1. Fill what is marked FILL; the examples are its documentation and its tests.",
      `2. npx vitest test/rules.test.ts -t ${id} shows what they say, again on every change.`,
      "3. npm run gen writes its page, npm run check looks at everything.",
    ].join("\n"),
  };
}

/** The list of one theme: its rules in the order of their ids. */
export function themeList(theme: string, ids: readonly string[]): string {
  const sorted = [...ids].sort();
  return [
    'import type { AnyRule } from "../../rule";',
    ...sorted.map((id) => `import ${camelCase(id)} from "./${id}";`),
    "",
    `/** The rules of the theme ${theme}, in the order of their ids. */`,
    listOf(`${camelCase(theme)}Rules`, sorted.map(camelCase)),
    "",
  ].join("\n");
}

/** The list of all rules, theme by theme. */
export function ruleList(themes: readonly string[]): string {
  const lists = [...themes].sort().map((theme) => ({ theme, name: `${camelCase(theme)}Rules` }));
  return [
    "/** Every rule, theme by theme: the list is visible, nothing registers itself. */",
    'import type { AnyRule } from "../rule";',
    ...lists.map(({ theme, name }) => `import { ${name} } from "./${theme}/index";`),
    "",
    "/** All rules. */",
    listOf(
      "allRules",
      lists.map(({ name }) => `...${name}`),
    ),
    "",
  ].join("\n");
}

/** A list as the formatter writes it: on one line where it fits. */
function listOf(name: string, items: readonly string[]): string {
  const head = `export const ${name}: readonly AnyRule[] = [`;
  const line = `${head}${items.join(", ")}];`;
  return line.length <= 120 ? line : `${head}\n${items.map((item) => `  ${item},\n`).join("")}];`;
}

function ruleFile(id: string, theme: string): string {
  return `/** FILL: why this rule decides as it does, where that is not obvious. */
import { locate } from "../../model/types";
import { defineRule } from "../../rule";

export default defineRule({
  id: "${id}",
  theme: "${theme}",
  category: "correctness", // FILL
  severity: "warning", // FILL
  recommended: false, // FILL: true only for what a careful reviewer would say out loud
  since: "0.1.0",
  summary: "FILL: one sentence, the pattern that is found.",
  why: "FILL: what goes wrong, for whom, in two or three sentences.",
  aliases: {}, // FILL: { hadolint: ["DL3000"] }
  fixable: "none", // FILL: "safe" or "unsafe" once findings carry fixes
  examples: [
    { title: "FILL: what is wrong here", code: "FROM alpine:3.22\\nRUN [|FILL|]\\n" },
    { title: "FILL: what is left alone", code: "FROM alpine:3.22\\nRUN true\\n" },
  ],
  *check({ model }) {
    for (const instruction of model.instructions) {
      const span = instruction.parsed.argumentsSpan;
      if (instruction.keyword !== "RUN" || !span || instruction.parsed.body.text.includes("true")) continue; // FILL
      yield {
        message: "FILL: what is wrong, naming the thing in the file; then what to do.",
        range: locate(instruction, span),
      };
    }
  },
});
`;
}

function themesIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && ruleIdsIn(join(folder, entry.name)).length > 0)
    .map((entry) => entry.name);
}

function ruleIdsIn(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith(".ts") && name !== "index.ts")
    .filter((name) => readFileSync(join(folder, name), "utf8").includes("export default defineRule"))
    .map((name) => name.slice(0, -".ts".length));
}

function camelCase(id: string): string {
  return id.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
}

function main(): void {
  const [id, theme] = process.argv.slice(2);
  if (!id) {
    console.error(`Usage: npm run new-rule <id> [theme]\nThemes: ${Object.keys(themeTitles).join(", ")}`);
    process.exit(2);
  }
  const { ok, message } = newRule(rulesFolder, id, theme ?? "instruction");
  if (!ok) {
    console.error(message);
    process.exit(2);
  }
  console.log(message);
}

if (require.main === module) main();
