/**
 * hadolint's rules with hadolint's severities: facts of hadolint 2.15.1, seen in its output. `style` is our `hint`;
 * `ignore` (listed, but off unless somebody turns it on) is `off`.
 */
import type { RuleOverride } from "../preset";
import type { AnyRule } from "../rule";
import { type Severity, severities } from "../rule";

/** Ids by severity. Those of ShellCheck are only the ones that rules of ours answer to by themselves. */
const idsBySeverity: { readonly [level in Severity | "off"]: string } = {
  error: "DL1000 DL3000 DL3004 DL3011 DL3012 DL3020 DL3021 DL3023 DL3024 DL3026 DL3043 DL3044 DL3061 DL4000 DL4004",
  warning:
    "DL3002 DL3003 DL3006 DL3007 DL3008 DL3013 DL3014 DL3016 DL3018 DL3022 DL3025 DL3027 DL3028 DL3029 DL3030 " +
    "DL3032 DL3033 DL3034 DL3035 DL3036 DL3037 DL3038 DL3040 DL3041 DL3042 DL3045 DL3046 DL3051 DL3052 DL3053 " +
    "DL3054 DL3055 DL3056 DL3058 DL3062 DL3063 DL3064 DL3065 DL3067 DL4001 DL4003 DL4005 DL4006 SC2046",
  info: "DL3001 DL3009 DL3010 DL3015 DL3019 DL3047 DL3049 DL3050 DL3059 DL3060 DL3066 SC2035 SC2086",
  hint: "DL3048",
  off: "DL1001 DL3057",
};

const levels = new Map<string, Severity | "off">();
for (const level of [...severities, "off"] as const) {
  for (const id of idsBySeverity[level].split(" ")) levels.set(id, level);
}

/** The severity that hadolint gives to one of its ids; null for an id that it does not have or that is not listed here. */
export function hadolintSeverity(id: string): Severity | "off" | null {
  return levels.get(id) ?? null;
}

/** What the preset `hadolint` says of a rule; null for rules that answer to no rule of hadolint. */
export function hadolintSetting(rule: AnyRule): RuleOverride | null {
  if (rule.graded) {
    return rule.aliases.hadolint
      ? { severity: rule.severity, options: hadolintOptions(rule), peers: ["hadolint"] }
      : null;
  }
  const known = (rule.aliases.hadolint ?? []).flatMap((id) => hadolintSeverity(id) ?? []);
  const severity = severities.find((level) => known.includes(level));
  if (!severity) return null;
  return { severity, options: hadolintOptions(rule), peers: ["hadolint"] };
}

/** Makes a rule that is smarter than hadolint's behave like that one. */
function hadolintOptions({ options }: AnyRule): NonNullable<RuleOverride["options"]> {
  const mode = options?.mode;
  const labels = options?.labels;
  return {
    ...(mode?.type === "enum" && mode.values.includes("hadolint") ? { mode: "hadolint" } : {}),
    // hadolint knows no labels but those that a project lists.
    ...(labels?.type === "strings" ? { labels: [] } : {}),
  };
}
