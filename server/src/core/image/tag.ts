/**
 * What a tag says, read by its parts.
 *
 * Tags are no semantic versions: `3.14-slim-bookworm`, `25.0.4_7-jre-noble`, `8u502-b07-jdk-alpine`, `19beta3`,
 * `4.0.0-rc-5-eclipse-temurin-21`, `trixie-20260803-slim`. A part that is not understood stays a plain word.
 */
import { type NamedSystem, systemOfWord } from "./systems";

/** A tag taken apart. `prefix + version + "-" + suffixes.join("-")` gives the tag again, where there is a version. */
export interface TagParts {
  readonly text: string;
  /** What stands directly before the version: `v`, `stream`, `ltsc`, `ee-`; mostly empty. */
  readonly prefix: string;
  /** The version as written, pre-release included: `3.14.0`, `8u502-b07`, `19beta3`; null when the tag has none. */
  readonly version: string | null;
  /** Its numbers: `[3, 14, 0]`, `[8, 502, 7]`, `[19]`. Empty when there is no version. */
  readonly numbers: readonly number[];
  /** How many numbers are written. */
  readonly precision: number;
  /** `beta3`, `rc-5`, `ea-12`, `alpha`; null for a release. */
  readonly prerelease: string | null;
  /** The words after the version, split at `-`: `["slim", "bookworm"]`. All words when there is no version. */
  readonly suffixes: readonly string[];
  /** The system that the suffixes name, or null. */
  readonly system: TagSystem | null;
  /**
   * The suffixes without those that name the system and its version: `["jre"]`. Names of systems that are a variant as
   * well are kept, without a version: `alpine`, `nanoserver`, `windowsservercore`.
   */
  readonly variants: readonly string[];
}

/** The system named in a tag, and where. */
export interface TagSystem extends NamedSystem {
  /** Index of its first word in `suffixes`. */
  readonly from: number;
  /** Index after its last word. */
  readonly to: number;
}

const versionPattern = /^(\d+(?:[._]\d+)*(?:u\d+)?)((?:alpha|beta|rc|ea|pre|dev|milestone|[ab])[.\d]*)?$/i;
const prereleaseWord = /^(?:alpha|beta|rc|ea|pre|preview|dev|milestone|snapshot|m)\.?\d*$/i;
/** Letters that may be glued to a version. Others name another thing with its own number: `jdk25`, `php8.2`, `cudnn8`. */
const prefixPattern = /^(?:[A-Za-z]|stream|ltsc|leap|version|release)(?=\d)/;

/** Takes a tag apart. Never fails: words that are not understood are suffixes. */
export function readTag(tag: string): TagParts {
  const words = tag.split("-");
  const version = readVersion(words);
  const suffixes = version === null ? words : words.slice(version.used);
  const system = findSystem(suffixes);
  return {
    text: tag,
    prefix: version?.prefix ?? "",
    version: version?.text ?? null,
    numbers: version?.numbers ?? [],
    precision: version?.numbers.length ?? 0,
    prerelease: version?.prerelease ?? null,
    suffixes,
    system,
    variants: variantsOf(suffixes, system),
  };
}

/** Compares two lists of numbers, the first number first; a missing number counts as lower. Negative: a is older. */
export function compareNumbers(a: readonly number[], b: readonly number[]): number {
  for (let index = 0; index < Math.max(a.length, b.length); index++) {
    const difference = (a[index] ?? -1) - (b[index] ?? -1);
    if (difference !== 0) return difference;
  }
  return 0;
}

/**
 * Orders two tags of the same kind (prefix, suffixes and number of numbers alike): negative when `a` is older.
 * Null when they cannot be compared. A pre-release comes before its release.
 */
export function compareTags(a: TagParts, b: TagParts): number | null {
  if (a.version === null || b.version === null) return null;
  if (a.prefix !== b.prefix || a.precision !== b.precision) return null;
  if (a.suffixes.join("-") !== b.suffixes.join("-")) return null;
  const byNumbers = compareNumbers(a.numbers, b.numbers);
  if (byNumbers !== 0) return byNumbers;
  if (a.prerelease === b.prerelease) return 0;
  if (a.prerelease === null) return 1;
  if (b.prerelease === null) return -1;
  return comparePrereleases(a.prerelease, b.prerelease);
}

/** The numbers of a version: `25.0.4+7` → `[25, 0, 4, 7]`. Empty when it does not start with a digit. */
export function numbersOf(version: string): readonly number[] {
  if (!/^\d/.test(version)) return [];
  return (version.match(/\d+/g) ?? []).map(Number);
}

