/** The labels of a stage: what several rules of this theme read and edit. */

import { removeParts } from "../../fixes/remove";
import { instructionsIn } from "../../model/index-of";
import { expandWord, stageState } from "../../model/scope";
import type { Instruction, Model, Stage } from "../../model/types";
import { locate } from "../../model/types";
import type { Pair } from "../../syntax/types";
import type { Edit, Span } from "../../text";

/** One pair of a LABEL. */
export interface Label {
  readonly instruction: Instruction;
  readonly pair: Pair;
  /** The key, quotes removed. */
  readonly key: string;
}

/** The labels that a stage sets itself, in order. Keys with a variable are left out, and so are damaged instructions. */
export function labelsOf(stage: Stage): readonly Label[] {
  const known = remembered.get(stage);
  if (known) return known;
  const labels = readLabels(stage);
  remembered.set(stage, labels);
  return labels;
}

const remembered = new WeakMap<Stage, readonly Label[]>();

/** The labels that one LABEL sets, in order, with the same ones left out; none before the first FROM. */
export function labelsIn(instruction: Instruction): readonly Label[] {
  const { parsed, stage } = instruction;
  if (parsed.keyword !== "LABEL" || parsed.problems.length > 0 || !stage) return none;
  const labels: Label[] = [];
  for (const pair of parsed.pairs) {
    if (pair.name !== "" && !pair.name.includes("$")) labels.push({ instruction, pair, key: pair.name });
  }
  return labels;
}

const none: readonly Label[] = [];

function readLabels(stage: Stage): readonly Label[] {
  return instructionsIn(stage, "LABEL").flatMap(labelsIn);
}

/** Where the key stands. */
export function keySpan({ instruction, pair }: Label): Span {
  return locate(instruction, pair.nameSpan);
}

/** The value with its variables replaced; null when one of them is not known. */
export function labelValue({ instruction, pair }: Label): string | null {
  const { stage } = instruction;
  if (!pair.value || !stage) return null;
  return expandWord(pair.value, instruction.parsed.escape, (name) => stageState(stage.scope, name, instruction.index));
}

/** Takes one label out of the file. */
export function removeLabel(model: Model, { instruction, pair }: Label): readonly Edit[] {
  return removeParts(model, instruction, instruction.parsed.pairs, new Set([pair]));
}
