/** The checks of BuildKit. It reports each of them as a warning; `error=true` in a `# check=` comment makes them errors. */
import type { RuleOverride } from "../preset";
import type { AnyRule } from "../rule";

/** What the preset `buildkit` says of a rule; null for rules that answer to no check of BuildKit. */
export function buildkitSetting(rule: AnyRule): RuleOverride | null {
  if (!rule.aliases.buildkit) return null;
  const mode = rule.options?.mode;
  // Some rules look closer than BuildKit does; they have a mode in which they do not.
  const options = mode?.type === "enum" && mode.values.includes("buildkit") ? { mode: "buildkit" } : {};
  return { severity: "warning", options, peers: ["buildkit"] };
}
