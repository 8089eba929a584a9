/** What is left of a RUN when a credential file that it handles is no longer there. */
import { removeItems } from "../fixes/remove";
import { execWords, scriptsOf } from "../model/scripts";
import type { Instruction } from "../model/types";
import { operands } from "../shell/arguments";
import type { ShellCommand, ShellWord } from "../shell/ast";
import type { EffectiveCommand } from "../shell/commands";
import type { Edit } from "../text";
import { absolutePath } from "./writes";

/** A RUN without the commands that only served the file. */
export interface CleanedRun {
  readonly edits: readonly Edit[];
  /** Places in the outermost list of the commands that go. */
  readonly gone: ReadonlySet<number>;
  /** Nothing is left to run. */
  readonly isEmpty: boolean;
  /** Base names of the programs that are left. */
  readonly programs: readonly string[];
}

/**
 * Takes out of a RUN what only serves the file at an absolute path: its `rm` and `chmod`, what starts an SSH agent where
 * the file is a key (`isKey`), and the command that wrote it. Null where something else names the file.
 */
export function withoutFile(
  run: Instruction,
  path: string,
  isKey: boolean,
  writer: ShellCommand | null = null,
): CleanedRun | null {
  const none: ReadonlySet<number> = new Set();
  const exec = execWords(run);
  if (exec) {
    const program = exec[0]?.slice((exec[0]?.lastIndexOf("/") ?? -1) + 1) ?? "";
    const names = exec.some((word) => absolutePath(word, run) === path);
    return names ? null : { edits: [], gone: none, isEmpty: false, programs: [program] };
  }
  const scripts = scriptsOf(run);
  const [script] = scripts;
  if (!script || scripts.length > 1) return null;
  const { topLevel } = script.script;
  const gone = new Set<number>();
  const programs: string[] = [];
  for (const command of script.commands) {
    const { outer } = command;
    const serves = command.command === writer || servesOnly(command, path, run, isKey);
    // Within `sh -c` or a loop it cannot be cut out alone.
    if (serves && command.command === outer && topLevel[outer.item]?.kind === "command") gone.add(outer.item);
    else if (namesPath(command, path, run)) return null;
    // Setting an option of git talks to nobody.
    else if (command.name !== null && command.words[1]?.value !== "config") programs.push(command.name);
  }
  if (gone.size === topLevel.length) return { edits: [], gone, isEmpty: true, programs: [] };
  const edits: Edit[] = [];
  for (let at = 0; at < topLevel.length; at++) {
    if (!gone.has(at)) continue;
    const first = at;
    while (gone.has(at + 1)) at++;
    const edit = removeItems(script, first, at);
    if (!edit) return null;
    edits.push(edit);
  }
  return { edits, gone, isEmpty: false, programs };
}

function servesOnly(command: EffectiveCommand, file: string, run: Instruction, isKey: boolean): boolean {
  const words = operands(command);
  const { name } = command;
  const at = (word: ShellWord | undefined) => (word ? absolutePath(word.text, run) : null);
  if (name === "rm" || name === "shred" || name === "unlink") {
    const [word, second] = words;
    const path = at(word);
    // A folder of keys goes with its only key.
    return second === undefined && path !== null && (path === file || (isKey && file.startsWith(`${path}/`)));
  }
  if (name === "chmod" || name === "chown") {
    const [, word, second] = words;
    return second === undefined && at(word) === file;
  }
  if (!isKey) return false;
  if (name === "ssh-add") return words.length === 0 || at(words[0]) === file;
  return (name === "eval" && /ssh-agent/.test(command.words[1]?.text ?? "")) || name === "ssh-agent";
}

function namesPath(command: EffectiveCommand, path: string, run: Instruction): boolean {
  const name = path.slice(path.lastIndexOf("/") + 1);
  const mentions = (text: string) =>
    text.includes(path) || text === name || text.endsWith(`/${name}`) || absolutePath(text, run) === path;
  return (
    command.words.some((word) => mentions(word.text)) ||
    command.redirections.some((one) => one.target !== null && mentions(one.target.text)) ||
    command.assignments.some((one) => one.value !== null && mentions(one.value.text))
  );
}
