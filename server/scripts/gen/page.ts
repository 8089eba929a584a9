/** The page of one rule, in Markdown, made of the rule's own data and of what it reports for its examples. */
import { lint } from "../../src/core/lint";
import { readMarks } from "../../src/core/marks";
import { presets } from "../../src/core/preset";
import type { AnyRule, Example, Fix, OptionSpec, Peer } from "../../src/core/rule";
import { applyEdits } from "../../src/core/text";
import type { Bench } from "../example";
import { exampleInput } from "../example";
import { lineDiff, listing } from "./excerpt";
import { themeTitles } from "./themes";

/** The page of a rule. */
export function rulePage(rule: AnyRule, bench: Bench): string {
  const shown = rule.examples.filter((example) => readMarks(example.code).spans.length > 0);
  const silent = rule.examples.filter((example) => readMarks(example.code).spans.length === 0);
  const parts = [
    `<!-- Made by \`npm run gen\` from server/src/core/rules/${rule.theme}/${rule.id}.ts: change it there. -->`,
    `# ${rule.id}`,
    rule.summary,
    factTable(rule),
    "## Why",
    rule.why,
    "## What it reports",
    ...shown.flatMap((example) => findingSection(rule, example, bench)),
    "## What it leaves alone",
    ...silent.flatMap(silentSection),
    ...optionSection(rule),
    "## How to silence it",
    silencing(rule),
    ...aliasSection(rule),
  ];
  return `${parts.join("\n\n")}\n`;
}

/** Names of the presets that turn a rule on. */
export function presetsOf(rule: AnyRule): string[] {
  return presets.filter((preset) => preset.setting(rule) !== null).map((preset) => preset.name);
}

/** Text inside a table's cell: no line breaks, no column ends. */
export function cell(text: string): string {
  return text.replace(/\s*\n\s*/g, " ").replaceAll("|", "\\|");
}

function factTable(rule: AnyRule): string {
  const rows: [string, string][] = [
    ["Theme", themeTitles[rule.theme]],
    ["Category", rule.category],
    ["Severity", rule.severity],
    ["Presets", presetsOf(rule).join(", ")],
    ["Fix", fixWords[rule.fixable]],
    ["Since", rule.since],
  ];
  return ["| | |", "|---|---|", ...rows.map(([name, value]) => `| ${name} | ${cell(value)} |`)].join("\n");
}

const fixWords: { readonly [fixable in AnyRule["fixable"]]: string } = {
  safe: "safe: the image and its behaviour stay the same",
  unsafe: "unsafe: the build or the running container may change, each fix says how",
  none: "none",
};

function findingSection(rule: AnyRule, example: Example, bench: Bench): string[] {
  const { text } = readMarks(example.code);
  const { reports } = lint(exampleInput(rule, example, text, bench));
  const shown = reports.map((report) => ({ range: report.range, label: report.message }));
  const parts = [`### ${example.title}`, ...surroundings(example), block("text", listing(text, shown))];
  const fix = reports[0]?.fixes()[0];
  if (fix?.edits) {
    parts.push(fixSentence(fix), block("diff", lineDiff(text, applyEdits(text, fix.edits))));
    if (fix.note) parts.push(fix.note);
  }
  return parts;
}

function fixSentence(fix: Fix): string {
  const files = fix.otherFiles?.map((other) => `\`${other.path}\``).join(", ");
  const also = files ? ` It also changes ${files}.` : "";
  return `Fix (${fix.applicability}): ${fix.title}.${fix.reason ? ` ${fix.reason}` : ""}${also}`;
}

function silentSection(example: Example): string[] {
  return [
    `### ${example.title}`,
    ...surroundings(example),
    block("dockerfile", readMarks(example.code).text.trimEnd()),
  ];
}

