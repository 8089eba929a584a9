/** What came out of a run, as reporters take it. */
import type { AppliedFix, Fix, Model, Report, Severity } from "../core/index";

/** One file. */
export interface FileResult {
  /** As it is shown: forward slashes, relative to the working directory where it lies in it. */
  readonly path: string;
  /** Absolute, forward slashes; null for what came from stdin. */
  readonly absolute: string | null;
  /** Why the file was not linted: a clause that follows its name. */
  readonly error: string | null;
  /** Null when it was not linted. */
  readonly model: Model | null;
  /** After fixing, what is left. */
  readonly reports: readonly Report[];
  readonly applied: readonly AppliedFix[];
  /** The text of a file by its path from the Dockerfile's folder, null when there is none. */
  readonly sibling: (path: string) => string | null;
}

/** Numbers of a run. */
export interface Summary {
  readonly files: number;
  readonly faults: number;
  readonly counts: { readonly [severity in Severity]: number };
  /** Fixes that were made, or would be, and in how many files. */
  readonly fixed: number;
  readonly fixedFiles: number;
  /** Findings that the baseline knows; they are in no other number. */
  readonly known: number;
  /** True when `--diff` was asked for: fixes are shown, not made. */
  readonly diff: boolean;
  /** The arguments of the run, for commands that the summary proposes. */
  readonly args: readonly string[];
}

/** Turns results into text. What it returns goes to the report at once, so large runs need little memory. */
export interface Reporter {
  file(result: FileResult): string;
  end(summary: Summary): string;
}

/** The best fix that a run with `--fix` could take, or null. Refactorings and fixes that wait for a registry are none. */
export function fixOf(report: Report): Fix | null {
  if (report.rule.fixable === "none") return null;
  const usable = report.fixes().filter((fix) => fix.edits !== null && fix.kind !== "refactor");
  return usable.find((fix) => fix.applicability === "safe") ?? usable[0] ?? null;
}
