/**
 * The text that an instruction hands on, and the way back to the file. The builder removes line continuations, comment
 * lines and empty lines before anybody reads an instruction; parsing the raw text instead would take a comment between
 * two continued lines for code. The rules are those of BuildKit's `frontend/dockerfile/parser/parser.go`
 * (`processLine`, `trimContinuationCharacter`, `isComment`, `isEmptyContinuationLine`).
 */

/** The joined text of an instruction (or of a part of it) with a table that leads back to the file. */
export interface LogicalText {
  /** What remains when continuations, comment lines and empty lines are gone. */
  readonly text: string;
  /**
   * Pairs of a logical offset and the source offset of the same character, ascending; each holds up to the next one.
   * There is always at least one pair, also for an empty text.
   */
  readonly segments: readonly (readonly [logicalOffset: number, sourceOffset: number])[];
}

/**
 * Joins the lines of `source` from `from` up to `to` (UTF-16 offsets) the way the builder does. `from` lies in the first
 * line of the instruction or at its beginning, never in a comment line. Reading ends with the first line that is not
 * continued, also where `to` lies further on. A line end is `\n`; carriage returns before it are dropped.
 */
export function joinLines(source: string, from: number, to: number, escapeCharacter: "\\" | "`"): LogicalText {
  const limit = Math.min(to, source.length);
  const pieces: string[] = [];
  const segments: (readonly [number, number])[] = [];
  let length = 0;
  for (let at = from, first = true; at < limit; first = false) {
    const newline = source.indexOf("\n", at);
    const end = newline < 0 || newline > limit ? limit : newline;
    const lineEnd = trimEnd(source, at, end, isCarriageReturn);
    if (first || !isDropped(source, at, lineEnd)) {
      const kept = continuationStart(source, at, lineEnd, escapeCharacter);
      const pieceEnd = kept ?? lineEnd;
      if (pieceEnd > at) {
        pieces.push(source.slice(at, pieceEnd));
        segments.push([length, at]);
        length += pieceEnd - at;
      }
      if (kept === null) break;
    }
    at = end + 1;
  }
  if (segments.length === 0) segments.push([0, Math.min(from, source.length)]);
  return { text: pieces.join(""), segments };
}

/** What follows a logical offset, with its own table. */
export function sliceLogical(body: LogicalText, from: number): LogicalText {
  if (from === 0) return body;
  const segments: [number, number][] = [];
  for (const [logical, source] of body.segments) {
    if (logical > from) segments.push([logical - from, source]);
    else segments[0] = [0, source + (from - logical)];
  }
  return { text: body.text.slice(from), segments };
}

/** A text that stands in the file as it is: one segment. */
export function plainText(text: string, sourceOffset: number): LogicalText {
  return { text, segments: [[0, sourceOffset]] };
}

/**
 * The source offset of the character at a logical offset. At the border of two lines this is the beginning of the later
 * one; at the end of the text, the place behind its last character.
 */
export function toSource(logical: LogicalText, offset: number): number {
  const [logicalOffset, sourceOffset] = segmentAt(logical, offset);
  return sourceOffset + (offset - logicalOffset);
}

/** The source offset behind the character that ends at a logical offset (the place to append something to it). */
export function toSourceEnd(logical: LogicalText, offset: number): number {
  return offset <= 0 ? toSource(logical, 0) : toSource(logical, offset - 1) + 1;
}

/**
 * The source offsets of a piece of the logical text. The end belongs to the line of the last character, so that a word
 * at the end of a line does not swallow the continuation behind it; a piece that spans lines includes what the builder
 * drops between them. An empty piece lies directly behind the character before it.
 */
export function toSourceSpan(logical: LogicalText, from: number, to: number): { from: number; to: number } {
  const end = toSourceEnd(logical, to);
  return { from: from < to ? toSource(logical, from) : end, to: end };
}

function segmentAt(logical: LogicalText, offset: number): readonly [number, number] {
  let low = 0;
  let high = logical.segments.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((logical.segments[middle]?.[0] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return logical.segments[low] ?? [0, 0];
}

/**
 * Where the continuation mark of a line begins, or null when the line is the last one. A doubled mark does not continue:
 * the builder's pattern is `([^\E])\E[ \t]*$|^\E[ \t]*$`.
 */
function continuationStart(source: string, start: number, end: number, escapeCharacter: "\\" | "`"): number | null {
  const mark = trimEnd(source, start, end, isBlank) - 1;
  if (mark < start || source[mark] !== escapeCharacter) return null;
  return mark > 0 && source[mark - 1] === escapeCharacter ? null : mark;
}

/** True for a line within an instruction that the builder leaves out: blank, or a comment. */
function isDropped(source: string, start: number, end: number): boolean {
  let at = start;
  while (at < end && isSpace(source.charCodeAt(at))) at++;
  return at === end || source[at] === "#";
}

function trimEnd(source: string, start: number, end: number, drop: (code: number) => boolean): number {
  let at = end;
  while (at > start && drop(source.charCodeAt(at - 1))) at--;
  return at;
}

function isCarriageReturn(code: number): boolean {
  return code === 13;
}

function isBlank(code: number): boolean {
  return code === 32 || code === 9;
}

/** Go's `unicode.IsSpace`, which differs from JavaScript's `\s` in U+0085 and U+FEFF: what the builder calls a blank. */
export function isSpace(code: number): boolean {
  if (code < 0x80) return code === 32 || (code >= 9 && code <= 13);
  return (
    code === 0x85 ||
    code === 0xa0 ||
    code === 0x1680 ||
    (code >= 0x2000 && code <= 0x200a) ||
    code === 0x2028 ||
    code === 0x2029 ||
    code === 0x202f ||
    code === 0x205f ||
    code === 0x3000
  );
}
