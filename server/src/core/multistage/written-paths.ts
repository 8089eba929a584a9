/** The files that a command says it writes: by a redirection, a flag or its last operand. */
import { flagValue, hasFlag, operands } from "../shell/arguments";
import type { ShellWord } from "../shell/ast";
import type { EffectiveCommand } from "../shell/commands";
import { baseName, joinPath, resolvePath } from "./paths";

/**
 * Absolute paths of the files that a command makes or writes over. `folder` is the one it runs in, or null. Of `cp a /x`
 * both `/x` and `/x/a`, since nobody knows whether `/x` is a folder. Names that are not known are left out.
 */
export function writtenPaths(command: EffectiveCommand, folder: string | null): readonly string[] {
  const redirected = command.redirections.flatMap(({ operator, target }) =>
    operator.includes(">") && operator !== ">&" ? (target?.value ?? []) : [],
  );
  return absolute([...redirected, ...writtenBy(command)], folder);
}

/** Absolute paths of the files that a call of curl or wget makes; none for all else, and for names that are not known. */
export function downloadedPaths(command: EffectiveCommand, folder: string | null): readonly string[] {
  return absolute(downloaded(command), folder);
}

function absolute(names: readonly string[], folder: string | null): readonly string[] {
  return names.flatMap((name) => (name === "-" ? [] : (resolvePath(name, folder) ?? [])));
}

function writtenBy(command: EffectiveCommand): readonly string[] {
  switch (command.name) {
    case "curl":
    case "wget":
      return downloaded(command);
    case "cp":
    case "mv":
    case "ln":
    case "install":
      return placed(command);
    case "tee":
      return operands(command).flatMap(({ value }) => value ?? []);
    case "dd":
      return command.words.flatMap(({ value }) => (value?.startsWith("of=") ? value.slice(3) : []));
    default:
      return valuesOf(command, ["-o", "--output"]);
  }
}

function downloaded(command: EffectiveCommand): readonly string[] {
  const { name } = command;
  if (name !== "curl" && name !== "wget") return [];
  const isCurl = name === "curl";
  const named = valuesOf(command, isCurl ? ["-o", "--output"] : ["-O", "--output-document"]);
  if (named.length > 0) return named;
  const takesName = isCurl ? hasFlag(command, ["-O", "--remote-name", "--remote-name-all"]) : true;
  // The server, or a pattern, decides the name.
  if (!takesName || hasFlag(command, ["-J", "--content-disposition", "--remote-header-name"])) return [];
  // `-qO-` writes to standard output.
  if (!isCurl && command.words.some(({ value }) => /^-[a-zA-Z]*O/.test(value ?? ""))) return [];
  const into = isCurl ? null : flagValue(command, ["-P", "--directory-prefix"]);
  if (into && into.value === null) return [];
  return operands(command).flatMap(({ value }) => {
    const file = value?.includes("://") ? baseName(value.replace(/[?#].*$/, "")) : "";
    return file === "" ? [] : [into?.value ? joinPath(into.value, file) : file];
  });
}

/** What `cp`, `mv`, `ln` and `install` write. */
function placed(command: EffectiveCommand): readonly string[] {
  const valueFlags = ["-m", "-o", "-g", "-S", "-t", "--mode", "--owner", "--group", "--suffix", "--target-directory"];
  const words = operands(command, valueFlags);
  const into = flagValue(command, ["-t", "--target-directory"]);
  const target = into ? into.value : (words.at(-1)?.value ?? null);
  if (target === null || target === "") return [];
  const sources = into ? words : words.slice(0, -1);
  const inside = sources.flatMap(({ value }) => (value ? joinPath(target, baseName(value.replace(/\/+$/, ""))) : []));
  return [target, ...inside];
}

/** The values of a flag wherever it is given. */
function valuesOf(command: EffectiveCommand, names: readonly string[]): readonly string[] {
  const found: string[] = [];
  let words: readonly ShellWord[] = command.words;
  // More are not read, so that a long line costs no square.
  for (let round = 0; round < 10; round++) {
    const given = flagValue({ words }, names);
    if (!given?.word) break;
    if (given.value !== null) found.push(given.value);
    words = words.slice(words.indexOf(given.word));
  }
  return found;
}
