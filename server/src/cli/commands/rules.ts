/** `plimsoll rules`: the list of all rules. */
import { ruleUrl } from "../../config/urls";
import { type AnyRule, presets } from "../../core/index";
import { commonOptions, type OptionSpec, readOptions } from "../options";
import { choosePaint, type Paint, severityStyle } from "../paint";
import { exit, type Product, type Terminal, UsageError } from "../terminal";

export const rulesOptions: readonly OptionSpec[] = [
  { name: "format", value: "FORMAT", values: ["text", "json"], help: "Form of the list: text, json. Default: text." },
  ...commonOptions,
];

/** Prints the rules. Resolves to the exit code. */
export async function runRules(args: readonly string[], terminal: Terminal, product: Product): Promise<number> {
  const given = readOptions(args, rulesOptions, "rules");
  const [extra] = given.positionals;
  if (extra !== undefined)
    throw new UsageError(`\`plimsoll rules\` takes no paths; \`plimsoll explain ${extra}\` shows one rule.`);
  const json = given.value("format") === "json";
  terminal.stdout.write(
    json ? asJson(product.rules) : asText(product.rules, choosePaint(given, terminal, terminal.stdout)),
  );
  return exit.clean;
}

/** Names of the presets that turn a rule on. */
export function presetsOf(rule: AnyRule): readonly string[] {
  return presets.filter((preset) => isOn(preset.setting(rule)?.severity)).map((preset) => preset.name);
}

function isOn(severity: string | undefined): boolean {
  return severity !== undefined && severity !== "off";
}

function asJson(rules: readonly AnyRule[]): string {
  const list = rules.map((rule) => ({
    id: rule.id,
    theme: rule.theme,
    category: rule.category,
    severity: rule.severity,
    recommended: rule.recommended,
    presets: presetsOf(rule),
    fixable: rule.fixable,
    aliases: rule.aliases,
    summary: rule.summary,
    url: ruleUrl(rule.id),
  }));
  return `${JSON.stringify(list, null, 2)}\n`;
}

function asText(rules: readonly AnyRule[], paint: Paint): string {
  const width = Math.max(0, ...rules.map((rule) => rule.id.length));
  const themes = new Map<string, AnyRule[]>();
  for (const rule of rules) themes.set(rule.theme, [...(themes.get(rule.theme) ?? []), rule]);
  const parts = [...themes].map(([theme, list]) => {
    const rows = list.map((rule) => {
      const severity = paint(severityStyle[rule.severity], rule.severity.padEnd(7));
      const marks = `${rule.recommended ? "*" : " "}${rule.fixable === "none" ? " " : rule.fixable === "safe" ? "F" : "f"}`;
      return `  ${rule.id.padEnd(width)}  ${severity} ${marks}  ${rule.summary}\n`;
    });
    return `${paint("bold", theme)}\n${rows.join("")}`;
  });
  const on = rules.filter((rule) => rule.recommended).length;
  const legend = `${rules.length} rules, ${on} of them on by default (*). F: has a safe fix, f: has a fix to look at.\n`;
  return `${parts.join("\n")}\n${legend}`;
}
