/** The harness finds what it promises to find: each made-up rule here has one fault. */
import { describe, expect, it } from "vitest";
import type { Bench } from "../server/scripts/example";
import { exampleDay, factsOf } from "../server/scripts/example";
import type { Catalogue } from "../server/src/core/catalogue/types";
import { readMarks, writeMarks } from "../server/src/core/marks";
import type { AnyRule, Example, Finding, Fix } from "../server/src/core/rule";
import { defineRule } from "../server/src/core/rule";
import { exampleFaults, ruleFaults } from "./harness";

const catalogue: Catalogue = {
  date: exampleDay,
  repository: () => null,
  image: () => null,
  repositoryNames: () => [],
  tags: () => [],
  lines: () => [],
};

const loud: Example = { title: "Moves", code: "FROM node:[|latest|]\n", fixed: "FROM node:26\n" };
const silent: Example = { title: "Stays", code: "FROM node:26\n" };

/** A sound rule that finds the word `latest`; the tests bend one thing at a time. */
function made(change: Partial<AnyRule> & { fix?: Partial<Fix>; finding?: Partial<Finding> } = {}): AnyRule {
  const { fix, finding, ...rest } = change;
  return defineRule({
    id: "made-up",
    theme: "base-image",
    category: "reproducibility",
    severity: "warning",
    recommended: true,
    since: "0.1.0",
    summary: "A tag is `latest`.",
    why: "It moves.",
    aliases: { hadolint: ["DL3007"] },
    fixable: "unsafe",
    examples: [loud, silent],
    *check({ model }) {
      for (const match of model.text.matchAll(/latest/g)) {
        const range = { start: match.index, end: match.index + match[0].length };
        const edits = [{ span: range, newText: "26" }];
        yield {
          message: "The tag `latest` moves.",
          range,
          fixes: () => [
            {
              title: "Pin to 26",
              applicability: "unsafe",
              reason: "Another version may behave otherwise.",
              edits,
              ...fix,
            },
          ],
          ...finding,
        };
      }
    },
    ...rest,
  } as AnyRule);
}

function faults(rule: AnyRule, others: readonly AnyRule[] = []): string {
  const bench: Bench = { rules: [rule, ...others], catalogue, today: exampleDay };
  return [...ruleFaults(rule, bench), ...rule.examples.flatMap((example) => exampleFaults(rule, example, bench))].join(
    "\n",
  );
}

it("finds nothing to say of a sound rule", () => expect(faults(made())).toBe(""));

describe("finds", () => {
  const first = (change: Partial<Example>) => [{ ...loud, ...change }, silent];
  let calls = 0;
  const cases: [string, AnyRule, string][] = [
    ["a wrong range", made({ examples: first({ code: "FROM [|node:latest|]\n" }) }), "findings differ"],
    ["a missing finding", made({ examples: first({ code: "[|FROM|] node:[|latest|]\n" }) }), "findings differ"],
    ["a finding too many", made({ examples: [loud, { ...silent, code: "FROM node:latest\n" }] }), "findings differ"],
    ["a wrong fixed text", made({ examples: first({ fixed: "FROM node:24\n" }) }), "fixed text differs"],
    ["an untold fix", made({ examples: [{ title: "Moves", code: loud.code }, silent] }), "does not say the fixed text"],
    ["a fixed text without a fix", made({ fixable: "none" }), "no fix is offered"],
    ["an undeclared fix", made({ fixable: "none" }), 'a fix is offered, but fixable is "none"'],
    [
      "a fix that leaves the finding",
      made({ fix: { edits: insertion(0, "# latest\n") } }),
      "still there after its fix",
    ],
    ["a fix that never ends", made({ fix: { edits: insertion(0, "# latest\n") } }), "does not come to an end"],
    ["a fix that breaks the file", made({ fix: { edits: replaceAll("FRO node:26\n") } }), "does not hold"],
    ["a fix without a change", made({ fix: { edits: [] } }), "does not hold"],
    ["an unsafe fix without a reason", made({ fix: { reason: "" } }), "needs a reason"],
    [
      "a safe fix of an unsafe rule",
      made({ fix: { applicability: "safe" } }),
      'fixable is "unsafe", but a fix is safe',
    ],
    ["a safe rule with unsafe fixes", made({ fixable: "safe" }), "every fix in the examples is unsafe"],
    ["a title with a full stop", made({ fix: { title: "Pin." } }), "no full stop at its end"],
    ["a message without a full stop", made({ finding: { message: "It moves" } }), "no full stop"],
    ["a message with a line break", made({ finding: { message: "It\nmoves." } }), "line break"],
    ["a rule without a silent example", made({ examples: [loud] }), "no example is silent"],
    ["a rule without a finding", made({ examples: [silent] }), "no example shows a finding"],
    ["twice the same title", made({ examples: first({ title: silent.title }) }), "same title"],
    ["a bad id", made({ id: "Made_Up" }), "kebab-case"],
    ["a bad alias", made({ aliases: { hadolint: ["dl3007"] } }), "no id of hadolint"],
    ["an unknown option", made({ examples: first({ options: { deep: true } }) }), "option that does not exist"],
    ["a summary without a full stop", made({ summary: "A tag moves" }), "summary"],
    [
      "a check that depends on more than its input",
      made({
        *check() {
          yield { message: `Call ${calls++}.`, range: { start: 10, end: 16 } };
        },
      }),
      "two runs",
    ],
    [
      "a check that throws",
      made({
        // biome-ignore lint/correctness/useYield: it throws before it could.
        *check() {
          throw new Error("broken");
        },
      }),
      "the check threw: Error: broken",
    ],
  ];
  it.each(cases)("%s", (_name, rule, fault) => expect(faults(rule)).toContain(fault));

  it("a fix that makes another rule report more", () => {
    const other = made({
      id: "no-digits",
      *check({ model }) {
        const at = model.text.indexOf("26");
        if (at >= 0) yield { message: "A digit.", range: { start: at, end: at + 2 } };
      },
    });
    expect(faults(made(), [other])).toContain("the fix makes no-digits report more");
    expect(faults(made({ category: "correctness", severity: "error" }), [other])).toBe("");
  });
});

describe("marks", () => {
  it.each(["FROM [|a|]", "[||]FROM a", "[|a|][|b|]", "[|a[|b|]|]", "plain", "[|[|a|]|]"])(
    "come back from %s",
    (code) => {
      const { text, spans } = readMarks(code);
      expect(writeMarks(text, spans)).toBe(code);
    },
  );

  it.each(["[|a", "a|]"])("must be closed: %s", (code) => expect(() => readMarks(code)).toThrow());
});

it("gives the files of an example as facts", () => {
  const facts = factsOf({ "package.json": "{}", "src/a.ts": "a" });
  expect([facts.file("./package.json"), facts.file("none"), facts.list("src"), facts.list(".")]).toEqual([
    "{}",
    null,
    ["src/a.ts"],
    ["package.json", "src/a.ts"],
  ]);
  expect(factsOf(undefined).file("package.json")).toBeUndefined();
});

function insertion(at: number, newText: string) {
  return [{ span: { start: at, end: at }, newText }];
}

function replaceAll(newText: string) {
  return [{ span: { start: 0, end: "FROM node:latest\n".length }, newText }];
}
