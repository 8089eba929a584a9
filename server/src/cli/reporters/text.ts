/** The report for people: each finding with its line and a squiggle under it. */
import type { Report } from "../../core/index";
import { type Group, groupReports, type Severity, severities } from "../../core/index";
import { excerpt } from "../excerpt";
import { type Paint, severityStyle } from "../paint";
import { type FileResult, fixOf, type Reporter, type Summary } from "../result";
import { harmless } from "../width";

export interface TextOptions {
  readonly paint: Paint;
  /** Width of the terminal in columns. */
  readonly columns: number;
  /** Leaves the summary out. */
  readonly quiet: boolean;
}

const mostTried = 200;

/** Makes the reporter. Lines and columns it shows start at 1; a column counts UTF-16 units, as editors do. */
export function createTextReporter(options: TextOptions): Reporter {
  const fixable = { safe: 0, unsafe: 0 };
  return {
    file(result) {
      // To know whether a fix holds, it is tried. In a file with very many findings what their rules promise must do.
      for (const [index, report] of result.reports.entries()) {
        const kind = index < mostTried ? fixOf(report)?.applicability : report.rule.fixable;
        if (kind === "safe" || kind === "unsafe") fixable[kind]++;
      }
      if (!result.model) return "";
      return groupReports(result.model, result.reports)
        .map((group) => finding(group, result, options))
        .join("");
    },
    end: (summary) => (options.quiet ? "" : closing(summary, fixable, options.paint)),
  };
}

function finding({ reports }: Group, { path, model }: FileResult, { paint, columns }: TextOptions): string {
  const [main, ...others] = reports;
  const { start } = main.range;
  const place = `${harmless(path)}:${start.line + 1}:${start.character + 1}`;
  const head = `${paint("bold", place)} ${level(main, paint)} ${harmless(main.message)} ${paint("gray", `[${main.rule.id}]`)}\n`;
  const number = String(start.line + 1);
  const margin = " ".repeat(Math.max(2, 5 - number.length));
  const gutter = `${margin}${" ".repeat(number.length)} ${paint("gray", "|")} `;
  const room = Math.max(20, Math.min(columns, 160) - margin.length - number.length - 4);
  let body = "";
  if (model) {
    const { source, squiggle } = excerpt(model.text, model.lines, main.range, room);
    body = `${margin}${paint("gray", `${number} |`)} ${source}\n${gutter}${paint(severityStyle[main.severity], squiggle)}\n`;
  }
  const also = others.map(
    (other) =>
      `${gutter}also ${level(other, paint)} ${harmless(other.message)} ${paint("gray", `[${other.rule.id}]`)}\n`,
  );
  return `${head}${body}${also.join("")}\n`;
}

function level({ severity }: Report, paint: Paint): string {
  return paint(severityStyle[severity], `${severity}:`);
}

function closing(summary: Summary, fixable: { readonly safe: number; readonly unsafe: number }, paint: Paint): string {
  const { counts, files, fixed, fixedFiles, faults, known } = summary;
  const total = severities.reduce((sum, severity) => sum + counts[severity], 0);
  const parts = severities
    .filter((severity) => counts[severity] > 0)
    .map((severity) => counted(severity, counts[severity]));
  const linted = files - faults;
  const lines: string[] = [];
  if (fixed > 0) {
    // Fixes, not findings: one may make room for the next, so there can be more of them than were found at first.
    const done = summary.diff ? "Would make" : "Made";
    const count = `${fixed} ${fixed === 1 ? "fix" : "fixes"}`;
    lines.push(paint("green", `${done} ${count} in ${plural(fixedFiles, "file")}.`));
  }
  if (total === 0) {
    if (linted > 0)
      lines.push(`No ${fixed > 0 && !summary.diff ? "other " : ""}findings in ${plural(linted, "file")}.`);
  } else {
    const left = fixed === 0 ? "" : summary.diff ? " now" : " left";
    lines.push(paint("bold", `${plural(total, "finding")}${left} (${parts.join(", ")}) in ${plural(linted, "file")}.`));
  }
  if (known > 0) lines.push(`Left out: ${plural(known, "finding")} that the baseline knows.`);
  if (!summary.diff) lines.push(...proposals(fixable, summary.args));
  return lines.map((line) => `${line}\n`).join("");
}

function proposals(fixable: { readonly safe: number; readonly unsafe: number }, args: readonly string[]): string[] {
  const { safe, unsafe } = fixable;
  const command = `plimsoll fix${args.map((arg) => ` ${quoted(arg)}`).join("")}`;
  const short = command.length <= 80 ? command : "plimsoll fix";
  const lines: string[] = [];
  if (safe > 0) lines.push(`${safe} can be fixed by \`${short}\`.`);
  if (unsafe > 0) {
    const more = safe > 0 ? `${unsafe} more` : `${unsafe} can be fixed`;
    lines.push(`${more} by \`${short} --unsafe-fixes\`; see what it changes with --diff.`);
  }
  return lines;
}

function counted(severity: Severity, count: number): string {
  return severity === "info" ? `${count} info` : plural(count, severity);
}

function plural(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? "" : "s"}`;
}

function quoted(arg: string): string {
  return /^[\w@%+=:,./-]+$/.test(arg) ? arg : `'${arg.replaceAll("'", "'\\''")}'`;
}
