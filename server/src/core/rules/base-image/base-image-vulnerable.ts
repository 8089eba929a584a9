/** What a scanner says of a base. Silent until the user has run one. */
import { imagePlaces } from "../../fixes/image-places";
import {
  atLeast,
  countedVulnerabilities,
  readFilter,
  type ScanReport,
  severityText,
  type Vulnerability,
} from "../../image/vulnerability";
import { defineRule } from "../../rule";

const image = "ghcr.io/team/base:1";
const bad: Vulnerability = {
  id: "CVE-2026-1001",
  severity: "critical",
  package: "openssl",
  installed: "3.0.1",
  fixed: "3.0.2",
};

export default defineRule({
  id: "base-image-vulnerable",
  theme: "base-image",
  category: "security",
  severity: "warning",
  recommended: true,
  since: "0.1.0",
  summary: "The base image has published vulnerabilities.",
  why: 'What the base brings is part of the image. Plimsoll knows no vulnerabilities itself and runs no scanner by itself: `plimsoll scan`, and "Scan Base Images" in the editor, run trivy, grype or osv-scanner where one is installed; until then the rule is silent. Mostly a newer tag or digest is all it takes, and where no version is mended yet, a smaller base.',
  aliases: {
    dockle: ["CIS-DI-0004"],
    "docker-language-server": ["vulnerabilities", "critical_high_vulnerabilities"],
  },
  options: {
    minimum: {
      type: "enum",
      values: ["critical", "high", "medium", "low"],
      default: "low",
      description: "From which severity on vulnerabilities count.",
    },
    fixedOnly: {
      type: "boolean",
      default: false,
      description: "Leave out those that no version mends yet.",
    },
    ignored: {
      type: "strings",
      default: [],
      description: "Ids that were judged and do not count: CVE-2026-1234.",
    },
  },
  fixable: "none",
  examples: [
    { title: "A scanner found some", code: `FROM [|${image}|]\n`, scans: { [image]: [bad] } },
    { title: "A scanner found none", code: `FROM ${image}\n`, scans: { [image]: [] } },
    {
      title: "Only what matters to the project",
      code: `FROM ${image}\n`,
      options: { minimum: "high" },
      scans: { [image]: [{ ...bad, severity: "low" }] },
    },
    {
      title: "What no version mends yet is left out",
      code: `FROM ${image}\n`,
      options: { fixedOnly: true },
      scans: { [image]: [{ ...bad, fixed: null }] },
    },
    {
      title: "Judged already",
      code: `FROM ${image}\n`,
      options: { ignored: ["CVE-2026-1001"] },
      scans: { [image]: [bad] },
    },
    { title: "Nobody scanned it", code: `FROM ${image}\n` },
  ],
  *check({ model, catalogue, facts, options }) {
    const filter = readFilter(options);
    for (const { kind, reference, span, stage } of imagePlaces(model, catalogue)) {
      const report = kind === "from" ? facts.scans?.scan(reference) : undefined;
      if (!report) continue;
      const counted = countedVulnerabilities(report.vulnerabilities, filter);
      if (counted.length === 0) continue;
      // What a builder brings does not ship; a stage that nothing needs is not even built.
      const isGrave = stage?.ships !== false && atLeast(counted, "high").length > 0;
      yield {
        message: messageOf(reference.text, report, counted),
        range: span,
        severity: isGrave ? "warning" : "info",
        subject: "base",
      };
    }
  },
});

function messageOf(text: string, { scanner, day }: ScanReport, counted: readonly Vulnerability[]): string {
  const total = counted.length === 1 ? "1 known vulnerability" : `${counted.length} known vulnerabilities`;
  const mended = counted.filter(({ fixed }) => fixed !== null).length;
  const worst = counted.slice(0, 3).map(({ id, package: name, installed, fixed }) => {
    return `${id} in ${name} ${installed}${fixed === null ? ", not mended yet" : `, mended in ${fixed}`}`;
  });
  const remedy =
    mended === 0
      ? "None is mended yet: a smaller base has fewer."
      : "Move to a newer tag or digest: later versions mend " +
        `${mended === counted.length ? "all of them" : `${mended} of them`}.`;
  const who = `${scanner}, ${day}`;
  return `${text} has ${total}: ${severityText(counted)} (${who}). ${counted.length > 3 ? "The worst: " : ""}${worst.join("; ")}. ${remedy}`;
}
