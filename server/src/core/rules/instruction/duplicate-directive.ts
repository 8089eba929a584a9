import { defineRule } from "../../rule";
import { faultCause, faultsOf } from "./faults";

export default defineRule({
  id: "duplicate-directive",
  theme: "instruction",
  category: "correctness",
  severity: "error",
  recommended: true,
  since: "0.1.0",
  summary: "A parser directive is repeated.",
  why: "The builder stops at a directive that it has seen before, even where both say the same. Usually two templates were put together.",
  aliases: { "dockerfile-utils": ["DUPLICATED_ESCAPE_DIRECTIVE"] },
  fixable: "safe",
  examples: [
    {
      title: "The escape character is set twice",
      code: "# escape=\\\n[|# escape=\\|]\nFROM alpine:3.24\n",
      fixed: "# escape=\\\nFROM alpine:3.24\n",
    },
    {
      title: "Two frontends",
      code: "# syntax=docker/dockerfile:1\n[|# syntax=docker/dockerfile:1.7|]\nFROM alpine:3.24\n",
      fixed: "# syntax=docker/dockerfile:1\nFROM alpine:3.24\n",
    },
    {
      title: "Behind a comment it is a comment itself",
      code: "# syntax=docker/dockerfile:1\n# A note\n# syntax=docker/dockerfile:1\nFROM alpine:3.24\n",
    },
    { title: "Two different directives", code: "# syntax=docker/dockerfile:1\n# escape=\\\nFROM alpine:3.24\n" },
  ],
  *check({ model }) {
    for (const { span } of faultsOf(model, "duplicate-directive")) {
      const directive = model.directives.find(({ start }) => start === span.start);
      if (!directive) continue;
      const first = model.directives.find(({ name }) => name === directive.name);
      yield {
        message: `The directive ${directive.name} is already set above, and the builder takes it only once. Delete one of the two.`,
        range: span,
        cause: faultCause(span),
        ...(first ? { related: [{ message: "Set here first.", range: { start: first.start, end: first.end } }] } : {}),
        fixes: () => {
          const newline = model.text.indexOf("\n", span.end);
          if (newline < 0) return [];
          const same = first?.value === directive.value;
          return [
            {
              title: "Delete this line",
              applicability: same ? "safe" : "unsafe",
              ...(same ? {} : { reason: `The other ${directive.name} directive has another value.` }),
              edits: [{ span: { start: span.start, end: newline + 1 }, newText: "" }],
            },
          ];
        },
      };
    }
  },
});
