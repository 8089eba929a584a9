/** A comment that silences nothing. Of other dialects only on request: the other tool may still need it. */
import type { Model, SuppressedId, Suppression } from "../../model/types";
import type { Fix } from "../../rule";
import { defineRule } from "../../rule";
import type { Edit } from "../../text";

export default defineRule({
  id: "suppression-unused",
  theme: "suppression",
  category: "maintainability",
  severity: "hint",
  recommended: true,
  since: "0.1.0",
  summary: "An ignore comment silences nothing.",
  why: "What was wrong has been mended, and the comment would hide it when it comes back. Ids of rules that are off in this run are left alone. Comments for other linters are looked at only when you ask for it, since that linter may still need them.",
  aliases: { tally: ["tally/unused-ignore-directive"] },
  options: {
    dialects: {
      type: "enum",
      values: ["own", "all"],
      default: "own",
      description: "Whose comments to look at: only Plimsoll's own, or those of every linter.",
    },
  },
  fixable: "safe",
  examples: [
    {
      title: "Nothing is left to silence",
      code: "# plimsoll ignore=[|suppression-unused|]\nFROM alpine:3.22\n",
      fixed: "FROM alpine:3.22\n",
    },
    {
      title: "Other linters' comments, on request",
      code: "# hadolint ignore=[|suppression-unused|]\nFROM alpine:3.22\n",
      fixed: "FROM alpine:3.22\n",
      options: { dialects: "all" },
    },
    { title: "Other linters' comments", code: "# hadolint ignore=suppression-unused\nFROM alpine:3.22\n" },
    { title: "No rule of that name", code: "# plimsoll ignore=no-such-rule\nFROM alpine:3.22\n" },
  ],
  // Everything is said in `review`, when all other findings are known.
  *check() {},
  *review({ model, options }, outcome) {
    for (const suppression of model.suppressions) {
      if (suppression.dialect !== "plimsoll" && options.dialects !== "all") continue;
      for (const id of suppression.ids) {
        const rules = outcome.rulesOf(id.text);
        if (outcome.used.has(id) || !rules?.some((rule) => outcome.isOn(rule))) continue;
        yield {
          message: `Nothing here is silenced by ${id.text}. Remove it.`,
          range: id.span,
          tags: ["unnecessary"],
          fixes: (): readonly Fix[] => [
            {
              title: suppression.ids.length > 1 ? `Remove ${id.text}` : "Remove the comment",
              applicability: "safe",
              edits: [suppression.ids.length > 1 ? removeId(suppression, id) : removeComment(model, suppression)],
            },
          ],
        };
      }
    }
  },
});

/** The id with the comma next to it. */
function removeId(suppression: Suppression, id: SuppressedId): Edit {
  const index = suppression.ids.indexOf(id);
  const next = suppression.ids[index + 1];
  const before = suppression.ids[index - 1];
  if (next) return { span: { start: id.span.start, end: next.span.start }, newText: "" };
  return { span: { start: before?.span.end ?? id.span.start, end: id.span.end }, newText: "" };
}

/** The whole line; a comment inside an instruction is such a line too. */
function removeComment(model: Model, suppression: Suppression): Edit {
  const lineStart = model.text.lastIndexOf("\n", suppression.span.start - 1) + 1;
  const newline = model.text.indexOf("\n", suppression.span.end);
  return { span: { start: lineStart, end: newline < 0 ? model.text.length : newline + 1 }, newText: "" };
}
