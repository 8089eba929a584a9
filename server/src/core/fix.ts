/** Applies fixes until none is left. */
import type { LintInput, Report } from "./lint";
import { lint } from "./lint";
import { buildModel } from "./model/build";
import type { Model } from "./model/types";
import type { Fix, OtherFile } from "./rule";
import type { Edit } from "./text";
import { applyEdits } from "./text";

/** Which fixes to take. */
export interface FixOptions {
  /** True: also fixes that may change the build or the running container. */
  readonly unsafe?: boolean;
  /** Only fixes of these rules; all when absent. */
  readonly rules?: ReadonlySet<string>;
}

export interface FixResult {
  readonly text: string;
  readonly applied: readonly AppliedFix[];
  readonly otherFiles: readonly OtherFile[];
  /** Rounds of lint and apply; a healthy set of rules needs a few. */
  readonly rounds: number;
  /** False when ten rounds did not suffice: some fixes undo each other. */
  readonly converged: boolean;
}

export interface AppliedFix {
  readonly rule: string;
  readonly title: string;
  readonly note: string | null;
}

const mostRounds = 10;

/**
 * Takes fixes in the order of the file, drops those that overlap, applies, builds the model again, lints again, until no
 * fix is left. Pure. Of each finding the first fix of an allowed kind is taken, a refactoring
 * only where the rules are named.
 */
export function applyFixes(input: LintInput, options: FixOptions = {}): FixResult {
  let model = input.model;
  const applied: AppliedFix[] = [];
  const otherFiles: OtherFile[] = [];
  const seen = new Set<string>([model.text]);
  for (let round = 1; round <= mostRounds; round++) {
    const { reports } = lint({ ...input, model });
    // All at once costs one look at the result; only where that shows a fault is each fix looked at by itself.
    // What was already written to other files is not written again: nobody reads them in between.
    const isDone = (fix: Fix) =>
      fix.edits?.length === 0 && (fix.otherFiles ?? []).every((other) => hasOther(otherFiles, other));
    const step =
      mend(
        input,
        model,
        choose(reports, options, (report) => report.proposals().filter((fix) => !isDone(fix))),
      ) ??
      mend(
        input,
        model,
        choose(reports, options, (report) => report.fixes().filter((fix) => !isDone(fix))),
      );
    if (!step || step.chosen.length === 0) {
      return { text: model.text, applied, otherFiles, rounds: round, converged: true };
    }
    const { text } = step.model;
    const changesText = step.chosen.some(({ fix }) => (fix.edits ?? []).length > 0);
    // Going round in circles is a fault of the rules; stop at the first text that was there before.
    if (changesText && seen.has(text)) {
      return { text: model.text, applied, otherFiles, rounds: round, converged: text === model.text };
    }
    seen.add(text);
    for (const { report, fix } of step.chosen) {
      applied.push({ rule: report.rule.id, title: fix.title, note: fix.note ?? null });
      for (const other of fix.otherFiles ?? []) if (!hasOther(otherFiles, other)) otherFiles.push(other);
    }
    model = step.model;
  }
  return { text: model.text, applied, otherFiles, rounds: mostRounds, converged: false };
}

/** The fix that one keystroke or fix-all would take of a report, or null. */
export function bestFix(report: Report, options: FixOptions): Fix | null {
  return firstAllowed(report, options, (one) => one.fixes());
}

interface Chosen {
  readonly report: Report;
  readonly fix: Fix;
}

type FixesOf = (report: Report) => readonly Fix[];

function firstAllowed(report: Report, options: FixOptions, fixesOf: FixesOf): Fix | null {
  if (options.rules && !options.rules.has(report.rule.id)) return null;
  if (report.rule.fixable === "none" || (!options.unsafe && report.rule.fixable === "unsafe")) return null;
  for (const fix of fixesOf(report)) {
    // A rewrite of the file is taken only by who names its rule.
    if (!fix.edits || (fix.kind === "refactor" && !options.rules)) continue;
    if (fix.applicability === "safe" || options.unsafe) return fix;
  }
  return null;
}

/** The model after the chosen fixes; null where they break something. */
function mend(
  input: LintInput,
  before: Model,
  chosen: readonly Chosen[],
): { model: Model; chosen: readonly Chosen[] } | null {
  if (chosen.length === 0) return { model: before, chosen };
  try {
    const edits = chosen.flatMap(({ fix }) => fix.edits ?? []);
    const { buildArgs, target } = input.config;
    const model = buildModel(applyEdits(before.text, edits), { buildArgs, target });
    return model.problems.length <= before.problems.length ? { model, chosen } : null;
  } catch {
    return null;
  }
}

function choose(reports: readonly Report[], options: FixOptions, fixesOf: FixesOf): readonly Chosen[] {
  const chosen: Chosen[] = [];
  const taken: Edit[] = [];
  for (const report of reports) {
    const fix = firstAllowed(report, options, fixesOf);
    if (!fix?.edits) continue;
    if (fix.edits.some((edit) => collides(edit, taken))) continue;
    for (const edit of fix.edits) taken.splice(placeOf(edit, taken), 0, edit);
    chosen.push({ report, fix });
  }
  return chosen;
}

// Two edits that meet at one place wait for the next round: which goes first would be a guess.
function collides(edit: Edit, taken: readonly Edit[]): boolean {
  const at = placeOf(edit, taken);
  const before = taken[at - 1];
  const after = taken[at];
  return (
    (before !== undefined && before.span.end >= edit.span.start) ||
    (after !== undefined && after.span.start <= edit.span.end)
  );
}

/** Where an edit belongs among edits that do not touch each other, in the order of the file. */
function placeOf(edit: Edit, taken: readonly Edit[]): number {
  let low = 0;
  let high = taken.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((taken[middle] as Edit).span.start < edit.span.start) low = middle + 1;
    else high = middle;
  }
  return low;
}

function hasOther(list: readonly OtherFile[], other: OtherFile): boolean {
  return list.some((item) => item.path === other.path && item.append === other.append);
}
