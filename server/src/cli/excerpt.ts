/** A line of the source with a squiggle under a part of it. */
import type { LineIndex, Range } from "../core/index";
import { codePointWidth, printable } from "./width";

/** What is printed: two rows that align in a terminal. */
export interface Excerpt {
  readonly source: string;
  readonly squiggle: string;
}

const tabStop = 4;

/**
 * The first line of a range, cut to `columns` around the range where it is longer. Tabs become spaces, wide characters
 * count double, control characters become pictures.
 */
export function excerpt(text: string, lines: LineIndex, range: Range, columns: number): Excerpt {
  const lineStart = lines.lineStart(range.start.line);
  const lineEnd = endOfLine(text, lineStart);
  const from = Math.min(lineStart + range.start.character, lineEnd);
  const to = range.end.line > range.start.line ? lineEnd : Math.min(lineStart + range.end.character, lineEnd);
  const cut = lineEnd - lineStart > columns ? Math.max(lineStart, from - (columns >> 2)) : lineStart;
  const start = wholeCharacter(text, cut, lineStart);
  let source = start > lineStart ? "…" : "";
  let column = source.length;
  let first: number | null = null;
  let last = 0;
  let at = start;
  while (at < lineEnd && column < columns) {
    if (at >= from) first ??= column;
    const code = text.codePointAt(at) as number;
    const shown = code === 9 ? " ".repeat(tabStop - (column % tabStop)) : printable(String.fromCodePoint(code));
    source += shown;
    column += code === 9 ? shown.length : codePointWidth(shown.codePointAt(0) as number);
    at += code > 0xffff ? 2 : 1;
    if (at <= to) last = column;
  }
  if (at < lineEnd) source += "…";
  // An empty range still gets its mark: something is missing there.
  first ??= column;
  return { source, squiggle: " ".repeat(first) + (last > first ? "~".repeat(last - first) : "^") };
}

function endOfLine(text: string, start: number): number {
  for (let at = start; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 10 || code === 13) return at;
  }
  return text.length;
}

function wholeCharacter(text: string, at: number, lineStart: number): number {
  const code = text.charCodeAt(at);
  return at > lineStart && code >= 0xdc00 && code <= 0xdfff ? at - 1 : at;
}
