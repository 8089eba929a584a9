/** What is known of one image, put together from its repository, its tag and the systems. */

import { codenameOf, type NamedSystem } from "../image/systems";
import { compareNumbers, numbersOf, readTag, type TagParts } from "../image/tag";
import type { RepositoryLine, SystemsLine, UserLine } from "./format";
import { type Group, type Repository, readSystem } from "./repository";
import { sizeOf } from "./sizes";
import type { DefaultUser, Distribution, EndOfLife, ImageFacts, ReleaseLine } from "./types";
import { hasVersion, variantsOf } from "./variants";

/** What does not belong to one repository. */
export interface Knowledge {
  readonly date: string;
  lines(product: string): readonly ReleaseLine[];
  systems(): SystemsLine;
}

/** The facts about one tag of a repository. What is not known is null; a tag that was never seen is read by its parts. */
export function describe(repository: Repository, tag: string, knowledge: Knowledge): ImageFacts {
  const parts = readTag(tag);
  const group = repository.group(tag);
  const dropped = repository.dropped(tag);
  const aliases = group === null ? [] : sortAliases(group.tags);
  const version = group === null ? exactVersion(parts, repository.line) : bestVersion(aliases, repository.line);
  const lines = repository.line.product === undefined ? [] : knowledge.lines(repository.line.product);
  const line = releaseLine(repository, parts, group, version, lines, knowledge.date);
  const system = systemOf(repository, parts, group, line?.line ?? null, version);
  const windows = system?.family === "windows";
  const distribution = system === null ? null : distributionOf(system, repository, parts, knowledge);
  return {
    repository: repository.facts,
    tag,
    known: group !== null || dropped !== null,
    aliases,
    version,
    variants: variantsOf(parts),
    line: line?.line ?? null,
    ends: endsOf(repository, line, system, knowledge),
    dropped,
    size: windows ? null : sizeOf(repository, tag, parts, group, system),
    distribution,
    user: userOf(repository, parts, line?.line ?? null, system),
    windows,
    lts:
      line === null || line.lts === null
        ? null
        : line.lts === true || (line.lts !== false && line.lts <= knowledge.date),
  };
}

/** Longest version first, then the longest tag. */
function sortAliases(tags: readonly string[]): readonly string[] {
  const precision = new Map(tags.map((tag) => [tag, readTag(tag).precision]));
  return [...tags].sort(
    (a, b) => (precision.get(b) ?? 0) - (precision.get(a) ?? 0) || b.length - a.length || (a < b ? -1 : 1),
  );
}

function exactVersion(parts: TagParts, line: RepositoryLine): string | null {
  return hasVersion(parts, line) && parts.precision >= 3 ? parts.version : null;
}

function bestVersion(aliases: readonly string[], line: RepositoryLine): string | null {
  for (const alias of aliases) {
    const parts = readTag(alias);
    if (hasVersion(parts, line)) return parts.version;
  }
  return null;
}

function releaseLine(
  repository: Repository,
  parts: TagParts,
  group: Group | null,
  version: string | null,
  lines: readonly ReleaseLine[],
  date: string,
): ReleaseLine | null {
  const fixed = repository.line.line ?? repository.found?.line ?? null;
  if (fixed !== null) return lineOf(lines, numbersOf(fixed));
  if (version !== null) return lineOf(lines, numbersOf(version));
  if (hasVersion(parts, repository.line))
    return lineOf(lines, parts.numbers) ?? lineMeantBy(lines, parts.numbers, date);
  if (!repository.facts.isSystem) return null;
  // `debian:bookworm`, `debian:stable`: the system named by the tag, or written next to the group, is the product.
  const named = parts.system ?? group?.system ?? null;
  return named?.version == null ? null : (lines.find((line) => line.line === named.version) ?? null);
}

/**
 * The line that a dropped tag of fewer numbers must have meant: the only one that starts with them, or, where all of
 * them have ended, the newest (`python:2` was 2.7 to the last). MongoDB's rapid releases never had the short tag.
 */
function lineMeantBy(lines: readonly ReleaseLine[], numbers: readonly number[], date: string): ReleaseLine | null {
  const meant = lines.filter((line) => numbersOf(line.line).slice(0, numbers.length).join() === numbers.join());
  const haveAllEnded = meant.every((line) => line.ended || (line.end !== null && line.end < date));
  if (meant.length !== 1 && !haveAllEnded) return null;
  return meant.find(({ subject }) => !/rapid release/i.test(subject)) ?? meant[0] ?? null;
}

/** The line whose numbers start the given ones; the longest such line, so `3.1` before `3`. */
function lineOf(lines: readonly ReleaseLine[], numbers: readonly number[]): ReleaseLine | null {
  let best: ReleaseLine | null = null;
  let bestLength = 0;
  for (const line of lines) {
    const itsNumbers = numbersOf(line.line);
    if (itsNumbers.length <= bestLength || itsNumbers.length > numbers.length) continue;
    if (itsNumbers.every((number, index) => number === numbers[index])) {
      best = line;
      bestLength = itsNumbers.length;
    }
  }
  return best;
}

