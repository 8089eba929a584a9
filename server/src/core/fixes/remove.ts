/** Taking an instruction, one of its words or one command out of the file, with what only served it. */
import type { Script } from "../model/scripts";
import type { Instruction, Model } from "../model/types";
import { locate } from "../model/types";
import type { ListItem } from "../shell/ast";
import type { Edit, LocalSpan } from "../text";

/** Removes an instruction with its lines; nothing else moves. */
export function removeInstruction(model: Model, instruction: Instruction): Edit {
  const { text } = model;
  const { span } = instruction;
  let start = span.start;
  while (start > 0 && text[start - 1] !== "\n") start--;
  const newline = text.indexOf("\n", span.end);
  if (newline >= 0) return { span: { start, end: newline + 1 }, newText: "" };
  // The last line of a file without a line end: the one before it goes instead.
  const before = start === 0 ? 0 : text[start - 2] === "\r" ? start - 2 : start - 1;
  return { span: { start: before, end: text.length }, newText: "" };
}

/**
 * Removes some of an instruction's parts (pairs of ARG or ENV, sources of a COPY), each with the blanks and continuations
 * before it; with all of them gone, the instruction goes. `all` are its parts in order.
 */
export function removeParts(
  model: Model,
  instruction: Instruction,
  all: readonly LocalSpan[],
  gone: ReadonlySet<LocalSpan>,
): readonly Edit[] {
  if (all.every((part) => gone.has(part))) return [removeInstruction(model, instruction)];
  const edits: Edit[] = [];
  let kept: LocalSpan | null = null;
  for (let at = 0; at < all.length; at++) {
    const part = all[at] as LocalSpan;
    if (!gone.has(part)) {
      kept = part;
      continue;
    }
    // Parts that stand together go in one cut.
    let last = at;
    while (last + 1 < all.length && gone.has(all[last + 1] as LocalSpan)) last++;
    const next = all[last + 1];
    if (kept) edits.push(cut(locate(instruction, kept).end, locate(instruction, all[last] as LocalSpan).end));
    else if (next) edits.push(cut(locate(instruction, part).start, locate(instruction, next).start));
    at = last;
  }
  return edits;
}

function cut(start: number, end: number): Edit {
  return { span: { start, end }, newText: "" };
}

/**
 * Removes neighbouring items of a script's outermost list, from `first` to `last`, with the `&&` or `;` that joins them;
 * null where that would change when the others run. All items cannot go: then the whole instruction has to.
 */
export function removeItems(script: Script, first: number, last: number): Edit | null {
  const items = script.script.topLevel;
  const [from, to, previous, next] = [items[first], items[last], items[first - 1], items[last + 1]];
  if (!from || !to) return null;
  if (previous && !joins(previous)) return null;
  if (next) {
    if (!joins(to)) return null;
    return cut(script.locate(from.from, from.from + 1).start, script.locate(next.from, next.from + 1).start);
  }
  if (!previous) return null;
  return cut(script.locate(previous.from, previous.to).end, script.locate(to.from, to.to).end);
}

/** Removes some items of a script's outermost list, by their places; null as for `removeItems`, and when all would go. */
export function removeSome(script: Script, gone: ReadonlySet<number>): readonly Edit[] | null {
  const edits: Edit[] = [];
  for (let at = 0; at < script.script.topLevel.length; at++) {
    if (!gone.has(at)) continue;
    const first = at;
    while (gone.has(at + 1)) at++;
    const edit = removeItems(script, first, at);
    if (!edit) return null;
    edits.push(edit);
  }
  return edits;
}

function joins(item: ListItem): boolean {
  return item.connector === "&&" || item.connector === ";" || item.connector === "\n";
}
