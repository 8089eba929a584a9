/** What a RUN of an interpreted program does, item by item: what is left to the build, what is repeated where it runs. */

import { scriptsOf } from "../../model/scripts";
import type { Instruction } from "../../model/types";
import type { EffectiveCommand } from "../../shell/commands";
import { type PackageOperation, packageOperation } from "../../shell/packages";
import { isSystemManager } from "../installed";
import { printing } from "../run-effects";

/** What is to be known of a language to tell the commands of a RUN apart. */
export interface Interpreter {
  /** `yes`: it installs packages into what is copied along. `unsure`: it installs in a way that is not followed. */
  installs(command: EffectiveCommand, instruction: Instruction): "yes" | "no" | "unsure";
  /** True for programs that the second stage has, and what they need with them. */
  readonly runs: (name: string, command: EffectiveCommand) => boolean;
  /** Texts that no command of the second stage may hold: places whose contents stay behind. */
  readonly stays: RegExp | null;
}

/**
 * What becomes of a RUN. `build`: it stays in the first stage alone. `runs`: all of it makes sense in the second one.
 * `both`: it does both; `commands` are the parts for the second stage, as written.
 */
export type RunShare =
  | { readonly kind: "build"; readonly installs: boolean }
  | { readonly kind: "runs" }
  | {
      readonly kind: "both";
      readonly installs: boolean;
      readonly commands: readonly string[];
      /** Names that the commands read. */
      readonly variables: readonly string[];
    };

/** Shares out a RUN; null where a command of it is not known, or the parts cannot be told apart. */
export function shareRun(text: string, instruction: Instruction, interpreter: Interpreter): RunShare | null {
  const scripts = scriptsOf(instruction);
  const [one] = scripts;
  if (!one || scripts.length > 1 || !one.script.wellFormed) return null;
  const items = one.script.topLevel.map((): Part[] => []);
  for (const command of one.commands) {
    const part = partOf(command, instruction, interpreter);
    if (part === "unknown") return null;
    items[command.outer.item]?.push(part);
  }
  const { script } = one;
  const parts = items.map((own, index) => {
    const { from, to } = script.topLevel[index] ?? { from: 0, to: 0 };
    const writes = script.redirections.some((target) => target.from >= from && target.to <= to);
    return partOfItem(writes ? [...own, "runs"] : own);
  });
  const kinds = new Set(parts);
  if (kinds.has("unknown")) return null;
  const installs = kinds.has("installs");
  if (!kinds.has("runs")) return { kind: "build", installs };
  if (!installs && !kinds.has("system")) return { kind: "runs" };

  // Parts are taken out of a plain list only, in which no part hands anything to a later one.
  const isPlain = script.topLevel.every(({ connector }) => connector !== "||" && connector !== "&");
  const changes = one.commands.some(({ name }) => name !== null && carries.has(name));
  if (one.kind !== "line" || !isPlain || changes || instruction.parsed.flags.length > 0) return null;
  const own = new Set(script.definitions.filter(({ kind }) => kind !== "prefix").map(({ name }) => name));
  const commands: string[] = [];
  const variables: string[] = [];
  for (const [index, item] of script.topLevel.entries()) {
    if (parts[index] !== "runs") continue;
    // What is fetched before an install may be there for that install.
    const isFetched = item.commands.some(({ name }) => name !== null && fetching.has(name));
    if (isFetched && index < parts.lastIndexOf("installs")) return null;
    const read = script.variables.filter(({ from, to }) => from >= item.from && to <= item.to);
    if (read.some(({ name }) => own.has(name))) return null;
    variables.push(...read.map(({ name }) => name));
    const { start, end } = one.locate(item.from, item.to);
    commands.push(text.slice(start, end));
  }
  return { kind: "both", installs, commands, variables };
}

const fetching: ReadonlySet<string> = new Set(["curl", "wget", "git", "tar", "unzip", "cp", "mv", "ln", "xz"]);

/** Commands on which the next ones depend. */
const carries: ReadonlySet<string> = new Set(["cd", "pushd", "popd", "export", ".", "source"]);

