/** The engine: runs the rules that a config turns on over a model, and answers with findings in the order of the file. */
import type { Catalogue, Day } from "./catalogue/types";
import type { ActiveRule, RunRule } from "./local";
import { findAll, type LintMemory } from "./memory";
import { readCheckErrors } from "./model/check-directive";
import type { Model } from "./model/types";
import type { Config, OptionValue } from "./preset";
import type { Aliases, AnyRule, Facts, Finding, Fix, Related, RuleContext, Severity } from "./rule";
import { severities } from "./rule";
import type { RawReport } from "./suppress";
import { filterSuppressed, indexIds } from "./suppress";
import type { Range, Span } from "./text";
import { toRange } from "./text";
import { holds, proposedFixes } from "./verify";

/** What `lint` reads. */
export interface LintInput {
  readonly model: Model;
  readonly rules: readonly AnyRule[];
  readonly config: Config;
  readonly catalogue: Catalogue;
  readonly today: Day;
  /** What is known of the build context; nothing when absent. */
  readonly facts?: Facts;
  /** Path of the file, forward slashes; `Dockerfile` when absent. */
  readonly path?: string;
  /** What the last check of the same document left behind; left out where nothing is checked twice. */
  readonly memory?: LintMemory;
}

/** A finding with its rule, ready for a reporter. */
export interface Report {
  readonly rule: AnyRule;
  readonly severity: Severity;
  readonly message: string;
  readonly span: Span;
  readonly range: Range;
  /** The peer ids that this finding answers to. */
  readonly aliases: Aliases;
  readonly subject: "base" | null;
  readonly related: readonly Related[];
  readonly tags: readonly ("unnecessary" | "deprecated")[];
  /**
   * Fixes that hold: each was applied to the text and parsed again. Computed on the first call, remembered afterwards.
   */
  readonly fixes: () => readonly Fix[];
  /** The same before anybody looked whether they hold: for whoever looks at the result of several at once. */
  readonly proposals: () => readonly Fix[];
}

export interface LintResult {
  readonly reports: readonly Report[];
  /** Rules that threw; the others went on. */
  readonly failures: readonly RuleFailure[];
}

export interface RuleFailure {
  readonly rule: string;
  readonly error: unknown;
}

/** Facts of a world that nobody asked yet. */
export const noFacts: Facts = { file: () => undefined, list: () => undefined };

/** Runs the rules. Pure: the same input gives the same reports. Never throws. */
export function lint(input: LintInput): LintResult {
  const failures: RuleFailure[] = [];
  // A template is not yet a Dockerfile; whatever could be said of it may be wrong for what it becomes.
  if (input.model.isTemplate) return { reports: [], failures };
  const raw: RawReport[] = [];
  const shared = sharedContext(input);
  const active = activeRules(input, shared);
  // A rule that throws costs itself: the others go on, and the host writes one line to its log.
  const run: RunRule = (rule, context) => {
    try {
      // Nearly every rule finds nothing nearly every time; then nothing is made either.
      let found: Finding[] | null = null;
      for (const finding of rule.check(context)) {
        if (found) found.push(finding);
        else found = [finding];
      }
      return found ?? noFindings;
    } catch (error) {
      if (!failures.some((failure) => failure.rule === rule.id)) failures.push({ rule: rule.id, error });
      return null;
    }
  };
  const stopsBuild = input.config.inlineConfig ? readCheckErrors(input.model) : () => false;
  const take = (rule: AnyRule, findings: readonly Finding[], into: RawReport[]): void => {
    if (findings.length === 0) return;
    const setting = input.config.rules.get(rule.id);
    if (!setting || setting.severity === "off") return;
    const { severity: set, peers } = setting;
    for (const finding of findings) {
      const aliases = finding.aliases ?? rule.aliases;
      if (peers && !peers.some((peer) => aliases[peer] !== undefined)) continue;
      // A preset that stands in for another tool has that tool's severity for all findings of a rule.
      const own = peers && !rule.graded ? set : severityOf(rule, set, finding);
      const severity = aliases.buildkit && stopsBuild(finding.range) ? "error" : own;
      into.push({ rule, severity, finding });
    }
  };
  const found = findAll(active, input.config, shared, input.memory, run);
  for (const [rule, findings] of found.whole) take(rule, findings, raw);
  for (const { rule, finding } of found.local) take(rule, [finding], raw);
  const ids = indexIds(input.rules);
  const { kept, used } = filterSuppressed(input.model, input.config, ids, oncePerCause(raw));
  const reviewed: RawReport[] = [];
  const outcome = {
    used,
    get known() {
      return input.rules.map((rule) => rule.id);
    },
    rulesOf: ids,
    isOn: (id: string) => input.config.rules.has(id),
  };
  for (const { rule, context } of active) {
    const { review } = rule;
    if (review) take(rule, run({ ...rule, check: () => review(context, outcome) }, context) ?? [], reviewed);
  }
  const all = [...kept, ...filterSuppressed(input.model, input.config, ids, reviewed).kept].sort(inFileOrder);
  return { reports: all.map((item) => report(input, item)), failures };
}

