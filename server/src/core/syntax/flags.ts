/** Flags of an instruction and the comma-separated fields of `--mount`. */
import type { LogicalText } from "../shell/body";
import { isSpace, toSourceSpan } from "../shell/body";
import type { LocalSpan } from "../text";
import type { Escape, Flag, Word } from "./types";
import { readWord, removeQuotes, wordEnd } from "./words";

export interface FlagList {
  readonly flags: readonly Flag[];
  /** Where the arguments start in the joined text. */
  readonly argumentsFrom: number;
}

const none: readonly Flag[] = [];

/** Reads `--name[=value]` words from `from` on, up to the first word that is no flag (BuildKit: extractBuilderFlags). */
export function readFlags(body: LogicalText, from: number, escape: Escape): FlagList {
  const { text } = body;
  let flags: Flag[] | null = null;
  let at = from;
  for (;;) {
    while (at < text.length && isSpace(text.charCodeAt(at))) at++;
    if (!text.startsWith("--", at)) return { flags: flags ?? none, argumentsFrom: at };
    const end = wordEnd(text, at, text.length, escape);
    // A lone `--` ends the flags; the builder hands it on as an argument.
    if (end === at + 2) return { flags: flags ?? none, argumentsFrom: at };
    const equals = text.indexOf("=", at);
    const nameEnd = equals >= 0 && equals < end ? equals : end;
    flags ??= [];
    flags.push({
      ...toSourceSpan(body, at, end),
      name: text.slice(at + 2, nameEnd),
      nameSpan: toSourceSpan(body, at + 2, nameEnd),
      value: nameEnd < end ? readWord(body, { from: nameEnd + 1, to: end }, escape) : null,
    });
    at = end;
  }
}

/** `RUN --mount=type=secret,id=x,target=/y`. */
export interface Mount {
  readonly flag: Flag;
  /** `bind` when not written. */
  readonly type: string;
  readonly fields: readonly MountField[];
  /** The value of a field by any of its names, quotes removed; null when absent. */
  get(...names: string[]): string | null;
}

export interface MountField extends LocalSpan {
  /** Lower case. */
  readonly key: string;
  /** Null for a field without `=`, such as `readonly`. */
  readonly value: string | null;
}

/** Reads the mount that a flag declares, or null for other flags. Fields are CSV: one in double quotes may hold commas. */
export function readMount(flag: Flag): Mount | null {
  if (flag.name !== "mount" || !flag.value) return null;
  const known = mounts.get(flag);
  if (known) return known;
  const mount = mountOf(flag, csvFields(flag.value));
  mounts.set(flag, mount);
  return mount;
}

// Many rules ask, at every keystroke; a flag lives as long as the text of its instruction.
const mounts = new WeakMap<Flag, Mount>();

function mountOf(flag: Flag, fields: readonly MountField[]): Mount {
  const get = (...names: string[]): string | null => {
    for (let i = fields.length - 1; i >= 0; i--) {
      const field = fields[i] as MountField;
      if (names.includes(field.key)) return field.value ?? "true";
    }
    return null;
  };
  return { flag, type: get("type") ?? "bind", fields, get };
}

function csvFields(word: Word): readonly MountField[] {
  const fields: MountField[] = [];
  const { text } = word;
  // Offsets inside a word that a continuation splits cannot be told from its own; such a field spans the word.
  const straight = word.to - word.from === text.length;
  let from = 0;
  let quoted = false;
  for (let at = 0; at <= text.length; at++) {
    if (text[at] === '"') quoted = !quoted;
    if (at < text.length && (text[at] !== "," || quoted)) continue;
    const raw = text.slice(from, at);
    const plain = removeQuotes(raw, "\\");
    const equals = plain.indexOf("=");
    if (plain !== "") {
      fields.push({
        from: straight ? word.from + from : word.from,
        to: straight ? word.from + at : word.to,
        key: (equals < 0 ? plain : plain.slice(0, equals)).trim().toLowerCase(),
        value: equals < 0 ? null : plain.slice(equals + 1),
      });
    }
    from = at + 1;
  }
  return fields;
}
