import { instructionsNamed } from "../../model/index-of";
import { defineRule } from "../../rule";
import { keySpan, labelsIn } from "./labels";

export default defineRule({
  id: "label-empty",
  theme: "label",
  category: "maintainability",
  severity: "info",
  recommended: true,
  since: "0.1.0",
  summary: "A label has an empty value.",
  why: "An empty label says nothing to whoever reads it. It has one use, to blank out a label of the base image, and then a comment above helps. A value that a variable leaves empty is not judged.",
  aliases: { hadolint: ["DL3051"] },
  scope: "instruction",
  fixable: "none",
  examples: [
    { title: "Nothing in the quotes", code: 'FROM alpine:3.24\nLABEL [|description|]=""\n' },
    { title: "Nothing at all", code: "FROM alpine:3.24\nLABEL a=1 [|b|]=\n" },
    { title: "A value", code: "FROM alpine:3.24\nLABEL description=app\n" },
    { title: "A variable", code: "FROM alpine:3.24\nARG V\nLABEL version=$V\n" },
  ],
  *check({ model }) {
    for (const instruction of instructionsNamed(model, "LABEL")) {
      for (const label of labelsIn(instruction)) {
        if (label.pair.value?.value?.trim() !== "") continue;
        yield {
          message: `The label ${label.key} is empty. Give it a value or delete it.`,
          range: keySpan(label),
        };
      }
    }
  },
});
