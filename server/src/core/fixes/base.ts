/** Edits that make a FROM name another image: in the FROM itself, or in the ARG default where the tag lives. */
import type { TagAdvice } from "../catalogue/types";
import type { ImageReference } from "../image/reference";
import { formatReference, parseReference } from "../image/reference";
import { expandText, globalState } from "../model/scope";
import type { Binding, Model, Stage } from "../model/types";
import { locate } from "../model/types";
import type { Fix } from "../rule";
import type { Word } from "../syntax/types";
import { variableAt } from "../syntax/words";
import type { Edit } from "../text";

/** The image a piece of advice leads to, as it is to be written. */
export function advisedImage(advice: TagAdvice): string {
  return `${advice.repository}:${advice.tag}`;
}

/**
 * A fix that moves the base of a stage to the advised image, under a title such as `Pin to node:26`; none where the place
 * of the tag is not clear.
 */
export function moveBase(model: Model, stage: Stage, advice: TagAdvice, verb: string): readonly Fix[] {
  const edits = rewriteBase(model, stage, advisedImage(advice));
  if (!edits) return [];
  const what = advice.saves === null ? advice.reason : `about ${megabytes(advice.saves)} MB smaller`;
  const title = `${verb} ${advisedImage(advice)}${what === null ? "" : `, ${what}`}`;
  return [{ title, applicability: "unsafe", reason: advice.consequence, edits }];
}

/** Bytes in whole megabytes, as registries count them. */
export function megabytes(bytes: number): number {
  return Math.round(bytes / 1_000_000);
}

/**
 * Edits after which the base of a stage is `wanted`. The part that changes is looked for in the FROM's own text first,
 * then in the defaults of the ARGs it uses. Null where a build argument, a nested variable or a second image that uses
 * the same ARG stands in the way.
 */
export function rewriteBase(model: Model, stage: Stage, wanted: string): readonly Edit[] | null {
  const { word, resolved } = stage.base;
  if (!word || resolved === null || resolved === wanted) return null;
  const text = unquoted(word);
  if (!text || word.to - word.from !== word.text.length) return null;
  const pieces = splitPieces(model, stage, text.text);
  if (!pieces) return null;
  const whole = pieces.length === 1 ? pieces[0] : undefined;
  if (whole?.binding) return rewriteDefault(model, stage, whole.binding, wanted);
  for (const change of changes(pieces, wanted)) {
    if (change.piece.binding) {
      const edits = rewriteDefault(model, stage, change.piece.binding, change.value);
      if (edits) return edits;
    } else {
      const at = stage.from.blockStart + word.from + text.offset + change.piece.from;
      return [minimalEdit(change.piece.value, change.value, at)];
    }
  }
  return null;
}

/** A stretch of the word: literal text, or one variable with its value. */
export interface Piece {
  readonly from: number;
  readonly to: number;
  readonly value: string;
  /** Null for literal text. */
  readonly binding: Binding | null;
}

/** The stretches of a FROM's word; null where a variable has no value, or hides in another one. */
export function splitPieces(model: Model, stage: Stage, text: string): readonly Piece[] | null {
  const pieces: Piece[] = [];
  let literal = 0;
  let at = 0;
  const close = (end: number): void => {
    if (end > literal) pieces.push({ from: literal, to: end, value: text.slice(literal, end), binding: null });
  };
  while (at < text.length) {
    if (text[at] !== "$") {
      at++;
      continue;
    }
    const variable = variableAt(text, at, text.length, model.escape);
    if (!variable) return null;
    close(at);
    const state = (name: string) => globalState(model.globals, name, stage.from.index);
    const value = expandText(text.slice(at, variable.to), model.escape, state);
    const binding = model.globals.lookup(variable.name, stage.from.index);
    if (value === null || (variable.modifier !== "" && binding?.value !== value)) return null;
    if (!binding) return null;
    pieces.push({ from: at, to: variable.to, value, binding });
    at = variable.to;
    literal = at;
  }
  close(text.length);
  return pieces;
}

