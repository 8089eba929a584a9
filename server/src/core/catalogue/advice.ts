/**
 * Which tag to move to: for a base that is not pinned, for a heavy one, and for one that has ended.
 *
 * Three rules hold for all advice, because linters that broke them were switched off: a proposed tag is live in the
 * data; the kind of system (glibc or musl, Debian or Alpine) stays, unless a warning says otherwise; a long-term line
 * is never left for a short one.
 */
import { type ImageReference, parseReference } from "../image/reference";
import { compareNumbers, numbersOf, readTag, type TagParts } from "../image/tag";
import { daysBetween } from "./days";
import type { Catalogue, Day, Deprecation, EndOfLife, ImageFacts, ImageSize, ReleaseLine, TagAdvice } from "./types";

/** An end that is this many days away is worth saying. */
const soonDays = 90;
/** A line to move to should last this many days, or the move has to be made again at once. */
const worthwhileDays = 365;
/** What a smaller image has to save: bytes, and part of the present size. */
const worthwhileBytes = 10_000_000;
const worthwhilePart = 0.15;

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
        reason: `${longTerm.subject}, the current long-term line`,
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

/**
 * The end worth reporting: one that has passed before one that is near (90 days), the product's before that of the
 * system under it. The last day itself still counts as supported.
 */
export function endOfLife(
  facts: ImageFacts,
  today: Day,
): { readonly end: EndOfLife; readonly kind: "ended" | "soon" } | null {
  const ended = facts.ends.find((end) => end.end < today);
  if (ended !== undefined) return { end: ended, kind: "ended" };
  // A live tag that names no release of its system is rebuilt on the next one in time: nothing to do for anybody.
  const movesItself = facts.aliases.length > 0 && readTag(facts.tag).system?.version == null;
  const soon = facts.ends.find(
    (end) => daysBetween(today, end.end) <= soonDays && !(end.of === "distribution" && movesItself),
  );
  return soon === undefined ? null : { end: soon, kind: "soon" };
}

// ---- pins

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
    reason: isToday ? `the line \`${facts.tag}\` means today` : "the newest release",
    saves: null,
    consequence: isToday
      ? "Today this is the same image; it no longer moves to the next release line by itself."
      : facts.dropped === null && facts.repository.hasLatest
        ? `The newest release that is known; \`${facts.tag}\` may mean another.`
        : `\`${facts.tag}\` is no longer published; this is the newest release.`,
  };
}

function newestLongTerm(catalogue: Catalogue, reference: ImageReference, today: Day): ReleaseLine | null {
  return catalogue.lines(reference).find((line) => isLongTerm(line, today) && isSupported(line, today)) ?? null;
}

// ---- smaller

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
const fullWords = /^(?:jdk\d*|devel|runtime)$/;

function isSameVersion(asked: TagParts, candidate: TagParts, facts: ImageFacts): boolean {
  if (asked.version !== candidate.version || asked.prefix !== candidate.prefix) return false;
  if (asked.version !== null) return true;
  const isSystem = facts.repository.isSystem && asked.system?.version === candidate.system?.version;
  return isSystem && dateOf(asked) === dateOf(candidate);
}

function dateOf(parts: TagParts): string {
  return parts.suffixes.find((word) => /^\d{8}$/.test(word)) ?? "";
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
  const guess = facts.size?.kind === "estimate" ? " (an estimate)" : "";
  return {
    repository: reference.repository,
    tag: parts.text,
    reason: `${kinds[0]?.reason ?? "smaller variant"}${guess}`,
    saves,
    consequence: kinds.map(({ consequence }) => consequence).join(" "),
  };
}

/** What each variant leaves out, most drastic first. */
const shrinkings: readonly { readonly word: RegExp; readonly reason: string; readonly consequence: string }[] = [
  {
    word: /^alpine$/,
    reason: "Alpine variant",
    consequence:
      "Alpine uses musl instead of glibc: binaries built for glibc do not run, some packages compile from source.",
  },
  {
    word: /^(?:chiseled|distroless)$/,
    reason: "variant without shell and package manager",
    consequence: "There is no shell and no package manager in it, and it does not run as root.",
  },
  {
    word: /^jre\d*$/,
    reason: "runtime without the compiler",
    consequence: "The Java compiler and the tools of the JDK are not in it.",
  },
  {
    word: /^minimal$/,
    reason: "minimal variant",
    consequence: "Many packages are left out, and microdnf takes the place of dnf.",
  },
  {
    word: /^slim$/,
    reason: "slim variant",
    consequence: "Compilers, git, curl and other tools are left out: install what the build uses.",
  },
  {
    word: /^(?:runtime|base)$/,
    reason: "runtime variant",
    consequence: "Headers, compilers and libraries for development are left out.",
  },
];

