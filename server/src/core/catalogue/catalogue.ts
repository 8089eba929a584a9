/**
 * What is known about images without a network. See `format.ts` for how the data is written; the shipped data is made
 * by `server/scripts/catalogue.ts`. Lookups are remembered, so asking twice costs nothing.
 */
import type { ImageReference } from "../image/reference";
import { codenameOf, type NamedSystem } from "../image/systems";
import { compareNumbers, numbersOf, readTag, type TagParts } from "../image/tag";
import {
  findLine,
  type PatternsLine,
  type ProductLine,
  type RepositoryLine,
  repositoryLineNames,
  type SizeLine,
  type SystemsLine,
  type UserLine,
  unpackRetired,
} from "./format";
import { images } from "./images.generated";
import { canonicalName } from "./names";
import { fillPlaces, matchPattern, type PatternMatch } from "./patterns";
import type {
  Catalogue,
  DefaultUser,
  Deprecation,
  Distribution,
  EndOfLife,
  ImageFacts,
  ImageSize,
  ReleaseLine,
  RepositoryFacts,
} from "./types";

let bundled: Catalogue | null = null;

/** The catalogue that ships with Plimsoll. Made on first use. */
export function bundledCatalogue(): Catalogue {
  bundled ??= createCatalogue(images);
  return bundled;
}

/** Reads a catalogue from its text. Nothing is parsed but the header until it is asked for. */
export function createCatalogue(data: string): Catalogue {
  const date = data.slice(0, data.indexOf("\n")).split("\t")[2] ?? "";
  const repositories = new Map<string, Repository | null>();
  const products = new Map<string, readonly ReleaseLine[]>();
  const answers = new Map<string, ImageFacts>();
  let systems: SystemsLine | null = null;
  let patterns: PatternsLine | null = null;
  let names: readonly string[] | null = null;

  const knowledge: Knowledge = {
    date,
    lines: (product) => remember(products, product, () => readLines(findLine(data, `!${product}`))),
    systems: () => {
      systems ??= parse<SystemsLine>(findLine(data, "#")) ?? { families: [], overrides: [], alpineWithoutBash: [] };
      return systems;
    },
  };

  function patternsOf(): PatternsLine {
    patterns ??= parse<PatternsLine>(findLine(data, "*")) ?? {
      repositories: [],
      users: [],
      sizes: [],
      deprecations: [],
    };
    return patterns;
  }

  function repositoryOf(reference: ImageReference): Repository | null {
    const name = canonicalName(reference);
    return remember(repositories, name, () => openRepository(name, findLine(data, name), patternsOf));
  }

  return {
    date,
    repository: (reference) => repositoryOf(reference)?.facts ?? null,
    image(reference) {
      const repository = repositoryOf(reference);
      if (repository === null) return null;
      const tag = reference.tag ?? "latest";
      return remember(answers, `${repository.facts.name}:${tag}`, () => describe(repository, tag, knowledge));
    },
    repositoryNames() {
      names ??= repositoryLineNames(data);
      return names;
    },
    tags: (reference) => repositoryOf(reference)?.tags() ?? [],
    lines(reference) {
      const product = repositoryOf(reference)?.line.product;
      return product === undefined ? [] : knowledge.lines(product);
    },
  };
}

/** What does not belong to one repository. */
interface Knowledge {
  readonly date: string;
  lines(product: string): readonly ReleaseLine[];
  systems(): SystemsLine;
}

/** One image of a repository: its tags, and its system where they do not name it. */
interface Group {
  readonly tags: readonly string[];
  readonly system: NamedSystem | null;
}

