/**
 * Positions in a text. Inside the engine everything is an offset (UTF-16 code units from the start of the file, as
 * JavaScript strings count); lines and characters appear only where a finding leaves the engine.
 */

/** A place as editors count it: zero-based line, zero-based UTF-16 character (the shape of LSP). */
export interface Position {
  readonly line: number;
  readonly character: number;
}

/** From `start` up to, not including, `end`. */
export interface Range {
  readonly start: Position;
  readonly end: Position;
}

/** Absolute UTF-16 offsets in one version of a file: `start` included, `end` not. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/**
 * UTF-16 offsets relative to the first character of a block. Named differently from `Span` on purpose, so that the
 * compiler refuses to take one for the other: `locate(instruction, local)` turns it into a `Span`.
 */
export interface LocalSpan {
  readonly from: number;
  readonly to: number;
}

/** Replaces the text of `span` by `newText`; an empty span inserts. */
export interface Edit {
  readonly span: Span;
  readonly newText: string;
}

/** Finds lines in a text. Line ends are those of LSP: `\n`, `\r\n` and a bare `\r`. */
export interface LineIndex {
  readonly lineCount: number;
  /** The position of an offset; offsets outside the text are clamped. */
  positionAt(offset: number): Position;
  /** The offset of a position; lines and characters outside the text are clamped. */
  offsetAt(position: Position): number;
  /** Offset of the first character of a zero-based line (clamped to the text). */
  lineStart(line: number): number;
}

/** Builds the line index of a text in one pass. */
export function indexLines(text: string): LineIndex {
  const starts: number[] = [0];
  if (text.includes("\r")) {
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      if (code === 10 || (code === 13 && text.charCodeAt(i + 1) !== 10)) starts.push(i + 1);
    }
  } else {
    for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  }
  const lineOf = (offset: number): number => {
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] as number) <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  };
  return {
    lineCount: starts.length,
    positionAt(offset) {
      const clamped = Math.max(0, Math.min(offset, text.length));
      const line = lineOf(clamped);
      return { line, character: clamped - (starts[line] as number) };
    },
    offsetAt(position) {
      if (position.line < 0) return 0;
      const start = starts[position.line];
      if (start === undefined) return text.length;
      const end = lineEnd(text, start, starts[position.line + 1] ?? text.length + 1);
      return Math.max(start, Math.min(start + position.character, end));
    },
    lineStart(line) {
      return line < 0 ? 0 : (starts[line] ?? text.length);
    },
  };
}

/** The range of a span, in an index of the same text. */
export function toRange(lines: LineIndex, span: Span): Range {
  return { start: lines.positionAt(span.start), end: lines.positionAt(span.end) };
}

/** The span of a range, in an index of the same text. */
export function toSpan(lines: LineIndex, range: Range): Span {
  return { start: lines.offsetAt(range.start), end: lines.offsetAt(range.end) };
}

/**
 * The text after all edits. Edits refer to the text before any of them; two insertions at one place keep their order.
 * Throws RangeError when two edits overlap or one lies outside the text.
 */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  const sorted = edits
    .map((edit, order) => ({ edit, order }))
    .sort((a, b) => a.edit.span.start - b.edit.span.start || a.edit.span.end - b.edit.span.end || a.order - b.order);
  let result = "";
  let at = 0;
  for (const { edit } of sorted) {
    const { start, end } = edit.span;
    if (start < at || end < start || end > text.length) throw new RangeError("edits overlap or lie outside the text");
    result += text.slice(at, start) + edit.newText;
    at = end;
  }
  return result + text.slice(at);
}

/** The line end that a text uses: that of its first line, `\n` when it has none. */
export function lineEnding(text: string): "\n" | "\r\n" {
  const at = text.indexOf("\n");
  return at > 0 && text.charCodeAt(at - 1) === 13 ? "\r\n" : "\n";
}

/** True when two spans share a character, or one is empty and lies within or at the edge of the other. */
export function touches(a: Span, b: Span): boolean {
  return a.start <= b.end && b.start <= a.end;
}

function lineEnd(text: string, start: number, next: number): number {
  let end = Math.min(next, text.length);
  if (next <= text.length) {
    end = next - 1;
    if (end > start && text.charCodeAt(end) === 10 && text.charCodeAt(end - 1) === 13) end--;
  }
  return Math.max(start, end);
}
