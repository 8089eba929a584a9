/** Running scanners, which are stand-ins: what they are given, what is made of what they say. */
import { describe, expect, it } from "vitest";
import { processRunner } from "../../server/src/node/process";
import type { AnswerStore } from "../../server/src/registry/ports";
import { readGrype, readOsv, readTrivy } from "../../server/src/scan/read";
import { type ScanWish, scanImage } from "../../server/src/scan/scan";
import { always, ref } from "../registry/tools";
import { grypeReport, osvReport, trivyArgs, trivyReport } from "./reports";
import { install } from "./stand-ins";

const digest = `sha256:${"a".repeat(64)}`;
const byDigest = `docker.io/library/node@${digest}`;
const one = trivyReport(["CVE-2026-1", "CRITICAL", "openssl", "3.0.1", "3.0.2"]);

function memoryStore(): AnswerStore {
  const texts = new Map<string, string>();
  return {
    read: async (key) => texts.get(key) ?? null,
    write: async (key, text) => void texts.set(key, text),
  };
}

function scan(wish: Partial<ScanWish> = {}, store: AnswerStore | null = null, now = Date.UTC(2026, 10, 24)) {
  const whole = { scanner: null, digest: null, platform: null, fresh: false, ...wish };
  return scanImage({ processes: processRunner, store, now: () => now }, ref("node:24"), whole, always);
}

describe("how scanners are called", () => {
  it("trivy: straight from the registry, vulnerabilities alone, in an empty folder", async () => {
    const { runs } = install({ trivy: [{ args: [...trivyArgs, byDigest], out: one }] });
    expect(await scan({ digest })).toEqual({
      kind: "done",
      report: {
        ...{ image: byDigest, scanner: "trivy", day: "2026-11-24" },
        vulnerabilities: [
          { id: "CVE-2026-1", severity: "critical", package: "openssl", installed: "3.0.1", fixed: "3.0.2" },
        ],
      },
    });
    const [run] = runs();
    expect(run?.beside).toEqual([]);
    expect(run?.folder).not.toBe(process.cwd());
    expect(run?.env).toMatchObject({ TRIVY_DISABLE_TELEMETRY: "true", TRIVY_SKIP_VERSION_CHECK: "true" });
  });

  it.each([
    ["trivy", [...trivyArgs, "--platform", "linux/arm64", "docker.io/library/node:24"], one],
    ["grype", ["registry:docker.io/library/node:24", "--output", "json", "--platform", "linux/arm64"], grypeReport],
    ["osv-scanner", ["scan", "image", "--format", "json", "docker.io/library/node:24"], osvReport],
  ] as const)("%s, for a platform", async (scanner, args, out) => {
    install({ [scanner]: [{ args, out, code: scanner === "osv-scanner" ? 1 : 0 }] });
    const outcome = await scan({ platform: "linux/arm64" });
    expect(outcome).toMatchObject({ kind: "done", report: { scanner } });
  });

  it("the first that is installed, or the one that is wanted", async () => {
    const grype = { args: ["registry:docker.io/library/node:24", "--output", "json"], out: grypeReport };
    install({ grype: [grype], trivy: [{ args: [...trivyArgs, "docker.io/library/node:24"], out: one }] });
    expect(await scan()).toMatchObject({ report: { scanner: "trivy" } });
    expect(await scan({ scanner: "grype" })).toMatchObject({ report: { scanner: "grype" } });
    expect(await scan({ scanner: "osv-scanner" })).toEqual({ kind: "absent" });
    install({});
    expect(await scan()).toEqual({ kind: "absent" });
  });
});

describe("what is kept", () => {
  it("a report of a digest, for a day", async () => {
    const { runs } = install({ trivy: [{ args: [...trivyArgs, byDigest], out: one }] });
    const [store, start, hour] = [memoryStore(), Date.UTC(2026, 10, 24), 3_600_000];
    await scan({ digest }, store, start);
    expect(await scan({ digest }, store, start + 23 * hour)).toMatchObject({ report: { day: "2026-11-24" } });
    expect(runs()).toHaveLength(1);
    await scan({ digest, fresh: true }, store, start + hour);
    expect(runs()).toHaveLength(2);
    expect(await scan({ digest }, store, start + 26 * hour)).toMatchObject({ report: { day: "2026-11-25" } });
    expect(runs()).toHaveLength(3);
  });

  it("nothing of a tag", async () => {
    const { runs } = install({ trivy: [{ args: [...trivyArgs, "docker.io/library/node:24"], out: one }] });
    const store = memoryStore();
    await scan({}, store);
    await scan({}, store);
    expect(runs()).toHaveLength(2);
  });
});

