/** Smaller images of the same version, by their figures. */

import type { ImageReference } from "../image/reference";
import { compareNumbers, numbersOf, readTag, type TagParts } from "../image/tag";
import { dateOf, namesSystemAlike, readTags, withTag } from "./find-tag";
import type { Catalogue, ImageFacts, ImageSize, TagAdvice } from "./types";
import { variantsOf } from "./variants";

/** What a smaller image has to save, in bytes. */
const worthwhileBytes = 10_000_000;

/** What a smaller image has to save, as a part of the present size. */
const worthwhilePart = 0.15;

/**
 * Smaller images of the same version: those of the same system and C library, smallest first, then one on Alpine, with a
 * warning, where it is smaller still. Figures decide, never names; empty where they are not known, and where less than
 * 10 MB or 15 % would be saved.
 */
export function smaller(catalogue: Catalogue, reference: ImageReference): readonly TagAdvice[] {
  const facts = catalogue.image(reference);
  if (facts === null || facts.size === null || facts.aliases.length === 0 || reference.digest !== null) return [];
  const parts = readTag(facts.tag);
  if (parts.version === null && !(facts.repository.isSystem && parts.system !== null)) return [];

  const present = facts.size;
  const sameLibc: Candidate[] = [];
  const onAlpine: Candidate[] = [];
  for (const candidate of readTags(catalogue, reference)) {
    if (candidate.text === facts.tag || !isSameVersion(parts, candidate, facts)) continue;
    if (!onlyShrinks(parts, candidate)) continue;
    const its = catalogue.image(withTag(reference, candidate.text));
    const saves = its === null ? null : savings(present, its.size);
    if (its === null || saves === null || saves < worthwhileBytes || saves < present.bytes * worthwhilePart) continue;
    const isAlpine = its.distribution?.libc === "musl" && facts.distribution?.libc !== "musl";
    if (isAlpine) onAlpine.push({ parts: candidate, facts: its, saves });
    else if (isSameSystem(facts, its)) sameLibc.push({ parts: candidate, facts: its, saves });
  }
  const inOrder = onePerImage(sameLibc, parts);
  const best = inOrder[0]?.saves ?? 0;
  const words = variantsOf(parts).length;
  const alpine = onePerImage(onAlpine, parts)
    .filter((one) => one.saves > best)
    .sort((a, b) => Math.abs(variantsOf(a.parts).length - words) - Math.abs(variantsOf(b.parts).length - words));
  return [...inOrder, ...alpine.slice(0, 1)].map((one) => shrinkTo(reference, parts, one));
}

interface Candidate {
  readonly parts: TagParts;
  readonly facts: ImageFacts;
  readonly saves: number;
}

/** Words that only say how much is left out; an image that differs by these alone does the same work. */
const shrinkingWords: ReadonlySet<string> = new Set([
  "slim",
  "minimal",
  "jre",
  "chiseled",
  "distroless",
  "runtime",
  "base",
]);

/** Words that may go with the full image. */
const fullWords = /^(?:jdk\d*|devel|runtime)$/;

function isSameVersion(asked: TagParts, candidate: TagParts, facts: ImageFacts): boolean {
  if (asked.version !== candidate.version || asked.prefix !== candidate.prefix) return false;
  if (asked.version !== null) return true;
  const isSystem = facts.repository.isSystem && asked.system?.version === candidate.system?.version;
  return isSystem && dateOf(asked) === dateOf(candidate);
}

/** Whether the candidate differs from what was asked for by words that make an image smaller, and by no others. */
function onlyShrinks(asked: TagParts, candidate: TagParts): boolean {
  const before = variantsOf(asked);
  const after = variantsOf(candidate);
  const added = after.filter((word) => !before.includes(word));
  const removed = before.filter((word) => !after.includes(word));
  const isSmaller = (word: string): boolean => shrinkingWords.has(word) || word === "alpine" || /^jre\d+$/.test(word);
  if (!added.every(isSmaller) || added.length === 0) return false;
  return removed.every((word) => (word === "slim" ? added.includes("alpine") : fullWords.test(word)));
}

