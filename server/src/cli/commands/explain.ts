/** `plimsoll explain <rule>`: the page of a rule, made from its data; works without a network. */
import { ruleUrl } from "../../config/urls";
import type { AnyRule, Example, OptionSpecs } from "../../core/index";
import { resolveRule } from "../lint-options";
import { commonOptions, type OptionSpec, readOptions } from "../options";
import { choosePaint, type Paint, severityStyle } from "../paint";
import { exit, type Product, type Terminal, UsageError } from "../terminal";
import { presetsOf } from "./rules";

export const explainOptions: readonly OptionSpec[] = commonOptions;

/** Prints the pages of the rules behind the given names. Resolves to the exit code. */
export async function runExplain(args: readonly string[], terminal: Terminal, product: Product): Promise<number> {
  const given = readOptions(args, explainOptions, "explain");
  if (given.positionals.length === 0) throw new UsageError("Which rule? `plimsoll rules` lists them all.");
  const rules = [...new Set(given.positionals.flatMap((name) => resolveRule(name, product.rules)))];
  const paint = choosePaint(given, terminal, terminal.stdout);
  terminal.stdout.write(rules.map((rule) => page(rule, paint)).join(`\n${"─".repeat(40)}\n\n`));
  return exit.clean;
}

function page(rule: AnyRule, paint: Paint): string {
  const title = (text: string): string => `\n${paint("bold", text)}\n`;
  const fixes = { safe: "has a safe fix", unsafe: "has a fix that may change the build", none: "has no fix" };
  const on = presetsOf(rule);
  const facts = [
    `${rule.theme}, ${rule.category}`,
    fixes[rule.fixable],
    rule.recommended ? "on by default" : "off by default",
    `since ${rule.since}`,
  ];
  const peers = Object.entries(rule.aliases).map(([peer, ids]) => `  ${peer}: ${(ids ?? []).join(", ")}\n`);
  const parts = [
    `${paint("bold", rule.id)} ${paint(severityStyle[rule.severity], rule.severity)}\n`,
    `${paint("gray", facts.join("; "))}\n\n`,
    `${rule.summary}\n`,
    title("Why"),
    `${rule.why.trim()}\n`,
    rule.examples.length > 0 ? title("Examples") : "",
    rule.examples.map((example) => exampleText(example, paint)).join("\n"),
    rule.options && Object.keys(rule.options).length > 0 ? title("Options") + optionsText(rule.options) : "",
    peers.length > 0 ? title("Also known as") + peers.join("") : "",
    on.length > 0 ? `${title("Presets")}  ${on.join(", ")}\n` : "",
    title("To silence it"),
    `  here            # plimsoll ignore=${rule.id} -- why it is fine\n`,
    `  in this file    # plimsoll ignore-file=${rule.id}\n`,
    `  everywhere      rules: { ${rule.id}: off } in .plimsoll.yaml\n`,
    `\n${ruleUrl(rule.id)}\n`,
  ];
  return parts.join("");
}

function exampleText(example: Example, paint: Paint): string {
  const marked = example.code.includes("[|");
  const verdict = marked ? paint("yellow", "found") : paint("green", "fine");
  const fixed =
    example.fixed === undefined ? "" : `  after the fix:\n${block(example.fixed, (line) => paint("green", line))}`;
  return `  ${example.title} (${verdict})\n${block(example.code, (line) => line, paint)}${fixed}`;
}

// The marks of examples become a squiggle under what they hold.
function block(code: string, style: (line: string) => string, paint?: Paint): string {
  return code
    .replace(/\n$/, "")
    .split("\n")
    .map((line) => {
      const from = line.indexOf("[|");
      const shown = line.replaceAll("[|", "").replaceAll("|]", "");
      const row = `    ${style(shown)}\n`;
      if (from < 0 || !paint) return row;
      const end = line.indexOf("|]", from);
      const length = (end < 0 ? line.replaceAll("|]", "").length : end) - from - 2;
      return `${row}    ${" ".repeat(from)}${paint("yellow", "~".repeat(Math.max(1, length)))}\n`;
    })
    .join("");
}

function optionsText(options: OptionSpecs): string {
  return Object.entries(options)
    .map(([name, spec]) => {
      const values = spec.type === "enum" ? ` (${spec.values.join(", ")})` : "";
      return `  ${name}${values}: ${spec.description} Default: ${JSON.stringify(spec.default)}.\n`;
    })
    .join("");
}
