/**
 * What every rule must hold, asked of every one of its examples. Each function answers with a list of faults, ready to
 * be read by the rule's author; an empty list is a pass.
 */
import type { Bench } from "../server/scripts/example";
import { exampleInput, factsOf, registryOf } from "../server/scripts/example";
import { applyFixes } from "../server/src/core/fix";
import type { LintInput, Report } from "../server/src/core/lint";
import { lint, noFacts, optionValues } from "../server/src/core/lint";
import { readMarks, writeMarks } from "../server/src/core/marks";
import { resolveConfig } from "../server/src/core/preset";
import type { AnyRule, Example, Facts, Fix, OptionSpec, Peer } from "../server/src/core/rule";
import { applyEdits } from "../server/src/core/text";

/** Faults of a rule's own data: name, texts, aliases, and what its examples cover as a whole. */
export function ruleFaults(rule: AnyRule, bench: Bench): string[] {
  const faults: string[] = [];
  const need = (holds: boolean, fault: string) => {
    if (!holds) faults.push(`${rule.id}: ${fault}`);
  };
  need(isKebabCase(rule.id), "the id is not in kebab-case");
  need(/^\d+\.\d+\.\d+$/.test(rule.since), `since is no version: ${rule.since}`);
  need(isSentence(rule.summary), `the summary is not one sentence with a full stop: ${rule.summary}`);
  need(/[.`]$/.test(rule.why.trim()) && rule.why.trim() === rule.why, "why does not end in a full stop");
  faults.push(...aliasFaults(rule), ...optionFaults(rule));

  const titles = rule.examples.map((example) => example.title);
  need(new Set(titles).size === titles.length, "two examples have the same title");
  const marked = rule.examples.filter((example) => readMarks(example.code).spans.length > 0);
  need(marked.length > 0, "no example shows a finding");
  need(marked.length < rule.examples.length, "no example is silent");

  const offered = rule.examples.flatMap((example) => offeredFixes(rule, example, bench));
  if (rule.fixable !== "none") {
    need(offered.length > 0, `fixable is "${rule.fixable}", but no example offers a fix`);
    if (rule.fixable === "safe") {
      need(
        offered.length === 0 || offered.some((fix) => fix.applicability === "safe"),
        'fixable is "safe", but every fix in the examples is unsafe',
      );
    } else {
      need(!offered.some((fix) => fix.applicability === "safe"), 'fixable is "unsafe", but a fix is safe');
    }
  }
  return faults;
}

/** Faults of one example: what the rule reports and mends there against what the example says. */
export function exampleFaults(rule: AnyRule, example: Example, bench: Bench): string[] {
  const { text, spans } = readMarks(example.code);
  const input = exampleInput(rule, example, text, bench);
  const { reports, failures } = lint(input);
  const faults: string[] = [];
  for (const { error } of failures) faults.push(`the check threw: ${error instanceof Error ? error.stack : error}`);

  const expected = writeMarks(text, spans);
  const actual = markReports(text, reports);
  if (actual !== expected) {
    const messages = reports.map((report) => `  - ${report.message}`).join("\n") || "  (no finding)";
    faults.push(`findings differ\nexpected:\n${indent(expected)}\nactual:\n${indent(actual)}\nmessages:\n${messages}`);
  }
  for (const report of reports) faults.push(...messageFaults(report.message), ...fixListFaults(rule, report, input));
  if (failures.length === 0 && describe(lint(input).reports) !== describe(reports)) {
    faults.push("two runs over the same input disagree: a check must be a pure function");
  }
  faults.push(...fixedFaults(rule, example, input, reports, bench));
  return faults;
}

function fixedFaults(
  rule: AnyRule,
  example: Example,
  input: LintInput,
  reports: readonly Report[],
  bench: Bench,
): string[] {
  const fix = reports[0]?.fixes()[0];
  if (!fix?.edits) {
    return example.fixed === undefined ? [] : ["the example says what the fixed text is, but no fix is offered"];
  }
  const fixed = applyEdits(input.model.text, fix.edits);
  if (example.fixed === undefined) {
    return [`a fix is offered, but the example does not say the fixed text; it would be:\n${indent(fixed)}`];
  }
  const faults: string[] = [];
  if (fixed !== example.fixed) {
    faults.push(`fixed text differs\nexpected:\n${indent(example.fixed)}\nactual:\n${indent(fixed)}`);
  }
  const facts = factsAfter(example, fix);
  const after = exampleInput(rule, example, fixed, bench, facts);
  const before = new Set(input.model.problems.map((problem) => problem.message));
  for (const problem of after.model.problems) {
    if (!before.has(problem.message)) faults.push(`the fixed text has a new problem: ${problem.message}`);
  }
  if (lint(after).reports.length >= reports.length) {
    faults.push(`the finding is still there after its fix:\n${indent(markReports(fixed, lint(after).reports))}`);
  }
  faults.push(...worseFaults(rule, input, after), ...convergenceFaults(rule, example, input, fix, bench, facts));
  return faults;
}

/** Rules that say more, at warning or error, about the fixed text than about the text before. */
function worseFaults(rule: AnyRule, before: LintInput, after: LintInput): string[] {
  if (wasBlind(rule, before, after)) return [];
  const config = resolveConfig(before.rules, { presets: ["all"] });
  const earlier = countByRule(lint({ ...before, config }).reports);
  const later = lint({ ...after, config }).reports;
  const faults: string[] = [];
  for (const [id, count] of countByRule(later)) {
    if (id === rule.id || count <= (earlier.get(id) ?? 0)) continue;
    const messages = later.filter((report) => report.rule.id === id).map((report) => `  - ${report.message}`);
    faults.push(`the fix makes ${id} report more:\n${messages.join("\n")}`);
  }
  return faults;
}

// What the builder refuses, and a base that nobody can know, keep other rules silent. They begin to speak once that is
// mended, and it is no fault of the fix.
function wasBlind(rule: AnyRule, before: LintInput, after: LintInput): boolean {
  // Of a digest alone nobody knows which variant it is.
  const named = ({ model }: LintInput) =>
    model.stages.filter(({ base: { reference } }) => reference && (reference.tag !== null || !reference.digest)).length;
  if (named(after) > named(before)) return true;
  if (rule.category !== "correctness") return false;
  const known = ({ model }: LintInput) => model.stages.filter((stage) => stage.base.reference).length;
  return rule.severity === "error" || known(after) > known(before);
}

function convergenceFaults(
  rule: AnyRule,
  example: Example,
  input: LintInput,
  first: Fix,
  bench: Bench,
  facts: Facts,
): string[] {
  if (first.kind === "refactor") return [];
  const options = { unsafe: true, rules: new Set([rule.id]) };
  const once = applyFixes(input, options);
  if (!once.converged) return [`fixing does not come to an end; after ${once.rounds} rounds:\n${indent(once.text)}`];
  const twice = applyFixes(exampleInput(rule, example, once.text, bench, facts), options);
  if (twice.text === once.text) return [];
  return [`fixing a second time changes the text again:\n${indent(once.text)}\nbecomes:\n${indent(twice.text)}`];
}

/** Each fix as the rule wrote it: sound by itself, and not dropped by the engine. */
function fixListFaults(rule: AnyRule, report: Report, input: LintInput): string[] {
  const faults: string[] = [];
  const usable = report.fixes();
  for (const fix of usable) {
    const where = `fix "${fix.title}"`;
    if (fix.title.trim() === "" || /[\n.]$/.test(fix.title))
      faults.push(`${where}: a title has no full stop at its end`);
    if (fix.applicability === "unsafe" && !isSentence(fix.reason ?? "")) {
      faults.push(`${where}: an unsafe fix needs a reason, one sentence with a full stop`);
    }
    if (rule.fixable === "unsafe" && fix.applicability === "safe") {
      faults.push(`${where}: is safe, but the rule's fixable is "unsafe"`);
    }
    if (!fix.edits && fix.needs === undefined) faults.push(`${where}: has no edits and does not say what it needs`);
  }
  const written = rawFixes(rule, report, input);
  if (written instanceof Error) faults.push(`computing the fixes threw: ${written.stack}`);
  else if (rule.fixable === "none" && written.length > 0) faults.push('a fix is offered, but fixable is "none"');
  else if (written.length > usable.length) {
    const kept = new Set(usable.map((fix) => fix.title));
    const lost = written.filter((fix) => !kept.has(fix.title));
    faults.push(`a fix does not hold (its text does not parse, or nothing changes):\n${lost.map(showFix).join("\n")}`);
  }
  return faults;
}

