/** Indentation of the line that was just begun. */
import { instructionAt } from "../model/at";
import { locate, type Model } from "../model/types";
import type { Edit } from "../text";

/**
 * Edits after a line break was typed before `offset`: a line that continues an instruction is indented like the one
 * before it, the first of them by `indent`; a line behind the last one of an instruction is not. Heredocs and comments
 * keep what the editor made of them.
 */
export function indentNewLine(model: Model, offset: number, indent: string): readonly Edit[] {
  const { text } = model;
  const start = text.lastIndexOf("\n", offset - 1) + 1;
  if (start === 0) return [];
  const blank = /^[ \t]*/.exec(text.slice(start, start + 1000))?.[0] ?? "";
  const previousStart = text.lastIndexOf("\n", start - 2) + 1;
  const previous = text.slice(previousStart, start - 1).trimEnd();
  const instruction = instructionAt(model, start - 1);
  if (!instruction || /^\s*#/.test(previous)) return [];
  const isInHeredoc = instruction.parsed.heredocs.some(({ bodySpan, delimiterSpan }) => {
    const { end } = locate(instruction, delimiterSpan ?? bodySpan);
    return locate(instruction, bodySpan).start <= start && start <= end;
  });
  if (isInHeredoc) return [];
  const wanted = continues(previous, model.escape)
    ? previousStart <= instruction.span.start
      ? indent
      : (/^\s*/.exec(previous)?.[0] ?? "")
    : "";
  // What follows on an ended instruction is somebody's text: only an empty line loses what the editor put there.
  const rest = text.slice(start + blank.length, start + blank.length + 1);
  if (wanted === blank || (wanted === "" && rest !== "" && rest !== "\n" && rest !== "\r")) return [];
  return [{ span: { start, end: start + blank.length }, newText: wanted }];
}

function continues(line: string, escape: string): boolean {
  return line.endsWith(escape) && !line.endsWith(escape + escape);
}
