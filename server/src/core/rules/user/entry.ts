/** What a container of a stage starts: the ENTRYPOINT and CMD in force, seen through wrappers, and the script they name. */
import { execWords, scriptsOf } from "../../model/scripts";
import type { Instruction, Model, Stage } from "../../model/types";
import type { Facts } from "../../rule";
import type { ShellWord } from "../../shell/ast";
import { type EffectiveCommand, effectiveCommands, flagValue, operands } from "../../shell/commands";
import { parseShell } from "../../shell/parse";
import { chainOf } from "./accounts";
import { copiedFile } from "./copied-text";
import { droppers, rootPrograms, selfDroppingServers, userFlags, webServers } from "./programs";

/** What starts. */
export interface Entry {
  /** The instructions in force, from the stage or one it builds on; null where the base image's own hold. */
  readonly entrypoint: Instruction | null;
  readonly command: Instruction | null;
  /** The commands they run, without wrappers; empty where a shell that is not POSIX runs them. */
  readonly commands: readonly EffectiveCommand[];
  /** The text of the copied script that starts, where the file or the build context shows it; null otherwise. */
  readonly script: string | null;
}

/** Reads what a container of the stage starts. */
export function entryOf(stage: Stage, model: Model, facts: Facts): Entry {
  let entrypoint: Instruction | null = null;
  let command: Instruction | null = null;
  for (const link of chainOf(stage)) {
    for (const instruction of link.instructions) {
      if (instruction.keyword === "ENTRYPOINT") entrypoint = instruction;
      else if (instruction.keyword === "CMD") command = instruction;
    }
  }
  const commands = commandsOf(entrypoint, command);
  return { entrypoint, command, commands, script: startScript(stage, model, facts, commands) };
}

/** What an entry needs of its user. */
export type EntryKind =
  /** It hands over to another user by itself. */
  | "drops"
  /** It cannot work without root. */
  | "needs-root"
  /** A web server whose workers run as another user. */
  | "web-server"
  | "plain";

/** Judges the commands that start, and those of the script that starts. */
export function entryKind(entry: Entry): EntryKind {
  const commands = startingCommands(entry);
  let kind: EntryKind = "plain";
  for (const command of commands) {
    if (dropsRoot(command)) return "drops";
    // A script that starts runs its arguments: in `/entrypoint.sh mysqld` the second word is the program.
    for (const name of [command.name, nameOf(command.words[1])]) {
      if (name === null) continue;
      if (selfDroppingServers.has(name)) return "drops";
      // `init` alone is the start of systemd and of s6-overlay; their services say themselves as whom they run.
      if (rootPrograms.has(name)) kind = "needs-root";
      else if (kind === "plain" && (webServers.has(name) || /^php-fpm[\d.]*$/.test(name))) kind = "web-server";
    }
  }
  return kind;
}

/** All commands that start, those of the script among them. */
export function startingCommands(entry: Entry): readonly EffectiveCommand[] {
  return entry.script === null ? entry.commands : [...entry.commands, ...programsIn(entry.script)];
}

/** Name of a script that starts and that nobody has seen; null where there is none. */
export function hiddenScript({ commands, script }: Entry): string | null {
  if (script !== null) return null;
  for (const command of commands) {
    const isShell = command.name !== null && shells.has(command.name);
    const name = isShell ? nameOf(operands(command)[0]) : command.name;
    if (name !== null && /\.(?:ba)?sh$|entrypoint|^(?:run|start|boot)/.test(name)) return name;
  }
  return null;
}

/** True where the container starts nothing of its own: no instruction says what, or it is a shell to work in. */
export function startsNothing({ entrypoint, command, commands }: Entry): boolean {
  if (!entrypoint && !command) return true;
  return (
    commands.length > 0 &&
    commands.every(
      ({ name, words }) =>
        name !== null && shells.has(name) && words.slice(1).every(({ value }) => /^-[^c]*$/.test(value ?? "")),
    )
  );
}

function dropsRoot(command: EffectiveCommand): boolean {
  if (command.wrappers.some((wrapper) => droppers.has(wrapper))) return true;
  const { name } = command;
  if (name === null) return false;
  if (droppers.has(name)) return true;
  if (name === "su") return operands(command, ["-s", "--shell", "-c", "--command", "-g", "-G"]).length > 0;
  if (/^(?:sudo|doas)$/.test(command.command.words[0]?.value ?? "")) {
    const user = flagValue({ words: command.command.words }, ["-u", "--user"])?.value;
    return user !== undefined && user !== "root";
  }
  const user = flagValue(command, userFlags);
  return user !== null && user.value !== "root" && user.value !== "0";
}

function nameOf(word: ShellWord | undefined): string | null {
  return word?.value == null || word.value.startsWith("-") ? null : word.value.slice(word.value.lastIndexOf("/") + 1);
}

/** The commands of a script without calls of its own functions: its `init` is no init system. */
function programsIn(script: string): readonly EffectiveCommand[] {
  const functions = new Set<string | null>();
  for (const [, first, second] of script.matchAll(/^[ \t]*(?:function[ \t]+([\w-]+)|([\w-]+)[ \t]*\([ \t]*\))/gm))
    functions.add(first ?? second ?? null);
  return commandsIn(script).filter(({ name }) => name === null || !functions.has(name));
}

function commandsIn(script: string): readonly EffectiveCommand[] {
  return effectiveCommands(parseShell(script));
}

/** ENTRYPOINT and CMD make one command line; a shell form ENTRYPOINT ignores CMD (Dockerfile reference, table). */
function commandsOf(entrypoint: Instruction | null, command: Instruction | null): readonly EffectiveCommand[] {
  const first = entrypoint && execWords(entrypoint);
  if (entrypoint && !first) return scriptCommands(entrypoint);
  const second = command && execWords(command);
  const words = [...(first ?? []), ...(second ?? [])];
  const found = words.length > 0 ? commandsIn(words.map(quote).join(" ")) : [];
  return command && !second ? [...found, ...scriptCommands(command)] : found;
}

function scriptCommands(instruction: Instruction): readonly EffectiveCommand[] {
  return scriptsOf(instruction).flatMap(({ commands }) => commands);
}

function quote(word: string): string {
  return /^[\w./:=@%+,-]+$/.test(word) ? word : `'${word.replace(/'/g, `'\\''`)}'`;
}

const shells: ReadonlySet<string> = new Set(["sh", "bash", "ash", "dash", "zsh", "."]);

function startScript(stage: Stage, model: Model, facts: Facts, commands: readonly EffectiveCommand[]): string | null {
  for (const command of commands.slice(0, 4)) {
    const isShell = command.name !== null && shells.has(command.name);
    const path = (isShell ? operands(command)[0] : command.words[0])?.value;
    if (!path || !/^[\w./-]+$/.test(path)) continue;
    const text = copiedFile(stage, model, facts, path);
    if (text !== null) return text.length > longestScript ? text.slice(0, longestScript) : text;
  }
  return null;
}

/** Longer scripts are read only so far. */
export const longestScript = 100_000;
