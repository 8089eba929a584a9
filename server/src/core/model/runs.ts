/** What the RUN instructions of a file call, found once per model and asked for by name. */
import type { EffectiveCommand } from "../shell/commands";
import { instructionsOf } from "./index-of";
import { type Script, scriptsOf } from "./scripts";
import { placeTrigger } from "./trigger";
import type { Instruction, Model, Stage } from "./types";

/** A RUN, by itself or held back by ONBUILD. */
export interface Run {
  /** The instruction of the file: the RUN, or the ONBUILD. */
  readonly source: Instruction;
  /** The RUN itself; for `ONBUILD RUN …` the trigger, placed where it stands. */
  readonly instruction: Instruction;
  /** Null before the first FROM, where nothing is run. */
  readonly stage: Stage | null;
  /** What a POSIX shell runs; empty for exec forms and other shells. */
  readonly scripts: readonly Script[];
  /** True inside ONBUILD: looked at, never edited. */
  readonly isTrigger: boolean;
}

/** One command of a RUN. */
export interface Call {
  readonly run: Run;
  readonly script: Script;
  readonly command: EffectiveCommand;
}

interface Calls {
  readonly runs: readonly Run[];
  /** Made when somebody asks for commands. */
  byName: ReadonlyMap<string, readonly Call[]> | null;
}

/** The RUNs of a file in its order, triggers of ONBUILD among them. */
export function runsOf(model: Model): readonly Run[] {
  return callsIn(model).runs;
}

/** Every call of one program (by its base name, wrappers seen through) in any RUN, in the order of the file. */
export function callsOf(model: Model, name: string): readonly Call[] {
  const calls = callsIn(model);
  calls.byName ??= nameCalls(calls.runs);
  return calls.byName.get(name) ?? noCalls;
}

const noCalls: readonly Call[] = [];
const remembered = new WeakMap<Model, Calls>();

function callsIn(model: Model): Calls {
  let known = remembered.get(model);
  if (!known) {
    known = {
      runs: instructionsOf(model, "RUN", "ONBUILD").flatMap((instruction) => runOf(instruction) ?? []),
      byName: null,
    };
    remembered.set(model, known);
  }
  return known;
}

function nameCalls(runs: readonly Run[]): ReadonlyMap<string, readonly Call[]> {
  const byName = new Map<string, Call[]>();
  for (const run of runs) {
    for (const script of run.scripts) {
      for (const command of script.commands) {
        if (command.name === null) continue;
        const list = byName.get(command.name);
        const call = { run, script, command };
        if (list) list.push(call);
        else byName.set(command.name, [call]);
      }
    }
  }
  return byName;
}

function runOf(source: Instruction): Run | null {
  const isTrigger = source.keyword === "ONBUILD";
  const instruction = isTrigger ? placeTrigger(source) : source;
  if (instruction?.keyword !== "RUN") return null;
  return { source, instruction, stage: source.stage, scripts: scriptsOf(instruction), isTrigger };
}
