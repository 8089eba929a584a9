/** The calls of RUN instructions as the rules about the shell look at them: where they stand, and edits of their words. */
import { canChangeRun, hasTemplate } from "../../fixes/mount";
import type { Call, Run } from "../../model/runs";
import type { Model } from "../../model/types";
import type { ShellWord } from "../../shell/ast";
import type { Edit, Span } from "../../text";

export { type Call, callsOf, type Run, runsOf } from "../../model/runs";

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
