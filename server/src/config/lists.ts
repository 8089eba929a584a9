/** Settings that stand outside `rules` in a file but are options of a rule. */
import type { SignaturePolicy } from "../core/image/signature-policy";
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

/** Turns the rule on that a policy about signatures stands for; without a policy it stays as it is. */
export function applySignatures(
  rules: readonly AnyRule[],
  overrides: Map<string, RuleOverride>,
  policy: SignaturePolicy | null,
): void {
  const rule = rules.find(({ id }) => id === "unsigned-base-image");
  if (rule && policy && policy.required.length > 0) overrides.set(rule.id, { severity: "on" });
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

/**
 * Sets one code of a rule that hands on what another tool says under many codes: `ignored: [SC2086]` is about that code,
 * not about everything that ShellCheck says. False for a rule without such an option.
 */
export function setCode(
  rule: AnyRule,
  overrides: Map<string, RuleOverride>,
  code: string,
  level: NonNullable<RuleOverride["severity"]>,
): boolean {
  if (!rule.graded || rule.options?.codes?.type !== "strings" || rule.id === code.toLowerCase()) return false;
  const before = overrides.get(rule.id);
  const others = before?.options?.codes;
  const list = [...(Array.isArray(others) ? others : []), `${code.replace(/^.*\//, "").toUpperCase()}=${level}`];
  overrides.set(rule.id, { ...before, options: { ...before?.options, codes: list } });
  return true;
}
