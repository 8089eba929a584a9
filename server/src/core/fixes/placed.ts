/** Instructions of some kinds wherever they stand: by themselves, or held back by ONBUILD. */
import { instructionsNamed, instructionsOf } from "../model/index-of";
import { expandWord, stageState } from "../model/scope";
import { placeTrigger } from "../model/trigger";
import type { Instruction, Model } from "../model/types";
import type { Word } from "../syntax/types";
import { hasTemplate } from "./mount";

/** An instruction, with what a fix has to know of its place. */
export interface Placed {
  /** The instruction itself; for `ONBUILD …` what it holds back, placed where it stands. */
  readonly instruction: Instruction;
  /** True inside ONBUILD: looked at, never edited. */
  readonly isTrigger: boolean;
}

/** The instructions with one of the keywords, in the order of the file. */
export function placedInstructions(model: Model, ...keywords: readonly string[]): readonly Placed[] {
  const own = instructionsOf(model, ...keywords);
  const held = instructionsNamed(model, "ONBUILD");
  if (own.length === 0 && held.length === 0) return nowhere;
  const found: Placed[] = own.map((instruction) => ({ instruction, isTrigger: false }));
  if (held.length === 0) return found;
  for (const instruction of held) {
    const trigger = placeTrigger(instruction);
    if (trigger && keywords.includes(trigger.keyword)) found.push({ instruction: trigger, isTrigger: true });
  }
  return found.sort((a, b) => a.instruction.index - b.instruction.index);
}

const nowhere: readonly Placed[] = [];

/** True where an instruction may be edited: not inside ONBUILD, no template within, every heredoc closed. */
export function canEditPlaced(model: Model, { instruction, isTrigger }: Placed): boolean {
  if (isTrigger || hasTemplate(model, instruction.span)) return false;
  return instruction.parsed.heredocs.every((heredoc) => heredoc.delimiterSpan !== null);
}

/** What a word of an instruction means, variables replaced; null when one of them is not known. */
export function meaningOf(instruction: Instruction, word: Word): string | null {
  const scope = instruction.stage?.scope;
  if (word.value !== null || !scope) return word.value;
  return expandWord(word, instruction.parsed.escape, (name) => stageState(scope, name, instruction.index));
}

/** Joins a finding to what `syntax-error` says of the same place, so that one mistake is one finding. */
export function faultCauseAt(span: { readonly start: number; readonly end: number }): string {
  return `syntax:${span.start}:${span.end}`;
}
