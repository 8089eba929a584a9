/** The rules about labels beyond their examples. */
import { describe, expect, it } from "vitest";
import { labelRules } from "../../../server/src/core/rules/label/index";
import { benchOf } from "./setup";

const { expectMarks, fixed, mended, reports } = benchOf(labelRules);

describe("maintainer-deprecated", () => {
  const rule = ["maintainer-deprecated"];

  it("keeps line ends, indents and the escape character", () => {
    expect(fixed("FROM a:1\r\n\tMAINTAINER me\r\n", rule)).toBe(
      'FROM a:1\r\n\tLABEL org.opencontainers.image.authors="me"\r\n',
    );
    expect(fixed('# escape=`\nFROM a:1\nMAINTAINER a "b" \\c $d\n', rule)).toBe(
      '# escape=`\nFROM a:1\nLABEL org.opencontainers.image.authors="a `"b`" \\c `$d"\n',
    );
    expect(fixed("FROM a:1\nMAINTAINER a\\b\n", rule)).toBe(
      'FROM a:1\nLABEL org.opencontainers.image.authors="a\\\\b"\n',
    );
  });

  it("has no fix over several lines, twice, or before FROM", () => {
    expect(fixed("FROM a:1\nMAINTAINER a \\\n  b\n", rule)).toBeNull();
    expect(reports("FROM a:1\nMAINTAINER a\nMAINTAINER b\n", rule).flatMap((report) => report.fixes())).toEqual([]);
    expect(fixed("MAINTAINER a\nFROM a:1\n", rule)).toBeNull();
  });

  it("is safe", () => {
    expect(reports("FROM a:1\nMAINTAINER me\n", rule)[0]?.fixes()[0]?.applicability).toBe("safe");
  });
});

describe("label-group", () => {
  it("keeps line ends and the escape character", () => {
    expect(fixed("# escape=`\r\nFROM a:1\r\nLABEL a=1\r\nLABEL b=2\r\n", ["label-group"])).toBe(
      "# escape=`\r\nFROM a:1\r\nLABEL a=1 `\r\n      b=2\r\n",
    );
  });

  it("finds each run of them, in each stage", () => {
    expectMarks("FROM a:1\n[|LABEL|] a=1\nLABEL b=2\nRUN x\n[|LABEL|] c=1\nLABEL d=2\nFROM b:1\nLABEL e=1\n", [
      "label-group",
    ]);
  });
});

describe("label-order and label-group together", () => {
  it("come to an end", () => {
    expect(mended("FROM a:1\nLABEL c=1\nLABEL b=2 a=3\n", ["label-group", "label-order"])).toBe(
      "FROM a:1\nLABEL a=3 \\\n      b=2 c=1\n",
    );
  });
});

describe("label-duplicate-key", () => {
  it("takes all earlier ones", () => {
    expect(mended("FROM a:1\nLABEL a=1\nLABEL a=2\nLABEL a=3\n", ["label-duplicate-key"])).toBe(
      "FROM a:1\nLABEL a=3\n",
    );
  });
});

describe("label-value-format", () => {
  const holds = (form: string, value: string) =>
    reports(`FROM a:1\nLABEL x="${value}"\n`, ["label-value-format"], { options: { labels: [`x=${form}`] } }).length ===
    0;

  it.each([
    ["spdx", "MIT", true],
    ["spdx", "GPL-2.0-or-later", true],
    ["spdx", "GPLv2", false],
    ["spdx", "MIT License", false],
    ["spdx", "LicenseRef-Acme", true],
    ["rfc3339", "2026-01-02T03:04:05+01:00", true],
    ["rfc3339", "2026-01-02T03:04:05", false],
    ["url", "example.com", false],
    ["hash", "123456", false],
    ["semver", "1.2", false],
    ["semver", "01.2.3", false],
    ["email", "Me <me@example.com>", false],
    ["anything", "", true],
  ])("%s %j: %j", (form, value, expected) => expect(holds(form, value)).toBe(expected));

  it("answers only the id of its form", () => {
    const [report] = reports("FROM a:1\nLABEL x=1\n", ["label-value-format"], { options: { labels: ["x=email"] } });
    expect(report?.aliases).toEqual({ hadolint: ["DL3058"] });
  });
});
