/** One file from bytes to result: read, configured, linted and, where asked for, mended. */
import { posix } from "node:path";
import { type ExtraConfig, toConfig } from "../config/to-config";
import type { ConfigFile } from "../config/types";
import {
  type AnyRule,
  applyFixes,
  buildModel,
  type Config,
  type Facts,
  type LintInput,
  type LintResult,
  lint,
  noFacts,
  severities,
} from "../core/index";
import { type Decoded, decode } from "./decode";
import { unifiedDiff } from "./diff";
import { reason, type Target } from "./files";
import type { LintOptions } from "./lint-options";
import type { FileResult } from "./result";
import { type OtherText, otherTexts, saveFixes, siblingReader } from "./save";
import type { Product } from "./terminal";

/** What came of one file. */
export interface Outcome {
  readonly result: FileResult;
  /** Sentences for stderr. */
  readonly notes: readonly string[];
  /** Fixes that were made, or would be. */
  readonly fixed: number;
  /** What `--fix` would change; empty without `--diff`. */
  readonly diff: string;
  /** The text after fixing; null when none was asked for or the file was not linted. */
  readonly mended: string | null;
  /** True when something stood against reading or writing the file. */
  readonly fault: boolean;
  /** From which severity on findings count: an index of `severities`, -1 for none. */
  readonly limit: number;
}

/** Whether a mended text is written to its file, or handed back because it came from stdin. */
export type Destination = "file" | "stdout";

/** Lints one file. Never throws: what the file system says against it is part of the outcome. */
export function lintFile(
  target: Target,
  bytes: Uint8Array,
  config: ConfigFile | null,
  facts: Facts,
  destination: Destination,
  options: LintOptions,
  product: Product,
): Outcome {
  const decoded = decode(bytes);
  if ("fault" in decoded) return notLinted(target.path, decoded.fault, target.absolute);
  const resolved = resolve(config, product.rules, options.extra);
  const input: LintInput = {
    model: buildModel(decoded.text, { buildArgs: resolved.buildArgs, target: resolved.target }),
    rules: product.rules,
    config: resolved,
    catalogue: product.catalogue(),
    today: options.today,
    facts,
    path: target.path,
  };
  const first = lint(input);
  const outcome: Outcome = {
    result: {
      path: target.path,
      absolute: destination === "stdout" ? null : target.absolute,
      error: null,
      model: input.model,
      reports: first.reports,
      applied: [],
      sibling: siblingReader(target.absolute),
    },
    notes: failureNotes(first, target.path),
    fixed: 0,
    diff: "",
    mended: null,
    fault: false,
    limit: thresholdOf(options, config),
  };
  return options.fix || options.diff ? mend(outcome, input, decoded, target, destination, options) : outcome;
}

// A run of many files has few configurations, mostly one.
const resolved = new WeakMap<
  ExtraConfig,
  { readonly rules: readonly AnyRule[]; readonly byFile: Map<ConfigFile | null, Config> }
>();

function resolve(file: ConfigFile | null, rules: readonly AnyRule[], extra: ExtraConfig): Config {
  let known = resolved.get(extra);
  if (known?.rules !== rules) {
    known = { rules, byFile: new Map() };
    resolved.set(extra, known);
  }
  const config = known.byFile.get(file) ?? toConfig(file, rules, extra);
  known.byFile.set(file, config);
  return config;
}

/** The outcome of a file that could not be linted; `error` is a clause that follows its name. */
export function notLinted(path: string, error: string, absolute: string | null = null): Outcome {
  return {
    result: { path, absolute, error, model: null, reports: [], applied: [], sibling: () => null },
    notes: [`${path} ${error}.`],
    fixed: 0,
    diff: "",
    mended: null,
    fault: true,
    limit: -1,
  };
}

function mend(
  before: Outcome,
  input: LintInput,
  decoded: Decoded,
  target: Target,
  destination: Destination,
  options: LintOptions,
): Outcome {
  const { text, applied, otherFiles, converged } = applyFixes(input, {
    unsafe: options.unsafe,
    ...(options.fixRules ? { rules: options.fixRules } : {}),
  });
  const notes = [...before.notes];
  if (!converged) notes.push(`${target.path}: some fixes undo each other; what was done until then stands.`);
  // What came over standard input lies in no folder, so nothing lies beside it.
  const others = destination === "file" ? otherFiles : [];
  const written = otherTexts(target.absolute, others);
  if (text === decoded.text && others.length === 0) return { ...before, notes, mended: text };
  if (options.diff) {
    const diffs = written.map(({ path, old, text: now }) =>
      unifiedDiff(posix.join(posix.dirname(target.path), path), old, now),
    );
    const diff = [unifiedDiff(target.path, decoded.text, text), ...diffs].join("");
    return { ...before, notes, fixed: applied.length, diff };
  }
  if (destination === "file") {
    const fault = save(target, decoded, text, others);
    if (fault !== null) return { ...before, notes: [...notes, `${target.path} was not fixed: ${fault}.`], fault: true };
  }
  for (const fix of applied) if (fix.note !== null) notes.push(`${target.path}: ${fix.note}`);
  const model = buildModel(text, { buildArgs: input.config.buildArgs, target: input.config.target });
  const { reports } = lint({ ...input, model, facts: withTexts(input.facts ?? noFacts, written) });
  return {
    ...before,
    result: { ...before.result, model, reports, applied },
    notes,
    fixed: applied.length,
    mended: text,
  };
}

/** Facts as they are once the other files were written. */
function withTexts(facts: Facts, written: readonly OtherText[]): Facts {
  const texts = new Map(written.map(({ path, text }) => [path, text]));
  return { ...facts, file: (path) => texts.get(path) ?? facts.file(path) };
}

function save(target: Target, decoded: Decoded, text: string, others: Parameters<typeof saveFixes>[3]): string | null {
  if (!decoded.lossless) return "it is not valid UTF-8, and writing it would lose bytes";
  try {
    saveFixes(target.absolute, decoded, text, others);
    return null;
  } catch (error) {
    return `it cannot be written (${reason(error)})`;
  }
}

function thresholdOf(options: LintOptions, config: ConfigFile | null): number {
  const failOn = options.failOn ?? config?.failOn ?? "error";
  return failOn === "never" ? -1 : severities.indexOf(failOn);
}

function failureNotes({ failures }: LintResult, path: string): string[] {
  return failures.map(({ rule, error }) => {
    const what = error instanceof Error ? error.message : String(error);
    return `Rule ${rule} failed on ${path}: ${what}. The other rules went on; please report this.`;
  });
}
