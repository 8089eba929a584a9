import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parseConfig } from "../../server/src/config/read";
import { allRules, bundledCatalogue } from "../../server/src/core/index";
import { sampleRules } from "./sample-rules";
import { folderWith, run } from "./terminal";

describe("help and version", () => {
  test("each command has help that names its options", async () => {
    const folder = folderWith({});
    for (const command of ["lint", "fix", "rules", "explain", "init", "lsp"]) {
      const ran = await run(folder, [command, "--help"]);
      expect(ran).toMatchObject({ code: 0, err: "" });
      expect(ran.out).toContain(`Usage: plimsoll ${command}`);
      expect(ran.out).toContain("--help");
      expect(await run(folder, ["help", command])).toEqual(ran);
    }
    expect((await run(folder, [])).out).toContain("Usage: plimsoll <command>");
    expect(await run(folder, ["--version"])).toEqual({ code: 0, out: "9.9.9\n", err: "" });
  });
});

describe("rules", () => {
  test("as JSON, with the presets that turn them on", async () => {
    const list = JSON.parse((await run(folderWith({}), ["rules", "--format", "json"])).out);
    expect(list).toHaveLength(sampleRules.length);
    expect(list[2]).toEqual({
      id: "base-latest",
      theme: "base-image",
      category: "security",
      severity: "info",
      recommended: true,
      presets: ["recommended", "strict", "all", "hadolint"],
      fixable: "none",
      aliases: { hadolint: ["DL3007"], trivy: ["DS-0001"] },
      summary: "The word :latest stands in the file.",
      url: "https://github.com/plimsoll-dev/plimsoll/blob/main/docs/rules/base-latest.md",
    });
  });
  test("as text", async () => {
    const { out } = await run(folderWith({}), ["rules"]);
    expect(out).toContain("  bad-word     error   *F  The word badword stands in the file.\n");
    expect(out).toContain("6 rules, 5 of them on by default (*).");
  });
});

describe("explain", () => {
  test("shows why, examples, options, names and how to silence", async () => {
    const { out } = await run(folderWith({}), ["explain", "AVD-DS-0001"]);
    expect(out).toContain("base-latest info\n");
    expect(out).toContain("Nobody likes `:latest`.");
    expect(out).toContain("    FROM :latest\n         ~~~~~~~\n  after the fix:\n    FROM b\n");
    expect(out).toContain('  mode (soft, hard): How hard to look. Default: "soft".\n');
    expect(out).toContain("  trivy: DS-0001\n");
    expect(out).toContain("# plimsoll ignore=base-latest --");
  });
});

describe("init", () => {
  test("writes a file that is valid and changes nothing, and never overwrites", async () => {
    const folder = folderWith({});
    expect(await run(folder, ["init"])).toEqual({ code: 0, out: "Wrote .plimsoll.yaml.\n", err: "" });
    const text = readFileSync(join(folder, ".plimsoll.yaml"), "utf8");
    expect(parseConfig(text, "/.plimsoll.yaml", sampleRules)).toMatchObject({
      problems: [],
      extends: ["recommended"],
      failOn: "error",
    });
    expect(await run(folder, ["init"])).toMatchObject({
      code: 2,
      err: "plimsoll: .plimsoll.yaml exists already; it was left as it is.\n",
    });
    expect(readFileSync(join(folder, ".plimsoll.yaml"), "utf8")).toBe(text);
  });

  test("takes hadolint's file over; what it says stays the same", async () => {
    const hadolint = `ignored: [DL3007, DL9999]
failure-threshold: style
trustedRegistries: [docker.io, my.example]
`;
    const folder = folderWith({ ".hadolint.yaml": hadolint, "a/x": "" });
    const ran = await run(join(folder, "a"), ["init", "--from-hadolint"]);
    expect(ran.code).toBe(0);
    expect(ran.err).toContain(':1:19: info: No rule of Plimsoll answers to "DL9999"');
    const text = readFileSync(join(folder, "a/.plimsoll.yaml"), "utf8");
    expect(text).toContain('#   line 1: No rule of Plimsoll answers to "DL9999"; the entry has no effect.\n');
    const before = parseConfig(hadolint, "/.hadolint.yaml", sampleRules);
    const after = parseConfig(text, "/.plimsoll.yaml", sampleRules);
    expect(after.problems).toEqual([]);
    expect(after.rules).toEqual(before.rules);
    expect(after.failOn).toBe("hint");
  });

  test("afterwards a run says and fails as with hadolint's own file", async () => {
    const product = { rules: allRules, catalogue: bundledCatalogue };
    const hadolint = `ignored: [DL3059]
override: { error: [DL3048], info: [DL3007] }
trustedRegistries: ["*.example.com"]
label-schema: { version: semver, maintainer: text }
strict-labels: true
`;
    const dockerfile = "FROM debian:latest\nLABEL version=one Other=1\nRUN a\nRUN b\nCMD c\n";
    const folder = folderWith({ ".hadolint.yaml": hadolint, Dockerfile: dockerfile });
    const findings = async (...args: string[]): Promise<unknown> => {
      const ran = await run(folder, ["lint", "--format", "json", ...args], { product });
      const [file] = JSON.parse(ran.out).files;
      return {
        code: ran.code,
        found: file.findings.map((one: { rule: string; severity: string }) => [one.rule, one.severity]),
      };
    };
    const before = await findings("--preset", "hadolint", "--fail-on", "info");
    expect(before).toEqual({
      code: 1,
      found: [
        ["label-required-missing", "info"],
        ["untrusted-registry", "error"],
        ["base-image-latest-tag", "info"],
        ["label-value-format", "warning"],
        ["label-invalid-key", "error"],
        ["label-superfluous", "info"],
        ["shell-form-entrypoint", "warning"],
      ],
    });
    await run(folder, ["init", "--from-hadolint"], { product });
    expect(await findings()).toEqual(before);
  });

  test("without one it says so and writes nothing", async () => {
    const folder = folderWith({});
    expect((await run(folder, ["init", "--from-hadolint"])).code).toBe(2);
    expect(existsSync(join(folder, ".plimsoll.yaml"))).toBe(false);
  });
});

describe("lsp", () => {
  test("starts the server", async () => {
    expect(await run(folderWith({}), ["lsp", "--stdio", "--clientProcessId=12"])).toMatchObject({
      code: 0,
      out: "server started\n",
    });
    expect((await run(folderWith({}), ["lsp"])).code).toBe(2);
  });
});