const noFindings: readonly Finding[] = [];

interface Setting {
  readonly rule: AnyRule;
  /** Null for rules that have none: they share one context. */
  readonly options: Record<string, OptionValue> | null;
}

// Which rules are on, and with which options, is worked out once for each configuration.
const settings = new WeakMap<Config, { readonly rules: readonly AnyRule[]; readonly on: readonly Setting[] }>();

function settingsOf({ rules, config }: LintInput): readonly Setting[] {
  const known = settings.get(config);
  if (known?.rules === rules) return known.on;
  const on: Setting[] = [];
  for (const rule of rules) {
    const setting = config.rules.get(rule.id);
    if (!setting || setting.severity === "off") continue;
    on.push({ rule, options: rule.options ? optionValues(rule, setting.options) : null });
  }
  settings.set(config, { rules, on });
  return on;
}

function sharedContext(input: LintInput): RuleContext {
  return {
    model: input.model,
    catalogue: input.catalogue,
    // Each check has facts of its own, so that rules can remember with them what they worked out from them.
    facts: Object.create(input.facts ?? noFacts) as Facts,
    today: input.today,
    options: {},
    path: input.path ?? "Dockerfile",
  };
}

function activeRules(input: LintInput, shared: RuleContext): readonly ActiveRule[] {
  return settingsOf(input).map(({ rule, options }) => ({
    rule,
    // The names and types come from the rule itself, which the list of rules has forgotten.
    context: options ? { ...shared, options: options as never } : shared,
  }));
}

function oncePerCause(raw: readonly RawReport[]): readonly RawReport[] {
  const best = new Map<string, RawReport>();
  for (const item of raw) {
    const { cause } = item.finding;
    if (cause === undefined) continue;
    const other = best.get(cause);
    if (!other || severities.indexOf(item.severity) < severities.indexOf(other.severity)) best.set(cause, item);
  }
  return best.size === 0
    ? raw
    : raw.filter((item) => item.finding.cause === undefined || best.get(item.finding.cause) === item);
}

function inFileOrder(a: RawReport, b: RawReport): number {
  return (
    a.finding.range.start - b.finding.range.start ||
    a.finding.range.end - b.finding.range.end ||
    severities.indexOf(a.severity) - severities.indexOf(b.severity) ||
    (a.rule.id < b.rule.id ? -1 : a.rule.id > b.rule.id ? 1 : 0)
  );
}

/** Values of a rule's options: the defaults, overridden by what a config says. Wrong types fall back to the default. */
export function optionValues(
  rule: AnyRule,
  set: { readonly [name: string]: OptionValue },
): Record<string, OptionValue> {
  const values: Record<string, OptionValue> = {};
  for (const [name, spec] of Object.entries(rule.options ?? {})) {
    const value = set[name];
    values[name] = value !== undefined && sameShape(value, spec.default) ? value : spec.default;
  }
  return values;
}

function sameShape(value: OptionValue, model: OptionValue): boolean {
  return Array.isArray(model) ? Array.isArray(value) : typeof value === typeof model;
}

// A finding may be weaker or stronger than its rule; a config that moves the rule moves such a finding along with it:
// set to the rule's own severity nothing changes, set to another one every finding of the rule gets that one.
function severityOf(rule: AnyRule, set: Severity, finding: Finding): Severity {
  return finding.severity && set === rule.severity ? finding.severity : set;
}

function report(input: LintInput, { rule, severity, finding }: RawReport): Report {
  let fixes: readonly Fix[] | null = null;
  let proposals: readonly Fix[] | null = null;
  const proposed = (): readonly Fix[] => {
    proposals ??= proposedFixes(rule, finding);
    return proposals;
  };
  return {
    rule,
    severity,
    message: finding.message,
    span: finding.range,
    range: toRange(input.model.lines, finding.range),
    aliases: finding.aliases ?? rule.aliases,
    subject: finding.subject ?? null,
    related: finding.related ?? [],
    tags: finding.tags ?? [],
    fixes: () => {
      fixes ??= proposed().filter((fix) => holds(input, fix));
      return fixes;
    },
    proposals: proposed,
  };
}
