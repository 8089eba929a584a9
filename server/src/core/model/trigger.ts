/** What ONBUILD holds back, as if it stood there by itself. */
import { type Instruction, locate } from "./types";

/** The instruction inside ONBUILD in the place of the ONBUILD; null for other instructions. */
export function placeTrigger(instruction: Instruction): Instruction | null {
  const { trigger } = instruction.parsed;
  if (!trigger) return null;
  const { index, blockStart, stage, user, shell, workdir } = instruction;
  return {
    parsed: trigger,
    keyword: trigger.keyword,
    index,
    blockStart,
    span: locate(instruction, trigger.span),
    keywordSpan: locate(instruction, trigger.keywordSpan),
    stage,
    user,
    shell,
    workdir,
  };
}
