/** Packs the history of dropped tags: which floating tag left the official list on which day. */
import { readTag } from "../../src/core/image/tag";

/** Repository → day → tags. */
export type RetiredTags = Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;

/** What one repository's history looks like when packed. */
export interface PackedTags {
  /** Sets of tails, each joined by spaces; `.` is the empty tail. */
  readonly tails: readonly string[];
  /** One text per day: `2021-08-14 0:3.4,3.5 2:3.6`, heads by the number of their set of tails. */
  readonly days: readonly string[];
}

/**
 * Whether a tag is worth keeping: a moving tag of at most two numbers. A tag of one exact build always leaves the list
 * when the next build comes, which says nothing; pre-releases, dates and Windows tags are nobody's base for long.
 */
export function isFloating(tag: string): boolean {
  const parts = readTag(tag);
  if (parts.precision > 2 || parts.prerelease !== null || parts.system?.family === "windows") return false;
  if (parts.version !== null && /[u_]\d/.test(parts.version)) return false;
  return !/\d+\.\d+[._]\d|\d{8}|(?:^|-)(?:ea|rc|beta|alpha)(?:-|\d|$)|windowsservercore|nanoserver|^\d{1,3}u\d|b\d\d/.test(
    tag,
  );
}

/** Packs one repository: tags of a day that differ only in their version share one set of tails. */
export function packTags(days: Readonly<Record<string, readonly string[]>>): PackedTags {
  const tails: string[] = [];
  const numberOf = new Map<string, number>();
  const packed: string[] = [];
  for (const day of Object.keys(days).sort()) {
    const tailsOfHead = new Map<string, string[]>();
    for (const tag of [...(days[day] ?? [])].sort()) {
      const [head, tail] = split(tag);
      const known = tailsOfHead.get(head);
      if (known === undefined) tailsOfHead.set(head, [tail]);
      else known.push(tail);
    }
    const headsOfSet = new Map<number, string[]>();
    for (const [head, itsTails] of tailsOfHead) {
      const key = itsTails.map((tail) => (tail === "" ? "." : tail)).join(" ");
      const number = numberOf.get(key) ?? tails.length;
      if (!numberOf.has(key)) {
        numberOf.set(key, number);
        tails.push(key);
      }
      const heads = headsOfSet.get(number);
      if (heads === undefined) headsOfSet.set(number, [head]);
      else heads.push(head);
    }
    const groups = [...headsOfSet].map(([number, heads]) => `${number}:${heads.join(",")}`);
    packed.push(`${day} ${groups.join(" ")}`);
  }
  return { tails, days: packed };
}

/** A tag as its version and the rest with its hyphen; no version: all of it is the rest. */
function split(tag: string): readonly [string, string] {
  const match = /^(v?\d+(?:\.\d+)?)(-.*)?$/.exec(tag);
  return match === null ? ["", tag] : [match[1] ?? "", match[2] ?? ""];
}
