/**
 * A baseline: the findings that a project lives with for now, so that only new ones count. A finding is known by its
 * file, its rule and the text under its squiggle, not by its line: what moves stays known. How often it is known counts
 * too, so that a second one of the same kind is new.
 */
import path from "node:path";
import type { Report } from "../core/index";
import { readBytes, reason, shownPath, slashes } from "./files";
import { digest } from "./fingerprint";
import type { FileResult } from "./result";
import { UsageError } from "./terminal";
import { writeWhole } from "./write";

/** Findings by file (relative to the baseline's folder), rule, and the digest of their text, with their number. */
export interface BaselineFile {
  readonly version: 1;
  readonly files: { readonly [path: string]: { readonly [rule: string]: { readonly [text: string]: number } } };
}

/** A baseline during one run. */
export interface Baseline {
  /** The findings of a file that are not known. Each file is asked for once. */
  sift(result: FileResult): readonly Report[];
  /** Writes what was found in this run; of files that were not looked at, what was known. Throws the system's error. */
  save(): void;
  /** Findings of this run. */
  readonly found: number;
  /** Those of them that were known. */
  readonly known: number;
  /** Entries, of files that were looked at, that nothing answers to any more. */
  readonly outdated: number;
}

/**
 * Reads the baseline at an absolute path. `update`: it is about to be written, so it may be absent and every finding is
 * known. Throws UsageError when it cannot be used.
 */
export function openBaseline(file: string, cwd: string, update: boolean): Baseline {
  const shown = shownPath(cwd, file);
  const before = readBaseline(file, shown, update);
  const folder = slashes(path.dirname(file));
  const found = new Map<string, Counts>();
  let [total, known, outdated] = [0, 0, 0];
  return {
    sift(result) {
      const name = nameOf(result, folder, cwd);
      const seen: Counts = new Map();
      found.set(name, seen);
      const left = new Map(Object.entries(before.files[name] ?? {}).flatMap(([rule, texts]) => flat(rule, texts)));
      const news = result.reports.filter((report) => {
        const key = keyOf(report, result);
        seen.set(key, (seen.get(key) ?? 0) + 1);
        const rest = left.get(key) ?? 0;
        if (rest > 0) left.set(key, rest - 1);
        return rest === 0;
      });
      total += result.reports.length;
      known += result.reports.length - news.length;
      for (const rest of left.values()) outdated += rest;
      return update ? [] : news;
    },
    save() {
      const files = new Map<string, BaselineFile["files"][string]>();
      for (const [name, rules] of Object.entries(before.files)) {
        if (!found.has(name) && isThere(path.join(folder, name))) files.set(name, rules);
      }
      for (const [name, counts] of found) if (counts.size > 0) files.set(name, nested(counts));
      const sorted = Object.fromEntries([...files].sort(([a], [b]) => (a < b ? -1 : 1)));
      writeWhole(file, `${JSON.stringify({ version: 1, files: sorted } satisfies BaselineFile, null, 2)}\n`);
    },
    get found() {
      return total;
    },
    get known() {
      return known;
    },
    get outdated() {
      return outdated;
    },
  };
}

/** Numbers by rule and text. */
type Counts = Map<string, number>;

// Rule ids hold no spaces.
function keyOf({ rule, span }: Report, { model }: FileResult): string {
  const marked = model?.text.slice(span.start, span.end) ?? "";
  // How a command is broken into lines is not what it says.
  const normal = marked
    .replace(/[\\`][ \t]*\r?\n/g, " ")
    .replace(/\s+/g, " ")
    .trim();
  // A digest, since the text may be a secret, which must not spread to another file.
  return `${rule.id} ${digest(normal).slice(0, 16)}`;
}

function flat(rule: string, texts: { readonly [text: string]: number }): [string, number][] {
  return Object.entries(texts).map(([text, count]) => [`${rule} ${text}`, count]);
}

function nested(counts: Counts): BaselineFile["files"][string] {
  const rules: { [rule: string]: { [text: string]: number } } = {};
  for (const [key, count] of [...counts].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const [rule = "", text = ""] = key.split(" ");
    const texts = rules[rule] ?? {};
    texts[text] = count;
    rules[rule] = texts;
  }
  return rules;
}

function nameOf({ absolute, path: shown }: FileResult, folder: string, cwd: string): string {
  return slashes(path.relative(folder, absolute ?? path.resolve(cwd, shown)));
}

function isThere(file: string): boolean {
  return !("fault" in readBytes(file));
}

function readBaseline(file: string, shown: string, update: boolean): BaselineFile {
  const bytes = readBytes(file);
  if ("fault" in bytes) {
    if (update && bytes.missing) return { version: 1, files: {} };
    throw new UsageError(`--baseline: ${shown} ${bytes.fault}.${bytes.missing ? " --update-baseline writes it." : ""}`);
  }
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes));
    if (isBaseline(value)) return value;
  } catch (error) {
    if (!(error instanceof SyntaxError))
      throw new UsageError(`--baseline: ${shown} cannot be read (${reason(error)}).`);
  }
  throw new UsageError(`--baseline: ${shown} is no baseline of this version of Plimsoll; it was left as it is.`);
}

function isBaseline(value: unknown): value is BaselineFile {
  if (!isMap(value) || value.version !== 1 || !isMap(value.files)) return false;
  return Object.values(value.files).every(
    (rules) =>
      isMap(rules) &&
      Object.values(rules).every(
        (texts) => isMap(texts) && Object.values(texts).every((count) => Number.isInteger(count)),
      ),
  );
}

function isMap(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
