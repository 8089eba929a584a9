/** Lints one file of a corpus with a clock on every rule, and tries all fixes on it. */
import { readFileSync } from "node:fs";
import { decode } from "../../src/cli/decode";
import type { Catalogue, Day } from "../../src/core/catalogue/types";
import { applyFixes } from "../../src/core/fix";
import type { LintInput, Report } from "../../src/core/lint";
import { lint } from "../../src/core/lint";
import { buildModel } from "../../src/core/model/build";
import type { Config } from "../../src/core/preset";
import type { AnyRule } from "../../src/core/rule";

/** What every file of one run is read with. */
export interface Setup {
  /** Rules with a clock, made by `clocked`. */
  readonly rules: readonly AnyRule[];
  readonly config: Config;
  readonly catalogue: Catalogue;
  readonly today: Day;
}

export interface FileResult {
  readonly path: string;
  /** Why the file was not read, or null. */
  readonly fault: string | null;
  readonly text: string;
  readonly reports: readonly Report[];
  /** Stacks of whatever was thrown, by the engine or by a rule. None is expected, ever. */
  readonly crashes: readonly string[];
  readonly milliseconds: number;
  /** What went wrong while fixing; null when fixes were not tried. */
  readonly fixing: FixingResult | null;
}

export interface FixingResult {
  readonly applied: number;
  readonly rounds: number;
  readonly faults: readonly string[];
}

/** Milliseconds that each rule took so far, by id. */
export type RuleTimes = Map<string, number>;

/** The rules, each with a clock around its check. */
export function clocked(rules: readonly AnyRule[], times: RuleTimes): readonly AnyRule[] {
  return rules.map((rule) => ({
    ...rule,
    check(context) {
      const start = performance.now();
      try {
        return [...rule.check(context)];
      } finally {
        times.set(rule.id, (times.get(rule.id) ?? 0) + performance.now() - start);
      }
    },
  }));
}

/** Reads and lints a file; with `fix`, also applies all its fixes. Never throws. */
export function measure(path: string, setup: Setup, fix: boolean): FileResult {
  const nothing = { path, text: "", reports: [], crashes: [], milliseconds: 0, fixing: null };
  let text: string;
  try {
    const decoded = decode(readFileSync(path));
    if ("fault" in decoded) return { ...nothing, fault: decoded.fault };
    text = decoded.text;
  } catch (error) {
    return { ...nothing, fault: String(error) };
  }
  try {
    const start = performance.now();
    const input: LintInput = { ...setup, model: buildModel(text), path };
    const { reports, failures } = lint(input);
    const milliseconds = performance.now() - start;
    const crashes = failures.map(({ rule, error }) => `${rule}: ${stackOf(error)}`);
    return { path, fault: null, text, reports, crashes, milliseconds, fixing: fix ? tryFixes(input) : null };
  } catch (error) {
    return { ...nothing, text, fault: null, crashes: [stackOf(error)] };
  }
}

/** Applies safe fixes, then unsafe ones too, and says what does not hold afterwards. */
function tryFixes(input: LintInput): FixingResult {
  const faults: string[] = [];
  let applied = 0;
  let rounds = 0;
  for (const unsafe of [false, true]) {
    const name = unsafe ? "all fixes" : "safe fixes";
    const result = applyFixes(input, { unsafe });
    applied = Math.max(applied, result.applied.length);
    rounds = Math.max(rounds, result.rounds);
    if (!result.converged) faults.push(`${name}: no end after ${result.rounds} rounds`);
    const model = buildModel(result.text);
    if (model.problems.length > input.model.problems.length) {
      faults.push(`${name}: new problems: ${model.problems.map((problem) => problem.message).join(" ")}`);
    }
    const again = applyFixes({ ...input, model }, { unsafe });
    if (result.converged && again.text !== result.text) faults.push(`${name}: a second run changes the text again`);
  }
  return { applied, rounds, faults };
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
