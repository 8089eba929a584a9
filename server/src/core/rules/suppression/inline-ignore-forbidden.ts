import { removeCommentLine } from "../../fixes/comment";
import { defineRule } from "../../rule";

export default defineRule({
  id: "inline-ignore-forbidden",
  theme: "suppression",
  category: "maintainability",
  severity: "info",
  recommended: false,
  since: "0.1.0",
  summary: "A comment silences findings where the project does not want that.",
  why: "Some projects decide in one place what is let pass, so that a comment in a file cannot. The comment still works; to make it of no effect, switch inline configuration off. Off by default: a comment with a reason is the better way for most.",
  aliases: { hadolint: ["DL1001"] },
  options: {
    dialects: {
      type: "strings",
      default: [],
      description: "Whose comments are reported, such as hadolint or trivy. Empty: those of every linter.",
    },
  },
  fixable: "safe",
  examples: [
    {
      title: "A comment for one instruction",
      code: "[|# hadolint ignore=DL3006|]\nFROM alpine:3.24\n",
      fixed: "FROM alpine:3.24\n",
    },
    {
      title: "Within an instruction",
      code: "FROM alpine:3.24\nRUN apk add curl && \\\n    [|# plimsoll ignore=apk-cache-left -- needed below|]\n    apk add git\n",
      fixed: "FROM alpine:3.24\nRUN apk add curl && \\\n    apk add git\n",
    },
    {
      title: "A directive that skips checks",
      code: "[|# check=skip=StageNameCasing|]\nFROM alpine:3.24\n",
      fixed: "FROM alpine:3.24\n",
    },
    { title: "A comment that silences nothing", code: "# hadolint is run in CI\nFROM alpine:3.24\n" },
    {
      title: "Only some are unwanted",
      code: "# hadolint ignore=DL3006\nFROM alpine:3.24\n",
      options: { dialects: ["trivy"] },
    },
  ],
  *check({ model, options }) {
    for (const suppression of model.suppressions) {
      if (options.dialects.length > 0 && !options.dialects.includes(suppression.dialect)) continue;
      const { span } = suppression;
      // A comment that silences itself would hide what this rule is for; it stands at its own place, not the instruction's.
      yield {
        message: `This comment silences ${suppression.ids.map((id) => id.text).join(", ")}, and this project wants none in its files. Mend what it hides, or allow it in the configuration.`,
        range: span,
        fixes: () => {
          // A directive may say more than what to skip, and then stays.
          const text = model.text.slice(span.start, span.end);
          if (suppression.dialect === "buildkit" && text.includes(";")) return [];
          const edit = removeCommentLine(model, span);
          return edit ? [{ title: "Remove the comment", applicability: "safe", edits: [edit] }] : [];
        },
      };
    }
  },
});
