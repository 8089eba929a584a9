/** Whether a command's success is asked for or its failure dealt with. */
import type { EffectiveCommand } from "../../shell/commands";

/** True for a command in a condition, behind `!`, or with a `||` behind it: the script is prepared for its failure. */
export function isGuarded(command: EffectiveCommand): boolean {
  const { context, after } = command.outer;
  return after === "||" || context.includes("condition") || context.includes("negated");
}

/** True for a command that may not run at all: in a branch, a function, a loop, or behind `||`. */
export function mayBeSkipped(command: EffectiveCommand): boolean {
  const { context, before } = command.outer;
  return (
    before === "||" || context.some((one) => one === "if" || one === "case" || one === "function" || one === "loop")
  );
}
