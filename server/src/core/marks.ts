/** Reads the marks of examples: `FROM [|node:latest|]` says where a finding is expected. */
import type { Span } from "./text";

/** An example's code without its marks, and the places that were marked, in the order of the text. */
export interface MarkedText {
  readonly text: string;
  readonly spans: readonly Span[];
}

/**
 * Takes the `[|…|]` marks out of a text. `[||]` marks a place without width; marks may nest. Throws Error where a mark
 * is left open, for this is our own text and a fault of its author.
 */
export function readMarks(code: string): MarkedText {
  const spans: { start: number; end: number }[] = [];
  const open: { start: number; end: number }[] = [];
  let text = "";
  let at = 0;
  for (const mark of code.matchAll(/\[\||\|\]/g)) {
    text += code.slice(at, mark.index);
    at = mark.index + mark[0].length;
    if (mark[0] === "[|") {
      const span = { start: text.length, end: text.length };
      spans.push(span);
      open.push(span);
      continue;
    }
    const span = open.pop();
    if (!span) throw new Error(`a mark closes that was never opened: ${code}`);
    span.end = text.length;
  }
  if (open.length > 0) throw new Error(`a mark is never closed: ${code}`);
  return { text: text + code.slice(at), spans };
}

/** Puts marks around spans (in the order of the text): the way back from `readMarks`. */
export function writeMarks(text: string, spans: readonly Span[]): string {
  const marks = spans
    .flatMap((span, order) => [
      { at: span.start, order, closes: false, mark: "[|" },
      { at: span.end, order, closes: true, mark: "|]" },
    ])
    .sort((a, b) => a.at - b.at || a.order - b.order || Number(a.closes) - Number(b.closes));
  let result = "";
  let at = 0;
  for (const { at: offset, mark } of marks) {
    result += text.slice(at, offset) + mark;
    at = offset;
  }
  return result + text.slice(at);
}