function surroundings(example: Example): string[] {
  const parts: string[] = [];
  if (example.path) parts.push(`In a file named \`${example.path}\`.`);
  if (example.options) {
    const options = Object.entries(example.options).map(([name, value]) => `\`${name}: ${JSON.stringify(value)}\``);
    parts.push(`With ${options.join(", ")}.`);
  }
  for (const [path, text] of Object.entries(example.files ?? {})) {
    parts.push(`The build context holds \`${path}\`:`, block("text", text.trimEnd()));
  }
  for (const [path, text] of Object.entries(example.others ?? {})) {
    parts.push(`Another Dockerfile of the workspace, \`${path}\`:`, block("dockerfile", text.trimEnd()));
  }
  for (const [image, { digest, tags, image: said }] of Object.entries(example.registry ?? {})) {
    const words = [
      ...(digest ? [`\`${image}\` is \`${digest.slice(0, 19)}…\``] : []),
      ...(tags ? [`the tags are ${tags.join(", ")}`] : []),
      ...(said?.platforms ? [`\`${image}\` comes for ${said.platforms.join(", ")}`] : []),
      ...(said?.created ? [`\`${image}\` was built on ${said.created}`] : []),
      ...(said?.size ? [`\`${image}\` has ${Math.round(said.size / 1e6)} MB`] : []),
    ];
    parts.push(`Registries may be asked, and say that ${words.join(" and ")}.`);
  }
  for (const [image, { state, required, found }] of Object.entries(example.signatures ?? {})) {
    const asked = required === false ? "No policy asks for a signature of" : "A policy asks for a signature of";
    const there = found && found.length > 0 ? `it has a ${found.join(" and a ")}` : "it has none";
    const verdict = state === "verified" ? ", by somebody whom the policy names" : "";
    parts.push(`${asked} \`${image}\`; ${there}${verdict}.`);
  }
  for (const [image, vulnerabilities] of Object.entries(example.scans ?? {})) {
    const words = vulnerabilities.map(({ id, severity, package: name }) => `${id} (${severity}) in ${name}`);
    parts.push(`A scanner was run, and says of \`${image}\`: ${words.join(", ") || "nothing"}.`);
  }
  return parts;
}

function optionSection(rule: AnyRule): string[] {
  const options = Object.entries(rule.options ?? {});
  if (options.length === 0) return [];
  const rows = options.map(
    ([name, spec]) =>
      `| \`${name}\` | ${optionType(spec)} | \`${cell(JSON.stringify(spec.default))}\` | ${cell(spec.description)} |`,
  );
  const [first] = options as [[string, OptionSpec]];
  const yaml = `rules:\n  ${rule.id}:\n    severity: ${rule.severity}\n    ${first[0]}: ${JSON.stringify(first[1].default)}`;
  return [
    "## Options",
    ["| Option | Type | Default | Meaning |", "|---|---|---|---|", ...rows].join("\n"),
    block("yaml", yaml),
  ];
}

function optionType(spec: OptionSpec): string {
  if (spec.type === "enum") return spec.values.map((value) => `\`${value}\``).join(", ");
  return spec.type === "strings" ? "list of strings" : spec.type;
}

function silencing(rule: AnyRule): string {
  const lines = [
    "For one instruction, in a comment above it:",
    block("dockerfile", `# plimsoll ignore=${rule.id} -- say why`),
    "For the whole file:",
    block("dockerfile", `# plimsoll ignore-file=${rule.id} -- say why`),
    "For the workspace, in `.plimsoll.yaml`:",
    block("yaml", `rules:\n  ${rule.id}: off`),
  ];
  const foreign = foreignComments(rule);
  if (foreign.length > 0) {
    lines.push("Comments written for other tools are heeded as well:", block("dockerfile", foreign.join("\n")));
  }
  return lines.join("\n\n");
}

function foreignComments(rule: AnyRule): string[] {
  return Object.entries(foreignSyntax).flatMap(([peer, comment]) => {
    const id = rule.aliases[peer as Peer]?.[0];
    return id ? [comment.replace("ID", id)] : [];
  });
}

const foreignSyntax: { readonly [peer in Peer]?: string } = {
  hadolint: "# hadolint ignore=ID",
  buildkit: "# check=skip=ID",
  tally: "# tally ignore=ID",
  trivy: "#trivy:ignore:ID",
  checkov: "# checkov:skip=ID",
};

function aliasSection(rule: AnyRule): string[] {
  const peers = Object.entries(rule.aliases);
  if (peers.length === 0) return [];
  const rows = peers.map(([peer, ids]) => `| ${peer} | ${ids.map((id) => `\`${cell(id)}\``).join(", ")} |`);
  return ["## In other tools", ["| Tool | Its rules |", "|---|---|", ...rows].join("\n")];
}

// A fence longer than any in the text, for examples may hold Markdown.
function block(language: string, text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map((run) => run[0].length));
  const fence = "`".repeat(longest + 1);
  return `${fence}${language}\n${text}\n${fence}`;
}
