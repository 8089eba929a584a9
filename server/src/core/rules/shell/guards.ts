/** Whether a command's success is asked for or its failure dealt with, and which command it is a part of. */
import type { ShellCommand, ShellScript } from "../../shell/ast";
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

const hosts = new WeakMap<ShellScript, readonly ShellCommand[]>();

/**
 * The command of the same script in whose words a command stands (`x` in `echo $(x)` gives `echo`), or the command
 * itself. Worked out once per script.
 */
export function hostOf(script: ShellScript, command: ShellCommand): ShellCommand {
  let known = hosts.get(script);
  if (!known) {
    const found: ShellCommand[] = [];
    for (const one of script.commands) {
      // A command comes before those inside its words.
      found.push(one.context.includes("substitution") ? (found.at(-1) ?? one) : one);
    }
    hosts.set(script, found);
    known = found;
  }
  return known[command.index] ?? command;
}