interface ReadVersion {
  readonly prefix: string;
  readonly text: string;
  readonly numbers: readonly number[];
  readonly prerelease: string | null;
  /** How many words of the tag it took. */
  readonly used: number;
}

function readVersion(words: readonly string[]): ReadVersion | null {
  const first = words[0] ?? "";
  if (systemOfWord(first) !== null) return null;
  const prefix = prefixPattern.exec(first)?.[0] ?? "";
  const direct = versionPattern.exec(first.slice(prefix.length));
  if (direct !== null) return finishVersion(prefix, first.slice(prefix.length), direct, words, 1);

  // `ee-8.1.2.4`, `open-8u502-b07-jre`: one or two plain letters, or a word that is known to come before a version.
  const second = versionPattern.exec(words[1] ?? "");
  if (second === null || !/^(?:[a-z]{1,2}|open|version|release)$/.test(first)) return null;
  return finishVersion(`${first}-`, words[1] ?? "", second, words, 2);
}

function finishVersion(
  prefix: string,
  text: string,
  match: RegExpExecArray,
  words: readonly string[],
  used: number,
): ReadVersion {
  const numbers = numbersOf(match[1] ?? "");
  if (match[2] !== undefined && match[2] !== "") return { prefix, text, numbers, prerelease: match[2], used };

  // Java 8 writes its build as a word of its own: `8u502-b07`.
  const build = /^b(\d+)$/.exec(words[used] ?? "");
  if (build !== null && /u\d+$/.test(text)) {
    const full = `${text}-${build[0]}`;
    return { prefix, text: full, numbers: [...numbers, Number(build[1])], prerelease: null, used: used + 1 };
  }

  const word = words[used] ?? "";
  if (!prereleaseWord.test(word)) return { prefix, text, numbers, prerelease: null, used };
  // `4.0.0-rc-5`, `27-ea-12`: the count is a word of its own.
  const count = words[used + 1] ?? "";
  const counted = /^[a-z]+$/i.test(word) && /^\d+$/.test(count);
  const prerelease = counted ? `${word}-${count}` : word;
  return { prefix, text: `${text}-${prerelease}`, numbers, prerelease, used: used + (counted ? 2 : 1) };
}

function findSystem(suffixes: readonly string[]): TagSystem | null {
  let found: TagSystem | null = null;
  for (let index = 0; index < suffixes.length; index++) {
    const named = systemOfWord(suffixes[index] ?? "");
    if (named === null) continue;
    const next = suffixes[index + 1] ?? "";
    const second = systemOfWord(next);
    let candidate: TagSystem = { ...named, from: index, to: index + 1 };
    if (named.version === null && second !== null && second.family === named.family) {
      candidate = { ...second, from: index, to: index + 2 };
    } else if (named.version === null && isVersionWord(named.family, next)) {
      candidate = { family: named.family, version: next.replace("ltsc", ""), from: index, to: index + 2 };
    }
    // The last version counts: ROS has releases of its own called kinetic and lunar (`kinetic-ros-base-xenial`).
    if (found === null || candidate.version !== null) found = candidate;
    index = candidate.to - 1;
  }
  return found;
}

/** `alpine-3.24`, `windowsservercore-ltsc2022`: the version of a system as a word of its own. */
function isVersionWord(family: string, word: string): boolean {
  if (family === "windows") return /^(?:ltsc\d{4}|\d{4})$/.test(word);
  return family !== "amazonlinux" && /^\d+(?:\.\d+)+$/.test(word);
}

function variantsOf(suffixes: readonly string[], system: TagSystem | null): readonly string[] {
  if (system === null) return suffixes;
  const others = suffixes.filter((_, index) => index < system.from || index >= system.to);
  if (system.family === "alpine") return [...others, "alpine"];
  // The two kinds of Windows image share versions and little else.
  const kind = /^(?:windowsservercore|nanoserver)/.exec(suffixes[system.from] ?? "");
  return kind === null ? others : [...others, kind[0]];
}

function comparePrereleases(a: string, b: string): number {
  const order = ["m", "dev", "ea", "a", "alpha", "b", "beta", "pre", "preview", "rc"];
  const wordOf = (text: string): number => order.indexOf(text.replace(/[^a-z].*$/i, "").toLowerCase());
  const byWord = wordOf(a) - wordOf(b);
  return byWord !== 0 ? byWord : (numbersIn(a) ?? 0) - (numbersIn(b) ?? 0);
}

function numbersIn(text: string): number | null {
  const digits = /\d+/.exec(text);
  return digits === null ? null : Number(digits[0]);
}
