/** Shows findings under the lines they stand in, and the change between two texts. */
import { unifiedDiff } from "../../src/cli/diff";
import { excerpt } from "../../src/cli/excerpt";
import type { Range } from "../../src/core/text";
import { indexLines } from "../../src/core/text";

/** One finding to show: where, and the words behind its squiggle. */
export interface Shown {
  readonly range: Range;
  readonly label: string;
}

const widest = 400;

/** The whole text with line numbers and a squiggle under each finding, drawn as the command line draws it. */
export function listing(text: string, findings: readonly Shown[]): string {
  const index = indexLines(text);
  const count = text.endsWith("\n") ? index.lineCount - 1 : index.lineCount;
  const width = String(count).length;
  const rows: string[] = [];
  for (let line = 0; line < count; line++) {
    const start = { line, character: 0 };
    const { source } = excerpt(text, index, { start, end: start }, widest);
    rows.push(`${String(line + 1).padStart(width)} | ${source}`.trimEnd());
    for (const { range, label } of findings) {
      if (range.start.line !== line) continue;
      rows.push(`${" ".repeat(width)} | ${excerpt(text, index, range, widest).squiggle} ${label}`);
    }
  }
  return rows.join("\n");
}

/** The lines that differ, each with `-` or `+`, and some equal lines around them; `@@` where lines are left out. */
export function lineDiff(before: string, after: string): string {
  const rows = unifiedDiff("Dockerfile", before, after).trimEnd().split("\n").slice(2);
  return rows
    .filter((row, index) => index > 0 || !row.startsWith("@@"))
    .map((row) => (row.startsWith("@@") ? "@@" : row.trimEnd()))
    .join("\n");
}
