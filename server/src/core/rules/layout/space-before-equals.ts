import { hasTemplate } from "../../fixes/mount";
import { locate } from "../../model/types";
import { defineRule } from "../../rule";

export default defineRule({
  id: "space-before-equals",
  theme: "layout",
  category: "correctness",
  severity: "warning",
  recommended: true,
  since: "0.1.0",
  summary: "A blank stands before = in a key=value pair.",
  why: "With a blank before it, `=` is no sign but the first letter of the value: `ENV A =b` sets A to `=b`, in the old form without `=`. Nobody means that.",
  aliases: { buildkit: ["LegacyKeyValueFormat"], sonar: ["S6574"], tally: ["buildkit/LegacyKeyValueFormat"] },
  scope: "instruction",
  fixable: "unsafe",
  examples: [
    { title: "ENV", code: "FROM alpine:3.24\nENV DIR[| |]=/app\n", fixed: "FROM alpine:3.24\nENV DIR=/app\n" },
    {
      title: "Blanks on both sides",
      code: "FROM alpine:3.24\nLABEL version[| = |]1.2\n",
      fixed: "FROM alpine:3.24\nLABEL version=1.2\n",
    },
    { title: "No blank", code: "FROM alpine:3.24\nENV A=b C= D=e\n" },
    { title: "The old form", code: "FROM alpine:3.24\nENV OPTS a=b c=d\n" },
    { title: "In quotes", code: 'FROM alpine:3.24\nENV A="b = c"\n' },
  ],
  *check({ model }) {
    for (const instruction of model.instructions) {
      const { keyword, parsed } = instruction;
      if (keyword !== "ENV" && keyword !== "LABEL") continue;
      const [pair] = parsed.pairs;
      if (!pair?.legacy || !pair.value?.text.startsWith("=") || parsed.comments.length > 0) continue;
      const value = locate(instruction, pair.value);
      const start = locate(instruction, pair.nameSpan).end;
      const after = /^=[ \t]*/.exec(model.text.slice(value.start, value.end))?.[0].length ?? 1;
      // With blanks behind the sign as well, both go; else only those before it.
      const range = after > 1 ? { start, end: value.start + after } : { start, end: value.start };
      if (hasTemplate(model, instruction.span)) continue;
      const rest = model.text.slice(value.start + after, value.end);
      yield {
        message: `${pair.name} gets the value "=…", because a blank stands before the sign. Write ${pair.name}=….`,
        range,
        fixes: () =>
          /[\s]/.test(rest) && !/^(["'])[^"'\\]*\1$/.test(rest)
            ? []
            : [
                {
                  title: `Write ${pair.name}=…`,
                  applicability: "unsafe",
                  reason: "The value no longer begins with an equals sign.",
                  edits: [{ span: range, newText: after > 1 ? "=" : "" }],
                },
              ],
      };
    }
  },
});
