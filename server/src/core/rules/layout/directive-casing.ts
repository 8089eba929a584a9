import { defineRule } from "../../rule";

export default defineRule({
  id: "directive-casing",
  theme: "layout",
  category: "style",
  severity: "hint",
  recommended: false,
  since: "0.1.0",
  summary: "A parser directive is not lower case.",
  why: "`# Escape=` works like `# escape=`, but every document, tool and search has it in lower case. Off by default: a matter of looks.",
  aliases: { "dockerfile-utils": ["CASING_DIRECTIVE"] },
  fixable: "safe",
  examples: [
    {
      title: "An upper-case directive",
      code: "# [|Syntax|]=docker/dockerfile:1\nFROM alpine:3.24\n",
      fixed: "# syntax=docker/dockerfile:1\nFROM alpine:3.24\n",
    },
    { title: "Lower case", code: "# syntax=docker/dockerfile:1\n# escape=\\\nFROM alpine:3.24\n" },
    { title: "A comment is no directive", code: "# Note=this\nFROM alpine:3.24\n" },
  ],
  *check({ model }) {
    for (const { name, start, end } of model.directives) {
      const text = model.text.slice(start, end);
      const at = text.toLowerCase().indexOf(name);
      const written = text.slice(at, at + name.length);
      if (at < 0 || written === name) continue;
      const range = { start: start + at, end: start + at + name.length };
      yield {
        message: `The directive ${written} is not lower case. Write ${name}.`,
        range,
        fixes: () => [{ title: `Write ${name}`, applicability: "safe", edits: [{ span: range, newText: name }] }],
      };
    }
  },
});
