/** Questions about the arguments of a command. All of them skip the first word, which is the command's name. */
import type { ShellWord } from "./ast";

/** Anything that has words, the name first. */
export interface HasWords {
  readonly words: readonly ShellWord[];
}

/** A flag with its value: `-t stable`, `-tstable`, `--target=stable`, `--target stable`. */
export interface FlagValue {
  /** Null when the value is not known, or missing. */
  readonly value: string | null;
  readonly flag: ShellWord;
  /** The word that holds the value: the flag itself where they are written as one; null when it is missing. */
  readonly word: ShellWord | null;
}

/** Arguments, told apart. */
export interface Arguments {
  /** Words that are neither flags nor their values; everything behind `--`. */
  readonly operands: readonly ShellWord[];
  /** Words that begin with a dash, before `--`. */
  readonly flags: readonly ShellWord[];
}

/**
 * Tells operands from flags. `valueFlags` are the flags that take the next word as their value, as written: `-t`,
 * `--target-release`. Short flags may be joined (`-yt stable`).
 */
export function splitArguments(command: HasWords, valueFlags: readonly string[] = []): Arguments {
  const operands: ShellWord[] = [];
  const flags: ShellWord[] = [];
  const { words } = command;
  for (let i = 1; i < words.length; i++) {
    const word = words[i] as ShellWord;
    const written = flagText(word);
    if (written === "--") {
      operands.push(...words.slice(i + 1));
      break;
    }
    if (written === null) operands.push(word);
    else {
      flags.push(word);
      if (takesNext(written, valueFlags)) i++;
    }
  }
  return { operands, flags };
}

/** The words that are neither flags nor values of flags. */
export function operands(command: HasWords, valueFlags: readonly string[] = []): readonly ShellWord[] {
  return splitArguments(command, valueFlags).operands;
}

/**
 * True when one of the flags is given before `--`. Long ones also count with a value (`--yes=true`); one-letter flags
 * also within joined ones (`-fsSL`), up to a letter that takes a value; `-qq` also as `-yqq`.
 */
export function hasFlag(command: HasWords, names: readonly string[], valueFlags: readonly string[] = []): boolean {
  return findFlag(command, names, valueFlags) !== null;
}

/** The word that holds one of the flags, by the same rules as `hasFlag`. */
export function findFlag(
  command: HasWords,
  names: readonly string[],
  valueFlags: readonly string[] = [],
): ShellWord | null {
  const { words } = command;
  for (let i = 1; i < words.length; i++) {
    const word = words[i] as ShellWord;
    const written = flagText(word);
    if (written === "--") return null;
    if (written === null) continue;
    if (names.some((name) => isFlag(written, name, valueFlags))) return word;
    if (takesNext(written, valueFlags)) i++;
  }
  return null;
}

/** The first of the flags that is given with a value, before `--`. */
export function flagValue(command: HasWords, names: readonly string[]): FlagValue | null {
  const { words } = command;
  for (let i = 1; i < words.length; i++) {
    const flag = words[i] as ShellWord;
    const written = flagText(flag);
    if (written === "--") return null;
    if (written === null) continue;
    for (const name of names) {
      if (takesNext(written, [name])) {
        const word = words[i + 1] ?? null;
        return { value: word?.value ?? null, flag, word };
      }
      const attached = attachedAt(written, name);
      if (attached !== null) return { value: flag.value?.slice(attached) ?? null, flag, word: flag };
    }
  }
  return null;
}

/** True for a word that looks like a flag; a quoted or computed word only where its beginning is plain. */
export function isFlagWord(word: ShellWord): boolean {
  return flagText(word) !== null;
}

/** True when the flag, as written, takes the next word as its value. */
export function takesNext(written: string, valueFlags: readonly string[]): boolean {
  if (valueFlags.length === 0) return false;
  if (valueFlags.includes(written)) return true;
  if (!isCluster(written)) return false;
  const at = valueLetterAt(written, valueFlags);
  return at === written.length - 1;
}

/** The word's text when it begins with a dash, else null. A lone `-` is an operand (standard input). */
function flagText(word: ShellWord): string | null {
  const text = word.value ?? word.text;
  return text.length > 1 && text.startsWith("-") ? text : null;
}

function isFlag(written: string, name: string, valueFlags: readonly string[]): boolean {
  if (written === name || written.startsWith(`${name}=`)) return true;
  if (name.startsWith("--") || !isCluster(written)) return false;
  const letter = name.charAt(1);
  const wanted = name.length - 1;
  for (let i = 1; i <= wanted; i++) if (name[i] !== letter) return false;
  const end = valueLetterAt(written, valueFlags);
  let found = 0;
  for (let i = 1; i <= (end < 0 ? written.length - 1 : end); i++) if (written[i] === letter) found++;
  return found >= wanted;
}

/** Where the value begins in `--name=value` or `-nvalue`, or null. */
function attachedAt(written: string, name: string): number | null {
  if (written.startsWith(`${name}=`)) return name.length + 1;
  return name.length === 2 && written.startsWith(name) && written.length > 2 ? 2 : null;
}

function isCluster(written: string): boolean {
  return /^-[A-Za-z0-9]{2,}$/.test(written);
}

/** Place of the first letter of joined short flags that takes a value, or -1. */
function valueLetterAt(written: string, valueFlags: readonly string[]): number {
  for (let i = 1; i < written.length; i++) if (valueFlags.includes(`-${written[i]}`)) return i;
  return -1;
}
