/** A fix is only offered when it holds: its text parses and no new error of structure appears. */
import type { LintInput } from "./lint";
import { buildModel } from "./model/build";
import type { AnyRule, Finding, Fix } from "./rule";
import { applyEdits } from "./text";

/** The fixes that a finding brings; none where its rule fails in making them. */
export function proposedFixes(rule: AnyRule, finding: Finding): readonly Fix[] {
  if (!finding.fixes || rule.fixable === "none") return [];
  try {
    return finding.fixes();
  } catch {
    return [];
  }
}

/** True when the fix can be applied and breaks nothing. One that overlaps itself or changes nothing does not hold. */
export function holds(input: LintInput, fix: Fix): boolean {
  if (!fix.edits) return fix.needs !== undefined;
  try {
    const { model, config } = input;
    const text = applyEdits(model.text, fix.edits);
    // A fix may change nothing but other files, such as .dockerignore.
    if (text === model.text) return (fix.otherFiles ?? []).length > 0;
    const after = buildModel(text, { buildArgs: config.buildArgs, target: config.target });
    return after.problems.length <= model.problems.length;
  } catch {
    return false;
  }
}
