/**
 * What is not said while somebody is typing. Half a keyword is no instruction and half a flag no flag; a red line under
 * every letter teaches people to look away. So what an edit of one character makes wrong, in the words it adds to, is
 * shown once typing pauses. What was shown before stays, and what is right again goes at once.
 */
import type { TextDocumentContentChangeEvent } from "vscode-languageserver";
import type { TextDocument } from "vscode-languageserver-textdocument";
import type { Group } from "../core/group";
import type { Model } from "../core/index";
import { instructionAt } from "../core/model/at";
import type { Checked } from "./check-document";

/** Milliseconds without a key after which all is said. */
export const typingPause = 500;

/** A key writes one character, and the editor perhaps the bracket that closes it; more was pasted or completed. */
const mostTyped = 2;

/**
 * The offset behind what a key wrote or took away; null where the change is another, or ended the line. Behind the
 * escape character a new line, with the blanks that editors put there, ends nothing.
 */
export function caretAfter(before: TextDocument, changes: readonly TextDocumentContentChangeEvent[]): number | null {
  const [change] = changes;
  if (!change || changes.length > 1 || !("range" in change)) return null;
  const { range, text } = change;
  const start = before.offsetAt(range.start);
  if (/^\r?\n[ \t]*$/.test(text)) return /[\\`]/.test(before.getText()[start - 1] ?? "") ? start + text.length : null;
  if (text.length > mostTyped) return null;
  return before.offsetAt(range.end) - start > mostTyped ? null : start + Math.min(text.length, 1);
}

/**
 * What to show while the caret stands at an offset: `checked` itself, or the same without what is new in the words that
 * are being written. `shown` are the groups that were shown last.
 */
export function withoutUnfinished(checked: Checked, caret: number, shown: readonly Group[]): Checked {
  const written = writtenAt(checked.model, caret);
  if (!written) return checked;
  const isWritten = ({ reports: [{ span }] }: Group): boolean =>
    written.toEnd || (span.start >= written.start && span.start <= caret);
  if (!checked.groups.some(isWritten)) return checked;
  const known = new Set(shown.map(keyOf));
  const groups = checked.groups.filter((group) => known.has(keyOf(group)) || !isWritten(group));
  return groups.length === checked.groups.length ? checked : { ...checked, groups };
}

/** A finding where it was: nothing before it moves while somebody adds to what stands behind it. */
function keyOf({ reports: [{ rule, span }] }: Group): string {
  return `${rule.id}@${span.start}`;
}

/**
 * Where the words begin that the caret adds to: an instruction, or a line that is none. Null inside of words that are
 * there already. `toEnd`: nothing follows in the file, so that anything may still be mended by what comes.
 */
function writtenAt(model: Model, caret: number): { readonly start: number; readonly toEnd: boolean } | null {
  const { text } = model;
  const line = text.lastIndexOf("\n", caret - 1) + 1;
  const before = instructionAt(model, caret);
  const instruction = before && line <= before.span.end ? before : null;
  const lineEnd = text.indexOf("\n", caret);
  const end = Math.max(instruction?.span.end ?? 0, lineEnd < 0 ? text.length : lineEnd);
  // Brackets and quotes that editors close by themselves are no words.
  if (!/^[\s"'\])}]*$/.test(text.slice(caret, end))) return null;
  const word = /\S/g;
  word.lastIndex = end;
  return { start: Math.min(instruction?.span.start ?? line, line), toEnd: !word.test(text) };
}
