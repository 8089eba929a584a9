import type { Fix } from "../../rule";
import { defineRule } from "../../rule";
import { faultCause, faultsOf } from "./faults";

export default defineRule({
  id: "invalid-escape-directive",
  theme: "instruction",
  category: "correctness",
  severity: "error",
  recommended: true,
  since: "0.1.0",
  summary: "The escape directive names neither a backslash nor a backtick.",
  why: "The escape character continues lines and takes away the meaning of the character behind it. The builder knows only these two, and stops at any other.",
  aliases: { "dockerfile-utils": ["INVALID_ESCAPE_DIRECTIVE"] },
  fixable: "unsafe",
  examples: [
    {
      title: "A slash for a backslash",
      code: "# escape=[|/|]\nFROM alpine:3.24\n",
      fixed: "# escape=\\\nFROM alpine:3.24\n",
    },
    {
      title: "An apostrophe for a backtick",
      code: "# escape=[|'|]\nFROM alpine:3.24\n",
      fixed: "# escape=`\nFROM alpine:3.24\n",
    },
    { title: "A backtick", code: "# escape=`\nFROM alpine:3.24\n" },
    { title: "Not at the top: a comment", code: "FROM alpine:3.24\n# escape=x\n" },
  ],
  *check({ model }) {
    for (const { span } of faultsOf(model, "escape-directive")) {
      const directive = model.directives.find(({ start }) => start === span.start);
      if (!directive) continue;
      const range = { start: directive.valueStart, end: directive.valueEnd };
      const replace = (character: string, name: string): Fix => ({
        title: `Write a ${name}`,
        applicability: "unsafe",
        reason: "It assumes which of the two characters the file uses.",
        edits: [{ span: range, newText: character }],
      });
      const backtick = replace("`", "backtick");
      const backslash = replace("\\", "backslash");
      yield {
        message:
          "The escape character is a backslash or a backtick, nothing else. Write one of the two, or delete the line.",
        range,
        cause: faultCause(span),
        fixes: () => (/^['"´]/.test(directive.value) ? [backtick, backslash] : [backslash, backtick]),
      };
    }
  },
});
