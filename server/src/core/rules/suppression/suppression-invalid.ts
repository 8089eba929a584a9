/** Our own comments only: what other tools make of theirs is theirs to say. */
import type { Comment } from "../../model/types";
import { nearest } from "../../nearest";
import type { Fix } from "../../rule";
import { defineRule } from "../../rule";

export default defineRule({
  id: "suppression-invalid",
  theme: "suppression",
  category: "maintainability",
  severity: "warning",
  recommended: true,
  since: "0.1.0",
  summary: "An ignore comment is malformed or names a rule that does not exist.",
  why: "A comment that names no rule silences nothing, and nobody notices. Ids of other linters are welcome: `DL3007` works as well as `base-image-latest-tag`.",
  aliases: { tally: ["tally/invalid-ignore-directive"] },
  fixable: "unsafe",
  examples: [
    {
      title: "A typing error",
      code: "# plimsoll ignore=[|suppresion-invalid|]\nFROM alpine:3.22\n",
      fixed: "# plimsoll ignore=suppression-invalid\nFROM alpine:3.22\n",
    },
    { title: "Nothing is named", code: "[|# plimsoll ignore|]\nFROM alpine:3.22\n" },
    { title: "An id of another linter", code: "# plimsoll ignore=DL3007\nFROM alpine:3.22\n" },
    { title: "A comment that only mentions the name", code: "# plimsoll reads this file in CI\nFROM alpine:3.22\n" },
    { title: "Another linter's comment", code: "# hadolint ignore=DL0000\nFROM alpine:3.22\n" },
  ],
  // Everything is said in `review`, where the ids of all rules are known.
  *check() {},
  *review({ model }, outcome) {
    for (const suppression of model.suppressions) {
      if (suppression.dialect !== "plimsoll") continue;
      for (const id of suppression.ids) {
        if (id.text === "all" || id.text === "*" || outcome.rulesOf(id.text)) continue;
        const near = nearest(id.text, outcome.known);
        yield {
          message: `There is no rule ${id.text}.${near ? ` Did you mean ${near}?` : " See the list of rules for its name."}`,
          range: id.span,
          fixes: (): readonly Fix[] =>
            near
              ? [
                  {
                    title: `Replace ${id.text} by ${near}`,
                    applicability: "unsafe",
                    reason: "It assumes that this rule was meant.",
                    edits: [{ span: id.span, newText: near }],
                  },
                ]
              : [],
        };
      }
    }
    const sound = new Set(model.suppressions.map((suppression) => suppression.span.start));
    for (const comment of model.comments) {
      if (sound.has(comment.span.start) || !isMalformed(comment)) continue;
      yield {
        message: "This comment silences nothing. Write: # plimsoll ignore=rule-id -- reason.",
        range: comment.span,
      };
    }
  },
});

function isMalformed(comment: Comment): boolean {
  return /^plimsoll:?\s+ignore(?:-file)?\s*(?:[=:]|$)/i.test(comment.text);
}
