import { instructionsNamed } from "../../model/index-of";
import { defineRule } from "../../rule";
import { keySpan, labelsIn, removeLabel } from "./labels";

export default defineRule({
  id: "label-superfluous",
  theme: "label",
  category: "maintainability",
  severity: "hint",
  recommended: false,
  since: "0.1.0",
  summary: "A label is not among those that the project allows.",
  why: "Name the labels your images may have in the option `labels`; without it the rule says nothing. It finds keys that were misspelt or made up on the way.",
  aliases: { hadolint: ["DL3050"] },
  scope: "instruction",
  fixable: "unsafe",
  options: {
    labels: {
      type: "strings",
      default: [],
      description: "Keys of the labels that an image may have.",
    },
  },
  examples: [
    {
      title: "Another key",
      options: { labels: ["maintainer"] },
      code: "FROM alpine:3.24\nLABEL maintainer=me [|maintaner|]=me\n",
      fixed: "FROM alpine:3.24\nLABEL maintainer=me\n",
    },
    { title: "Allowed", options: { labels: ["maintainer"] }, code: "FROM alpine:3.24\nLABEL maintainer=me\n" },
    { title: "Nothing is forbidden", code: "FROM alpine:3.24\nLABEL anything=1\n" },
  ],
  *check({ model, options }) {
    if (options.labels.length === 0) return;
    const allowed = new Set(options.labels);
    for (const instruction of instructionsNamed(model, "LABEL")) {
      for (const label of labelsIn(instruction)) {
        if (allowed.has(label.key)) continue;
        yield {
          message: `The label ${label.key} is not among those that this project allows. Delete it, or add it to the list.`,
          range: keySpan(label),
          fixes: () => [
            {
              title: `Delete the label ${label.key}`,
              applicability: "unsafe",
              reason: "The image no longer has the label.",
              edits: removeLabel(model, label),
            },
          ],
        };
      }
    }
  },
});
