/** What a corpus run prints. */
import { excerpt } from "../../src/cli/excerpt";
import type { Report } from "../../src/core/lint";
import type { AnyRule } from "../../src/core/rule";
import { indexLines } from "../../src/core/text";
import type { FileResult, RuleTimes } from "./measure";

/** Figures of a run, as `--json` writes them. */
export interface Summary {
  readonly files: number;
  readonly unread: readonly { readonly path: string; readonly fault: string }[];
  readonly seconds: number;
  readonly filesPerSecond: number;
  readonly findings: number;
  readonly medianPerFile: number;
  readonly crashes: readonly { readonly path: string; readonly stack: string }[];
  readonly rules: readonly RuleFigures[];
  readonly themes: readonly { readonly theme: string; readonly findings: number; readonly files: number }[];
  readonly slowest: readonly { readonly path: string; readonly milliseconds: number }[];
  readonly fixing: null | {
    readonly applied: number;
    readonly mostRounds: number;
    readonly faults: readonly { readonly path: string; readonly fault: string }[];
  };
}

export interface RuleFigures {
  readonly rule: string;
  readonly theme: string;
  readonly findings: number;
  readonly files: number;
  /** Share of the files that were read, 0 to 1. */
  readonly share: number;
  readonly milliseconds: number;
}

/** Sums up a run. */
export function summarize(results: readonly FileResult[], rules: readonly AnyRule[], times: RuleTimes): Summary {
  const read = results.filter((result) => result.fault === null);
  const seconds = read.reduce((sum, result) => sum + result.milliseconds, 0) / 1000;
  const counts = read.map((result) => result.reports.length).sort((a, b) => a - b);
  const fixed = read.flatMap((result) => (result.fixing ? [{ path: result.path, ...result.fixing }] : []));
  return {
    files: read.length,
    unread: results.flatMap(({ path, fault }) => (fault === null ? [] : [{ path, fault }])),
    seconds,
    filesPerSecond: seconds > 0 ? read.length / seconds : 0,
    findings: counts.reduce((sum, count) => sum + count, 0),
    medianPerFile: counts[counts.length >> 1] ?? 0,
    crashes: results.flatMap(({ path, crashes }) => crashes.map((stack) => ({ path, stack }))),
    rules: rules
      .map((rule) => ruleFigures(rule, read, times))
      .sort((a, b) => b.findings - a.findings || (a.rule < b.rule ? -1 : 1)),
    themes: themeFigures(read),
    slowest: [...read]
      .sort((a, b) => b.milliseconds - a.milliseconds)
      .slice(0, 5)
      .map(({ path, milliseconds }) => ({ path, milliseconds })),
    fixing:
      fixed.length === 0
        ? null
        : {
            applied: fixed.reduce((sum, one) => sum + one.applied, 0),
            mostRounds: Math.max(...fixed.map((one) => one.rounds)),
            faults: fixed.flatMap(({ path, faults }) => faults.map((fault) => ({ path, fault }))),
          },
  };
}

