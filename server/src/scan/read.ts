/**
 * Reports of scanners, read into one shape. Field names as the tools write them: trivy's JSON with SchemaVersion 2,
 * grype's JSON with `matches`, osv-scanner's JSON with `results`. What has another shape is null: a newer version may
 * mean something else by it.
 */
import { type Vulnerability, type VulnerabilitySeverity, vulnerabilitySeverities } from "../core/image/vulnerability";
import { parseJson, part } from "../registry/json";

/** Vulnerabilities, the worst first, each id once for a package; null for a text that is no such report. */
export type ReadReport = (json: string) => readonly Vulnerability[] | null;

/** `Results[].Vulnerabilities[]`; what has no results has nothing to report. */
export const readTrivy: ReadReport = (json) => {
  const report = parseJson(json);
  if (text(report, "ArtifactName") === null || part(report, "SchemaVersion") !== 2) return null;
  return sorted(
    list(report, "Results").flatMap((result) =>
      list(result, "Vulnerabilities").map((one) => ({
        id: text(one, "VulnerabilityID") ?? "",
        severity: severityOf(text(one, "Severity")),
        package: text(one, "PkgName") ?? "",
        installed: text(one, "InstalledVersion") ?? "",
        fixed: text(one, "FixedVersion") || null,
      })),
    ),
  );
};

/** `matches[]`; the CVE behind an advisory is told where it is named. */
export const readGrype: ReadReport = (json) => {
  const report = parseJson(json);
  if (!Array.isArray(part(report, "matches"))) return null;
  return sorted(
    list(report, "matches").map((match) => {
      const vulnerability = part(match, "vulnerability");
      const related = list(match, "relatedVulnerabilities").map((one) => text(one, "id") ?? "");
      const fix = part(vulnerability, "fix");
      const versions = texts(fix, "versions");
      return {
        id: cveOf([text(vulnerability, "id") ?? "", ...related]),
        severity: severityOf(text(vulnerability, "severity")),
        package: text(part(match, "artifact"), "name") ?? "",
        installed: text(part(match, "artifact"), "version") ?? "",
        fixed: text(fix, "state") === "fixed" && versions.length > 0 ? versions.join(", ") : null,
      };
    }),
  );
};

/** `results[].packages[].groups[]`: one group is one vulnerability under its names. */
export const readOsv: ReadReport = (json) => {
  const report = parseJson(json);
  if (!Array.isArray(part(report, "results"))) return null;
  return sorted(
    list(report, "results").flatMap((result) =>
      list(result, "packages").flatMap((one) => {
        const name = text(part(one, "package"), "name") ?? "";
        const installed = text(part(one, "package"), "version") ?? "";
        const described = list(one, "vulnerabilities");
        return list(one, "groups").map((group) => {
          const ids = texts(group, "ids");
          const own = described.filter((entry) => ids.includes(text(entry, "id") ?? ""));
          return {
            id: cveOf([...ids, ...texts(group, "aliases")]),
            severity: severityOfScore(text(group, "max_severity")),
            package: name,
            installed,
            fixed: fixedVersions(own, name),
          };
        });
      }),
    ),
  );
};

/** The versions that mend a package, by the ranges of OSV's schema; commits of git are none. */
function fixedVersions(described: readonly unknown[], name: string): string | null {
  const versions = described
    .flatMap((entry) => list(entry, "affected"))
    .filter((affected) => text(part(affected, "package"), "name") === name)
    .flatMap((affected) => list(affected, "ranges"))
    .filter((range) => text(range, "type") !== "GIT")
    .flatMap((range) => list(range, "events"))
    .flatMap((event) => text(event, "fixed") ?? []);
  return versions.length > 0 ? [...new Set(versions)].slice(0, 4).join(", ") : null;
}

/** The name that everybody knows, where there is one. */
function cveOf(ids: readonly string[]): string {
  return ids.find((id) => id.startsWith("CVE-")) ?? ids[0] ?? "";
}

function severityOf(word: string | null): VulnerabilitySeverity {
  const plain = (word ?? "").toLowerCase();
  if (plain === "negligible") return "low";
  return vulnerabilitySeverities.find((severity) => severity === plain) ?? "unknown";
}

/** CVSS's qualitative scale (version 3.1, section 5). */
function severityOfScore(score: string | null): VulnerabilitySeverity {
  const number = Number.parseFloat(score ?? "");
  if (!(number > 0)) return "unknown";
  return number >= 9 ? "critical" : number >= 7 ? "high" : number >= 4 ? "medium" : "low";
}

function sorted(found: readonly Vulnerability[]): readonly Vulnerability[] {
  const unique = new Map<string, Vulnerability>();
  for (const one of found) {
    const key = `${one.id} ${one.package}`;
    if (one.id !== "" && !unique.has(key)) unique.set(key, one);
  }
  const rank = ({ severity }: Vulnerability): number => vulnerabilitySeverities.indexOf(severity);
  // What can be mended comes first: that is where there is something to do.
  const open = ({ fixed }: Vulnerability): number => Number(fixed === null);
  const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
  return [...unique.values()].sort(
    (a, b) => rank(a) - rank(b) || open(a) - open(b) || byText(a.id, b.id) || byText(a.package, b.package),
  );
}

function list(value: unknown, key: string): readonly unknown[] {
  const found = part(value, key);
  return Array.isArray(found) ? found : [];
}

function texts(value: unknown, key: string): readonly string[] {
  return list(value, key).filter((one): one is string => typeof one === "string");
}

function text(value: unknown, key: string): string | null {
  const found = part(value, key);
  return typeof found === "string" ? found : null;
}
