/** CMD and ENTRYPOINT of the stages, by the form they are written in. */

import { readLooseList } from "../../fixes/json-list";
import { instructionsIn } from "../../model/index-of";
import type { Instruction, Stage } from "../../model/types";

/** True for a shell form with something in it; a list that is no JSON is another rule's matter. */
export function isShellForm(instruction: Instruction): boolean {
  const { parsed } = instruction;
  if (parsed.json || !parsed.argumentsSpan) return false;
  return !parsed.brokenJson || readLooseList(parsed.body.text.slice(parsed.argumentsFrom)) === null;
}

/** The last instruction of a keyword in the stage itself; null without. */
export function lastOwn(stage: Stage, keyword: string): Instruction | null {
  return instructionsIn(stage, keyword).at(-1) ?? null;
}

/** Joins what two rules say of one shell form. */
export function shellFormCause(instruction: Instruction): string {
  return `shell-form:${instruction.index}`;
}
