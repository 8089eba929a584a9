/** What `plimsoll scan` says. */
import {
  countBySeverity,
  type ScanReport,
  severityText,
  type Vulnerability,
  type VulnerabilitySeverity,
} from "../core/image/vulnerability";
import type { Paint } from "./paint";
import { harmless } from "./width";

/** One base image at one place. */
export interface Scanned {
  readonly path: string;
  /** From 0. */
  readonly line: number;
  readonly image: string;
  /** Null: it was not scanned. */
  readonly report: ScanReport | null;
  /** What counts of it. */
  readonly counted: readonly Vulnerability[];
}

/** Vulnerabilities that are listed of one image. */
const mostListed = 10;

const styles = { critical: "red", high: "red", medium: "yellow", low: "blue", unknown: "gray" } as const;

/** A line for each image, and below it the worst. Each ends with a line break. */
export function scanLines(
  scanned: readonly Scanned[],
  { all, quiet, paint }: { readonly all: boolean; readonly quiet: boolean; readonly paint: Paint },
): string {
  const told = new Set<string>();
  return scanned
    .map(({ path, line, image, report, counted }) => {
      if (quiet && report && counted.length === 0) return "";
      const place = `${paint("bold", harmless(`${path}:${line + 1}`))} ${harmless(image)}`;
      if (!report) return `${place} ${paint("yellow", "was not scanned")}\n`;
      const who = `(${report.scanner}, ${report.day})`;
      if (counted.length === 0) return `${place} ${paint("green", "no known vulnerability")} ${who}\n`;
      const head = `${place} ${paint(styleOf(counted), severityText(counted))} ${who}\n`;
      // The same image in another file has the same ones.
      if (told.has(image)) return head;
      told.add(image);
      return `${head}${rows(all ? counted : counted.slice(0, mostListed), paint)}${restText(counted, all)}`;
    })
    .join("");
}

function styleOf([worst]: readonly Vulnerability[]): (typeof styles)[VulnerabilitySeverity] {
  return styles[worst?.severity ?? "unknown"];
}

function rows(list: readonly Vulnerability[], paint: Paint): string {
  const width = Math.max(...list.map(({ id }) => id.length));
  return list
    .map(({ id, severity, package: name, installed, fixed }) => {
      const remedy = fixed === null ? "not mended yet" : `mended in ${fixed}`;
      const what = harmless(`${id.padEnd(width)}  ${name} ${installed}, ${remedy}`);
      return `  ${paint(styles[severity], severity.padEnd(8))}  ${what}\n`;
    })
    .join("");
}

function restText(counted: readonly Vulnerability[], all: boolean): string {
  const rest = counted.length - mostListed;
  return all || rest <= 0 ? "" : `  … and ${rest} more; --all shows them.\n`;
}

/** The last line. */
export function scanSummary(scanned: readonly Scanned[]): string {
  const images = new Map(scanned.map((one) => [one.image, one]));
  const done = [...images.values()].filter(({ report }) => report);
  const found = severityText(done.flatMap(({ counted }) => counted));
  const left = images.size - done.length;
  const what = found === "" ? "no known vulnerability" : found;
  if (done.length === 0) return `Scanned no image; ${left} left.`;
  return `Scanned ${done.length} image${done.length === 1 ? "" : "s"}: ${what}${left > 0 ? `; ${left} left` : ""}.`;
}

/** The report for programs: every vulnerability that counts, by image. */
export function scanJson(version: string, scanned: readonly Scanned[]): string {
  const images = scanned.map(({ path, line, image, report, counted }) => ({
    path,
    line: line + 1,
    image,
    scanned: report && { as: report.image, scanner: report.scanner, day: report.day },
    counts: countBySeverity(counted),
    vulnerabilities: counted,
  }));
  return `${JSON.stringify({ version: 1, tool: { name: "plimsoll", version }, images }, null, 2)}\n`;
}
