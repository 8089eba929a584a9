/** Deleting the declarations of a secret, that before the first FROM included when nothing else needs it. */
import { hasTemplate } from "../fixes/mount";
import { removeParts } from "../fixes/remove";
import type { Instruction, Model } from "../model/types";
import type { Pair } from "../syntax/types";
import type { Edit, LocalSpan } from "../text";
import type { Declaration, DeclaredSecret } from "./declarations";

/** Edits that delete a secret's declarations. */
export interface Removed {
  readonly edits: readonly Edit[];
  readonly pairs: ReadonlySet<Pair>;
}

/** Edits that delete every pair of the secret, that before the first FROM included when nothing else needs it. */
export function removalsOf(model: Model, secret: DeclaredSecret): Removed | null {
  const byInstruction = new Map<Instruction, Set<LocalSpan>>();
  const pairs = new Set<Pair>();
  const add = (one: { readonly instruction: Instruction; readonly pair: Pair }) => {
    pairs.add(one.pair);
    const set = byInstruction.get(one.instruction) ?? new Set();
    set.add(one.pair);
    byInstruction.set(one.instruction, set);
  };
  for (const declaration of secret.declarations) add(declaration);
  for (const promotion of secret.promotions) add(promotion);
  if (secret.global && isOnlyFor(model, secret.global, secret)) add(secret.global);
  const edits: Edit[] = [];
  for (const [instruction, gone] of byInstruction) {
    if (hasTemplate(model, instruction.span)) return null;
    edits.push(...removeParts(model, instruction, instruction.parsed.pairs, gone));
  }
  return { edits, pairs };
}

/** True when the ARG before the first FROM serves this stage's declaration alone. */
export function isOnlyFor(model: Model, global: Declaration, secret: DeclaredSecret): boolean {
  const { name } = global.pair;
  for (const instruction of model.instructions) {
    const { parsed, stage } = instruction;
    if (instruction.keyword === "ARG" || instruction.keyword === "ONBUILD") {
      const pairs = parsed.trigger?.pairs ?? parsed.pairs;
      for (const pair of pairs) {
        if (pair === global.pair) continue;
        if (pair.name === name && stage !== secret.stage) return false;
        if (!stage && pair.value?.variables.some((variable) => variable.name === name)) return false;
      }
    }
    if (instruction.keyword === "FROM" && usedInFrom(instruction, name)) return false;
  }
  return true;
}

/** True when a FROM names the variable. */
export function usedInFrom(from: Instruction, name: string): boolean {
  const words = [...from.parsed.words, ...from.parsed.flags.flatMap((flag) => flag.value ?? [])];
  return words.some((word) => word.variables.some((variable) => variable.name === name));
}
