/** One repository of the catalogue: its line, read when it is asked for. */

import type { NamedSystem } from "../image/systems";
import { compareNumbers, readTag } from "../image/tag";
import { type PatternsLine, type RepositoryLine, type SizeLine, type UserLine, unpackRetired } from "./format";
import { fillPlaces, matchPattern, type PatternMatch } from "./patterns";
import type { Deprecation, RepositoryFacts } from "./types";

/** One image of a repository: its tags, and its system where they do not name it. */
export interface Group {
  readonly tags: readonly string[];
  readonly system: NamedSystem | null;
}

/** A repository with everything that is known of it. */
export interface Repository {
  readonly facts: RepositoryFacts;
  readonly line: RepositoryLine;
  /** Where the name says them: the release line and the version of the system. */
  readonly found: PatternMatch | null;
  readonly users: readonly UserLine[];
  readonly sizes: readonly SizeLine[];
  group(tag: string): Group | null;
  dropped(tag: string): string | null;
  tags(): readonly string[];
}

/**
 * Opens a repository: `text` is its own line, or null; then a pattern may know it. Null when nothing does.
 * Tags are taken apart on first use.
 */
export function openRepository(name: string, text: string | null, patternsOf: () => PatternsLine): Repository | null {
  const own = parse<RepositoryLine>(text);
  // Every pattern has a slash, so official names never cost a look at them.
  const patterns = name.includes("/") ? patternsOf() : null;
  const matched = own === null && patterns !== null ? firstMatch(patterns.repositories, name) : null;
  const line = own ?? matched?.entry ?? null;
  if (line === null) return null;

  const fitting = <T extends { readonly match: string }>(list: readonly T[] | undefined): readonly T[] =>
    (list ?? []).filter((entry) => matchPattern(entry.match, name) !== null);
  const deprecated = patterns === null ? null : firstMatch(patterns.deprecations, name);
  const deprecation: Deprecation | null =
    line.deprecation !== undefined
      ? { since: null, ...line.deprecation }
      : deprecated === null
        ? null
        : {
            kind: deprecated.entry.kind,
            since: deprecated.entry.since ?? null,
            reason: deprecated.entry.reason,
            successors: deprecated.entry.successors.map((text) => fillPlaces(text, deprecated.found.places)),
          };

  const groups = lazily(() => readGroups(line.groups ?? ""));
  const byTag = lazily(() => {
    const index = new Map<string, Group>();
    // A tag that Linux and Windows images share is looked up as the Linux one: those come first.
    for (const group of groups()) for (const tag of group.tags) if (!index.has(tag)) index.set(tag, group);
    return index;
  });
  const retired = lazily(() => (line.retired === undefined ? new Map<string, string>() : unpackRetired(line.retired)));
  const tags = lazily(() => sortTags(groups()));
  return {
    facts: {
      name,
      official: line.official === true,
      label: line.label,
      deprecation,
      // Only the official list is known to be whole.
      hasLatest: line.official === true ? byTag().has("latest") : true,
      isSystem: line.os !== undefined,
    },
    line,
    found: matched?.found ?? null,
    users: [...(line.users ?? []), ...fitting(patterns?.users)],
    sizes: [...(line.sizes ?? []), ...fitting(patterns?.sizes)],
    group: (tag) => byTag().get(tag) ?? null,
    dropped: (tag) => (byTag().has(tag) ? null : (retired().get(tag) ?? null)),
    tags,
  };
}

function firstMatch<T extends { readonly match: string }>(
  list: readonly T[],
  name: string,
): { readonly entry: T; readonly found: PatternMatch } | null {
  for (const entry of list) {
    const found = matchPattern(entry.match, name);
    if (found !== null) return { entry, found };
  }
  return null;
}

function readGroups(text: string): readonly Group[] {
  if (text === "") return [];
  return text.split("|").map((group) => {
    const tags = group.split(" ");
    const first = tags[0] ?? "";
    return first.startsWith("=") ? { tags: tags.slice(1), system: readSystem(first.slice(1)) } : { tags, system: null };
  });
}

/** Reads `debian:12` or `debian`. */
export function readSystem(text: string): NamedSystem {
  const [family = "", version] = text.split(":");
  return { family, version: version ?? null };
}

/** Newest release first; pre-releases and tags without a version last. Each tag once. */
function sortTags(groups: readonly Group[]): readonly string[] {
  const ranked = groups.map((group) => {
    const releases = group.tags.map(readTag).filter((parts) => parts.version !== null);
    const best = releases.sort((a, b) => b.precision - a.precision)[0];
    return { group, numbers: best === undefined || best.prerelease !== null ? [] : best.numbers };
  });
  ranked.sort((a, b) => compareNumbers(b.numbers, a.numbers));
  return [...new Set(ranked.flatMap(({ group }) => [...group.tags].sort((a, b) => a.length - b.length)))];
}

function lazily<T>(make: () => T): () => T {
  let made: { readonly value: T } | null = null;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

/** The generated data is trusted: a script wrote it and its tests read every line. */
export function parse<T>(text: string | null): T | null {
  return text === null ? null : (JSON.parse(text) as T);
}
