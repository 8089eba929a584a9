import { describe, expect, test } from "vitest";
import { disableInConfig, disableInHadolint } from "../../server/src/config/disable-rule";
import { type AnyRule, applyEdits, type Edit } from "../../server/src/core/index";
import { latest, old } from "./rules";

const applied = (text: string, edit: Edit | null): string | null => edit && applyEdits(text, [edit]);
const off = (text: string): string | null => applied(text, disableInConfig(text, "a-rule"));

describe("in .plimsoll.yaml", () => {
  test.each([
    ["an empty file", "", "rules:\n  a-rule: off\n"],
    ["comments alone", "# ours\n", "# ours\nrules:\n  a-rule: off\n"],
    ["no last line end", "failOn: error", "failOn: error\nrules:\n  a-rule: off\n"],
    ["line ends of Windows", "failOn: error\r\n", "failOn: error\r\nrules:\r\n  a-rule: off\r\n"],
    ["rules without any", "rules:\nfailOn: error\n", "rules:\n  a-rule: off\nfailOn: error\n"],
    ["rules with a comment behind", "rules: # none\n", "rules:\n  a-rule: off # none\n"],
    ["other rules", "rules:\n    b: off # b\n\n# c\nx: 1\n", "rules:\n    a-rule: off\n    b: off # b\n\n# c\nx: 1\n"],
    ["rules in one line", "rules: { b: off }\n", "rules: { a-rule: off, b: off }\n"],
    ["empty rules in one line", "rules: {}\n", "rules: { a-rule: off }\n"],
    ["another severity", "rules:\n  a-rule: error # why\n", "rules:\n  a-rule: off # why\n"],
    [
      "options with a severity",
      "rules:\n  a-rule:\n    severity: info\n    x: 1\n",
      "rules:\n  a-rule:\n    severity: off\n    x: 1\n",
    ],
    ["options alone", "rules:\n  a-rule:\n    x: 1\n", "rules:\n  a-rule:\n    severity: off\n    x: 1\n"],
    ["options in one line", "rules: { a-rule: { x: 1 } }\n", "rules: { a-rule: { severity: off, x: 1 } }\n"],
  ])("%s", (_title, before, after) => expect(off(before)).toBe(after));

  test.each([
    ["a broken file", "rules: [\n"],
    ["a file that is no map", "- a\n"],
    ["rules that are no map", "rules: 3\n"],
    ["a rule that is off", "rules:\n  a-rule: off\n"],
  ])("%s is left alone", (_title, text) => expect(off(text)).toBeNull());
});

describe("in hadolint's file", () => {
  const ignore = (text: string, rule: AnyRule): string | null => applied(text, disableInHadolint(text, rule));

  test("takes hadolint's id where there is one", () => {
    expect(ignore("ignored:\n  - DL1\n", latest)).toBe("ignored:\n  - DL3007\n  - DL1\n");
    expect(ignore("ignored: [DL1]\n", latest)).toBe("ignored: [DL3007, DL1]\n");
    expect(ignore("ignored: []\n", old)).toBe("ignored: [ test-old ]\n");
    expect(ignore("failure-threshold: error\n", old)).toBe("failure-threshold: error\nignored:\n  - test-old\n");
  });

  test("says nothing twice", () => expect(ignore("ignored:\n- DL3007\n", latest)).toBeNull());
});