function systemOf(
  repository: Repository,
  parts: TagParts,
  group: Group | null,
  line: string | null,
  version: string | null,
): NamedSystem | null {
  const { os } = repository.line;
  if (os !== undefined) {
    const itself = line ?? (version === null ? null : version);
    return { family: os, version: itself };
  }
  if (group?.system != null) return group.system;
  let named: NamedSystem | null = parts.system;
  for (const alias of group?.tags ?? []) {
    if (named?.version != null) break;
    const system = readTag(alias).system;
    if (system !== null && (named === null || system.version !== null)) named = system;
  }
  if (named !== null) return named;
  const byDefault = repository.line.system === undefined ? null : readSystem(repository.line.system);
  if (byDefault === null) return null;
  return { family: byDefault.family, version: repository.found?.system ?? byDefault.version };
}

function distributionOf(
  system: NamedSystem,
  repository: Repository,
  parts: TagParts,
  knowledge: Knowledge,
): Distribution | null {
  const { families, overrides, alpineWithoutBash } = knowledge.systems();
  const family = families.find((entry) => entry.family === system.family);
  const words = wordsOf(repository, parts);
  let known = {
    packageManager: family?.packageManager ?? null,
    libc: family?.libc ?? null,
    shell: family?.shell ?? null,
    hasBash: family?.hasBash ?? null,
    accounts: family?.accounts ?? null,
  };
  for (const { family: name, words: needed, versions, ...values } of overrides) {
    if (name !== system.family) continue;
    const byWord = needed?.some((word) => words.includes(word)) ?? false;
    const byVersion = system.version !== null && (versions?.includes(system.version) ?? false);
    if (byWord || byVersion) known = { ...known, ...values };
  }
  // Some images add bash to Alpine: say no only where that was looked up.
  if (system.family === "alpine" && !alpineWithoutBash.includes(repository.facts.name)) known.hasBash = null;
  const codenameFamily = system.family === "distroless" ? "debian" : system.family;
  return {
    family: system.family,
    label: family?.label ?? system.family,
    version: system.version,
    codename: codenameOf(codenameFamily, system.version),
    ...known,
  };
}

function wordsOf(repository: Repository, parts: TagParts): readonly string[] {
  const ofName = repository.facts.name.split(/[/-]/).slice(1);
  return [...ofName, ...parts.text.split("-")];
}

function endsOf(
  repository: Repository,
  line: ReleaseLine | null,
  system: NamedSystem | null,
  knowledge: Knowledge,
): readonly EndOfLife[] {
  const ends: EndOfLife[] = [];
  if (line !== null) addEnd(ends, line, "product");
  if (system === null || repository.facts.isSystem) return ends;
  const family = knowledge.systems().families.find((entry) => entry.family === system.family);
  if (family?.product == null || system.version === null) return ends;
  const release = lineOf(knowledge.lines(family.product), numbersOf(system.version));
  if (release !== null) addEnd(ends, release, "distribution");
  return ends;
}

function addEnd(ends: EndOfLife[], line: ReleaseLine, of: "product" | "distribution"): void {
  if (line.end === null) return;
  ends.push({ subject: line.subject, of, end: line.end, securityEnd: line.securityEnd });
}

function userOf(
  repository: Repository,
  parts: TagParts,
  line: string | null,
  system: NamedSystem | null,
): DefaultUser | null {
  const words = parts.text.split("-");
  const entry = repository.users.find((user) => userFits(user, words, line, system));
  if (entry === undefined) return null;
  return {
    runsAs: entry.runsAs,
    how: entry.how,
    ready:
      entry.name === undefined
        ? null
        : {
            name: entry.name,
            uid: entry.uid ?? null,
            gid: entry.gid ?? null,
            write: entry.write ?? null,
            home: entry.home ?? null,
          },
    caveat: entry.caveat ?? null,
    verified: entry.verified === true,
  };
}

function userFits(user: UserLine, words: readonly string[], line: string | null, system: NamedSystem | null): boolean {
  if (user.words !== undefined && !user.words.some((word) => words.includes(word))) return false;
  // What is known of accounts is known of Linux, except where the entry names a Windows one.
  if (system?.family === "windows" && !/^Container/.test(user.runsAs)) return false;
  if (user.system !== undefined && user.system !== system?.family) return false;
  if (user.minLine !== undefined && (line === null || compareNumbers(numbersOf(line), numbersOf(user.minLine)) < 0)) {
    return false;
  }
  return !(
    user.maxLine !== undefined &&
    (line === null || compareNumbers(numbersOf(line), numbersOf(user.maxLine)) > 0)
  );
}
