/** What scanners said of images, as a page to read. */
import { type ScanReport, severityText, type Vulnerability } from "../core/image/vulnerability";

/** Rows of one image; the rest is counted. */
const mostRows = 500;

/** The page, in Markdown; null where nothing was scanned. The most severe stand first, in one table for each image. */
export function scanPage(reports: readonly ScanReport[]): string | null {
  if (reports.length === 0) return null;
  return `${["# Known vulnerabilities of the base images", ...reports.flatMap(sectionOf)].join("\n\n")}\n`;
}

function sectionOf({ image, scanner, day, vulnerabilities }: ScanReport): readonly string[] {
  const found = severityText(vulnerabilities) || "none known";
  const head = [`## ${plain(image)}`, `${scanner} on ${day}: ${found}.`];
  if (vulnerabilities.length === 0) return head;
  const rows = vulnerabilities.slice(0, mostRows).map(rowOf);
  const rest = vulnerabilities.length - rows.length;
  return [
    ...head,
    ["| Id | Severity | Package | Installed | Fixed in |", "|---|---|---|---|---|", ...rows].join("\n"),
    ...(rest > 0 ? [`${rest} more are left out here; \`plimsoll scan\` lists them all.`] : []),
  ];
}

function rowOf({ id, severity, package: name, installed, fixed }: Vulnerability): string {
  return `| ${[id, severity, name, installed, fixed ?? "not yet"].map(plain).join(" | ")} |`;
}

/** A scanner's words come from databases and images: nothing in them is markup. */
function plain(text: string): string {
  return text.replace(/[\r\n]+/g, " ").replace(/[\\`*_[\]<>|#!&]/g, (sign) => `\\${sign}`);
}
