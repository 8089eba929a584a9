/** Shows findings under the lines they stand in, and the change between two texts. */
import { indexLines, type Position, type Range } from "../../src/core/text";

/** One finding to show: where, and the words behind its squiggle. */
export interface Shown {
  readonly range: Range;
  readonly label: string;
}

/**
 * The text with line numbers and a squiggle under each finding, as the command line shows it. A finding over several
 * lines is underlined in its first line only. An empty text gives one empty line.
 */
export function excerpt(text: string, findings: readonly Shown[]): string {
  const lines = splitLines(text);
  const width = String(lines.length).length;
  const rows: string[] = [];
  lines.forEach((line, number) => {
    rows.push(`${String(number + 1).padStart(width)} | ${line}`.trimEnd());
    for (const { range, label } of findings) {
      if (range.start.line !== number) continue;
      rows.push(`${" ".repeat(width)} | ${squiggle(line, range.start, range.end)} ${label}`);
    }
  });
  return rows.join("\n");
}

/** The lines that differ, each with `-` or `+`, and up to two equal lines around them. */
export function lineDiff(before: string, after: string): string {
  const rows = diffRows(splitLines(before), splitLines(after));
  const kept = rows.map((_, index) => rows.slice(Math.max(0, index - 2), index + 3).some((row) => row[0] !== " "));
  const shown: string[] = [];
  rows.forEach((row, index) => {
    if (kept[index]) shown.push(row.trimEnd());
    else if (index > 0 && kept[index - 1] && kept.includes(true, index)) shown.push(" …");
  });
  return shown.join("\n");
}

function squiggle(line: string, start: Position, end: Position): string {
  const to = end.line > start.line ? line.length : end.character;
  const before = line.slice(0, start.character).replace(/[^\t]/g, " ");
  return before + "^".repeat(Math.max(1, to - start.character));
}

// A table of longest common tails: quadratic, which is fine for the few lines of an example.
function diffRows(a: readonly string[], b: readonly string[]): string[] {
  const common = Array.from({ length: a.length + 1 }, () => new Array<number>(b.length + 1).fill(0));
  const at = (i: number, j: number): number => common[i]?.[j] ?? 0;
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      (common[i] as number[])[j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const rows: string[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      rows.push(` ${a[i]}`);
      i++;
      j++;
    } else if (i < a.length && (j >= b.length || at(i + 1, j) >= at(i, j + 1))) rows.push(`-${a[i++]}`);
    else rows.push(`+${b[j++]}`);
  }
  return rows;
}

/** The lines without their ends; the empty line behind a last line end is not one. */
function splitLines(text: string): string[] {
  const { lineCount } = indexLines(text);
  const lines = text.split(/\r\n|\r|\n/);
  return lineCount > 1 && lines.at(-1) === "" ? lines.slice(0, -1) : lines;
}