/** The fixes as the rule wrote them for this report, before the engine looked whether they hold. */
function rawFixes(rule: AnyRule, report: Report, input: LintInput): readonly Fix[] | Error {
  try {
    const context = {
      model: input.model,
      catalogue: input.catalogue,
      facts: input.facts ?? noFacts,
      today: input.today,
      path: input.path ?? "Dockerfile",
      options: optionValues(rule, input.config.rules.get(rule.id)?.options ?? {}) as never,
    };
    for (const finding of rule.check(context)) {
      if (finding.range.start === report.span.start && finding.message === report.message) {
        return finding.fixes?.() ?? [];
      }
    }
    return [];
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

function offeredFixes(rule: AnyRule, example: Example, bench: Bench): readonly Fix[] {
  return lint(exampleInput(rule, example, readMarks(example.code).text, bench)).reports.flatMap((report) => [
    ...report.fixes(),
  ]);
}

function messageFaults(message: string): string[] {
  const faults: string[] = [];
  if (message.includes("\n")) faults.push(`a message has a line break: ${JSON.stringify(message)}`);
  if (message !== message.trim()) faults.push(`a message has blanks at its edge: ${JSON.stringify(message)}`);
  if (!/[.?]$/.test(message.trimEnd())) faults.push(`a message has no full stop at its end: ${message}`);
  return faults;
}

function aliasFaults(rule: AnyRule): string[] {
  const faults: string[] = [];
  for (const [peer, ids] of Object.entries(rule.aliases)) {
    const shape = aliasShapes[peer as Peer];
    if (!shape) faults.push(`${rule.id}: unknown peer in aliases: ${peer}`);
    if (ids.length === 0) faults.push(`${rule.id}: aliases.${peer} is empty; leave it out`);
    if (new Set(ids).size !== ids.length) faults.push(`${rule.id}: aliases.${peer} names an id twice`);
    for (const id of ids) if (shape && !shape.test(id)) faults.push(`${rule.id}: ${id} is no id of ${peer}`);
  }
  return faults;
}

/** How each peer writes the ids of its rules. */
const aliasShapes: { readonly [peer in Peer]: RegExp } = {
  hadolint: /^(DL|SC)\d{4}$/,
  buildkit: /^[A-Z][A-Za-z]+$/,
  tally: /^[a-z-]+(\/[\w-]+)+$/,
  trivy: /^DS-\d{4}$/,
  checkov: /^CKV2?_DOCKER_\d+$/,
  kics: /^[A-Z].+$/,
  semgrep: /^[a-z0-9-]+$/,
  sonar: /^S\d+$/,
  "dockerfile-utils": /^[A-Z][A-Z0-9_]+$/,
  dockle: /^(DKL-(DI|LI)|CIS-DI)-\d{4}$/,
  "docker-language-server": /^\w+$/,
};

function optionFaults(rule: AnyRule): string[] {
  const faults: string[] = [];
  for (const [name, spec] of Object.entries(rule.options ?? {})) {
    if (!/^[a-z][A-Za-z]*$/.test(name)) faults.push(`${rule.id}: option ${name} is not in camelCase`);
    if (!spec.description.endsWith(".")) faults.push(`${rule.id}: option ${name}: its description has no full stop`);
    if (!fits(spec.default, spec)) faults.push(`${rule.id}: option ${name}: the default does not fit its type`);
  }
  for (const example of rule.examples) {
    for (const [name, value] of Object.entries(example.options ?? {})) {
      const spec = rule.options?.[name];
      if (!spec) faults.push(`${rule.id}: "${example.title}" sets an option that does not exist: ${name}`);
      else if (!fits(value, spec)) faults.push(`${rule.id}: "${example.title}" gives ${name} a value of a wrong type`);
    }
  }
  return faults;
}

function fits(value: unknown, spec: OptionSpec): boolean {
  if (spec.type === "strings") return Array.isArray(value) && value.every((item) => typeof item === "string");
  if (spec.type === "enum") return typeof value === "string" && spec.values.includes(value);
  return typeof value === spec.type;
}

/** The example's files after a fix that also changes other files. */
function factsAfter(example: Example, fix: Fix): Facts {
  // What registries say does not change with a file.
  const registry = example.registry ? { registry: registryOf(example.registry) } : {};
  if (!fix.otherFiles) return { ...factsOf(example.files), ...registry };
  const files: { [path: string]: string } = { ...example.files };
  for (const { path, append } of fix.otherFiles) files[path] = (files[path] ?? "") + append;
  return { ...factsOf(files), ...registry };
}

function countByRule(reports: readonly Report[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { rule, severity } of reports) {
    if (severity === "warning" || severity === "error") counts.set(rule.id, (counts.get(rule.id) ?? 0) + 1);
  }
  return counts;
}

function markReports(text: string, reports: readonly Report[]): string {
  return writeMarks(
    text,
    reports.map((report) => report.span),
  );
}

function describe(reports: readonly Report[]): string {
  return JSON.stringify(
    reports.map((report) => [report.message, report.span, report.severity, report.related, report.fixes()]),
  );
}

function showFix(fix: Fix): string {
  return `  - ${fix.title}: ${JSON.stringify(fix.edits)}`;
}

function isKebabCase(id: string): boolean {
  return /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(id);
}

function isSentence(text: string): boolean {
  return text.length > 1 && text.trim() === text && !text.includes("\n") && text.endsWith(".");
}

function indent(text: string): string {
  return text
    .split("\n")
    .map((line) => `    ${line}`)
    .join("\n");
}
