/** Where to go from a base that has ended. */

import { type ImageReference, parseReference } from "../image/reference";
import { compareNumbers, numbersOf, readTag, type TagParts } from "../image/tag";
import { daysBetween } from "./days";
import { endOfLife, soonDays } from "./end-of-life";
import { findTag, isLive, startsWith, type Wanted, withTag } from "./find-tag";
import { isLongTerm, isSupported, lasts, nameOf } from "./lines";
import type { Catalogue, Day, ImageFacts, ReleaseLine, TagAdvice } from "./types";

/**
 * Where to go from a base that has ended, ends soon, or is no longer rebuilt: the nearest line that is supported for
 * another year, then the newest. Long-term goes to long-term, the variant and the kind of system stay. Where only the
 * distribution ended, the version stays. A deprecated repository goes to its successors, with tags that are live there.
 */
export function successors(catalogue: Catalogue, reference: ImageReference, today: Day): readonly TagAdvice[] {
  const facts = catalogue.image(reference);
  if (facts === null || reference.digest !== null) return [];
  const elsewhere = fromDeprecation(catalogue, facts, today);
  if (elsewhere.length > 0) return elsewhere;

  const ending = endOfLife(facts, today);
  if (ending === null) return facts.dropped === null ? [] : fromDropped(catalogue, reference, facts, today);
  const productEnds = facts.ends.some((end) => end.of === "product" && daysBetween(today, end.end) <= soonDays);
  if (!productEnds) {
    const newerSystem = onNewerSystem(catalogue, reference, facts, today);
    const movesItself = facts.aliases.length > 0 && readTag(facts.tag).system?.version == null;
    if (newerSystem.length > 0 || movesItself) return newerSystem;
  }
  return onNewerLine(catalogue, reference, facts, today);
}

function onNewerLine(
  catalogue: Catalogue,
  reference: ImageReference,
  facts: ImageFacts,
  today: Day,
): readonly TagAdvice[] {
  const parts = readTag(facts.tag);
  const lines = catalogue.lines(reference);
  const current = lines.findIndex((line) => line.line === facts.line);
  const newer = (current < 0 ? lines : lines.slice(0, current)).filter((line) => isSupported(line, today));
  const fitting = facts.lts === true ? newer.filter((line) => isLongTerm(line, today)) : newer;
  return chooseLines(catalogue, reference, facts, parts, fitting, today);
}

/** For a tag that is no longer rebuilt though its product lives (`mongo:8`): lines that it could have meant. */
function fromDropped(
  catalogue: Catalogue,
  reference: ImageReference,
  facts: ImageFacts,
  today: Day,
): readonly TagAdvice[] {
  const parts = readTag(facts.tag);
  const meant = catalogue
    .lines(reference)
    .filter((line) => isSupported(line, today) && startsWith(numbersOf(line.line), parts.numbers));
  const lines = facts.line === null ? meant : meant.filter((line) => line.line === facts.line);
  const advice = chooseLines(catalogue, reference, facts, parts, lines, today);
  return advice.length > 0 ? advice : onNewerLine(catalogue, reference, facts, today);
}

/** The nearest line that lasts, then the newest; one of them where they are the same. `lines`: newest first. */
function chooseLines(
  catalogue: Catalogue,
  reference: ImageReference,
  facts: ImageFacts,
  parts: TagParts,
  lines: readonly ReleaseLine[],
  today: Day,
): readonly TagAdvice[] {
  const found: { readonly line: ReleaseLine; readonly tag: string }[] = [];
  for (const line of [...lines].reverse()) {
    const tag = findKept(catalogue, reference, { parts, variants: facts.variants, line: line.line, today });
    if (tag !== null && tag !== facts.tag) found.push({ line, tag });
  }
  const newest = found.at(-1);
  if (newest === undefined) return [];
  const nearest = found.find(({ line }) => lasts(line.end, today)) ?? newest;
  // Where no line was chosen (`mongo:latest`), there is none to stay near to.
  const chosen = nearest === newest || (facts.line === null && parts.version === null) ? [newest] : [nearest, newest];
  return chosen.map(({ line, tag }) => {
    return {
      repository: reference.repository,
      tag,
      reason: line.end === null ? null : `supported until ${line.end.slice(0, 7)}`,
      saves: null,
      consequence:
        facts.line === line.line
          ? `The image is a newer one; its line stays ${line.subject}.`
          : `The image changes from ${nameOf(facts)} to ${line.subject}.${alsoChanges(facts, line)}`,
    };
  });
}

/** What a step to another line asks of the project, where people are surprised by it; else an empty text. */
function alsoChanges({ repository: { name }, line }: ImageFacts, to: ReleaseLine): string {
  const [before = 0] = numbersOf(line ?? "");
  const [after = 0] = numbersOf(to.line);
  if (/(?:^|\/)dotnet\/(?:core\/)?(?:aspnet|runtime|runtime-deps)$/.test(name)) {
    return " It starts only what was built for it: the SDK and TargetFramework move along.";
  }
  // Source: release notes of Node.js 25.
  if (name === "node" && before < 25 && after >= 25) return " Corepack is no longer part of it.";
  return "";
}

/** A tag with the variants of the one that is left, or with those that took their place. */
function findKept(catalogue: Catalogue, reference: ImageReference, wanted: Wanted): string | null {
  for (const variants of [wanted.variants, ...replacedVariants(wanted.variants)]) {
    const tag = findTag(catalogue, reference, { ...wanted, variants });
    if (tag !== null) return tag;
  }
  return null;
}