function hasSameLibc(catalogue: Catalogue, present: ImageReference, advice: TagAdvice): boolean {
  const before = catalogue.image(present)?.distribution?.libc ?? null;
  const after = catalogue.image(withTag(present, advice.tag))?.distribution?.libc ?? null;
  return before === after;
}

// ---- successors

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
    const until = line.end === null ? "" : `, supported until ${line.end}`;
    return {
      repository: reference.repository,
      tag,
      reason: `${line.subject}${until}`,
      saves: null,
      consequence:
        facts.line === line.line
          ? `The release line stays ${line.subject}; the image is a newer one.`
          : `The image changes from ${nameOf(facts)} to ${line.subject}.`,
    };
  });
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
    const name = [distribution?.family, distribution?.codename ?? distribution?.version].filter((word) => word != null);
    return [
      {
        repository: reference.repository,
        tag,
        reason: `the same line on ${name.join(" ")}`,
        saves: null,
        consequence: `The system under it changes to ${name.join(" ")}: packages get newer versions, some other names.`,
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
      reason: `${facts.repository.label} ${fates[deprecation.kind]}`,
      saves: null,
      consequence: `The image comes from ${successor.repository} instead (${deprecation.reason}).`,
    });
  }
  return advice;
}

const fates: Readonly<Record<Deprecation["kind"], string>> = {
  deprecated: "is deprecated",
  removed: "was removed",
  stale: "gets no more updates",
  renamed: "has moved",
};

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

// ---- finding a tag

interface Wanted {
  /** The tag whose style is kept: its prefix, how exact it is, whether it names a system. */
  readonly parts: TagParts;
  readonly variants: readonly string[];
  readonly line: string;
  readonly today: Day;
}

/** A live tag of a release line with the given variants, on a system that is supported; null when there is none. */
function findTag(catalogue: Catalogue, reference: ImageReference, wanted: Wanted): string | null {
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

function isLive(catalogue: Catalogue, reference: ImageReference): boolean {
  return (catalogue.image(reference)?.aliases.length ?? 0) > 0;
}

const readLists = new WeakMap<readonly string[], readonly TagParts[]>();

/** All live tags, taken apart; kept as long as the catalogue keeps its list. */
function readTags(catalogue: Catalogue, reference: ImageReference): readonly TagParts[] {
  const tags = catalogue.tags(reference);
  const known = readLists.get(tags);
  if (known !== undefined) return known;
  const read = tags.map(readTag);
  readLists.set(tags, read);
  return read;
}

function variantsOf(tag: TagParts): readonly string[] {
  return tag.variants.filter((word) => !/^\d{8}$/.test(word));
}

function sameWords(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((word) => b.includes(word));
}

function namesSystemAlike(a: TagParts, b: TagParts): boolean {
  return (a.system === null) === (b.system === null) && (a.system?.version == null) === (b.system?.version == null);
}

function isRelease(tag: TagParts): boolean {
  return tag.version !== null && tag.prerelease === null;
}

function startsWith(numbers: readonly number[], start: readonly number[]): boolean {
  return start.length <= numbers.length && start.every((number, index) => number === numbers[index]);
}

function isSupported(line: ReleaseLine, today: Day): boolean {
  return !line.ended && (line.end === null || line.end >= today);
}

function isLongTerm(line: ReleaseLine, today: Day): boolean {
  return line.lts === true || (typeof line.lts === "string" && line.lts <= today);
}

function lasts(end: Day | null, today: Day): boolean {
  return end === null || daysBetween(today, end) >= worthwhileDays;
}

function nameOf(facts: ImageFacts): string {
  return facts.line === null ? facts.repository.label : `${facts.repository.label} ${facts.line}`;
}

function withTag(reference: ImageReference, tag: string): ImageReference {
  return { ...reference, text: `${reference.repository}:${tag}`, tag, digest: null };
}

/** The element with the lowest rank; the first of equals. */
function bestBy<T>(elements: readonly T[], rank: (element: T) => readonly number[]): T | null {
  let best: { readonly element: T; readonly rank: readonly number[] } | null = null;
  for (const element of elements) {
    const its = rank(element);
    if (best === null || compareNumbers(its, best.rank) < 0) best = { element, rank: its };
  }
  return best === null ? null : best.element;
}
