/** What the RUN instructions of a file call, found once per model and asked for by name. */

import { canChangeRun, hasTemplate } from "../../fixes/mount";
import { placeTrigger } from "../../fixes/placed";
import { type Script, scriptsOf } from "../../model/scripts";
import type { Instruction, Model, Stage } from "../../model/types";
import type { ShellWord } from "../../shell/ast";
import type { EffectiveCommand } from "../../shell/commands";
import type { Edit, Span } from "../../text";

/** A RUN that a POSIX shell runs, with its scripts. */
export interface Run {
  /** The RUN itself; for `ONBUILD RUN …` the trigger, placed where it stands. */
  readonly instruction: Instruction;
  /** Null before the first FROM, where nothing is run. */
  readonly stage: Stage | null;
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
  readonly byName: ReadonlyMap<string, readonly Call[]>;
}

const remembered = new WeakMap<Model, Calls>();

/** The RUNs of a file in its order, triggers of ONBUILD among them. Worked out once per model, in one pass. */
export function runsOf(model: Model): readonly Run[] {
  return callsIn(model).runs;
}

/** Every call of one program (by its base name, wrappers seen through) in any RUN, in the order of the file. */
export function callsOf(model: Model, name: string): readonly Call[] {
  return callsIn(model).byName.get(name) ?? [];
}

function callsIn(model: Model): Calls {
  const known = remembered.get(model);
  if (known) return known;
  const runs: Run[] = [];
  const byName = new Map<string, Call[]>();
  for (const instruction of model.instructions) {
    const run = runOf(instruction);
    if (!run) continue;
    runs.push(run);
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
  const calls = { runs, byName };
  remembered.set(model, calls);
  return calls;
}

function runOf(instruction: Instruction): Run | null {
  const { keyword, stage, parsed } = instruction;
  if (keyword === "RUN") return { instruction, stage, scripts: scriptsOf(instruction), isTrigger: false };
  if (keyword !== "ONBUILD" || parsed.trigger?.keyword !== "RUN") return null;
  const trigger = placeTrigger(instruction);
  return trigger && { instruction: trigger, stage, scripts: scriptsOf(trigger), isTrigger: true };
}

const names = new WeakMap<Run, ReadonlySet<string>>();

/** The names that a RUN's scripts give a value themselves. Remembered with the RUN. */
export function definedNames(run: Run): ReadonlySet<string> {
  const known = names.get(run);
  if (known) return known;
  const found = new Set(run.scripts.flatMap(({ script }) => script.definitions.map(({ name }) => name)));
  names.set(run, found);
  return found;
}

/** Where a call stands: from the program's name to its last word, without wrappers and redirections. */
export function callSpan({ script, command }: Call): Span {
  const first = command.words[0];
  const last = command.words.at(-1);
  return script.locate(first?.from ?? command.command.from, last?.to ?? command.command.to);
}

/** Where a word of a call stands. */
export function wordSpan({ script }: Call, word: ShellWord): Span {
  return script.locate(word.from, word.to);
}

/**
 * True where a call's words can be edited: not inside ONBUILD, in a template, or in a script that is handed over as one
 * quoted word (`sh -c '…'`), where an edit would have to obey two sets of quotes.
 */
export function canEdit(model: Model, { run, command, script }: Call): boolean {
  if (run.isTrigger || !canChangeRun(model, run.instruction)) return false;
  if (!script.script.wellFormed || command.command !== command.outer) return false;
  return command.words.every((word) => !word.text.includes("\n"));
}

/** An edit that puts text right behind the program's name: ` --flag`. */
export function insertAfterName(call: Call, text: string): Edit | null {
  const [name] = call.command.words;
  if (!name) return null;
  const { end } = wordSpan(call, name);
  return { span: { start: end, end }, newText: text };
}

/** An edit that takes a word out together with the blanks (and the continued line) before it. */
export function removeWord(call: Call, word: ShellWord): Edit | null {
  const at = call.command.words.indexOf(word);
  const before = call.command.words[at - 1];
  if (!before) return null;
  return { span: { start: wordSpan(call, before).end, end: wordSpan(call, word).end }, newText: "" };
}

/** True for a call that can be pictured in the file: none of its text is template code. */
export function isPlain(model: Model, call: Call): boolean {
  return !hasTemplate(model, callSpan(call));
}
