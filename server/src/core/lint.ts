/** The engine: runs the rules that a config turns on over a model, and answers with findings in the order of the file. */
import type { Catalogue, Day } from "./catalogue/types";
import type { Model } from "./model/types";
import type { Config, OptionValue } from "./preset";
import type { Aliases, AnyRule, Facts, Finding, Fix, Related, Severity } from "./rule";
import { severities } from "./rule";
import { filterSuppressed } from "./suppress";
import type { Range, Span } from "./text";
import { toRange } from "./text";
import { usableFixes } from "./verify";

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
  const { model, config } = input;
  const raw: { rule: AnyRule; severity: Severity; finding: Finding }[] = [];
  const failures: RuleFailure[] = [];
  for (const rule of input.rules) {
    const setting = config.rules.get(rule.id);
    if (!setting || setting.severity === "off") continue;
    try {
      const context = {
        model,
        catalogue: input.catalogue,
        facts: input.facts ?? noFacts,
        today: input.today,
        // The names and types come from the rule itself, which the list of rules has forgotten.
        options: optionValues(rule, setting.options) as never,
        path: input.path ?? "Dockerfile",
      };
      for (const finding of rule.check(context)) {
        const severity = severityOf(rule, setting.severity, finding);
        raw.push({ rule, severity, finding });
      }
    } catch (error) {
      failures.push({ rule: rule.id, error });
    }
  }
  const kept = filterSuppressed(model, config, input.rules, raw);
  kept.sort(
    (a, b) =>
      a.finding.range.start - b.finding.range.start ||
      a.finding.range.end - b.finding.range.end ||
      severities.indexOf(a.severity) - severities.indexOf(b.severity) ||
      (a.rule.id < b.rule.id ? -1 : a.rule.id > b.rule.id ? 1 : 0),
  );
  return { reports: kept.map(({ rule, severity, finding }) => report(input, rule, severity, finding)), failures };
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

function report(input: LintInput, rule: AnyRule, severity: Severity, finding: Finding): Report {
  let fixes: readonly Fix[] | null = null;
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
      fixes ??= usableFixes(input, rule, finding);
      return fixes;
    },
  };
}
