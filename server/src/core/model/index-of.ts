/**
 * What rules look for, found once per model: instructions by keyword (runs.ts: commands by name). A rule that walks over every
 * instruction to find its few costs a file of ten thousand lines as much as one that finds something in each.
 */
import type { Instruction, Model, Stage } from "./types";

interface Index {
  readonly instructions: ReadonlyMap<string, readonly Instruction[]>;
}

const indexes = new WeakMap<Model, Index>();
const noInstructions: readonly Instruction[] = [];

/** The instructions with a keyword (upper case), in the order of the file. */
export function instructionsNamed(model: Model, keyword: string): readonly Instruction[] {
  return indexOf(model).instructions.get(keyword) ?? noInstructions;
}

/** The instructions of a stage with a keyword (upper case), in the order of the file. */
export function instructionsIn(stage: Stage, keyword: string): readonly Instruction[] {
  let index = stageIndexes.get(stage);
  if (!index) {
    index = byKeyword(stage.instructions);
    stageIndexes.set(stage, index);
  }
  return index.get(keyword) ?? noInstructions;
}

/** The instructions of a model with one of the keywords (upper case), in the order of the file. */
export function instructionsOf(model: Model, ...keywords: readonly string[]): readonly Instruction[] {
  const lists = keywords.map((keyword) => instructionsNamed(model, keyword)).filter((list) => list.length > 0);
  return lists.length > 1 ? lists.flat().sort((a, b) => a.index - b.index) : (lists[0] ?? noInstructions);
}

function indexOf(model: Model): Index {
  const known = indexes.get(model);
  if (known) return known;
  const index: Index = { instructions: byKeyword(model.instructions) };
  indexes.set(model, index);
  return index;
}

const stageIndexes = new WeakMap<Stage, ReadonlyMap<string, readonly Instruction[]>>();

function byKeyword(instructions: readonly Instruction[]): ReadonlyMap<string, readonly Instruction[]> {
  const lists = new Map<string, Instruction[]>();
  for (const instruction of instructions) {
    const { keyword } = instruction;
    const list = lists.get(keyword);
    if (list) list.push(instruction);
    else lists.set(keyword, [instruction]);
  }
  return lists;
}
