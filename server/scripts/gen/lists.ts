/** Lists of all rules: the index of the pages, and the table inside the README. */
import type { AnyRule, Theme } from "../../src/core/rule";
import { cell, presetsOf } from "./page";
import { themeTitles } from "./themes";

/** The index of the rule pages, theme by theme. */
export function ruleIndex(rules: readonly AnyRule[]): string {
  const themes = byTheme(rules);
  const parts = [
    "<!-- Made by `npm run gen` from the rules under server/src/core/rules: change them there. -->",
    "# Rules",
    "`recommended` rules are on by default. The fix of a rule is safe when the image and its behaviour stay the same; " +
      "any other fix says what it changes and is applied only when asked for.",
    ...themes.flatMap(([theme, list]) => [
      `## ${themeTitles[theme]}`,
      [
        "| Rule | Finds | Severity | Presets | Fix |",
        "|---|---|---|---|---|",
        ...list.map(
          (rule) =>
            `| [${rule.id}](${rule.id}.md) | ${cell(rule.summary)} | ${rule.severity} | ${presetsOf(rule).join(", ")} | ${rule.fixable} |`,
        ),
      ].join("\n"),
    ]),
  ];
  return `${parts.join("\n\n")}\n`;
}

/** The table of rules for the README. */
export function ruleTable(rules: readonly AnyRule[]): string {
  const rows = byTheme(rules).flatMap(([, list]) =>
    list.map(
      (rule) =>
        `| [${rule.id}](docs/rules/${rule.id}.md) | ${cell(rule.summary)} | ${rule.severity} | ${rule.recommended ? "yes" : ""} | ${rule.fixable === "none" ? "" : rule.fixable} |`,
    ),
  );
  return ["| Rule | Finds | Severity | On by default | Fix |", "|---|---|---|---|---|", ...rows].join("\n");
}

const begin = "<!-- rules: begin (made by `npm run gen`) -->";
const end = "<!-- rules: end -->";

/** The README with its table renewed. Throws Error when the markers are gone. */
export function withRuleTable(readme: string, rules: readonly AnyRule[]): string {
  const from = readme.indexOf(begin);
  const to = readme.indexOf(end);
  if (from < 0 || to < from) throw new Error(`README.md has lost its markers "${begin}" and "${end}"`);
  return `${readme.slice(0, from + begin.length)}\n${ruleTable(rules)}\n${readme.slice(to)}`;
}

function byTheme(rules: readonly AnyRule[]): [Theme, readonly AnyRule[]][] {
  return (Object.keys(themeTitles) as Theme[])
    .map((theme): [Theme, readonly AnyRule[]] => [theme, sorted(rules.filter((rule) => rule.theme === theme))])
    .filter(([, list]) => list.length > 0);
}

function sorted(rules: readonly AnyRule[]): AnyRule[] {
  return [...rules].sort((a, b) => (a.id < b.id ? -1 : 1));
}