function isSameSystem(a: ImageFacts, b: ImageFacts): boolean {
  return (
    a.distribution?.family === b.distribution?.family &&
    a.distribution?.version === b.distribution?.version &&
    a.windows === b.windows
  );
}

/** Bytes saved, or null where the two figures are not of the same sort. */
function savings(present: ImageSize, other: ImageSize | null): number | null {
  if (other === null || (present.kind === "on-disk") !== (other.kind === "on-disk")) return null;
  return present.bytes - other.bytes;
}

/** One tag per image, in the style of the tag asked for; the image that saves most first. */
function onePerImage(candidates: readonly Candidate[], asked: TagParts): readonly Candidate[] {
  const kinds = new Map<string, Candidate>();
  for (const one of candidates) {
    const key = variantsOf(one.parts).join(" ");
    const known = kinds.get(key);
    if (known === undefined || isCloser(one.parts, known.parts, asked)) kinds.set(key, one);
  }
  return [...kinds.values()].sort((a, b) => b.saves - a.saves);
}

function isCloser(a: TagParts, b: TagParts, asked: TagParts): boolean {
  const rank = (tag: TagParts): readonly number[] => [
    namesSystemAlike(tag, asked) ? 0 : 1,
    (tag.system?.version == null) === (asked.system?.version == null) ? 0 : 1,
    ...numbersOf(tag.system?.version ?? "").map((number) => -number),
    tag.text.length,
  ];
  return compareNumbers(rank(a), rank(b)) < 0;
}

function shrinkTo(reference: ImageReference, asked: TagParts, { parts, facts, saves }: Candidate): TagAdvice {
  const before = variantsOf(asked);
  const words = variantsOf(parts).filter((word) => !before.includes(word));
  const kinds = shrinkings.filter(({ word }) => words.some((one) => word.test(one)));
  const leftOut = kinds[0]?.consequence ?? "Some packages are left out.";
  const guess = facts.size?.kind === "estimate" ? " (an estimate)" : "";
  return {
    repository: reference.repository,
    tag: parts.text,
    reason: `${kinds[0]?.reason ?? "a smaller variant"}${guess}`,
    saves,
    consequence: consequenceOf(facts, kinds[0]?.reason ?? "", leftOut),
  };
}

/** What a variant leaves out where that is another thing than in most images. */
function consequenceOf({ repository }: ImageFacts, reason: string, usual: string): string {
  if (repository.isSystem && reason === "the slim variant") return "Documentation and translations are left out.";
  const isDotnet = /(?:^|\/)dotnet\//.test(repository.name);
  return isDotnet && /shell|Alpine/.test(reason)
    ? `${usual} It lacks ICU, which cultures other than the invariant need.`
    : usual;
}

/** What each variant leaves out, most drastic first. */
const shrinkings: readonly { readonly word: RegExp; readonly reason: string; readonly consequence: string }[] = [
  {
    word: /^alpine$/,
    reason: "the Alpine variant",
    consequence: "It has musl instead of glibc: binaries built for glibc do not run.",
  },
  {
    word: /^(?:chiseled|distroless)$/,
    reason: "the variant without a shell",
    consequence: "It has no shell and no package manager, and does not run as root.",
  },
  {
    word: /^jre\d*$/,
    reason: "the runtime without the compiler",
    consequence: "The Java compiler and the tools of the JDK are left out.",
  },
  {
    word: /^minimal$/,
    reason: "the minimal variant",
    consequence: "Many packages are left out, and microdnf replaces dnf.",
  },
  {
    word: /^slim$/,
    reason: "the slim variant",
    consequence: "Compilers, git and curl are left out: install what is used.",
  },
  {
    word: /^(?:runtime|base)$/,
    reason: "the runtime variant",
    consequence: "Compilers, headers and development libraries are left out.",
  },
];
