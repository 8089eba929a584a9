/** `plimsoll scan`, with stand-ins for scanners and a registry on loopback. */
import { describe, expect, it } from "vitest";
import { bundledCatalogue } from "../../server/src/core/catalogue/catalogue";
import { allRules } from "../../server/src/core/rules/index";
import { folderWith, run, type World } from "../cli/terminal";
import { startFake } from "../registry/fake";
import { hurried, newFolder, noProcesses, portsFor } from "../registry/tools";
import { trivyArgs, trivyReport } from "./reports";
import { install } from "./stand-ins";

const two = trivyReport(
  ["CVE-2026-1", "CRITICAL", "openssl", "3.0.1", "3.0.2"],
  ["CVE-2026-2", "LOW", "tar", "1.34", ""],
);

function world(more: Partial<World> = {}): World {
  const cache = newFolder();
  return {
    registry: () => portsFor({ ports: hurried, cache }),
    product: { rules: allRules, catalogue: bundledCatalogue },
    ...more,
  };
}

/** A registry with an image, and a scanner that knows it. */
async function setUp(out = two) {
  const fake = await startFake();
  const digest = fake.push("app", "1");
  const image = `${fake.host}/app@${digest}`;
  const { runs } = install({ trivy: [{ args: [...trivyArgs, image], out }] });
  return { fake, digest, image, runs };
}

const today = () => new Date().toISOString().slice(0, 10);

it("scans each image once, by the digest behind its tag, and lists the worst", async () => {
  const { fake, runs } = await setUp();
  const folder = folderWith({
    Dockerfile: `FROM ${fake.host}/app:1 AS build\nFROM ${fake.host}/app:1\nCOPY --from=build / /\n`,
    "b/Dockerfile": `FROM ${fake.host}/app:1\n`,
  });
  const ran = await run(folder, ["scan"], world());
  expect(ran.err).toBe("");
  const head = (place: string): string => `${place} ${fake.host}/app:1 1 critical, 1 low (trivy, ${today()})\n`;
  expect(ran.out).toBe(
    `${head("Dockerfile:1")}  critical  CVE-2026-1  openssl 3.0.1, mended in 3.0.2\n` +
      `  low       CVE-2026-2  tar 1.34, not mended yet\n${head("Dockerfile:2")}${head("b/Dockerfile:1")}` +
      "Scanned 1 image: 1 critical, 1 low.\n",
  );
  expect([ran.code, runs().length, fake.count("HEAD", /manifests/)]).toEqual([1, 1, 1]);
});

it("keeps what was said of a digest, between runs too", async () => {
  const { fake, runs } = await setUp();
  const folder = folderWith({ Dockerfile: `FROM ${fake.host}/app:1\n` });
  const same = world();
  await run(folder, ["scan"], same);
  expect((await run(folder, ["scan"], same)).out).toContain("1 critical");
  expect(runs()).toHaveLength(1);
  await run(folder, ["scan", "--fresh"], same);
  expect(runs()).toHaveLength(2);
});

describe("what counts", () => {
  it.each([
    ["the configuration", ["scan"], "minimum: critical", 1, "1 critical"],
    ["judged ones", ["scan"], "ignored: [CVE-2026-1]", 0, "1 low"],
    ["what can be mended", ["scan"], "fixedOnly: true", 1, "1 critical"],
    ["nothing is left", ["scan"], "ignored: [CVE-2026-1, CVE-2026-2]", 0, "no known vulnerability"],
    ["--fail-on low", ["scan", "--fail-on", "low"], "ignored: [CVE-2026-1]", 1, "1 low"],
    ["--fail-on never", ["scan", "--fail-on", "never"], "minimum: low", 0, "1 critical, 1 low"],
  ])("%s", async (_, args, options, code, said) => {
    const { fake } = await setUp();
    const folder = folderWith({
      Dockerfile: `FROM ${fake.host}/app:1\n`,
      ".plimsoll.yaml": `rules: { base-image-vulnerable: { ${options} } }\n`,
    });
    const ran = await run(folder, args, world());
    expect([ran.code, ran.err]).toEqual([code, ""]);
    expect(ran.out).toContain(`/app:1 ${said} (`);
  });
});

describe("reports for programs", () => {
  it("json holds every one", async () => {
    const { fake, image } = await setUp();
    const folder = folderWith({ Dockerfile: `FROM ${fake.host}/app:1\n` });
    const { images } = JSON.parse((await run(folder, ["scan", "--format", "json"], world())).out);
    expect(images).toEqual([
      {
        ...{ path: "Dockerfile", line: 1, image: `${fake.host}/app:1` },
        scanned: { as: image, scanner: "trivy", day: today() },
        counts: { critical: 1, high: 0, medium: 0, low: 1, unknown: 0 },
        vulnerabilities: [
          { id: "CVE-2026-1", severity: "critical", package: "openssl", installed: "3.0.1", fixed: "3.0.2" },
          { id: "CVE-2026-2", severity: "low", package: "tar", installed: "1.34", fixed: null },
        ],
      },
    ]);
  });

  it("sarif has a finding on the line of FROM", async () => {
    const { fake } = await setUp();
    const folder = folderWith({ Dockerfile: `\nFROM ${fake.host}/app:1\n` });
    const sarif = JSON.parse((await run(folder, ["scan", "--format", "sarif"], world())).out);
    const [result] = sarif.runs[0].results;
    expect(result.ruleId).toBe("base-image-vulnerable");
    expect(result.locations[0].physicalLocation.region).toMatchObject({ startLine: 2, startColumn: 6 });
    expect(result.message.text).toContain(
      `has 2 known vulnerabilities: 1 critical, 1 low (trivy, ${today()}). CVE-2026-1 in openssl 3.0.1, mended in 3.0.2;`,
    );
  });
});

describe("what goes wrong", () => {
  it("no scanner is there", async () => {
    install({});
    const fake = await startFake();
    fake.push("app", "1");
    const folder = folderWith({ Dockerfile: `FROM ${fake.host}/app:1\n` });
    const ran = await run(folder, ["scan"], world());
    expect(ran.err).toBe(
      "plimsoll: No scanner is installed: Plimsoll runs trivy, grype, osv-scanner, and brings none. Install one, so that it is found on the PATH.\n",
    );
    expect(ran.code).toBe(2);
    const named = await run(folder, ["scan", "--scanner", "grype"], world());
    expect(named.err).toContain("grype is not installed.");
  });

  it("the scanner fails", async () => {
    const { fake } = await setUp("broken");
    const folder = folderWith({ Dockerfile: `FROM ${fake.host}/app:1\n` });
    const ran = await run(folder, ["scan"], world());
    expect([ran.code, ran.out]).toEqual([
      2,
      `Dockerfile:1 ${fake.host}/app:1 was not scanned\nScanned no image; 1 left.\n`,
    ]);
    expect(ran.err).toContain("/app:1 was not scanned. What trivy reports is not understood");
  });

  it("the registry gives no digest: the scanner may still get its image", async () => {
    const fake = await startFake(() => ({ status: 500 }));
    install({ trivy: [{ args: [...trivyArgs, `${fake.host}/app:1`], out: two }] });
    const folder = folderWith({ Dockerfile: `FROM ${fake.host}/app:1\n` });
    expect((await run(folder, ["scan", "--fail-on", "never"], world())).code).toBe(0);
  });

  it("no file, no program", async () => {
    const ran = await run(folderWith({}), ["scan"], world({ processes: noProcesses }));
    expect([ran.code, ran.err]).toEqual([0, "No Dockerfile found.\n"]);
  });
});
