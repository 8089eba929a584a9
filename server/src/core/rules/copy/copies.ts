/** What COPY and ADD copy from where to where: read once for all rules of this theme. */
import { normalizePath } from "../../model/build";
import { expandText, stageState } from "../../model/scope";
import type { Instruction } from "../../model/types";
import { locate } from "../../model/types";
import type { ParsedInstruction } from "../../syntax/types";
import type { Span } from "../../text";

/** One source, or the destination. */
export interface Place {
  /** As written, quotes included. */
  readonly text: string;
  /** Quotes removed and variables replaced; null when one of them is not known. */
  readonly value: string | null;
  readonly span: Span;
  /** The text stands in the file as it is: no quotes, no variable, no continuation within. */
  readonly isPlain: boolean;
}

/** A COPY or ADD that the builder accepts. */
export interface Copies {
  readonly instruction: Instruction;
  /** The COPY or ADD itself, which may stand in an ONBUILD. */
  readonly parsed: ParsedInstruction;
  readonly keyword: "COPY" | "ADD";
  /** Without those that come from heredocs. */
  readonly sources: readonly Place[];
  readonly target: Place;
  readonly heredocs: number;
  /** False with `--from`. */
  readonly fromContext: boolean;
  readonly onbuild: boolean;
  flag(name: string): boolean;
}

/** Reads a COPY or ADD, also one in ONBUILD; null for all else and for those that the builder refuses. */
export function copiesOf(instruction: Instruction): Copies | null {
  const known = remembered.get(instruction);
  if (known !== undefined) return known;
  const copies = readCopies(instruction);
  remembered.set(instruction, copies);
  return copies;
}

// Nearly every rule of this theme asks; an instruction belongs to one version of a file, and so does the answer.
const remembered = new WeakMap<Instruction, Copies | null>();

function readCopies(instruction: Instruction): Copies | null {
  const parsed = instruction.parsed.trigger ?? instruction.parsed;
  const { keyword } = parsed;
  if ((keyword !== "COPY" && keyword !== "ADD") || instruction.parsed.problems.length > 0) return null;
  const places = parsed.json
    ? parsed.json.map((item) => place(instruction, item.value, item, false))
    : parsed.words
        .filter((word) => !/^\d*<<-?[^<]/.test(word.text))
        .map((word) => {
          const isPlain = word.value === word.text && word.to - word.from === word.text.length;
          return place(instruction, word.text, word, isPlain, word.value);
        });
  const target = places.at(-1);
  if (!target) return null;
  return {
    instruction,
    parsed,
    keyword,
    sources: places.slice(0, -1),
    target,
    heredocs: instruction.parsed.heredocs.length,
    fromContext: !parsed.flags.some((flag) => flag.name === "from"),
    onbuild: parsed !== instruction.parsed,
    flag: (name) => parsed.flags.some((flag) => flag.name === name),
  };
}

/** The absolute path that a destination or a word of a later RUN means; null when not known. Windows paths are not read. */
export function absolutePath(path: string | null, instruction: Instruction): string | null {
  if (path === null || /[\\]|^[A-Za-z]:/.test(path)) return null;
  if (path.startsWith("/")) return normalizePath(path);
  return instruction.workdir === null ? null : normalizePath(`${instruction.workdir}/${path}`);
}

/** True for addresses that ADD loads: over http, or with git. */
export function isRemote(source: string): boolean {
  return /^(?:https?|ftp|git|ssh):\/\//i.test(source) || /^git@/.test(source) || /\.git(?:[#?].*)?$/.test(source);
}

/** True for addresses that ADD reads with git. */
export function isGit(source: string): boolean {
  return /^(?:git|ssh):\/\//i.test(source) || /^git@/.test(source) || /\.git(?:[#?].*)?$/.test(source);
}

/** True for names of archives that ADD unpacks, or that people take for such. */
export function isArchive(name: string): boolean {
  return (
    /\.(?:tar|t?gz|t?bz2?|tbz2|t?xz|tlz|lz|lzma|t?Z|tb2|tpz|t?zst)$/i.test(name) || /\.tar\.[a-z0-9]+$/i.test(name)
  );
}

/** True for a source that may match several names. */
export function isPattern(source: string): boolean {
  return /[*?[]/.test(source);
}

/** The last part of a path, a slash at its end left out. */
export function baseName(path: string): string {
  const clean = path.replace(/\/+$/, "");
  return clean.slice(clean.lastIndexOf("/") + 1);
}

function place(
  instruction: Instruction,
  text: string,
  local: { readonly from: number; readonly to: number },
  isPlain: boolean,
  value: string | null = null,
): Place {
  return { text, value: value ?? expanded(instruction, text), span: locate(instruction, local), isPlain };
}

function expanded({ stage, index, parsed }: Instruction, text: string): string | null {
  if (!stage) return null;
  return expandText(text, parsed.escape, (name) => stageState(stage.scope, name, index));
}
