/** What the tests of features share: a text with a cursor, and spans written back as marks. */
import { buildModel } from "../../../server/src/core/index";
import { writeMarks } from "../../../server/src/core/marks";
import type { Model } from "../../../server/src/core/model/types";
import type { Span } from "../../../server/src/core/text";

/** A text with the place of its cursor, which is written `‸`. */
export function atCursor(marked: string): { readonly text: string; readonly offset: number; readonly model: Model } {
  const offset = marked.indexOf("‸");
  if (offset < 0) throw new Error(`no cursor in ${marked}`);
  const text = marked.slice(0, offset) + marked.slice(offset + 1);
  return { text, offset, model: buildModel(text) };
}

/** The text with `[|…|]` around each span. */
export function marked(text: string, spans: readonly Span[]): string {
  return writeMarks(
    text,
    [...spans].sort((a, b) => a.start - b.start),
  );
}
