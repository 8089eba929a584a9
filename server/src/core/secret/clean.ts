/** What is left of a RUN when a credential file that it handles is no longer there. */
import { removeSome } from "../fixes/remove";
import { execWords, scriptsOf } from "../model/scripts";
import type { Instruction } from "../model/types";
import { operands } from "../shell/arguments";
import type { ShellCommand, ShellWord } from "../shell/ast";
import type { EffectiveCommand } from "../shell/commands";
import type { Edit } from "../text";
import { isProjectScript } from "./consumers";
import type { CredentialFile } from "./files";
import { isNodeManager, nodeScripts } from "./readers";
import { absolutePath } from "./writes";

/** A RUN without the commands that only served the file. */
export interface CleanedRun {
  readonly edits: readonly Edit[];
  /** Nothing is left to run. */
  readonly isEmpty: boolean;
  /** One of the commands that go deletes the file. */
  readonly deletes: boolean;
  /** A command that is left reads the file, or may do so: a program of its kind, a script of the project. */
  readonly reads: boolean;
}

/**
 * Takes out of a RUN what only serves the file of some kind at an absolute path: its `rm` and `chmod`, what starts an SSH
 * agent where it is a key, and the command that wrote it. Null where something else names the file: a program that may
 * keep what it reads, a copy, another write. A mounted file can be read by its name, but not written to.
 */
export function withoutFile(
  run: Instruction,
  path: string,
  kind: CredentialFile,
  writer: ShellCommand | null = null,
): CleanedRun | null {
  const isKey = kind.mount === "ssh";
  const isReader = (program: string) => kind.readers?.has(program) ?? false;
  const exec = execWords(run);
  if (exec) {
    const program = exec[0]?.slice((exec[0]?.lastIndexOf("/") ?? -1) + 1) ?? "";
    const reads = isReader(program) || isProjectScript(program, exec[0] ?? "", exec[1] !== undefined);
    const names = exec.some((word) => absolutePath(word, run) === path);
    return names && (isKey || !isReader(program)) ? null : { edits: [], isEmpty: false, deletes: false, reads };
  }
  const scripts = scriptsOf(run);
  const [script] = scripts;
  if (!script || scripts.length > 1) return null;
  const { topLevel, text } = script.script;
  // Behind a `cd` nobody here knows which file a relative name means.
  const base = path.slice(path.lastIndexOf("/") + 1);
  const isMoving = script.commands.some(({ name }) => name === "cd" || name === "pushd");
  if (isMoving && text.replaceAll(path, "").includes(base)) return null;
  const gone = new Set<number>();
  let deletes = false;
  let reads = false;
  for (const command of script.commands) {
    const { outer, name } = command;
    const serves = command.command === writer || servesOnly(command, path, run, isKey);
    // Within `sh -c` or a loop it cannot be cut out alone.
    if (serves && command.command === outer && topLevel[outer.item]?.kind === "command") {
      gone.add(outer.item);
      deletes ||= isDeletion(command);
      continue;
    }
    if (changesSettings(command, path)) return null;
    const mayName = !isKey && name !== null && isReader(name) && !isWritten(command, path, run);
    if (!mayName && namesPath(command, path, run)) return null;
    const rest = operands(command);
    // Setting an option talks to nobody.
    if (name === null || rest[0]?.value === "config") continue;
    // `npm run build` talks to no registry.
    const isReading = isReader(name) && !(isNodeManager(name) && nodeScripts.has(rest[0]?.value ?? ""));
    reads ||= isReading || isProjectScript(name, command.words[0]?.value ?? name, rest.length > 0);
  }
  if (gone.size === topLevel.length) return { edits: [], isEmpty: true, deletes, reads: false };
  const edits = removeSome(script, gone);
  return edits && { edits, isEmpty: false, deletes, reads };
}

function servesOnly(command: EffectiveCommand, file: string, run: Instruction, isKey: boolean): boolean {
  const words = operands(command);
  const { name } = command;
  const at = (word: ShellWord | undefined) => (word ? absolutePath(word.text, run) : null);
  if (isDeletion(command)) {
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

function isDeletion({ name }: EffectiveCommand): boolean {
  return name === "rm" || name === "shred" || name === "unlink";
}

/** `npm config set` and `npm login` write into the file of the home folder, yarn into that of the project. */
function changesSettings({ name, words }: EffectiveCommand, path: string): boolean {
  if (!/^(?:npm|pnpm|yarn)$/.test(name ?? "")) return false;
  const [, verb, second] = words.map((word) => word.value);
  const changes =
    /^(?:set|login|logout|adduser)$/.test(verb ?? "") ||
    (verb === "config" && /^(?:set|delete|unset)$/.test(second ?? ""));
  return changes && (/^\/(?:root|home\/[^/]+)\/\.npmrc$/.test(path) || path.endsWith("/.yarnrc.yml"));
}

function isWritten({ redirections }: EffectiveCommand, path: string, run: Instruction): boolean {
  return redirections.some(({ target }) => target !== null && absolutePath(target.text, run) === path);
}

function namesPath(command: EffectiveCommand, path: string, run: Instruction): boolean {
  const name = path.slice(path.lastIndexOf("/") + 1);
  const mentions = (text: string) =>
    isNamed(text, path) || text === name || text.endsWith(`/${name}`) || absolutePath(text, run) === path;
  return (
    command.words.some((word) => mentions(word.text)) ||
    command.redirections.some((one) => one.target !== null && mentions(one.target.text)) ||
    command.assignments.some((one) => one.value !== null && mentions(one.value.text))
  );
}

/** True when a text holds a path as a whole: `/root/.ssh/id_rsa.pub` is another one than `/root/.ssh/id_rsa`. */
function isNamed(text: string, path: string): boolean {
  for (let at = text.indexOf(path); at >= 0; at = text.indexOf(path, at + 1)) {
    if (!/[\w.-]/.test(text[at + path.length] ?? "")) return true;
  }
  return false;
}
