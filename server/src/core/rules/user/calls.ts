/** The commands of RUN, those held back by ONBUILD among them, found once per model and asked for by name. */
import { canChangeRun } from "../../fixes/mount";
import { type Placed, placedInstructions } from "../../fixes/placed";
import { type Script, scriptsOf } from "../../model/scripts";
import type { Instruction, Model, Stage } from "../../model/types";
import type { ShellWord } from "../../shell/ast";
import type { EffectiveCommand } from "../../shell/commands";
import type { Span } from "../../text";

/** One command of a RUN. */
export interface Call {
  /** The RUN; for `ONBUILD RUN …` the trigger, placed where it stands. */
  readonly run: Instruction;
  readonly stage: Stage | null;
  readonly isTrigger: boolean;
  readonly script: Script;
  readonly command: EffectiveCommand;
}

/** The calls of some programs (by base name, wrappers seen through), in the order of the file. */
export function callsOf(model: Model, ...names: readonly string[]): readonly Call[] {
  const all = callsIn(model);
  const lists = names.flatMap((name) => all.get(name) ?? []);
  return names.length === 1 ? lists : lists.sort((a, b) => a.run.index - b.run.index || startOf(a) - startOf(b));
}

/** The commands that sudo runs, by their RUN, in the order of the file. */
export function sudoRuns(model: Model): Iterable<readonly Call[]> {
  const runs = new Map<number, Call[]>();
  for (const call of callsIn(model).get(bySudo) ?? []) {
    const list = runs.get(call.run.index);
    if (list) list.push(call);
    else runs.set(call.run.index, [call]);
  }
  return runs.values();
}

/** Key of the commands behind sudo: no program has a name with a blank at its end. */
const bySudo = "sudo ";

/** Where a call stands, from its program to its last word. */
export function callSpan({ script, command }: Call): Span {
  const first = command.words[0];
  const last = command.words.at(-1);
  return script.locate(first?.from ?? command.command.from, last?.to ?? command.command.to);
}

/** Where a word of a call stands. */
export function wordSpan({ script }: Call, word: ShellWord): Span {
  return script.locate(word.from, word.to);
}

/** True where the words of a call may be edited: not inside ONBUILD, a template, or a script in quotes. */
export function canEditCall(model: Model, { run, isTrigger, command, script }: Call): boolean {
  if (isTrigger || !canChangeRun(model, run)) return false;
  return script.script.wellFormed && command.command === command.outer;
}

const remembered = new WeakMap<Model, ReadonlyMap<string, readonly Call[]>>();

function callsIn(model: Model): ReadonlyMap<string, readonly Call[]> {
  const known = remembered.get(model);
  if (known) return known;
  const byName = new Map<string, Call[]>();
  for (const placed of placedInstructions(model, "RUN")) addCalls(placed, byName);
  remembered.set(model, byName);
  return byName;
}

function addCalls({ instruction, isTrigger }: Placed, byName: Map<string, Call[]>): void {
  for (const script of scriptsOf(instruction)) {
    for (const command of script.commands) {
      const call: Call = { run: instruction, stage: instruction.stage, isTrigger, script, command };
      if (command.name !== null) add(byName, command.name, call);
      if (command.name === "sudo" || command.wrappers.includes("sudo")) add(byName, bySudo, call);
    }
  }
}

function add(byName: Map<string, Call[]>, name: string, call: Call): void {
  const list = byName.get(name);
  if (list) list.push(call);
  else byName.set(name, [call]);
}

function startOf({ command }: Call): number {
  return command.command.from;
}
