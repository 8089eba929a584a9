/** Where in a file somebody is writing: read from the text before the cursor, since what is unfinished parses badly. */
import { instructionAt } from "../model/at";
import type { Instruction, Model, Stage } from "../model/types";
import { joinLines } from "../shell/body";
import { isKeyword } from "../syntax/keywords";
import { splitWords } from "../syntax/words";

/** The place of a cursor. */
export type Place =
  | { readonly kind: "comment"; readonly line: string; readonly isTop: boolean; readonly above: Instruction | null }
  | { readonly kind: "keyword"; readonly partial: string; readonly inOnbuild: boolean; readonly stage: Stage | null }
  | ArgumentPlace
  | {
      readonly kind: "heredoc";
      readonly instruction: Instruction;
      readonly before: string;
      readonly stage: Stage | null;
    };

/** Behind a keyword. */
export interface ArgumentPlace {
  readonly kind: "argument";
  /** Upper case; of an ONBUILD, that of the instruction inside. */
  readonly keyword: string;
  readonly instruction: Instruction;
  /** The stage whose variables count; null before the first FROM. For a FROM the stage that it opens. */
  readonly stage: Stage | null;
  /** What stands between the keyword and the cursor, joined. */
  readonly before: string;
  /** The words before the one at the cursor. */
  readonly words: readonly string[];
  /** How many of them are flags: those in front. */
  readonly flags: number;
  /** The word at the cursor up to it; empty behind a blank. */
  readonly partial: string;
}

/** Reads the place of an offset. */
export function placeAt(model: Model, offset: number): Place {
  const { text } = model;
  const lineStart = text.lastIndexOf("\n", offset - 1) + 1;
  const line = text.slice(lineStart, offset);
  const instruction = instructionAt(model, offset);
  const heredoc = instruction && heredocPlace(instruction, offset, line);
  if (heredoc) return heredoc;
  if (/^\s*#/.test(line)) return commentPlace(model, line.trimStart(), lineStart);
  const stage = instruction?.stage ?? null;
  if (!instruction || !isWithin(model, instruction, offset)) {
    return { kind: "keyword", partial: line.trimStart(), inOnbuild: false, stage };
  }
  const head = joinLines(text, instruction.span.start, offset, model.escape).text;
  return headPlace(instruction, head, model.escape, false);
}

function headPlace(
  instruction: Instruction,
  head: string,
  escape: Instruction["parsed"]["escape"],
  inOnbuild: boolean,
): Place {
  const stage = instruction.stage;
  const match = /^(\S+)\s+/.exec(head);
  if (!match) return { kind: "keyword", partial: head, inOnbuild, stage };
  const keyword = (match[1] as string).toUpperCase();
  const before = head.slice(match[0].length);
  if (keyword === "ONBUILD" && !inOnbuild) return headPlace(instruction, before, escape, true);
  const pieces = splitWords(before, 0, before.length, escape).map(({ from, to }) => before.slice(from, to));
  const atWord = pieces.length > 0 && !/\s$/.test(before);
  const partial = atWord ? (pieces[pieces.length - 1] as string) : "";
  const words = atWord ? pieces.slice(0, -1) : pieces;
  const firstArgument = words.findIndex((word) => !/^--[a-z]/.test(word));
  const flags = isKeyword(keyword) ? (firstArgument < 0 ? words.length : firstArgument) : 0;
  return { kind: "argument", keyword, instruction, stage, before, words, flags, partial };
}

function heredocPlace(instruction: Instruction, offset: number, line: string): Place | null {
  const local = offset - instruction.blockStart;
  const heredoc = instruction.parsed.heredocs.find(({ bodySpan: { from, to } }) => local >= from && local <= to);
  if (!heredoc) return null;
  // At the start of the end mark's line one is still in the body.
  return { kind: "heredoc", instruction, before: heredoc.operator.expand ? line : "", stage: instruction.stage };
}

function commentPlace(model: Model, line: string, lineStart: number): Place {
  const first = model.instructions[0]?.blockStart ?? Number.POSITIVE_INFINITY;
  const isTop =
    first > lineStart &&
    !/^[ \t]*\r?\n/m.test(model.text.slice(0, lineStart)) &&
    model.comments.every((comment) => comment.span.start >= lineStart);
  const comment = model.comments.find(({ span }) => span.start >= lineStart);
  return { kind: "comment", line, isTop, above: comment?.above ?? comment?.inside ?? null };
}

/** True when the offset belongs to the instruction: in it, behind it on its line, or in a line that continues it. */
function isWithin(model: Model, instruction: Instruction, offset: number): boolean {
  const { end } = instruction.span;
  if (offset <= end) return true;
  const between = model.text.slice(end, offset);
  if (!between.includes("\n")) return true;
  const { text, heredocs } = instruction.parsed;
  const written = text.trimEnd();
  const continues = written.endsWith(model.escape) && !written.endsWith(model.escape + model.escape);
  return continues && heredocs.length === 0;
}