interface Repository {
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

function openRepository(name: string, text: string | null, patternsOf: () => PatternsLine): Repository | null {
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

function describe(repository: Repository, tag: string, knowledge: Knowledge): ImageFacts {
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

function hasVersion(parts: TagParts, line: RepositoryLine): boolean {
  return parts.version !== null && (parts.prefix === "" || parts.prefix === "v" || parts.prefix === line.prefix);
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
 * them have ended, the newest (`python:2` was 2.7 to the last).
 */
function lineMeantBy(lines: readonly ReleaseLine[], numbers: readonly number[], date: string): ReleaseLine | null {
  const meant = lines.filter((line) => numbersOf(line.line).slice(0, numbers.length).join() === numbers.join());
  const haveAllEnded = meant.every((line) => line.ended || (line.end !== null && line.end < date));
  return meant.length === 1 || haveAllEnded ? (meant[0] ?? null) : null;
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

function sizeOf(
  repository: Repository,
  tag: string,
  parts: TagParts,
  group: Group | null,
  system: NamedSystem | null,
): ImageSize | null {
  if (repository.sizes.length === 0) return null;
  const kind = kindOf(parts, group, repository.line);
  let nearest: { readonly size: SizeLine; readonly tag: string; readonly distance: readonly number[] } | null = null;
  for (const size of repository.sizes) {
    if (size.tag === undefined) continue;
    if (size.tag === tag || group?.tags.includes(size.tag)) {
      return { bytes: size.bytes, kind: size.kind, tag: size.tag };
    }
    const itsParts = readTag(size.tag);
    const itsGroup = repository.group(size.tag);
    if (kindOf(itsParts, itsGroup, repository.line) !== kind) continue;
    if (!isSameFamily(itsParts, itsGroup, system)) continue;
    const distance = distanceOf(itsParts, parts, group);
    if (nearest === null || compareNumbers(distance, nearest.distance) < 0) nearest = { size, tag: size.tag, distance };
  }
  if (nearest !== null) return { bytes: nearest.size.bytes, kind: nearest.size.kind, tag: nearest.tag };

  const guess = repository.sizes.find(
    (size) => size.tag === undefined && (size.variants == null || [...size.variants].sort().join(" ") === kind),
  );
  return guess === undefined ? null : { bytes: guess.bytes, kind: guess.kind, tag };
}

/** The variants of an image as one text. The alias that says most decides: `25` of Temurin is `25-jdk-noble`. */
function kindOf(parts: TagParts, group: Group | null, line: RepositoryLine): string {
  let best = parts;
  if (group !== null) {
    const aliases = group.tags.map(readTag);
    const versioned = aliases.filter((alias) => hasVersion(alias, line));
    const named = aliases.filter((alias) => alias.system !== null);
    for (const alias of versioned.length > 0 ? versioned : named) {
      const isMore = alias.variants.length > variantsOf(best).length || (best === parts && versioned.length > 0);
      if (isMore) best = alias;
    }
  }
  return [...variantsOf(best)].sort().join(" ");
}

function isSameFamily(parts: TagParts, group: Group | null, system: NamedSystem | null): boolean {
  if (system === null) return true;
  let family = group?.system?.family ?? parts.system?.family ?? null;
  for (const alias of group?.tags ?? []) family ??= readTag(alias).system?.family ?? null;
  return family === null || family === system.family;
}

function distanceOf(measured: TagParts, asked: TagParts, group: Group | null): readonly number[] {
  let numbers = asked.numbers;
  for (const alias of group?.tags ?? []) if (numbers.length === 0) numbers = readTag(alias).numbers;
  if (numbers.length === 0 || measured.numbers.length === 0) {
    const own = Number(asked.system?.version ?? Number.NaN);
    const its = Number(measured.system?.version ?? Number.NaN);
    return [Number.isNaN(own - its) ? 1_000_000 : Math.abs(own - its)];
  }
  return measured.numbers.slice(0, 2).map((number, index) => Math.abs(number - (numbers[index] ?? number)));
}

/** Words of tags that say when, not what. */
const movingWords: ReadonlySet<string> = new Set([
  "latest",
  "lts",
  "current",
  "stable",
  "oldstable",
  "oldoldstable",
  "testing",
  "mainline",
  "rolling",
  "edge",
  "innovation",
]);

/** In the order in which tags are mostly written: what it holds, then how small it is. */
const lastVariants: readonly string[] = ["slim", "minimal", "micro", "chiseled", "distroless", "extra", "alpine"];

function variantsOf(parts: TagParts): readonly string[] {
  const words = parts.variants.filter((word) => !movingWords.has(word) && !/^\d{8}$/.test(word));
  return words.sort((a, b) => lastVariants.indexOf(a) - lastVariants.indexOf(b));
}

function readGroups(text: string): readonly Group[] {
  if (text === "") return [];
  return text.split("|").map((group) => {
    const tags = group.split(" ");
    const first = tags[0] ?? "";
    return first.startsWith("=") ? { tags: tags.slice(1), system: readSystem(first.slice(1)) } : { tags, system: null };
  });
}

function readSystem(text: string): NamedSystem {
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

function readLines(text: string | null): readonly ReleaseLine[] {
  const product = parse<ProductLine>(text);
  return (product?.cycles ?? []).map((cycle) => {
    const [line = "", codename = "", released = "", lts = "", end = "", securityEnd = "", name = ""] = cycle.split("|");
    const subject = name === "" ? `${product?.title ?? ""} ${line}` : name;
    return {
      line,
      subject: codename === "" ? subject : `${subject} (${codename})`,
      released: released === "" ? null : released,
      end: end === "" || end === "true" ? null : end,
      ended: end === "true",
      securityEnd: securityEnd === "" ? null : securityEnd,
      lts: product?.longTerm !== true ? null : lts === "1" ? true : lts === "" || lts === "0" ? false : lts,
    };
  });
}

/** The generated data is trusted: a script wrote it and its tests read every line. */
function parse<T>(text: string | null): T | null {
  return text === null ? null : (JSON.parse(text) as T);
}

function lazily<T>(make: () => T): () => T {
  let made: { readonly value: T } | null = null;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

/** Answers from a map, or makes and keeps the answer. The keys come from the user's text, so the map is kept small. */
function remember<T>(answers: Map<string, T>, key: string, make: () => T): T {
  const known = answers.get(key);
  if (known !== undefined) return known;
  if (answers.size > 5000) answers.clear();
  const made = make();
  answers.set(key, made);
  return made;
}
