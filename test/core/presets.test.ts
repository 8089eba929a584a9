/** The presets that stand in for other linters, and BuildKit's `# check=` comment. */
import { describe, expect, test } from "vitest";
import { allRules, buildModel, bundledCatalogue, lint, resolveConfig } from "../../server/src/core/index";
import { hadolintSeverity } from "../../server/src/core/presets/hadolint";

/** `line severity id` of each finding, by the peer's id. */
const findings = (text: string, preset: string, peer: "hadolint" | "buildkit", inlineConfig = true): string[] => {
  const { reports } = lint({
    model: buildModel(text),
    rules: allRules,
    config: resolveConfig(allRules, { presets: [preset], inlineConfig }),
    catalogue: bundledCatalogue(),
    today: "2026-09-01",
  });
  return reports.map(
    ({ range, severity, aliases }) => `${range.start.line + 1} ${severity} ${(aliases[peer] ?? ["-"]).join(",")}`,
  );
};

describe("hadolint", () => {
  const config = resolveConfig(allRules, { presets: ["hadolint"] });

  test("exactly the rules that answer to hadolint, but for what it leaves off", () => {
    for (const rule of allRules) {
      const levels = (rule.aliases.hadolint ?? []).map(hadolintSeverity);
      const on = levels.some((level) => level !== null && level !== "off");
      expect([rule.id, config.rules.has(rule.id)]).toEqual([rule.id, on]);
    }
    expect(config.rules.has("missing-healthcheck")).toBe(false);
  });

  test("hadolint's severities, which are not ours", () => {
    const text = "FROM debian\nMAINTAINER me\nRUN apt-get update && apt-get install -y curl\nUSER 1000\nCMD curl x\n";
    expect(findings(text, "hadolint", "hadolint")).toEqual([
      "1 warning DL3006",
      "2 error DL4000",
      "3 info DL3009",
      "3 warning DL3008",
      "3 info DL3015",
      "5 warning DL3025",
    ]);
  });

  test("rules that are smarter than hadolint are as strict here", () => {
    const text = "FROM debian:12\nRUN false | true\n";
    expect(findings(text, "hadolint", "hadolint")).toEqual(["2 warning DL4006"]);
    expect(findings("FROM debian:12\nRUN a\nRUN b\n", "hadolint", "hadolint")).toEqual(["3 info DL3059"]);
    expect(findings("FROM debian:12\nRUN a\nRUN b\n", "all", "hadolint")).not.toContain("3 info DL3059");
  });

  test("one severity for all findings of a rule", () => {
    const text = "FROM debian:12\nWORKDIR /a\nWORKDIR b\n";
    expect(findings(text, "hadolint", "hadolint")).toEqual(["3 error DL3000"]);
    expect(findings(text, "all", "hadolint")).toContain("3 hint DL3000");
  });

  test("knows no labels but those that a project lists", () => {
    const text = "FROM debian:12\nLABEL org.opencontainers.image.url=nowhere\n";
    expect(findings(text, "hadolint", "hadolint")).toEqual([]);
    expect(findings(text, "all", "hadolint")).toContainEqual(expect.stringContaining("DL3052"));
  });

  test("comments of hadolint's", () => {
    expect(findings("# hadolint ignore=DL3006\nFROM debian\n", "hadolint", "hadolint")).toEqual([]);
    expect(findings("# hadolint global ignore=DL3006\nFROM a\nFROM debian\n", "hadolint", "hadolint")).toEqual([]);
    expect(findings("# hadolint ignore=DL3006\nFROM debian\n", "hadolint", "hadolint", false)).toHaveLength(1);
  });
});

test("what one preset leaves out comes with another that has it", () => {
  const text = "FROM debian:12\nWORKDIR a\nWORKDIR b\n";
  const found = (presets: string[]): number => {
    const config = resolveConfig(allRules, { presets });
    return lint({
      model: buildModel(text),
      rules: allRules,
      config,
      catalogue: bundledCatalogue(),
      today: "2026-09-01",
    }).reports.filter(({ rule }) => rule.id === "workdir-relative").length;
  };
  expect(
    [["buildkit"], ["hadolint"], ["buildkit", "hadolint"], ["recommended", "buildkit"], ["buildkit", "all"]].map(found),
  ).toEqual([1, 2, 2, 2, 2]);
});

