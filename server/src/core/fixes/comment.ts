/** Edits of comment lines. */
import type { Model } from "../model/types";
import type { Edit, Span } from "../text";

/** Removes the line of a comment; null where something else stands on it. */
export function removeCommentLine({ text }: Model, comment: Span): Edit | null {
  const start = text.lastIndexOf("\n", comment.start - 1) + 1;
  const newline = text.indexOf("\n", comment.end);
  const end = newline < 0 ? text.length : newline + 1;
  const isAlone = /^\s*$/.test(text.slice(start, comment.start)) && /^\s*$/.test(text.slice(comment.end, end));
  return isAlone ? { span: { start, end }, newText: "" } : null;
}
