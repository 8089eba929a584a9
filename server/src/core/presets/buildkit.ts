/**
 * The checks of BuildKit, and the faults at which it stops. It reports each check as a warning; `error=true` in a `# check=`
 * comment makes them errors.
 */
import type { RuleOverride } from "../preset";
import type { AnyRule } from "../rule";

/**
 * Rules about what BuildKit refuses to build: it has no check for that, but `docker build --check` fails. Seen by giving
 * their examples to BuildKit 0.34.
 */
const stops: ReadonlySet<string> = new Set([
  ...["copy-from-invalid-reference", "copy-from-self", "duplicate-directive", "duplicate-flag"],
  ...["expose-port-out-of-range", "expose-unknown-protocol", "extra-argument", "healthcheck-flag-value"],
  ...["healthcheck-missing-command", "healthcheck-unknown-type", "instruction-before-from"],
  ...["invalid-escape-directive", "invalid-flag-value", "invalid-from-as", "invalid-image-reference"],
  ...["invalid-stage-name", "invalid-stopsignal", "key-value-syntax", "missing-argument", "no-from"],
  ...["onbuild-forbidden-trigger", "shell-heredoc-terminator-indent", "shell-needs-json", "stage-cycle"],
  ...["syntax-error", "unknown-flag", "unknown-instruction", "unsupported-variable-modifier"],
]);

/** What the preset `buildkit` says of a rule; null for rules about nothing that BuildKit would say. */
export function buildkitSetting(rule: AnyRule): RuleOverride | null {
  if (!rule.aliases.buildkit) return stops.has(rule.id) ? { severity: rule.severity } : null;
  const mode = rule.options?.mode;
  // Some rules look closer than BuildKit does; they have a mode in which they do not.
  const options = mode?.type === "enum" && mode.values.includes("buildkit") ? { mode: "buildkit" } : {};
  return { severity: "warning", options, peers: ["buildkit"] };
}
