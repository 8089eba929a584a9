/** Settings of NVIDIA's container runtime that ENV makes. */

import { hasTemplate } from "../../fixes/mount";
import { removeParts } from "../../fixes/remove";
import { instructionsNamed } from "../../model/index-of";
import type { Instruction, Model } from "../../model/types";
import type { Pair } from "../../syntax/types";
import type { Edit } from "../../text";

/** One `ENV NAME=value` of a shipped stage. */
export interface Setting {
  readonly instruction: Instruction;
  readonly pair: Pair;
  /** Trimmed and without quotes. */
  readonly value: string;
}

/** What ENV gives the names in stages that ship, where the value is plain. */
export function* shippedSettings(model: Model, names: ReadonlySet<string>): Iterable<Setting> {
  for (const instruction of instructionsNamed(model, "ENV")) {
    if (!instruction.stage?.ships) continue;
    for (const pair of instruction.parsed.pairs) {
      const value = names.has(pair.name) ? pair.value?.value : null;
      if (value != null) yield { instruction, pair, value: value.trim() };
    }
  }
}

/** Takes one setting out; null in a template. */
export function dropSetting(model: Model, { instruction, pair }: Setting): readonly Edit[] | null {
  if (hasTemplate(model, instruction.span)) return null;
  return removeParts(model, instruction, instruction.parsed.pairs, new Set([pair]));
}
