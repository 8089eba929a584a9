/** Reports in the shape that scanners write, made up for the tests. */

export function trivyReport(
  ...vulnerabilities: readonly (readonly [string, string, string, string, string])[]
): string {
  return JSON.stringify({
    SchemaVersion: 2,
    ArtifactName: "image",
    Results: [
      {
        Class: "os-pkgs",
        Vulnerabilities: vulnerabilities.map(
          ([VulnerabilityID, Severity, PkgName, InstalledVersion, FixedVersion]) => ({
            ...{ VulnerabilityID, Severity, PkgName, InstalledVersion },
            ...(FixedVersion === "" ? {} : { FixedVersion }),
          }),
        ),
      },
      { Class: "lang-pkgs" },
    ],
  });
}

export const grypeReport = JSON.stringify({
  matches: [
    {
      vulnerability: { id: "CVE-2026-0002", severity: "Negligible", fix: { versions: [], state: "wont-fix" } },
      relatedVulnerabilities: [],
      artifact: { name: "tar", version: "1.34", type: "deb" },
    },
    {
      vulnerability: { id: "GHSA-aaaa", severity: "High", fix: { versions: ["2.1.0"], state: "fixed" } },
      relatedVulnerabilities: [{ id: "CVE-2026-0001" }],
      artifact: { name: "left", version: "2.0.0", type: "npm" },
    },
  ],
});

export const osvReport = JSON.stringify({
  results: [
    {
      packages: [
        {
          package: { name: "openssl", version: "3.0.1", ecosystem: "Alpine" },
          groups: [
            { ids: ["ALPINE-CVE-2026-0003"], aliases: ["CVE-2026-0003"], max_severity: "9.8" },
            { ids: ["OSV-2026-1"], aliases: [], max_severity: "" },
          ],
          vulnerabilities: [
            {
              id: "ALPINE-CVE-2026-0003",
              affected: [
                {
                  package: { name: "openssl" },
                  ranges: [
                    { type: "ECOSYSTEM", events: [{ introduced: "0" }, { fixed: "3.0.2-r0" }] },
                    { type: "GIT", events: [{ fixed: "0123456789abcdef" }] },
                  ],
                },
                { package: { name: "other" }, ranges: [{ type: "ECOSYSTEM", events: [{ fixed: "9" }] }] },
              ],
            },
          ],
        },
      ],
    },
  ],
});

/** What trivy is called with, before the image. */
export const trivyArgs = [
  "image",
  "--format",
  "json",
  "--quiet",
  "--scanners",
  "vuln",
  "--image-src",
  "remote",
  "--timeout",
  "10m",
];
