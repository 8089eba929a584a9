/** What a RUN leaves behind that matters outside the program it builds. */
import { scriptsOf } from "../model/scripts";
import type { Instruction } from "../model/types";
import type { EffectiveCommand } from "../shell/commands";
import { packageOperation } from "../shell/packages";
import { isSystemManager } from "./installed";
import { isWithin, resolvePath } from "./paths";
import { folderAt } from "./run-commands";

/**
 * `none`: nothing but what is built (system packages are looked at elsewhere). `runtime`: accounts, folders, owners: all
 * of it is to be done again where the program runs. `unknown`: something else, or both in one.
 */
export type RunEffect = "none" | "runtime" | "unknown";

/** Commands that only serve a build, print, or look. */
const quiet: ReadonlySet<string> = new Set([
  ...[
    "set",
    "cd",
    "echo",
    "printf",
    "true",
    ":",
    "test",
    "[",
    "[[",
    "export",
    "ls",
    "cat",
    "pwd",
    "env",
    "which",
    "rm",
  ],
  ...["exit", "command", "type", "uname", "date", "git", "strip", "upx", "file", "ldd", "du", "grep", "umask", "hash"],
]);

const accountCommands: ReadonlySet<string> = new Set([
  ...["adduser", "addgroup", "useradd", "groupadd", "usermod", "groupmod", "chown", "chgrp"],
]);

/**
 * The effect of a RUN. `builds` names the commands that are part of the build (`go`); `kept` are the folders and files
 * that the second stage has anyway: making them, or changing their mode, is no effect of its own.
 */
export function runEffect(
  instruction: Instruction,
  image: string | null,
  builds: ReadonlySet<string>,
  kept: readonly string[],
): RunEffect {
  const scripts = scriptsOf(instruction);
  if (scripts.length === 0 || scripts.some(({ script }) => !script.wellFormed || script.redirections.length > 0)) {
    return "unknown";
  }
  const folder = folderAt(instruction, image);
  let effect: RunEffect = "none";
  let isBuild = false;
  for (const command of scripts.flatMap((script) => script.commands)) {
    const one = commandEffect(command, folder, builds, kept);
    if (one === "unknown") return "unknown";
    if (one === "build") isBuild = true;
    if (one === "runtime") effect = "runtime";
  }
  return effect === "runtime" && isBuild ? "unknown" : effect;
}

function commandEffect(
  command: EffectiveCommand,
  folder: string | null,
  builds: ReadonlySet<string>,
  kept: readonly string[],
): "none" | "build" | "runtime" | "unknown" {
  const { name, words } = command;
  if (command.redirections.some(({ operator, target }) => operator.includes(">") && target?.value !== "/dev/null")) {
    // `2>&1` names a descriptor, no file.
    if (!command.redirections.every(({ operator, target }) => operator === ">&" || target?.value === "/dev/null")) {
      return "unknown";
    }
  }
  if (name === null) return command.assignments.length > 0 ? "none" : "unknown";
  if (builds.has(name)) return "build";
  const operation = packageOperation(command);
  if (operation) return isSystemManager(operation) && operation.manager !== "dpkg" ? "build" : "unknown";
  if (accountCommands.has(name)) return "runtime";
  if (name === "mkdir" || name === "chmod" || name === "touch") {
    const targets = words.slice(name === "chmod" ? 2 : 1).filter((word) => !word.value?.startsWith("-"));
    const resolved = targets.map((word) => (word.value === null ? null : resolvePath(word.value, folder)));
    const isKept = (path: string | null) => path !== null && kept.some((one) => isWithin(one, path) || one === path);
    return resolved.every(isKept) ? "none" : "runtime";
  }
  return quiet.has(name) ? "none" : "unknown";
}
