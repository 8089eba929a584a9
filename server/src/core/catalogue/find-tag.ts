/** Finds a live tag that is like another one: its variants, its style, its kind of system. */

import type { ImageReference } from "../image/reference";
import { compareNumbers, numbersOf, readTag, type TagParts } from "../image/tag";
import { daysBetween } from "./days";
import { soonDays } from "./end-of-life";
import { lasts } from "./lines";
import type { Catalogue, Day } from "./types";
import { variantsOf } from "./variants";

/** What a tag has to be like. */
export interface Wanted {
  /** The tag whose style is kept: its prefix, how exact it is, whether it names a system. */
  readonly parts: TagParts;
  readonly variants: readonly string[];
  readonly line: string;
  readonly today: Day;
}

/** A live tag of a release line with the given variants, on a system that is supported; null when there is none. */
export function findTag(catalogue: Catalogue, reference: ImageReference, wanted: Wanted): string | null {
  const facts = catalogue.repository(reference);
  if (facts === null) return null;
  const byName = facts.isSystem && wanted.parts.version === null && wanted.parts.system !== null;
  const line = numbersOf(wanted.line);
  const candidates: { readonly tag: TagParts; readonly rank: readonly number[] }[] = [];
  for (const tag of readTags(catalogue, reference)) {
    if (!sameWords(variantsOf(tag), wanted.variants)) continue;
    if (byName) {
      if (tag.version !== null || tag.system?.version !== wanted.line || dateOf(tag) !== "") continue;
      candidates.push({ tag, rank: [tag.text.length] });
      continue;
    }
    const prefixFits = wanted.parts.version === null ? /^v?$/.test(tag.prefix) : tag.prefix === wanted.parts.prefix;
    if (!isRelease(tag) || !prefixFits || !startsWith(tag.numbers, line)) continue;
    if (dateOf(tag) !== "") continue;
    const systemRank = rankSystem(catalogue, reference, tag, wanted);
    if (systemRank === null) continue;
    const precision = Math.max(line.length, wanted.parts.precision);
    const exactness = Math.abs(tag.precision - precision);
    candidates.push({ tag, rank: [...systemRank, exactness, ...tag.numbers.map((number) => -number)] });
  }
  return bestBy(candidates, ({ rank }) => rank)?.tag.text ?? null;
}

/** How well the system of a tag fits the one asked for, as three numbers; null when it does not. Lower is better. */
function rankSystem(
  catalogue: Catalogue,
  reference: ImageReference,
  tag: TagParts,
  wanted: Wanted,
): readonly number[] | null {
  const asked = wanted.parts.system;
  if (asked === null) return tag.system === null ? [0, 0, 0] : null;
  if (asked.version === null) {
    return tag.system?.family !== asked.family ? null : [tag.system.version === null ? 0 : 5, 0, 0];
  }

  // The user chose a release of the system: stay on it while it lasts, else go to the next one that does.
  const facts = catalogue.image(withTag(reference, tag.text));
  const system = tag.system?.version == null ? (facts?.distribution ?? null) : tag.system;
  if (system === null || system.family !== asked.family) return null;
  const end = facts?.ends.find((one) => one.of === "distribution")?.end ?? null;
  if (end !== null && daysBetween(wanted.today, end) <= soonDays) return null;
  if (tag.system?.version == null) return [tag.system === null ? 9 : 8, 0, 0];
  const order = compareNumbers(numbersOf(tag.system.version), numbersOf(asked.version));
  if (order < 0) return null;
  if (order === 0) return [lasts(end, wanted.today) ? 0 : 3, 0, 0];
  const [major = 0, minor = 0] = numbersOf(tag.system.version);
  return [lasts(end, wanted.today) ? 1 : 6, major, minor];
}

const readLists = new WeakMap<readonly string[], readonly TagParts[]>();

/** All live tags, taken apart; kept as long as the catalogue keeps its list. */
export function readTags(catalogue: Catalogue, reference: ImageReference): readonly TagParts[] {
  const tags = catalogue.tags(reference);
  const known = readLists.get(tags);
  if (known !== undefined) return known;
  const read = tags.map(readTag);
  readLists.set(tags, read);
  return read;
}

/** Whether an image is in the data as live. */
export function isLive(catalogue: Catalogue, reference: ImageReference): boolean {
  return (catalogue.image(reference)?.aliases.length ?? 0) > 0;
}

/** The same repository, as the file writes it, with another tag and no digest. */
export function withTag(reference: ImageReference, tag: string): ImageReference {
  return { ...reference, text: `${reference.repository}:${tag}`, tag, digest: null };
}

/** The day in a tag such as `trixie-20260803-slim`, as it stands there; empty when there is none. */
export function dateOf(parts: TagParts): string {
  return parts.suffixes.find((word) => /^\d{8}$/.test(word)) ?? "";
}

/** Whether two lists hold the same words, in any order. */
export function sameWords(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((word) => b.includes(word));
}

/** Whether both tags name a system, and both its version, or both do not. */
export function namesSystemAlike(a: TagParts, b: TagParts): boolean {
  return (a.system === null) === (b.system === null) && (a.system?.version == null) === (b.system?.version == null);
}

/** Whether a tag has a version that is no pre-release. */
export function isRelease(tag: TagParts): boolean {
  return tag.version !== null && tag.prerelease === null;
}

/** Whether a version belongs to a line: `[3, 14, 7]` starts with `[3, 14]`. */
export function startsWith(numbers: readonly number[], start: readonly number[]): boolean {
  return start.length <= numbers.length && start.every((number, index) => number === numbers[index]);
}

/** The element with the lowest rank; the first of equals. */
export function bestBy<T>(elements: readonly T[], rank: (element: T) => readonly number[]): T | null {
  let best: { readonly element: T; readonly rank: readonly number[] } | null = null;
  for (const element of elements) {
    const its = rank(element);
    if (best === null || compareNumbers(its, best.rank) < 0) best = { element, rank: its };
  }
  return best === null ? null : best.element;
}
