/** One squiggle per FROM: what is said about one base image is said once, in the editor and in the terminal. */
import type { Report } from "./lint";
import { instructionAt } from "./model/at";
import type { Model } from "./model/types";
import { type Severity, severities } from "./rule";
import type { Span } from "./text";

/** Findings that are shown as one, the most severe first. Findings that stand alone form groups of one. */
export interface Group {
  readonly reports: readonly [Report, ...Report[]];
  readonly severity: Severity;
}

/** Groups findings with the subject "base" by their FROM; keeps the order of the file. */
export function groupReports(model: Model, reports: readonly Report[]): readonly Group[] {
  const groups: { reports: [Report, ...Report[]] }[] = [];
  const byInstruction = new Map<number, { reports: [Report, ...Report[]] }>();
  for (const report of reports) {
    const place = report.subject === "base" ? (instructionAt(model, report.span.start)?.index ?? null) : null;
    const known = place === null ? undefined : byInstruction.get(place);
    if (known) {
      known.reports.push(report);
      continue;
    }
    const group: { reports: [Report, ...Report[]] } = { reports: [report] };
    groups.push(group);
    if (place !== null) byInstruction.set(place, group);
  }
  return groups.map(({ reports: members }) => {
    if (members.length > 1) members.sort((a, b) => rank(a.severity) - rank(b.severity));
    return { reports: members, severity: members[0].severity };
  });
}

/** The text of a group: the first finding's message, then what else there is, each with its rule. */
export function groupMessage(group: Group): string {
  const [first, ...others] = group.reports;
  if (others.length === 0) return first.message;
  return `${first.message}\n${others.map((other) => `Also (${other.rule.id}): ${other.message}`).join("\n")}`;
}

/** At most `limit` groups: the most severe ones, in the order of the file among equals. */
export function mostSevere(groups: readonly Group[], limit: number): readonly Group[] {
  if (groups.length <= limit) return groups;
  return [...groups].sort((a, b) => rank(a.severity) - rank(b.severity)).slice(0, limit);
}

/** True when the group is to be offered for a selection: one of its findings meets it. */
export function meets(group: Group, span: Span): boolean {
  return group.reports.some((report) => report.span.start <= span.end && span.start <= report.span.end);
}

function rank(severity: Severity): number {
  return severities.indexOf(severity);
}
