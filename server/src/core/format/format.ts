/** The formatter: document and range. It changes layout only, and refuses wherever the meaning would not stay. */
import { buildModel } from "../model/build";
import type { Instruction, Model } from "../model/types";
import { scanBlocks } from "../syntax/blocks";
import type { Block } from "../syntax/types";
import { applyEdits, type Edit, type Span } from "../text";
import { ownIndent } from "./indent";
import { formatInstruction, type SettledOptions } from "./instruction";
import { sameMeaning } from "./meaning";
import type { FormatOptions } from "./options";

export { type EditorSettings, readEditorConfig } from "./editorconfig";
export { defaultFormat, type FormatOptions } from "./options";

/**
 * The edits that lay a file out anew, in the order of the file; empty when nothing is to be changed, null when the
 * formatter refuses: a template, or a text whose meaning would not survive. An instruction that cannot be laid out
 * safely stays as it is. Pure, linear; formatting the result again changes nothing.
 */
export function formatDocument(model: Model, options: FormatOptions): readonly Edit[] | null {
  return formatWithin(model, options, null);
}

/** The same for the instructions and gaps that a span touches. */
export function formatRange(model: Model, options: FormatOptions, range: Span): readonly Edit[] | null {
  return formatWithin(model, options, range);
}

function formatWithin(model: Model, options: FormatOptions, range: Span | null): readonly Edit[] | null {
  if (model.isTemplate) return null;
  const pieces = layOut(model, { ...options, indent: options.indent ?? ownIndent(model) }, range);
  const changed = pieces.filter(({ edit, before }) => edit.newText !== before);
  if (changed.length === 0) return [];
  const kept = withoutRefused(model, changed);
  return kept?.map(({ edit }) => edit) ?? null;
}

/** One edit, with what stands there and the instruction it belongs to (null for gaps and comments). */
interface Piece {
  readonly edit: Edit;
  readonly before: string;
  readonly instruction: Instruction | null;
}

function layOut(model: Model, options: SettledOptions, range: Span | null): readonly Piece[] {
  const { text } = model;
  const { blocks } = scanBlocks(text);
  const pieces: Piece[] = [];
  const add = (start: number, end: number, newText: string, instruction: Instruction | null): void => {
    if (range && (end < range.start || start > range.end)) return;
    pieces.push({ edit: { span: { start, end }, newText }, before: text.slice(start, end), instruction });
  };
  let at = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  let next = 0;
  let template = 0;
  for (let i = 0; i < blocks.length; i++) {
    const block = blocks[i] as Block;
    const gap = text.slice(at, block.start);
    add(at, block.start, gapText(gap, i === 0, options.blankLines, model.lineEnding), null);
    const old = text.slice(block.start, block.end);
    if (block.kind !== "instruction")
      add(block.start, block.end, block.kind === "comment" ? old.trim() : old.trimEnd(), null);
    else {
      const instruction = model.instructions[next++];
      if (!instruction) continue;
      while ((model.templates[template]?.end ?? Number.POSITIVE_INFINITY) <= block.start) template++;
      const isOpaque = (model.templates[template]?.start ?? Number.POSITIVE_INFINITY) < block.end;
      const isOpen = instruction.parsed.heredocs.some(({ delimiterSpan }) => delimiterSpan === null);
      const header = block.headerEnd - block.start;
      if (!isOpaque && !isOpen)
        add(block.start, block.end, formatInstruction(model, instruction, header, options), instruction);
    }
    at = block.end;
  }
  const last = model.instructions.at(-1);
  // The end of a heredoc that never ends belongs to its body.
  if (last?.parsed.heredocs.some(({ delimiterSpan }) => delimiterSpan === null)) return pieces;
  if (blocks.length > 0)
    add(
      at,
      text.length,
      text.length > at
        ? /^[\r\n]/.exec(text.slice(at))
          ? endingOf(text.slice(at))
          : model.lineEnding
        : model.lineEnding,
      null,
    );
  return pieces;
}

function endingOf(text: string): string {
  return text.startsWith("\r\n") ? "\r\n" : "\n";
}

/** The line ends between two blocks: the first belongs to the block before, each further one is a blank line. */
function gapText(gap: string, isFirst: boolean, most: number, lineEnding: string): string {
  const ends = gap.match(/\r?\n/g) ?? [];
  const wanted = isFirst ? 0 : Math.min(ends.length, 1 + Math.max(0, most));
  return ends.slice(0, wanted).join("") || (isFirst ? "" : lineEnding);
}

/** Takes back the layout of instructions whose meaning changed; null when even that does not help. */
function withoutRefused(model: Model, pieces: readonly Piece[]): readonly Piece[] | null {
  let kept = pieces;
  // Once to find those that changed, once to see that the rest holds.
  for (let round = 0; round < 2; round++) {
    const after = buildModel(
      applyEdits(
        model.text,
        kept.map(({ edit }) => edit),
      ),
    );
    if (!sameStructure(model, after)) return null;
    const changed = new Set<Instruction>();
    model.instructions.forEach((instruction, index) => {
      const other = after.instructions[index];
      if (!other || (instruction.parsed !== other.parsed && !sameMeaning(instruction, other))) changed.add(instruction);
    });
    if (changed.size === 0) return kept;
    kept = kept.filter(({ instruction }) => !instruction || !changed.has(instruction));
  }
  return null;
}

function sameStructure(a: Model, b: Model): boolean {
  return (
    a.instructions.length === b.instructions.length &&
    a.comments.length === b.comments.length &&
    a.directives.length === b.directives.length &&
    a.escape === b.escape &&
    a.problems.length === b.problems.length &&
    a.comments.every((comment, at) => comment.text === b.comments[at]?.text)
  );
}
