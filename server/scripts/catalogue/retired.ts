/** Packs the history of dropped tags: which floating tag left the official list on which day. */
import { unpackRetired } from "../../src/core/catalogue/format";
import { readTag } from "../../src/core/image/tag";

/** The dropped tags of all repositories, as the fact file and the catalogue hold them. */
export type RetiredTags = Readonly<Record<string, { readonly tails: string; readonly days: string }>>;

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

/**
 * Adds the tags that were live and are not any more, dropped on the given day, and takes out those that came back.
 * Both maps: repository → its live tags.
 */
export function renewRetired(
  retired: RetiredTags,
  before: ReadonlyMap<string, readonly string[]>,
  now: ReadonlyMap<string, readonly string[]>,
  day: string,
): RetiredTags {
  const result: Record<string, { readonly tails: string; readonly days: string }> = {};
  for (const name of [...new Set([...Object.keys(retired), ...before.keys()])].sort()) {
    const known = retired[name];
    const dayOf = new Map(known === undefined ? [] : unpackRetired(known));
    const live = new Set(now.get(name) ?? []);
    for (const tag of before.get(name) ?? []) if (!live.has(tag) && isFloating(tag)) dayOf.set(tag, day);
    for (const tag of live) dayOf.delete(tag);
    if (dayOf.size === 0) continue;
    const days: Record<string, string[]> = {};
    for (const [tag, its] of dayOf) {
      days[its] ??= [];
      days[its].push(tag);
    }
    result[name] = pack(days);
  }
  return result;
}

/** Packs one repository into the two texts that are kept. */
export function pack(days: Readonly<Record<string, readonly string[]>>): { tails: string; days: string } {
  const packed = packTags(days);
  return { tails: packed.tails.join("|"), days: packed.days.join(";") };
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
