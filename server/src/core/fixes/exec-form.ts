/** The JSON (exec) form of a command that is written in shell form. */
import { scriptsOf } from "../model/scripts";
import type { Instruction } from "../model/types";
import type { ShellCommand, ShellWord } from "../shell/ast";
import { writeJsonList } from "./json-list";

/** What an instruction can be rewritten to. */
export interface ExecForm {
  /** `["node", "server.js"]`. */
  readonly json: string;
  readonly words: readonly string[];
  /** True where a shell stays in between, which hands over to the last program by exec. */
  readonly needsShell: boolean;
  /** Where `exec ` makes the shell form itself hand over: a place in the file; null where no shell is needed. */
  readonly execAt: number | null;
}

/**
 * The exec form of a shell form CMD or ENTRYPOINT; null where nobody can tell, where a comment would be lost, or where
 * only a shell can run it and cannot hand over (a builtin, a pipe, a loop).
 */
export function execForm(instruction: Instruction): ExecForm | null {
  const [script, ...others] = scriptsOf(instruction);
  if (!script || others.length > 0 || script.kind !== "line" || !script.script.wellFormed) return null;
  if (instruction.parsed.comments.length > 0 || instruction.parsed.heredocs.length > 0) return null;
  const { topLevel, text, commands } = script.script;
  const last = topLevel[topLevel.length - 1];
  const command = last?.kind === "command" ? last.commands[0] : undefined;
  if (!last || !command || command.context.length > 0) return null;
  const words = topLevel.length === 1 && commands.length === 1 && last.connector === null ? plainWords(command) : null;
  if (words) return { json: writeJsonList(words), words, needsShell: false, execAt: null };
  const straight = topLevel.every(isStraight) && last.connector === null;
  return straight ? handedOver(text, command, script.locate(command.from, command.to).start) : null;
}

/** The words of a command that mean the same with and without a shell; null when one does not. */
function plainWords(command: ShellCommand): readonly string[] | null {
  if (command.assignments.length > 0 || command.redirections.length > 0) return null;
  const words = command.words[0]?.value === "exec" ? command.words.slice(1) : command.words;
  const [first] = words;
  if (!first || !isProgram(first) || !words.every(isPlain)) return null;
  return words.map((word) => word.value ?? "");
}

function isPlain(word: ShellWord): boolean {
  if (word.value === null) return false;
  if (word.quoted === "single" || word.quoted === "double") return true;
  return !/[*?[\]{}~$`\\!#]/.test(word.text) && !/^-?=/.test(word.text);
}

function isProgram(word: ShellWord): boolean {
  return word.value !== null && word.value !== "" && !builtins.has(word.value) && !word.value.startsWith("-");
}

/** Words that only a shell understands. Builtins that are programs too, such as echo and test, are not among them. */
const builtins: ReadonlySet<string> = new Set([
  ...[".", ":", "[[", "alias", "bg", "builtin", "cd", "command", "declare", "eval", "exec", "exit", "export", "fg"],
  ...["getopts", "hash", "jobs", "let", "local", "read", "readonly", "return", "set", "shift", "source", "times"],
  ...["trap", "type", "ulimit", "umask", "unalias", "unset", "wait"],
]);

function isStraight({ connector, kind }: { readonly connector: string | null; readonly kind: string }): boolean {
  return kind === "command" && (connector === null || connector === "&&" || connector === ";");
}

/** `["/bin/sh", "-c", "exec node $FILE"]`: the shell replaces itself by the program. */
function handedOver(text: string, command: ShellCommand, execAt: number): ExecForm | null {
  const [first] = command.words;
  if (!first || text.includes("\n") || command.assignments.length > 0) return null;
  if (first.value === "exec") return null;
  if (first.value !== null ? !isProgram(first) : !/^["']?\$/.test(first.text)) return null;
  const script = `${text.slice(0, command.from)}exec ${text.slice(command.from)}`
    .trim()
    .replace(/\s{2,}/g, (gap) => (/["']/.test(text) ? gap : " "));
  const words = ["/bin/sh", "-c", script];
  return { json: writeJsonList(words), words, needsShell: true, execAt };
}
