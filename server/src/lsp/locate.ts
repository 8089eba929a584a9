/** Finds the instruction at a place of the text. */
import type { Instruction, Model, Stage } from "../core/index";
import { instructionAt as lastBefore } from "../core/model/at";

/** The instruction whose text holds an offset (its end included), or null. Takes the logarithm of their number. */
export function instructionAt(model: Model, offset: number): Instruction | null {
  const found = lastBefore(model, offset);
  return found && offset <= found.span.end ? found : null;
}

/** The stage that an instruction opens (it is a FROM), or null. */
export function stageOf(instruction: Instruction): Stage | null {
  return instruction.stage?.from === instruction ? instruction.stage : null;
}
