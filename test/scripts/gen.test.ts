import { describe, expect, it } from "vitest";
import { exampleDay } from "../../server/scripts/example";
import { lineDiff, listing } from "../../server/scripts/gen/excerpt";
import { ruleIndex, withRuleTable } from "../../server/scripts/gen/lists";
import { rulePage } from "../../server/scripts/gen/page";
import { settings } from "../../server/scripts/gen/settings";
import { exampleCatalogue } from "../../server/src/core/catalogue/examples";
import { defineRule } from "../../server/src/core/rule";
import { indexLines, toRange } from "../../server/src/core/text";

const rule = defineRule({
  id: "made-up",
  theme: "user",
  category: "security",
  severity: "warning",
  recommended: true,
  since: "0.1.0",
  summary: "A user | is `root`.",
  why: "It may do anything.",
  aliases: { hadolint: ["DL3002"], kics: ["Some Title"] },
  options: {
    names: { type: "strings", default: ["root", "0"], description: "Names that count as root." },
    mode: { type: "enum", values: ["soft", "hard"], default: "soft", description: "How hard to look." },
  },
  fixable: "unsafe",
  examples: [
    {
      title: "Root",
      code: "FROM a\nRUN x\nUSER [|root|]\nRUN y\n",
      fixed: "FROM a\nRUN x\nUSER app\nRUN y\n",
      options: { mode: "hard" },
      files: { "a.txt": "text\n" },
    },
    { title: "App", code: "FROM a\nUSER app\n" },
  ],
  *check({ model }) {
    const start = model.text.indexOf("root");
    if (start < 0) return;
    const span = { start, end: start + 4 };
    yield {
      message: "It is root.",
      range: span,
      fixes: () => [
        {
          title: "Switch to app",
          applicability: "unsafe",
          reason: "It may lack rights.",
          edits: [{ span, newText: "app" }],
        },
      ],
    };
  },
});

const page = rulePage(rule, { rules: [rule], catalogue: exampleCatalogue(), today: exampleDay });

describe("a rule page", () => {
  it.each([
    ["the squiggle", "3 | USER root\n  |      ~~~~ It is root."],
    ["the fix with its reason", "Fix (unsafe): Switch to app. It may lack rights."],
    ["the change", "-USER root\n+USER app"],
    ["the options of an example", 'With `mode: "hard"`.'],
    ["the files of an example", "The build context holds `a.txt`:"],
    ["the option table", '| `mode` | `soft`, `hard` | `"soft"` | How hard to look. |'],
    ["options as YAML", 'rules:\n  made-up:\n    severity: warning\n    names: ["root","0"]'],
    ["how to silence it", "# plimsoll ignore=made-up -- say why"],
    ["comments of other tools", "# hadolint ignore=DL3002"],
    ["names in other tools", "| kics | `Some Title` |"],
    ["silent examples", "### App\n\n```dockerfile\nFROM a\nUSER app\n```"],
    ["presets", "| Presets | recommended, strict, all, hadolint |"],
  ])("shows %s", (_what, text) => expect(page).toContain(text));

  it("never shows marks", () => expect(page).not.toMatch(/\[\||\|\]/));
});

it("lists rules by theme, with their columns intact", () => {
  expect(ruleIndex([rule])).toContain("## Users and privileges");
  expect(ruleIndex([rule])).toContain("| [made-up](made-up.md) | A user \\| is `root`. | warning |");
});

describe("the README's table", () => {
  const readme = "a\n<!-- rules: begin (made by `npm run gen`) -->\nold\n<!-- rules: end -->\nb\n";
  it("is replaced between its markers", () => {
    const text = withRuleTable(readme, [rule]);
    expect(text).not.toContain("old");
    expect(text).toContain("[made-up](docs/rules/made-up.md)");
    expect(withRuleTable(text, [rule])).toBe(text);
  });
  it("needs its markers", () => expect(() => withRuleTable("plain", [rule])).toThrow("markers"));
});

it("makes a setting of each rule, with its options", () => {
  const made = settings([rule]) as { properties: { "plimsoll.rules": { properties: { [id: string]: unknown } } } };
  expect(made.properties["plimsoll.rules"].properties["made-up"]).toMatchObject({
    default: "warning",
    anyOf: [{ enum: expect.arrayContaining(["off", "error"]) }, { properties: { mode: { enum: ["soft", "hard"] } } }],
  });
});

it("draws the squiggle of several lines in the first one, and one for no width", () => {
  const text = "RUN a \\\n b\n";
  const shown = (start: number, end: number) =>
    listing(text, [{ range: toRange(indexLines(text), { start, end }), label: "x" }]);
  expect(shown(4, 10)).toBe("1 | RUN a \\\n  |     ~~~ x\n2 |  b");
  expect(shown(8, 8)).toBe("1 | RUN a \\\n2 |  b\n  | ^ x");
});

it("shows what changed and leaves out what is far away", () => {
  const lines = Array.from({ length: 30 }, (_, i) => `RUN ${i}\n`);
  const after = ["RUN first\n", ...lines.slice(1, 29), "RUN last\n"];
  expect(lineDiff(lines.join(""), after.join("")).split("\n")).toEqual([
    "-RUN 0",
    "+RUN first",
    " RUN 1",
    " RUN 2",
    " RUN 3",
    "@@",
    " RUN 26",
    " RUN 27",
    " RUN 28",
    "-RUN 29",
    "+RUN last",
  ]);
});