type Part = "nothing" | "system" | "installs" | "runs" | "unknown";

function partOfItem(parts: readonly Part[]): Part {
  const kinds = new Set(parts.filter((part) => part !== "nothing"));
  if (kinds.has("runs")) return kinds.size === 1 ? "runs" : "unknown";
  return kinds.has("installs") ? "installs" : kinds.has("system") ? "system" : "nothing";
}

function partOf(command: EffectiveCommand, instruction: Instruction, interpreter: Interpreter): Part {
  const { name, words } = command;
  if (name === null) return words.length === 0 ? "nothing" : "unknown";
  const writes = command.redirections.some(
    ({ operator, target }) => operator.includes(">") && operator !== ">&" && target?.value !== "/dev/null",
  );
  switch (interpreter.installs(command, instruction)) {
    case "unsure":
      return "unknown";
    case "yes":
      return writes ? "unknown" : "installs";
    default:
      break;
  }
  const operation = packageOperation(command);
  if (operation && isSystemManager(operation)) return isRepeatable(operation) ? "system" : "unknown";
  if (name === "apt-mark") return "system";
  if (quiet.has(name) && !writes) return "nothing";
  if (name === "rm" && isCleaning(command)) return "nothing";
  const isKnown = quiet.has(name) || everywhere.has(name) || interpreter.runs(name, command);
  if (!isKnown) return "unknown";
  const said = [...words, ...command.redirections.flatMap(({ target }) => target ?? [])].map((word) => word.text);
  const text = said.join(" ");
  return interpreter.stays?.test(text) || packageSources.test(text) ? "unknown" : "runs";
}

/** Where package managers look up where packages come from; the second stage installs before anything else is done. */
export const packageSources = /\/etc\/(?:apt|apk|yum\.repos\.d)\b/;

/** True when the second stage can install the same packages by their names alone. */
function isRepeatable({ manager, action, command, flags }: PackageOperation): boolean {
  if (manager === "dpkg" || !/^(?:install|update|upgrade|remove|clean)$/.test(action)) return false;
  if (command.assignments.some(({ name }) => name !== "DEBIAN_FRONTEND")) return false;
  const elsewhere =
    manager === "apk"
      ? /^(?:-X|--repositor|--root|-p$|--allow-untrusted)/
      : /^(?:-t|--target-release|--default-release)/;
  return !flags.some(({ text }) => elsewhere.test(text));
}

/** Removes what package managers leave, and nothing that a program could miss. */
function isCleaning({ words }: EffectiveCommand): boolean {
  return words
    .slice(1)
    .every(
      ({ text }) =>
        text.startsWith("-") ||
        /^(?:\/var\/lib\/apt|\/var\/cache|\/var\/log|\/tmp|\/var\/tmp|\/root\/\.cache|~\/\.cache|\/usr\/share\/(?:doc|man|locale)|\/usr\/local\/bundle\/(?:cache|ruby\/[^/]+\/cache)|\/usr\/src\/php)/.test(
          text,
        ),
    );
}

/** Commands that change nothing but the shell itself, or print. */
const quiet: ReadonlySet<string> = new Set([
  ...printing,
  ...["pushd", "popd", ".", "source", "nproc", "getconf", "whoami", "id", "sleep", "yes"],
]);

/** Commands that every Debian and Alpine image has and that do the same in both stages. */
const everywhere: ReadonlySet<string> = new Set([
  ...["mkdir", "chmod", "chown", "chgrp", "touch", "ln", "cp", "mv", "rm", "sed", "tee", "find", "xargs", "tr", "cut"],
  ...["head", "tail", "sort", "awk", "basename", "dirname", "readlink", "realpath", "install", "ldconfig"],
  ...["sha256sum", "sha512sum", "sha1sum", "md5sum", "getent", "deluser", "delgroup", "userdel", "groupdel"],
  ...["useradd", "adduser", "groupadd", "addgroup", "usermod", "groupmod", "chsh"],
  ...["update-ca-certificates", "locale-gen", "update-locale", "localedef", "dpkg-reconfigure", "setcap"],
]);
