/** Where a piece of shell text stands, and the small scanners that need the text between two nodes. */
import type { ShellConnector, ShellContext } from "./ast";

/** The text that a parser's positions refer to, with the way to the offsets of the whole script. */
export interface Place {
  readonly source: string;
  /** Offset in the script for each offset in `source`; null when they are the same. */
  readonly offsets: readonly number[] | null;
  readonly context: readonly ShellContext[];
}

/** A connector and where it stands in the place's own source. */
export interface FoundConnector {
  readonly connector: ShellConnector;
  readonly from: number;
  readonly to: number;
}

/**
 * The script's offset of a character in the place's source. Where the text breaks off in the middle of something, the
 * parser may name a place behind the end; the end is meant.
 */
export function startOf(place: Place, at: number): number {
  const inside = Math.min(at, place.source.length);
  return place.offsets === null ? inside : (place.offsets[inside] ?? inside);
}

/** The script's offset behind the character before `at`. */
export function endOf(place: Place, at: number): number {
  return place.offsets === null || at === 0 ? startOf(place, at) : startOf(place, at - 1) + 1;
}

/** The same place, one level deeper. */
export function within(place: Place, ...context: readonly ShellContext[]): Place {
  return { ...place, context: [...place.context, ...context] };
}

/** The operator that follows a list item ending at `at` (in the place's source), or null when the list ends there. */
export function connectorAfter(source: string, at: number): FoundConnector | null {
  const from = skipBlanks(source, at);
  const two = source.slice(from, from + 2);
  if (two === "&&" || two === "||") return { connector: two, from, to: from + 2 };
  const one = source[from];
  if (one === "&" || (one === ";" && two !== ";;" && two !== ";&")) return { connector: one, from, to: from + 1 };
  if (one !== "\n" && one !== "\r" && one !== "#") return null;
  const newline = source.indexOf("\n", from);
  return newline < 0 ? null : { connector: "\n", from: newline, to: newline + 1 };
}

/**
 * Offsets of a decoded backtick script: `decoded` is the text between the backticks of `raw` with backslashes removed
 * before `$`, a backtick, a backslash (and `"` within double quotes). Null when the two do not agree, so that nobody
 * points at a wrong place.
 */
export function decodedOffsets(place: Place, from: number, raw: string, decoded: string): readonly number[] | null {
  const offsets: number[] = [];
  let at = 1;
  for (let i = 0; i < decoded.length; i++) {
    if (raw[at] === "\\" && (decoded[i] !== "\\" || raw[at + 1] === "\\")) at++;
    if (raw[at] !== decoded[i]) return null;
    offsets.push(startOf(place, from + at));
    at++;
  }
  if (at !== raw.length - 1) return null;
  offsets.push(startOf(place, from + at));
  return offsets;
}

function skipBlanks(source: string, start: number): number {
  let at = start;
  for (;;) {
    const one = source[at];
    if (one === " " || one === "\t") at++;
    else if (one === "\\" && source[at + 1] === "\n") at += 2;
    else if (one === "\\" && source[at + 1] === "\r" && source[at + 2] === "\n") at += 3;
    else return at;
  }
}
