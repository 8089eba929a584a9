/** Settings that stand outside `rules` in a file but are options of a rule. */
import type { AnyRule, OptionValue, RuleOverride } from "../core/index";
import { ruleIds } from "./rule-ids";

/** Tells the rule that checks registries which ones are trusted; without any it stays as it is. */
export function applyRegistries(
  rules: readonly AnyRule[],
  overrides: Map<string, RuleOverride>,
  trusted: readonly string[],
): void {
  if (trusted.length > 0) setList(rules, overrides, "DL3026", trusted);
}

/** Gives the rule that answers to an id a list as the value of its first list option, and turns it on. */
export function setList(
  rules: readonly AnyRule[],
  overrides: Map<string, RuleOverride>,
  id: string,
  list: readonly OptionValue[],
): void {
  for (const rule of ruleIds(rules).resolve(id)) {
    const option = Object.entries(rule.options ?? {}).find(([, spec]) => spec.type === "strings")?.[0];
    const before = overrides.get(rule.id);
    if (option) overrides.set(rule.id, { severity: before?.severity ?? "on", options: { [option]: list.map(String) } });
  }
}
