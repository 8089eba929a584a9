/** Names for findings that outlive a move: platforms compare them from run to run. */
import { createHash } from "node:crypto";
import type { Model, Report } from "../core/index";

/** Names findings, 32 hexadecimal digits each. */
export interface Fingerprints {
  /** Reports of one file are to be asked for in their order: equal ones are counted. */
  of(report: Report, model: Model, path: string): string;
}

/**
 * The same finding keeps its name when lines are added above it: it is made of rule, path, the text of the line, and a
 * number where the same rule finds the same line again.
 */
export function createFingerprints(): Fingerprints {
  const seen = new Map<string, number>();
  return {
    of(report, model, path) {
      const start = model.lines.lineStart(report.range.start.line);
      const end = model.lines.lineStart(report.range.start.line + 1);
      const key = `${report.rule.id}\n${path}\n${model.text.slice(start, end).trim()}`;
      const count = (seen.get(key) ?? 0) + 1;
      seen.set(key, count);
      return digest(`${key}\n${count}`);
    },
  };
}

/** 32 hexadecimal digits that stand for a text. */
export function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 32);
}