/** The summary for people. */
export function summaryText(summary: Summary): string {
  const lines = [
    `${summary.files} files in ${summary.seconds.toFixed(2)} s, ${Math.round(summary.filesPerSecond)} files/s`,
    `${summary.findings} findings, median ${summary.medianPerFile} per file`,
    `${summary.crashes.length} crashes, ${summary.unread.length} files not read`,
    "",
    "theme               findings   files",
    ...summary.themes.map(({ theme, findings, files }) => `${theme.padEnd(18)} ${pad(findings, 9)} ${pad(files, 7)}`),
    "",
    "rule                                     findings   files   share      ms",
    ...summary.rules
      .filter((rule) => rule.findings > 0)
      .map(
        ({ rule, findings, files, share, milliseconds }) =>
          `${rule.padEnd(39)} ${pad(findings, 9)} ${pad(files, 7)} ${pad(`${(share * 100).toFixed(1)}%`, 7)} ${pad(milliseconds.toFixed(0), 7)}`,
      ),
    `silent: ${summary.rules.filter((rule) => rule.findings === 0).length} rules`,
    "",
    "slowest rules",
    ...[...summary.rules]
      .sort((a, b) => b.milliseconds - a.milliseconds)
      .slice(0, 5)
      .map(({ rule, milliseconds }) => `${pad(milliseconds.toFixed(0), 8)} ms  ${rule}`),
    "slowest files",
    ...summary.slowest.map(({ path, milliseconds }) => `${pad(milliseconds.toFixed(1), 8)} ms  ${path}`),
  ];
  if (summary.fixing) {
    const { applied, mostRounds, faults } = summary.fixing;
    lines.push("", `${applied} fixes applied, at most ${mostRounds} rounds, ${faults.length} faults`);
    lines.push(...faults.map(({ path, fault }) => `  ${path}: ${fault}`));
  }
  for (const { path, stack } of summary.crashes) lines.push("", `crash in ${path}`, stack);
  for (const { path, fault } of summary.unread) lines.push(`not read: ${path}: ${fault}`);
  return lines.join("\n");
}

/** Findings drawn by lot, each with the lines around it, to be judged by eye. The same seed draws the same ones. */
export function sample(results: readonly FileResult[], count: number, seed: number): string {
  const all = results.flatMap((result) => result.reports.map((report) => ({ result, report })));
  const random = randomNumbers(seed);
  for (let i = all.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [all[i], all[j]] = [all[j] as (typeof all)[number], all[i] as (typeof all)[number]];
  }
  return all
    .slice(0, count)
    .map(({ result, report }, number) => `[${number + 1}] ${finding(result, report)}`)
    .join("\n\n");
}

const linesAround = 4;

function finding(result: FileResult, report: Report): string {
  const index = indexLines(result.text);
  const { line } = report.range.start;
  const rows = [
    `${result.path}:${line + 1}:${report.range.start.character + 1}  ${report.severity}  ${report.rule.id}`,
    `    ${report.message}`,
  ];
  for (let at = Math.max(0, line - linesAround); at <= Math.min(index.lineCount - 1, line + linesAround); at++) {
    const start = { line: at, character: 0 };
    rows.push(`    ${pad(at + 1, 5)} | ${excerpt(result.text, index, { start, end: start }, 160).source}`);
    if (at === line) rows.push(`          | ${excerpt(result.text, index, report.range, 160).squiggle}`);
  }
  for (const fix of report.fixes()) rows.push(`    fix (${fix.applicability}): ${fix.title}`);
  return rows.join("\n");
}

function ruleFigures(rule: AnyRule, read: readonly FileResult[], times: RuleTimes): RuleFigures {
  const counts = read.map((result) => result.reports.filter((report) => report.rule.id === rule.id).length);
  const files = counts.filter((count) => count > 0).length;
  return {
    rule: rule.id,
    theme: rule.theme,
    findings: counts.reduce((sum, count) => sum + count, 0),
    files,
    share: read.length > 0 ? files / read.length : 0,
    milliseconds: times.get(rule.id) ?? 0,
  };
}

function themeFigures(read: readonly FileResult[]): Summary["themes"] {
  const figures = new Map<string, { findings: number; files: Set<string> }>();
  for (const { path, reports } of read) {
    for (const { rule } of reports) {
      const figure = figures.get(rule.theme) ?? { findings: 0, files: new Set() };
      figure.findings++;
      figure.files.add(path);
      figures.set(rule.theme, figure);
    }
  }
  return [...figures]
    .map(([theme, { findings, files }]) => ({ theme, findings, files: files.size }))
    .sort((a, b) => b.findings - a.findings);
}

function pad(value: number | string, width: number): string {
  return String(value).padStart(width);
}

/** Numbers from 0 up to 1 that look random and repeat with the seed (mulberry32). */
function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
