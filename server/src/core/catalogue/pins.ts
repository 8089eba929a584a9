/** Which tag to write for a base without a version. */

import type { ImageReference } from "../image/reference";
import { numbersOf, readTag, type TagParts } from "../image/tag";
import { bestBy, findTag, isRelease, namesSystemAlike, readTags, sameWords, withTag } from "./find-tag";
import { isLongTerm, isSupported, nameOf } from "./lines";
import { smaller } from "./smaller";
import type { Catalogue, Day, ImageFacts, ReleaseLine, TagAdvice } from "./types";
import { variantsOf } from "./variants";

/**
 * What to write for a base without a version (`node`, `node:latest`, `node:lts-slim`): first the release line that the
 * tag means today with the same variant, then the current long-term line where that is another, then a smaller variant
 * of the first. Empty for tags with a version, for digests, and where nothing is known.
 */
export function pins(catalogue: Catalogue, reference: ImageReference, today: Day): readonly TagAdvice[] {
  const facts = catalogue.image(reference);
  if (facts === null || reference.digest !== null) return [];
  const parts = readTag(facts.tag);
  if (isPinned(facts, parts)) return [];

  const wanted = facts.variants;
  const first =
    facts.aliases.length > 0
      ? (meaningToday(facts, wanted) ?? sameLine(catalogue, reference, facts, today))
      : newestOf(catalogue, reference, facts, wanted, today);
  const advice: TagAdvice[] = [];
  if (first !== null) advice.push(pinTo(reference, facts, first));

  const longTerm = newestLongTerm(catalogue, reference, today);
  if (longTerm !== null && longTerm.line !== facts.line) {
    const tag = findTag(catalogue, reference, { parts, variants: wanted, line: longTerm.line, today });
    if (tag !== null && tag !== first) {
      advice.push({
        repository: reference.repository,
        tag,
        reason: "the current LTS line",
        saves: null,
        consequence: `The image changes from ${nameOf(facts)} to ${longTerm.subject}.`,
      });
    }
  }
  if (first !== null) {
    const present = withTag(reference, first);
    const slim = smaller(catalogue, present).find((one) => hasSameLibc(catalogue, present, one));
    if (slim !== undefined && !advice.some((one) => one.tag === slim.tag)) advice.push(slim);
  }
  return advice;
}

/** Whether a tag says which release it is: by a version anywhere in it, or by a date, or as the name of a system. */
function isPinned(facts: ImageFacts, parts: TagParts): boolean {
  if (parts.version !== null) return true;
  const isRelease = (word: string, index: number): boolean => {
    const isOfSystem = parts.system !== null && index >= parts.system.from && index < parts.system.to;
    return !isOfSystem && /^(?:\d+\.[\d.]+|\d{8})$/.test(word);
  };
  if (parts.suffixes.some(isRelease)) return true;
  // `debian:bookworm`, `buildpack-deps:jammy`: the system is what the image is about.
  const isSystem = facts.repository.isSystem || facts.version === null || facts.version === parts.system?.version;
  return isSystem && parts.system?.version != null;
}

/** The alias of the same image that says the release line and no more. */
function meaningToday(facts: ImageFacts, variants: readonly string[]): string | null {
  const asked = readTag(facts.tag);
  const line = facts.line === null ? null : numbersOf(facts.line);
  const versions = facts.aliases.map(readTag).filter((alias) => isRelease(alias) && alias.prefix === "");
  const best = bestBy(versions, (alias) => [
    sameWords(variantsOf(alias), variants) ? 0 : 1,
    namesSystemAlike(alias, asked) ? 0 : 1,
    line === null ? Math.abs(alias.precision - 2) : Math.abs(alias.precision - line.length),
    alias.suffixes.length,
  ]);
  if (best !== null) return best.text;
  // No alias has a version: a code name (`buildpack-deps:trixie`) stays where it is.
  const named = facts.aliases
    .map(readTag)
    .filter((alias) => alias.text !== facts.tag)
    .find((alias) => alias.system?.version != null && sameWords(variantsOf(alias), variants));
  return named?.text ?? null;
}

/** `debian:stable` shares no image with `debian:13`, but names the same release. */
function sameLine(catalogue: Catalogue, reference: ImageReference, facts: ImageFacts, today: Day): string | null {
  if (facts.line === null) return null;
  const { line, variants } = facts;
  return findTag(catalogue, reference, { parts: readTag("latest"), variants, line, today });
}

/** For a tag that is not live (`mongo:latest`): the newest release with the same variants. */
function newestOf(
  catalogue: Catalogue,
  reference: ImageReference,
  facts: ImageFacts,
  variants: readonly string[],
  today: Day,
): string | null {
  if (facts.repository.deprecation !== null) return null;
  const parts = readTag(facts.tag);
  for (const line of catalogue.lines(reference)) {
    if (!isSupported(line, today)) continue;
    const tag = findTag(catalogue, reference, { parts, variants, line: line.line, today });
    if (tag !== null) return tag;
  }
  const releases = readTags(catalogue, reference).filter(
    (tag) => isRelease(tag) && tag.prefix === "" && tag.system === null && sameWords(variantsOf(tag), variants),
  );
  return bestBy(releases, (tag) => tag.numbers.map((number) => -number))?.text ?? null;
}

function pinTo(reference: ImageReference, facts: ImageFacts, tag: string): TagAdvice {
  const isToday = facts.aliases.length > 0;
  return {
    repository: reference.repository,
    tag,
    reason: null,
    saves: null,
    consequence: isToday
      ? `The same image as today; it no longer follows ${facts.tag}.`
      : facts.dropped === null && facts.repository.hasLatest
        ? `The newest release that is known; ${facts.tag} may mean another.`
        : `${facts.tag} is no longer published; this is the newest release.`,
  };
}

function newestLongTerm(catalogue: Catalogue, reference: ImageReference, today: Day): ReleaseLine | null {
  return catalogue.lines(reference).find((line) => isLongTerm(line, today) && isSupported(line, today)) ?? null;
}

function hasSameLibc(catalogue: Catalogue, present: ImageReference, advice: TagAdvice): boolean {
  const before = catalogue.image(present)?.distribution?.libc ?? null;
  const after = catalogue.image(withTag(present, advice.tag))?.distribution?.libc ?? null;
  return before === after;
}
