/** The rules about layout, beyond their examples. */
import { describe, expect, it } from "vitest";
import { exampleCatalogue } from "../../../server/src/core/catalogue/examples";
import { applyFixes } from "../../../server/src/core/fix";
import type { LintInput } from "../../../server/src/core/lint";
import { lint } from "../../../server/src/core/lint";
import { buildModel } from "../../../server/src/core/model/build";
import { resolveConfig } from "../../../server/src/core/preset";
import { layoutRules } from "../../../server/src/core/rules/layout/index";

function input(text: string, rule: string): LintInput {
  const rules = layoutRules.filter(({ id }) => id === rule);
  expect(rules).toHaveLength(1);
  const config = resolveConfig(rules, { presets: [], overrides: [new Map([[rule, { severity: "on" as const }]])] });
  return { model: buildModel(text), rules, config, catalogue: exampleCatalogue(), today: "2026-09-01" };
}

const count = (rule: string, text: string) => lint(input(text, rule)).reports.length;

function fixed(rule: string, text: string): string {
  const result = applyFixes(input(text, rule), { unsafe: true });
  expect(result.converged).toBe(true);
  return result.text;
}

describe("legacy-key-value", () => {
  const rule = "legacy-key-value";
  it.each([
    ["ENV A b", "ENV A=b"],
    ["ENV A  b c", 'ENV A="b c"'],
    ['ENV A "b c"', 'ENV A="b c"'],
    ["ENV A b\\ c", "ENV A=b\\ c"],
    ["ENV PATH $PATH:/x", "ENV PATH=$PATH:/x"],
    ["ENV A ${B:-x y} z", 'ENV A="${B:-x y} z"'],
    ['LABEL by Ann "ann@example.org"', 'LABEL by="Ann ann@example.org"'],
    ["ENV A b=c d=e", 'ENV A="b=c d=e"'],
    ["ENV A b \\\n    c", 'ENV A="b \\\n    c"'],
  ])("%s", (before, after) => {
    expect(fixed(rule, `FROM alpine\n${before}\n`)).toBe(`FROM alpine\n${after}\n`);
  });
  it.each(["ENV A it's", "ENV A b \\\n# why\n c"])("finds, but offers nothing for: %s", (line) => {
    expect(count(rule, `FROM alpine\n${line}\n`)).toBe(1);
    expect(fixed(rule, `FROM alpine\n${line}\n`)).toBe(`FROM alpine\n${line}\n`);
  });
  it("keeps carriage returns and the escape character", () => {
    expect(fixed(rule, "# escape=`\r\nFROM alpine\r\nENV A b `\r\n  c\r\n")).toBe(
      '# escape=`\r\nFROM alpine\r\nENV A="b `\r\n  c"\r\n',
    );
  });
  it("leaves ONBUILD alone", () => {
    expect(count(rule, "FROM alpine\nONBUILD ENV A b\n")).toBe(0);
  });
});

describe("space-before-equals", () => {
  it("offers nothing where more than one value follows", () => {
    const text = "FROM alpine\nENV A =b C=d\n";
    expect(count("space-before-equals", text)).toBe(1);
    expect(fixed("space-before-equals", text)).toBe(text);
  });
});

describe("instruction-casing", () => {
  it("does not take an unknown word for a keyword", () => {
    expect(count("instruction-casing", "FROM alpine\nfoo bar\n")).toBe(0);
  });
  it("prefers upper case where both are equally common", () => {
    expect(fixed("instruction-casing", "FROM alpine\nrun a\n")).toBe("FROM alpine\nRUN a\n");
  });
});

describe("epilogue-order", () => {
  const rule = "epilogue-order";
  it("moves all of them behind the last instruction", () => {
    expect(fixed(rule, 'FROM a\nCMD ["c"]\nENTRYPOINT ["e"]\nRUN x\n')).toBe(
      'FROM a\nRUN x\nENTRYPOINT ["e"]\nCMD ["c"]\n',
    );
    expect(fixed(rule, 'FROM a\r\nENTRYPOINT ["e"]\r\nRUN x\r\nCMD ["c"]\r\n')).toBe(
      'FROM a\r\nRUN x\r\nENTRYPOINT ["e"]\r\nCMD ["c"]\r\n',
    );
  });
  it("works at a file's end without a line end", () => {
    expect(fixed(rule, 'FROM a\nCMD ["c"]\nRUN x')).toBe('FROM a\nRUN x\nCMD ["c"]');
  });
  it("leaves comments to people", () => {
    const text = 'FROM a\n# start\nCMD ["c"]\nRUN x\n';
    expect(count(rule, text)).toBe(1);
    expect(fixed(rule, text)).toBe(text);
  });
  it("keeps to each stage", () => {
    expect(fixed(rule, 'FROM a AS b\nCMD ["c"]\nRUN x\nFROM b\nRUN y\n')).toBe(
      'FROM a AS b\nRUN x\nCMD ["c"]\nFROM b\nRUN y\n',
    );
  });
});

describe("definition-comment-format", () => {
  it("offers a blank line as well", () => {
    const [report] = lint(input("# the version\nARG V=1\nFROM a\n", "definition-comment-format")).reports;
    expect(report?.fixes().map(({ title }) => title)).toEqual([
      "Begin the comment with V",
      "Leave a blank line below the comment",
    ]);
  });
});

describe("templates", () => {
  it.each(layoutRules.map(({ id }) => id))("%s says nothing of a template", (rule) => {
    expect(count(rule, "from alpine as x\n{% if y %}\nENV A b\n{% endif %}\n")).toBe(0);
  });
});