/**
 * Images that carry a JDK were built on openjdk until that was deprecated in 2022, and are built on Eclipse Temurin
 * since: `maven:3.8-openjdk-11`, `maven:3.6-jdk-8`, `tomcat:9-jdk11-openjdk-slim`.
 */
function replacedVariants(variants: readonly string[]): readonly (readonly string[])[] {
  const others = variants.filter((word) => word !== "openjdk" && word !== "adoptopenjdk" && word !== "slim");
  if (others.length === variants.length && !variants.includes("jdk")) return [];
  const glued = others.filter((word) => /^(?:jdk|jre)\d+$/.test(word));
  if (glued.length > 0) return [[...others, "temurin"], others];
  return [["eclipse", "temurin", ...others.filter((word) => word !== "jdk")]];
}

/** The same version on a newer release of the same distribution. */
function onNewerSystem(
  catalogue: Catalogue,
  reference: ImageReference,
  facts: ImageFacts,
  today: Day,
): readonly TagAdvice[] {
  const parts = readTag(facts.tag);
  // A tag that names no system moves to the next one by itself, when the image is rebuilt on it.
  if (parts.system?.version == null || parts.version === null) return [];
  const lines = [parts.version, ...(facts.line === null ? [] : [facts.line])];
  for (const line of lines) {
    const tag = findTag(catalogue, reference, { parts, variants: facts.variants, line, today });
    if (tag === null || tag === facts.tag) continue;
    const distribution = catalogue.image(withTag(reference, tag))?.distribution;
    if (distribution?.version === facts.distribution?.version) continue;
    const name = [distribution?.label, distribution?.version].filter((word) => word != null).join(" ");
    return [
      {
        repository: reference.repository,
        tag,
        reason: null,
        saves: null,
        consequence: `The system becomes ${name}, with newer packages.`,
      },
    ];
  }
  return [];
}

function fromDeprecation(catalogue: Catalogue, facts: ImageFacts, today: Day): readonly TagAdvice[] {
  const { deprecation } = facts.repository;
  if (deprecation === null) return [];
  const advice: TagAdvice[] = [];
  let hasSameLine = false;
  for (const text of deprecation.successors) {
    const successor = parseReference(text);
    const found = successor === null ? null : tagInSuccessor(catalogue, successor, facts, today);
    // A vendor that keeps the line spares the user a jump, so one that does not is no choice beside it.
    if (successor === null || found === null || (hasSameLine && !found.isSameLine)) continue;
    hasSameLine ||= found.isSameLine;
    advice.push({
      repository: successor.repository,
      tag: found.tag,
      reason: null,
      saves: null,
      consequence: `The image comes from ${successor.repository} instead of ${facts.repository.name}.`,
    });
  }
  return advice;
}

function tagInSuccessor(
  catalogue: Catalogue,
  successor: ImageReference,
  facts: ImageFacts,
  today: Day,
): { readonly tag: string; readonly isSameLine: boolean } | null {
  const live = (tags: readonly string[]): { readonly tag: string; readonly isSameLine: boolean } | null => {
    const tag = tags.find((one) => isLive(catalogue, withTag(successor, one)));
    return tag === undefined ? null : { tag, isSameLine: false };
  };
  if (successor.tag !== null) return live([successor.tag]);
  if (!catalogue.tags(successor).some((tag) => readTag(tag).version !== null)) {
    // Repositories without versions (distroless): the tag as it is; where none was given, the one that is not root.
    return live(facts.tag === "latest" ? ["nonroot", "latest"] : [facts.tag]);
  }

  const line = lineInSuccessor(catalogue.lines(successor), readTag(facts.tag), today);
  if (line === null) return null;
  const isAlpine = facts.distribution?.family === "alpine";
  const parts = readTag(isAlpine ? `${line.line}-alpine` : line.line);
  for (const variants of variantsInSuccessor(facts.variants, isAlpine)) {
    const tag = findTag(catalogue, successor, { parts, variants, line: line.line, today });
    if (tag !== null) return { tag, isSameLine: startsWith(readTag(facts.tag).numbers, numbersOf(line.line)) };
  }
  return null;
}

/** The same line where it is supported, else the nearest later one that lasts, long-term where there is such a thing. */
function lineInSuccessor(lines: readonly ReleaseLine[], parts: TagParts, today: Day): ReleaseLine | null {
  const supported = lines.filter((line) => isSupported(line, today));
  const longTerm = supported.filter((line) => isLongTerm(line, today));
  const preferred = longTerm.length > 0 ? longTerm : supported;
  const newest = preferred[0] ?? null;
  if (parts.version === null) return newest;
  const same = supported.find((line) => startsWith(parts.numbers, numbersOf(line.line)));
  const later = [...preferred]
    .reverse()
    .find((line) => lasts(line.end, today) && compareNumbers(numbersOf(line.line), parts.numbers) >= 0);
  return same ?? later ?? newest;
}

/** What to look for, best first: all variants, then without those that only make it smaller; Alpine stays Alpine. */
function variantsInSuccessor(variants: readonly string[], isAlpine: boolean): readonly (readonly string[])[] {
  const kept = isAlpine ? ["alpine"] : [];
  const words = variants.filter((word) => word !== "alpine" && !/^\d/.test(word));
  const runtime = words.filter((word) => word === "jre");
  return [words, words.filter((word) => word !== "slim"), runtime, []].map((one) => [...one, ...kept]);
}
