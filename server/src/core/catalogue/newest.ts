/** The newest patch of the line that a tag is on: the same variant, the same system, nothing else moved. */
import type { ImageReference } from "../image/reference";
import { compareTags, numbersOf, readTag, type TagParts } from "../image/tag";
import { dateOf, isRelease, startsWith } from "./find-tag";
import type { Catalogue } from "./types";

/**
 * The newest tag among `tags` that differs from the reference's own in its last numbers alone; null where it is that one
 * already, or where it cannot be said which numbers are a patch. The release lines that the catalogue knows decide how far
 * it may go (`24.1.0` to `24.9.1`: line 24); without them only the last of three or more numbers may change.
 */
export function newestPatch(catalogue: Catalogue, reference: ImageReference, tags: readonly string[]): string | null {
  if (reference.tag === null) return null;
  const own = readTag(reference.tag);
  if (!isRelease(own) || dateOf(own) !== "") return null;
  const fixed = fixedNumbers(catalogue, reference, own);
  if (fixed === null) return null;
  let best = own;
  for (const text of tags) {
    const tag = readTag(text);
    if (!isRelease(tag) || dateOf(tag) !== "" || !startsWith(tag.numbers, fixed)) continue;
    if ((compareTags(tag, best) ?? 0) > 0) best = tag;
  }
  return best === own ? null : best.text;
}

/** The numbers that have to stay; null where that is not known. */
function fixedNumbers(catalogue: Catalogue, reference: ImageReference, own: TagParts): readonly number[] | null {
  const line = catalogue
    .lines(reference)
    .map((one) => numbersOf(one.line))
    .filter((numbers) => numbers.length > 0 && numbers.length < own.numbers.length && startsWith(own.numbers, numbers))
    .sort((a, b) => b.length - a.length)[0];
  if (line) return line;
  return own.numbers.length >= 3 ? own.numbers.slice(0, -1) : null;
}
