/** One message per FROM line: what several rules say of one base image is shown as one. Pure; the server asks it too. */
import type { Model, Report } from "../core/index";
import { severities } from "../core/index";

/** A report, with the others about the same base image that stand behind it. */
export interface MergedReport {
  /** The most severe one: it gives rule id, severity and range. */
  readonly main: Report;
  /** Most severe first; empty for a report that stands alone. */
  readonly others: readonly Report[];
}

/** Merges the reports whose subject is the base of the same FROM. All others stay alone; the order of the file stays. */
export function mergeBase(reports: readonly Report[], model: Model): MergedReport[] {
  const groups = new Map<number, Report[]>();
  const order: Report[][] = [];
  for (const report of reports) {
    const from = report.subject === "base" ? instructionAt(model, report.span.start) : null;
    const group = from === null ? undefined : groups.get(from);
    if (group) {
      group.push(report);
      continue;
    }
    const made = [report];
    order.push(made);
    if (from !== null) groups.set(from, made);
  }
  return order.map((group) => {
    const [main, ...others] = [...group].sort(
      (a, b) => severities.indexOf(a.severity) - severities.indexOf(b.severity),
    );
    return { main: main as Report, others };
  });
}

/** The message of a merged report in one text, for places that can show no list. */
export function mergedMessage({ main, others }: MergedReport): string {
  if (others.length === 0) return main.message;
  return `${main.message}\n${others.map((other) => `Also (${other.rule.id}): ${other.message}`).join("\n")}`;
}

// Index of the last instruction that starts at or before an offset, or null.
function instructionAt(model: Model, offset: number): number | null {
  let low = 0;
  let high = model.instructions.length - 1;
  let found: number | null = null;
  while (low <= high) {
    const middle = (low + high) >> 1;
    if ((model.instructions[middle]?.span.start ?? 0) <= offset) {
      found = middle;
      low = middle + 1;
    } else high = middle - 1;
  }
  return found;
}
