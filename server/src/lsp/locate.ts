/** Finds the instruction at a place of the text. */
import type { Instruction, Model, Stage } from "../core/index";

/** The instruction whose text holds an offset (its end included), or null. Takes the logarithm of their number. */
export function instructionAt(model: Model, offset: number): Instruction | null {
  const { instructions } = model;
  let low = 0;
  let high = instructions.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((instructions[middle] as Instruction).blockStart <= offset) low = middle;
    else high = middle - 1;
  }
  const found = instructions[low];
  return found && found.blockStart <= offset && offset <= found.span.end ? found : null;
}

/** The stage that an instruction opens (it is a FROM), or null. */
export function stageOf(instruction: Instruction): Stage | null {
  return instruction.stage?.from === instruction ? instruction.stage : null;
}