interface Change {
  readonly piece: Piece;
  readonly value: string;
}

/** The single pieces whose change alone gives the wanted text; literal ones first. */
function changes(pieces: readonly Piece[], wanted: string): readonly Change[] {
  const found: Change[] = [];
  const lengths = pieces.map((piece) => piece.value.length);
  const total = lengths.reduce((sum, length) => sum + length, 0);
  const resolved = pieces.map((piece) => piece.value).join("");
  let before = 0;
  pieces.forEach((piece, index) => {
    const length = lengths[index] as number;
    const prefix = resolved.slice(0, before);
    const suffix = resolved.slice(before + length);
    before += length;
    const room = wanted.length - (total - length);
    if (room < 0 || !wanted.startsWith(prefix) || !wanted.endsWith(suffix)) return;
    found.push({ piece, value: wanted.slice(prefix.length, wanted.length - suffix.length) });
  });
  const last = pieces[pieces.length - 1];
  const added = wanted.slice(resolved.length);
  // Nothing in the text has to go: a tag or the name of a variant follows the last variable.
  if (last?.binding && wanted.startsWith(resolved) && /^[:-]/.test(added)) {
    found.push({ piece: { from: last.to, to: last.to, value: "", binding: null }, value: added });
  }
  return found.sort((a, b) => Number(a.piece.binding !== null) - Number(b.piece.binding !== null));
}

/** Edits after which the default of an ARG before the first FROM is `value`; null where that would move another image. */
export function rewriteDefault(model: Model, stage: Stage, binding: Binding, value: string): readonly Edit[] | null {
  const { pair, instruction } = binding;
  const word = pair?.value;
  if (binding.kind !== "arg" || !word || !instruction || word.value === null || instruction.stage) return null;
  if (word.to - word.from !== word.text.length || !servesOneImage(model, stage, binding, value)) return null;
  const text = unquoted(word);
  if (!text || text.text !== word.value) return null;
  const span = locate(instruction, word);
  return [minimalEdit(text.text, value, span.start + text.offset)];
}

/** True when every other FROM that uses the ARG goes on naming the same repository as before. */
function servesOneImage(model: Model, stage: Stage, binding: Binding, value: string): boolean {
  const repositoryOf = (text: string | null): string | null =>
    text === null ? null : (parseReference(text)?.repository ?? null);
  const own = stage.base.reference?.repository ?? null;
  return model.stages.every((other) => {
    if (other === stage || !other.base.word?.variables.some((variable) => variable.name === binding.name)) return true;
    const state = (name: string) =>
      name === binding.name ? { kind: "value" as const, value } : globalState(model.globals, name, other.from.index);
    const after = expandText(other.base.word.text, model.escape, state);
    return own !== null && repositoryOf(other.base.resolved) === own && repositoryOf(after) !== null;
  });
}

/** Replaces what differs, widened to whole parts of the reference so that the edit reads well. */
function minimalEdit(before: string, after: string, at: number): Edit {
  let prefix = 0;
  while (prefix < before.length && prefix < after.length && before[prefix] === after[prefix]) prefix++;
  if (prefix < before.length) while (prefix > 0 && !/[:/@]/.test(before[prefix - 1] as string)) prefix--;
  return { span: { start: at + prefix, end: at + before.length }, newText: after.slice(prefix) };
}

/** Text of a word without the quotes around it, and where it starts in the word; null for quotes in the middle. */
export function unquoted(word: Word): { text: string; offset: number } | null {
  if (!word.quoted) return { text: word.text, offset: 0 };
  const match = /^"([^"']*)"$|^'([^"'$]*)'$/.exec(word.text);
  const text = match?.[1] ?? match?.[2];
  return text === undefined ? null : { text, offset: 1 };
}

/** The reference as users read it, with `:latest` where no tag is written. */
export function withTag(reference: ImageReference, tag: string): string {
  return formatReference({ repository: reference.repository, tag, digest: null });
}
