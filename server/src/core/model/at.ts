/** Finding one's place in a model. */
import type { Instruction, Model } from "./types";

/** The last instruction that starts at or before an offset, or null before the first one. A binary search. */
export function instructionAt(model: Model, offset: number): Instruction | null {
  const { instructions } = model;
  let low = 0;
  let high = instructions.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((instructions[middle]?.span.start ?? 0) <= offset) low = middle + 1;
    else high = middle;
  }
  return instructions[low - 1] ?? null;
}
