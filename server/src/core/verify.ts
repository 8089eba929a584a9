/** A fix is only offered when it holds: its text parses and no new error of structure appears. */
import type { LintInput } from "./lint";
import { buildModel } from "./model/build";
import type { AnyRule, Finding, Fix } from "./rule";
import { applyEdits } from "./text";

/** The fixes of a finding that hold. A fix that throws, overlaps itself or breaks the file is dropped in silence. */
export function usableFixes(input: LintInput, rule: AnyRule, finding: Finding): readonly Fix[] {
  if (!finding.fixes || rule.fixable === "none") return [];
  try {
    return finding.fixes().filter((fix) => holds(input, fix));
  } catch {
    return [];
  }
}

function holds(input: LintInput, fix: Fix): boolean {
  if (!fix.edits) return fix.needs !== undefined;
  try {
    const { model, config } = input;
    const text = applyEdits(model.text, fix.edits);
    if (text === model.text) return false;
    const after = buildModel(text, { buildArgs: config.buildArgs, target: config.target });
    return after.problems.length <= model.problems.length;
  } catch {
    return false;
  }
}
