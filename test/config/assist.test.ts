/** Completion and hover in `.plimsoll.yaml`; `|` is the cursor. */
import { describe, expect, test } from "vitest";
import { explanationAt, proposalsAt } from "../../server/src/config/assist";
import { applyEdits } from "../../server/src/core/index";
import { sampleRules } from "../cli/sample-rules";

const split = (marked: string): [text: string, offset: number] => {
  const offset = marked.indexOf("|");
  return [marked.slice(0, offset) + marked.slice(offset + 1), offset];
};
const labels = (marked: string): string[] => proposalsAt(...split(marked), sampleRules).map(({ label }) => label);
/** The text after taking a proposal. */
const take = (marked: string, label: string): string => {
  const [text, offset] = split(marked);
  const proposal = proposalsAt(text, offset, sampleRules).find((item) => item.label === label);
  return proposal ? applyEdits(text, [proposal]) : "not proposed";
};
const hover = (marked: string): string | null => explanationAt(...split(marked), sampleRules)?.markdown ?? null;

const keys = ["extends", "rules", "ignore", "failOn", "registry", "signatures", "buildArgs", "target", "inlineConfig"];
const levels = ["error", "warning", "info", "hint", "on", "off"];
const ids = sampleRules.map((rule) => rule.id);

describe("completion", () => {
  test.each([
    ["an empty file", "|", keys],
    ["a word that has begun", "fai|", keys],
    [
      "keys that are there are left out",
      "failOn: error\nrules:\n  bad-word: off\n|",
      keys.filter((key) => key !== "failOn" && key !== "rules"),
    ],
    ["behind a broken line", "failOn: [\n|", keys.filter((key) => key !== "failOn")],
    ["presets", "extends: |", ["recommended", "strict", "all", "hadolint", "buildkit"]],
    [
      "presets in a list, without those that are there",
      "extends: [all, |]",
      ["recommended", "strict", "hadolint", "buildkit"],
    ],
    ["presets in a list of lines", "extends:\n  - all\n  - s|\n", ["recommended", "strict", "hadolint", "buildkit"]],
    ["thresholds", "failOn: |\nrules: {}\n", ["error", "warning", "info", "hint", "never"]],
    ["directly behind the colon", "failOn:|\n", ["error", "warning", "info", "hint", "never"]],
    ["rules", "rules:\n  |", ids],
    ["rules, without those that are there", "rules:\n  bad-word: off\n  b|\nignore: []\n", ids.slice(1)],
    ["rules in braces", "rules: { bad-word: off, | }", ids.slice(1)],
    ["ids of other linters, once one is begun", "rules:\n  D|", [...ids, "DL3007", "DS-0001", "DL3026"]],
    ["severities", "rules:\n  bad-word: |\n", levels],
    ["severities behind an id of another linter", "rules:\n  DL3007: w|", levels],
    ["options", "rules:\n  bad-word:\n    max: 1\n    |", ["severity", "names", "mode"]],
    ["options in braces", "rules:\n  bad-word: { severity: error, | }", ["max", "names", "mode"]],
    ["values of an option", "rules:\n  bad-word: { mode: | }", ["soft", "hard"]],
    ["severity among options", "rules:\n  bad-word:\n    severity: |", levels],
    ["signatures", "signatures:\n  |", ["required", "trustRoot"]],
    ["a requirement", "signatures:\n  required:\n    - images: [a]\n      |", ["keys", "identities", "predicate"]],
    ["the registry", "registry:\n  |", ["online", "trusted", "mirrors", "insecure", "ca"]],
    ["true and false", "inlineConfig: |", ["true", "false"]],
    ["nothing where a word is free", "target: |", []],
    ["nothing in a comment", "# fai|\n", []],
    ["nothing below a rule that does not exist", "rules:\n  no-such:\n    |", []],
    ["in quotes", 'failOn: "|"\n', ["error", "warning", "info", "hint", "never"]],
  ])("%s", (_, marked, expected) => {
    expect(labels(marked)).toEqual(expected);
  });

  test("what is written", () => {
    expect(take("fai|", "failOn")).toBe("failOn: ");
    expect(take("ru|", "rules")).toBe("rules:");
    expect(take("fai|On: error", "failOn")).toBe("failOn: error");
    expect(take("rules:\n  bad-|\n", "bad-word")).toBe("rules:\n  bad-word: \n");
    expect(take("failOn:|", "never")).toBe("failOn: never");
    expect(take("failOn: er|ror # x", "never")).toBe("failOn: never # x");
    expect(take("extends: [al|, strict]", "all")).toBe("extends: [all, strict]");
  });

  test("a text of any kind throws nothing", () => {
    const odd = "extends: *x\nrules: &a { <<: *a, ? [1] : 2 }\n- !!int x\n\t'\"`|>\n%YAML 9\n";
    for (let at = 0; at <= odd.length; at++) {
      expect(() => proposalsAt(odd, at, sampleRules)).not.toThrow();
      expect(() => explanationAt(odd, at, sampleRules)).not.toThrow();
    }
  });
});

describe("hover", () => {
  test.each([
    ["fail|On: error", "From which severity on"],
    ["failOn: err|or", "A run fails from findings"],
    ["rules:\n  bad-|word: off", "The word badword stands in the file."],
    ["rules:\n  bad-word: o|ff", "The rule finds nothing."],
    ["rules:\n  bad-word: { ma|x: 3 }", "How many are too many."],
    ["rules:\n  DL3|007: off", "**base-latest**"],
    ["extends: [str|ict]", "not matters of style"],
    ["registry: { onl|ine: false }", "May registries be asked"],
  ])("%j", (marked, expected) => {
    expect(hover(marked)).toContain(expected);
  });

  test.each(["tar|get: x".replace("tar|get", "no|thing"), "target: wo|rd", "# fail|On", "rules:\n  no-such|: off"])(
    "%j says nothing",
    (marked) => {
      expect(hover(marked)).toBeNull();
    },
  );
});
