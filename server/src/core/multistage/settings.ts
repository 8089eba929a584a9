/** Variables that a command of a RUN finds, as far as the file sets them. */
import { stageState } from "../model/scope";
import type { Instruction } from "../model/types";
import type { EffectiveCommand } from "../shell/commands";

/** The value of a variable for a command: undefined when the file does not set it, null when its value is not known. */
export function settingOf(
  name: string,
  command: EffectiveCommand,
  instruction: Instruction,
): string | null | undefined {
  const own = command.assignments.find((one) => one.name === name);
  if (own) return own.value?.value ?? null;
  const scope = instruction.stage?.scope;
  if (!scope?.lookup(name, instruction.index)) return undefined;
  const state = stageState(scope, name, instruction.index);
  return state.kind === "value" ? state.value : null;
}
