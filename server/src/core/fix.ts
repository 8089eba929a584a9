/** Applies fixes until none is left. */
import type { LintInput, Report } from "./lint";
import { lint } from "./lint";
import { buildModel } from "./model/build";
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
 * fix is left. Pure. Of each finding the first fix of an allowed kind is taken; refactorings never are.
 */
export function applyFixes(input: LintInput, options: FixOptions = {}): FixResult {
  let model = input.model;
  const applied: AppliedFix[] = [];
  const otherFiles: OtherFile[] = [];
  const seen = new Set<string>([model.text]);
  for (let round = 1; round <= mostRounds; round++) {
    const chosen = choose(lint({ ...input, model }).reports, options);
    if (chosen.length === 0) return { text: model.text, applied, otherFiles, rounds: round, converged: true };
    const text = applyEdits(
      model.text,
      chosen.flatMap(({ fix }) => fix.edits ?? []),
    );
    // Going round in circles is a fault of the rules; stop at the first text that was there before.
    if (seen.has(text)) return { text: model.text, applied, otherFiles, rounds: round, converged: text === model.text };
    seen.add(text);
    for (const { report, fix } of chosen) {
      applied.push({ rule: report.rule.id, title: fix.title, note: fix.note ?? null });
      for (const other of fix.otherFiles ?? []) if (!hasOther(otherFiles, other)) otherFiles.push(other);
    }
    model = buildModel(text, { buildArgs: input.config.buildArgs, target: input.config.target });
  }
  return { text: model.text, applied, otherFiles, rounds: mostRounds, converged: false };
}

/** The fix that one keystroke or fix-all would take of a report, or null. */
export function bestFix(report: Report, options: FixOptions): Fix | null {
  if (options.rules && !options.rules.has(report.rule.id)) return null;
  if (report.rule.fixable === "none" || (!options.unsafe && report.rule.fixable === "unsafe")) return null;
  for (const fix of report.fixes()) {
    if (!fix.edits || fix.kind === "refactor") continue;
    if (fix.applicability === "safe" || options.unsafe) return fix;
  }
  return null;
}

function choose(reports: readonly Report[], options: FixOptions): { report: Report; fix: Fix }[] {
  const chosen: { report: Report; fix: Fix }[] = [];
  const taken: Edit[] = [];
  for (const report of reports) {
    const fix = bestFix(report, options);
    if (!fix?.edits) continue;
    if (fix.edits.some((edit) => taken.some((other) => collide(edit, other)))) continue;
    taken.push(...fix.edits);
    chosen.push({ report, fix });
  }
  return chosen;
}

// Two edits that meet at one place wait for the next round: which goes first would be a guess.
function collide(a: Edit, b: Edit): boolean {
  return a.span.start <= b.span.end && b.span.start <= a.span.end;
}

function hasOther(list: readonly OtherFile[], other: OtherFile): boolean {
  return list.some((item) => item.path === other.path && item.append === other.append);
}
