/** The checks of BuildKit. It reports each of them as a warning; `error=true` in a `# check=` comment makes them errors. */
import type { RuleOverride } from "../preset";
import type { AnyRule } from "../rule";

/** What the preset `buildkit` says of a rule; null for rules that answer to no check of BuildKit. */
export function buildkitSetting(rule: AnyRule): RuleOverride | null {
  if (!rule.aliases.buildkit) return null;
  return { severity: "warning", options: buildkitOptions(rule), peers: ["buildkit"] };
}

/** Makes a rule that is smarter than the other linters behave like the one that only looks at the words. */
function buildkitOptions({ options }: AnyRule): NonNullable<RuleOverride["options"]> {
  const mode = options?.mode;
  return mode?.type !== "enum"
    ? {}
    : mode.values.includes("buildkit")
      ? { mode: "buildkit" }
      : mode.values.includes("hadolint")
        ? { mode: "hadolint" }
        : {};
}
