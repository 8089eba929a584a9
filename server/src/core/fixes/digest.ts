/** Where a digest goes when the base of a stage is pinned: into the FROM, or into the default of the ARG that holds the tag. */
import type { Model, Stage } from "../model/types";
import type { Edit } from "../text";
import { type Piece, rewriteBase, rewriteDefault, splitPieces, unquoted } from "./base";

/**
 * Edits after which the base of a stage is `wanted`, which is the same image with a digest behind it. Null where a build
 * argument could then change the tag and not the digest: the digest wins in silence, and the build would stand on another
 * image than its tag says.
 */
export function pinBase(model: Model, stage: Stage, wanted: string): readonly Edit[] | null {
  const { word, resolved, reference } = stage.base;
  if (!word || !reference || resolved === null || resolved === wanted) return null;
  // Where a digest stands already, its place was chosen by whoever wrote it.
  if (reference.digest !== null || word.variables.length === 0) return rewriteBase(model, stage, wanted);
  const text = unquoted(word);
  if (!text || !wanted.startsWith(resolved) || word.to - word.from !== word.text.length) return null;
  const pieces = splitPieces(model, stage, text.text);
  const last = pieces?.at(-1);
  if (!pieces || !last || !decidesImage(pieces, resolved)) return null;
  const added = wanted.slice(resolved.length);
  if (!last.binding) {
    const at = stage.from.blockStart + word.from + text.offset + last.to;
    return [{ span: { start: at, end: at }, newText: added }];
  }
  if (namesUsedElsewhere(model).has(last.binding.name)) return null;
  return rewriteDefault(model, stage, last.binding, last.value + added);
}

/** True when the last piece alone says which image it is: variables before it choose the registry and no more. */
function decidesImage(pieces: readonly Piece[], resolved: string): boolean {
  const name = resolved.lastIndexOf("/") + 1;
  let at = 0;
  return pieces.every((piece, index) => {
    at += piece.value.length;
    return piece.binding === null || index === pieces.length - 1 || at <= name;
  });
}

/** ARGs whose value is seen by more than FROM: a digest in it would be a surprise there. */
function namesUsedElsewhere(model: Model): ReadonlySet<string> {
  const known = usedElsewhere.get(model);
  if (known) return known;
  const names = new Set<string>();
  for (const { scope } of model.stages) for (const { name } of scope.bindings) names.add(name);
  for (const { pair } of model.globals.bindings) for (const { name } of pair?.value?.variables ?? []) names.add(name);
  usedElsewhere.set(model, names);
  return names;
}

const usedElsewhere = new WeakMap<Model, ReadonlySet<string>>();
