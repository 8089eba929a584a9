/** Every example of every rule, and the place of every rule's file. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Bench } from "../server/scripts/example";
import { exampleDay } from "../server/scripts/example";
import { exampleCatalogue } from "../server/src/core/catalogue/examples";
import type { AnyRule } from "../server/src/core/rule";
import { allRules } from "../server/src/core/rules/index";
import { exampleFaults, ruleFaults } from "./harness";

const bench: Bench = { rules: allRules, catalogue: exampleCatalogue(), today: exampleDay };

describe.each(allRules.map((rule) => ({ id: rule.id, rule })))("$id", ({ rule }) => {
  it("is whole", () => report([...ruleFaults(rule, bench), ...placeFaults(rule)]));

  it.each(rule.examples.map((example) => ({ title: example.title, example })))("$title", ({ example }) =>
    report(exampleFaults(rule, example, bench)),
  );
});

describe("the list of rules", () => {
  it("names each rule once", () => {
    const ids = allRules.map((rule) => rule.id);
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
  });

  it("holds every rule file", () => {
    const listed = new Set(allRules.map((rule) => `${rule.theme}/${rule.id}.ts`));
    expect(ruleFiles().filter((file) => !listed.has(file))).toEqual([]);
  });
});

const rulesFolder = join(__dirname, "../server/src/core/rules");

/** A rule lies in its theme's folder under its own name, and its theme's list imports it. */
function placeFaults(rule: AnyRule): string[] {
  const folder = join(rulesFolder, rule.theme);
  if (!existsSync(join(folder, `${rule.id}.ts`))) return [`there is no file rules/${rule.theme}/${rule.id}.ts`];
  const list = readFileSync(join(folder, "index.ts"), "utf8");
  return list.includes(`"./${rule.id}"`) ? [] : [`rules/${rule.theme}/index.ts does not import ./${rule.id}`];
}

// A file beside the rules that starts with no `export default` is a helper of its theme.
function ruleFiles(): string[] {
  return readdirSync(rulesFolder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap((theme) =>
      readdirSync(join(rulesFolder, theme.name))
        .filter((name) => name !== "index.ts" && name.endsWith(".ts"))
        .filter((name) =>
          readFileSync(join(rulesFolder, theme.name, name), "utf8").includes("export default defineRule"),
        )
        .map((name) => `${theme.name}/${name}`),
    );
}

function report(faults: readonly string[]): void {
  if (faults.length > 0) expect.fail(faults.join("\n\n"));
}