describe("what goes wrong", () => {
  it.each([
    [{ code: 1, err: "working\nFATAL no such image\n" }, "trivy failed (exit code 1): FATAL no such image"],
    [{ code: 1 }, "trivy failed (exit code 1)."],
    [{ out: "no json" }, "What trivy reports is not understood; this version may be too old or too new."],
    [{ out: "" }, "What trivy reports is not understood; this version may be too old or too new."],
  ])("%j", async (standIn, reason) => {
    install({ trivy: [{ args: [...trivyArgs, "docker.io/library/node:24"], ...standIn }] });
    expect(await scan()).toEqual({ kind: "failed", reason });
  });

  it("it can be stopped", async () => {
    const { runs } = install({ trivy: [{ args: [...trivyArgs, "docker.io/library/node:24"], hangs: true }] });
    const abort = new AbortController();
    const wish = { scanner: null, digest: null, platform: null, fresh: false };
    const ports = { processes: processRunner, store: null, now: Date.now };
    const outcome = scanImage(ports, ref("node:24"), wish, abort.signal);
    while (runs().length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
    abort.abort();
    expect(await outcome).toEqual({ kind: "stopped" });
    expect(await scanImage(ports, ref("node:24"), wish, abort.signal)).toEqual({ kind: "stopped" });
    expect(runs()).toHaveLength(1);
  });
});

describe("one shape for all", () => {
  it("trivy: the worst first, and of them what can be mended", () => {
    const report = trivyReport(
      ["CVE-2026-4", "LOW", "a", "1", ""],
      ["CVE-2026-3", "HIGH", "b", "1", ""],
      ["CVE-2026-2", "HIGH", "c", "1", "2, 3"],
      ["CVE-2026-2", "HIGH", "c", "1", "2, 3"],
      ["CVE-2026-1", "STRANGE", "d", "1", "2"],
    );
    expect(readTrivy(report)?.map(({ id, severity, fixed }) => `${id} ${severity} ${fixed}`)).toEqual([
      "CVE-2026-2 high 2, 3",
      "CVE-2026-3 high null",
      "CVE-2026-4 low null",
      "CVE-2026-1 unknown 2",
    ]);
  });

  it("grype: the CVE behind an advisory", () => {
    expect(readGrype(grypeReport)).toEqual([
      { id: "CVE-2026-0001", severity: "high", package: "left", installed: "2.0.0", fixed: "2.1.0" },
      { id: "CVE-2026-0002", severity: "low", package: "tar", installed: "1.34", fixed: null },
    ]);
  });

  it("osv-scanner: one for each group, severity by its score, versions and no commits", () => {
    expect(readOsv(osvReport)).toEqual([
      { id: "CVE-2026-0003", severity: "critical", package: "openssl", installed: "3.0.1", fixed: "3.0.2-r0" },
      { id: "OSV-2026-1", severity: "unknown", package: "openssl", installed: "3.0.1", fixed: null },
    ]);
  });

  it.each(["", "null", "[]", "1", "{}", '{"SchemaVersion":3,"ArtifactName":"x"}', '{"matches":1}', '{"results":null}'])(
    "%j is no report",
    (text) => expect([readTrivy(text), readGrype(text), readOsv(text)]).toEqual([null, null, null]),
  );

  it("odd members cost themselves only", () => {
    const trivy =
      '{"SchemaVersion":2,"ArtifactName":"x","Results":[null,{"Vulnerabilities":[null,1,{"VulnerabilityID":"CVE-1"}]}]}';
    expect(readTrivy(trivy)).toMatchObject([{ id: "CVE-1", severity: "unknown", fixed: null }]);
    expect(readGrype('{"matches":[null,{"vulnerability":null}]}')).toEqual([]);
    expect(readOsv('{"results":[{"packages":[{"groups":[1]}]}]}')).toEqual([]);
  });
});
