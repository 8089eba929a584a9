/** What a RUN leaves behind that matters outside the program it builds. */
import { scriptsOf } from "../model/scripts";
import type { Instruction } from "../model/types";
import type { ShellWord } from "../shell/ast";
import type { EffectiveCommand } from "../shell/commands";
import { packageOperation } from "../shell/packages";
import { isSystemManager } from "./installed";
import { isWithin, resolvePath } from "./paths";
import { commandsOfRun } from "./run-commands";

/**
 * `none`: nothing but what is built (system packages are looked at elsewhere). `runtime`: accounts, folders, owners: all
 * of it is to be done again where the program runs. `unknown`: something else, or both in one.
 */
export type RunEffect = "none" | "runtime" | "unknown";

/** Commands that print, look, or change nothing but the shell itself. */
export const printing: readonly string[] = [
  ...["set", "cd", "echo", "printf", "true", ":", "test", "[", "[[", "export", "ls", "cat", "pwd", "env", "which"],
  ...["exit", "command", "type", "uname", "date", "grep"],
];

/** Commands that only serve a build, print, or look. */
const quiet: ReadonlySet<string> = new Set([
  ...printing,
  ...["dir", "tree", "rm", "git", "strip", "upx", "file", "ldd", "du", "umask", "hash"],
]);

const accountCommands: ReadonlySet<string> = new Set([
  ...["adduser", "addgroup", "useradd", "groupadd", "usermod", "groupmod", "chown", "chgrp"],
]);

/**
 * The effect of a RUN. `builds` names the commands that are part of the build (`go`); `kept` are the folders and files
 * that the second stage has anyway: making them, or changing their mode, is no effect of its own. `isSettled` tells of an
 * absolute path that what is written there is copied along, or serves the build alone.
 */
export function runEffect(
  instruction: Instruction,
  image: string | null,
  builds: ReadonlySet<string>,
  kept: readonly string[],
  isSettled: (path: string) => boolean = () => false,
): RunEffect {
  const scripts = scriptsOf(instruction);
  if (scripts.length === 0 || scripts.some(({ script }) => !script.wellFormed || script.redirections.length > 0)) {
    return "unknown";
  }
  let effect: RunEffect = "none";
  let isBuild = false;
  for (const { command, folder } of commandsOfRun(instruction, image)) {
    const one = commandEffect(command, folder, { builds, kept, isSettled });
    if (one === "unknown") return "unknown";
    if (one === "build") isBuild = true;
    if (one === "runtime") effect = "runtime";
  }
  return effect === "runtime" && isBuild ? "unknown" : effect;
}

interface Known {
  readonly builds: ReadonlySet<string>;
  readonly kept: readonly string[];
  readonly isSettled: (path: string) => boolean;
}

function commandEffect(
  command: EffectiveCommand,
  folder: string | null,
  { builds, kept, isSettled }: Known,
): "none" | "build" | "runtime" | "unknown" {
  const { name, words } = command;
  const pathOf = (word: ShellWord | null | undefined) =>
    word?.value === null || word?.value === undefined ? null : resolvePath(word.value, folder);
  const settles = (path: string | null) => path !== null && isSettled(path);
  for (const { operator, target } of command.redirections) {
    // `2>&1` names a descriptor, no file.
    if (!operator.includes(">") || operator === ">&" || target?.value === "/dev/null") continue;
    if (!settles(pathOf(target))) return "unknown";
  }
  if (name === null) return command.assignments.length > 0 ? "none" : "unknown";
  if (builds.has(name)) return "build";
  const operation = packageOperation(command);
  if (operation) return isSystemManager(operation) && operation.manager !== "dpkg" ? "build" : "unknown";
  if (accountCommands.has(name)) return "runtime";
  const plain = words.slice(1).filter((word) => !word.value?.startsWith("-"));
  if (name === "mkdir" || name === "chmod" || name === "touch") {
    const targets = name === "chmod" ? plain.slice(1) : plain;
    const isKept = (path: string | null) => path !== null && kept.some((one) => isWithin(one, path) || one === path);
    return targets.map(pathOf).every((path) => isKept(path) || settles(path)) ? "none" : "runtime";
  }
  if (writers.has(name)) return settles(pathOf(plain.at(-1))) ? "none" : "unknown";
  return quiet.has(name) ? "none" : "unknown";
}

/** Commands that write to the last thing they name. */
const writers: ReadonlySet<string> = new Set(["cp", "mv", "sed", "tee", "install"]);
