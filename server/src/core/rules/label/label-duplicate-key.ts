import { instructionsIn } from "../../model/index-of";
import { defineRule } from "../../rule";
import type { Label } from "./labels";
import { keySpan, labelsOf, removeLabel } from "./labels";

export default defineRule({
  id: "label-duplicate-key",
  theme: "label",
  category: "correctness",
  severity: "warning",
  recommended: true,
  since: "0.1.0",
  summary: "A stage sets a label twice.",
  why: "The later value wins and the earlier one is lost without a word. Often the second was meant to have another key.",
  aliases: { tally: ["tally/labels/no-duplicate-keys"] },
  reads: ["LABEL"],
  fixable: "safe",
  examples: [
    {
      title: "In two instructions",
      code: "FROM alpine:3.24\nLABEL [|version|]=1\nRUN make\nLABEL version=2\n",
      fixed: "FROM alpine:3.24\nRUN make\nLABEL version=2\n",
    },
    {
      title: "In one",
      code: 'FROM alpine:3.24\nLABEL a=1 \\\n  [|"b"|]=2 \\\n  c=3 \\\n  b=4\n',
      fixed: "FROM alpine:3.24\nLABEL a=1 \\\n  c=3 \\\n  b=4\n",
    },
    { title: "A stage may change what it inherits", code: "FROM alpine:3.24 AS a\nLABEL v=1\nFROM a\nLABEL v=2\n" },
    { title: "Case makes another key", code: "FROM alpine:3.24\nLABEL v=1 V=2\n" },
    { title: "A variable decides the key", code: "FROM alpine:3.24\nARG K\nLABEL a.$K=1 a.$K=2\n" },
  ],
  *check({ model }) {
    for (const stage of model.stages) {
      const set = instructionsIn(stage, "LABEL");
      if (set.length < 2 && (set[0]?.parsed.pairs.length ?? 0) < 2) continue;
      const labels = labelsOf(stage);
      const later = new Map<string, Label>();
      const found: { label: Label; winner: Label }[] = [];
      for (let i = labels.length - 1; i >= 0; i--) {
        const label = labels[i] as Label;
        const winner = later.get(label.key);
        if (winner) found.push({ label, winner });
        else later.set(label.key, label);
      }
      for (const { label, winner } of found.reverse()) {
        yield {
          message: `The label ${label.key} is set again below, and that value wins. Delete this one, or give it another key.`,
          range: keySpan(label),
          related: [{ message: "Set again here.", range: keySpan(winner) }],
          fixes: () => [
            {
              title: `Delete this value of ${label.key}`,
              applicability: "safe",
              edits: removeLabel(model, label),
            },
          ],
        };
      }
    }
  },
});