describe("buildkit", () => {
  test("its checks, each a warning", () => {
    const text = "from debian:12 AS Build\nWORKDIR app\nMAINTAINER me\nFROM debian:$TAG\nENV TOKEN x\nCMD a\nCMD b\n";
    expect(findings(text, "buildkit", "buildkit")).toEqual(
      expect.arrayContaining([
        "1 warning StageNameCasing",
        "2 warning WorkdirRelativePath",
        "3 warning MaintainerDeprecated",
        "4 warning UndefinedArgInFrom",
        "6 warning MultipleInstructionsDisallowed",
      ]),
    );
  });

  test("what it stops at is an error, as in docker build --check", () => {
    expect(findings("RUN a\nFROM debian:12\nRUNN a\nCOPY a\n", "buildkit", "buildkit")).toEqual([
      "1 error -",
      "3 error -",
      "4 error -",
    ]);
    // No word of what BuildKit does not say.
    expect(findings("FROM debian\nRUN cd /a && sudo b\n", "buildkit", "buildkit")).toEqual([]);
  });

  test("every fault of its list is a rule of ours", () => {
    const on = resolveConfig(allRules, { presets: ["buildkit"] }).rules;
    const silent = allRules.filter(({ id, aliases }) => on.has(id) && !aliases.buildkit);
    expect(silent.map(({ severity }) => severity)).toEqual(Array(28).fill("error"));
  });

  test("skip, for the file and for an instruction", () => {
    const text = "FROM debian:12 AS Build\nWORKDIR app\n";
    expect(findings(`# check=skip=StageNameCasing\n${text}`, "buildkit", "buildkit")).toEqual([
      "3 warning WorkdirRelativePath",
    ]);
    expect(findings(`# check=skip=all\n${text}`, "buildkit", "buildkit")).toEqual([]);
    expect(
      findings("FROM debian:12\n# check=skip=WorkdirRelativePath\nWORKDIR a\nWORKDIR b\n", "buildkit", "buildkit"),
    ).toEqual([]);
  });

  test("skip=all is about BuildKit's checks only", () => {
    expect(findings("# check=skip=all\nFROM debian\n", "recommended", "hadolint")).toContainEqual(
      expect.stringContaining("DL3006"),
    );
  });

  test.each([
    "# check=error=true",
    "# check=skip=StageNameCasing;error=true",
    "# check=error=true;skip=StageNameCasing",
  ])("%s makes them errors", (comment) => {
    expect(findings(`${comment}\nFROM debian:12\nWORKDIR app\n`, "buildkit", "buildkit")).toEqual([
      "3 error WorkdirRelativePath",
    ]);
  });

  test("error=true above an instruction is about that one; other findings keep their severity", () => {
    const text = "FROM debian\n# check=error=true\nWORKDIR a\nFROM debian:12\nWORKDIR b\n";
    expect(findings(text, "buildkit", "buildkit")).toEqual([
      "3 error WorkdirRelativePath",
      "5 warning WorkdirRelativePath",
    ]);
    expect(findings("# check=error=true\nFROM debian\n", "hadolint", "hadolint")).toEqual(["2 warning DL3006"]);
  });

  test.each(["# check=error=false", "# check=skip=X // error=true", "# a comment, check=error=true"])(
    "%s does not",
    (comment) => {
      expect(findings(`${comment}\nFROM debian:12\nWORKDIR app\n`, "buildkit", "buildkit")).toEqual([
        "3 warning WorkdirRelativePath",
      ]);
    },
  );

  test("comments that are not heeded make no errors", () => {
    const text = "# check=error=true\nFROM debian:12\nWORKDIR app\n";
    expect(findings(text, "buildkit", "buildkit", false)).toEqual(["3 warning WorkdirRelativePath"]);
  });
});
