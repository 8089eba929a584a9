import { expect, test } from "vitest";
import type { ScanReport } from "../../server/src/core/image/vulnerability";
import { scanPage } from "../../server/src/scan/page";

const report: ScanReport = {
  image: "node:24_x",
  scanner: "trivy",
  day: "2026-11-25",
  vulnerabilities: [
    { id: "CVE-2026-1", severity: "critical", package: "open|ssl", installed: "3.0", fixed: "3.1" },
    { id: "CVE-2026-2", severity: "low", package: "<b>zlib</b>", installed: "1", fixed: null },
  ],
};

test("each image has a table, and nothing in it is markup", () => {
  expect(scanPage([report])).toBe(
    [
      "# Known vulnerabilities of the base images",
      "",
      "## node:24\\_x",
      "",
      "trivy on 2026-11-25: 1 critical, 1 low.",
      "",
      "| Id | Severity | Package | Installed | Fixed in |",
      "|---|---|---|---|---|",
      "| CVE-2026-1 | critical | open\\|ssl | 3.0 | 3.1 |",
      "| CVE-2026-2 | low | \\<b\\>zlib\\</b\\> | 1 | not yet |",
      "",
    ].join("\n"),
  );
});

test("an image without any says so, and nothing scanned is no page", () => {
  expect(scanPage([{ ...report, vulnerabilities: [] }])).toContain("trivy on 2026-11-25: none known.");
  expect(scanPage([])).toBeNull();
});

test("a page stays readable however many there are", () => {
  const [first] = report.vulnerabilities;
  const many = Array.from({ length: 700 }, () => first as (typeof report.vulnerabilities)[number]);
  const page = scanPage([{ ...report, vulnerabilities: many }]) ?? "";
  expect(page.match(/^\| CVE/gm)).toHaveLength(500);
  expect(page).toContain("200 more are left out here");
});
