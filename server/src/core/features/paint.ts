/** Coloured stretches of one instruction, laid over each other: the inner one wins. */
import type { LocalSpan } from "../text";

/** What a stretch of text is, in LSP's words. The place in this list is the number that a client gets. */
export const tokenTypes = [
  "comment",
  "keyword",
  "parameter",
  "property",
  "string",
  "number",
  "operator",
  "variable",
  "function",
  "namespace",
  "type",
  "enumMember",
  "macro",
] as const;

export type TokenType = (typeof tokenTypes)[number];

/** What a token may be besides; the bit of each is its place in this list. */
export const tokenModifiers = ["declaration", "deprecated"] as const;

/** One stretch. `declares`: the name is made here. */
export interface Paint extends LocalSpan {
  readonly type: TokenType;
  readonly declares?: boolean;
  readonly deprecated?: boolean;
}

const numbers = new Map(tokenTypes.map((type, index) => [type, index]));

/**
 * Five numbers for each token, as LSP wants them: lines down from the token before, characters from its start (from the
 * line's start where it stands in another line), length, type, modifiers. The first token counts from the start of
 * `text`. Of stretches that overlap the later and shorter wins; those that span lines are divided.
 */
export function encodePaint(text: string, paint: readonly Paint[], escape: string): readonly number[] {
  const sorted = [...paint].filter((one) => one.to > one.from).sort((a, b) => a.from - b.from || b.to - a.to);
  const writer = createWriter(text, escape);
  const open: Paint[] = [];
  let at = 0;
  const advance = (to: number): void => {
    for (let top = open[open.length - 1]; top && at < to; top = open[open.length - 1]) {
      const end = Math.min(top.to, to);
      if (end > at) writer.write(at, end, top);
      at = Math.max(at, end);
      if (top.to > to) break;
      open.pop();
    }
    at = Math.max(at, to);
  };
  for (const one of sorted) {
    advance(one.from);
    open.push(one);
  }
  advance(text.length);
  return writer.data;
}

function createWriter(
  text: string,
  escape: string,
): { data: number[]; write(from: number, to: number, paint: Paint): void } {
  const data: number[] = [];
  let lineStart = 0;
  let newline = text.indexOf("\n");
  let lines = 0;
  let last = 0;
  const put = (from: number, to: number, { type, declares, deprecated }: Paint): void => {
    if (to <= from) return;
    const character = from - lineStart;
    const modifiers = (declares ? 1 : 0) | (deprecated ? 2 : 0);
    data.push(lines, lines === 0 ? character - last : character, to - from, numbers.get(type) ?? 0, modifiers);
    lines = 0;
    last = character;
  };
  const moveTo = (offset: number): void => {
    while (newline >= 0 && newline < offset) {
      lineStart = newline + 1;
      newline = text.indexOf("\n", lineStart);
      lines++;
    }
  };
  return {
    data,
    write(from, to, paint) {
      let start = from;
      for (;;) {
        moveTo(start);
        if (newline < 0 || newline >= to) {
          put(start, to, paint);
          return;
        }
        put(start, endOfPiece(text, start, newline, escape), paint);
        start = newline + 1;
        while (start < to && (text[start] === " " || text[start] === "\t")) start++;
      }
    },
  };
}

/** The end of a line within a token: blanks and the continuation mark belong to nobody. */
function endOfPiece(text: string, start: number, newline: number, escape: string): number {
  let end = newline;
  while (end > start && /\s/.test(text[end - 1] as string)) end--;
  if (end > start && text[end - 1] === escape) end--;
  while (end > start && /\s/.test(text[end - 1] as string)) end--;
  return end;
}
