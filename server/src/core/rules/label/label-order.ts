import type { Instruction, Model } from "../../model/types";
import { locate } from "../../model/types";
import { defineRule } from "../../rule";
import type { Pair } from "../../syntax/types";

export default defineRule({
  id: "label-order",
  theme: "label",
  category: "style",
  severity: "hint",
  recommended: false,
  since: "0.1.0",
  summary: "The keys of a LABEL are not in the order of the alphabet.",
  why: "A fixed order makes a missing key easy to see and changes easy to read. The image is the same. Off by default, because it is taste.",
  aliases: { tally: ["tally/labels/prefer-stable-order"] },
  scope: "instruction",
  fixable: "safe",
  examples: [
    {
      title: "Out of order",
      code: 'FROM alpine:3.24\nLABEL b="2" \\\n      c=3 \\\n      [|a|]=1\n',
      fixed: 'FROM alpine:3.24\nLABEL a=1 \\\n      b="2" \\\n      c=3\n',
    },
    { title: "In order", code: "FROM alpine:3.24\nLABEL a=1 b=2 c=3\n" },
    { title: "A comment belongs to its line", code: "FROM alpine:3.24\nLABEL b=2 \\\n  # the first\n  a=1\n" },
    { title: "The same key twice is another matter", code: "FROM alpine:3.24\nLABEL b=2 a=1 a=3\n" },
    { title: "Over several instructions", code: "FROM alpine:3.24\nLABEL b=2\nLABEL a=1\n" },
  ],
  *check({ model }) {
    for (const instruction of model.instructions) {
      const { keyword, parsed } = instruction;
      if (keyword !== "LABEL" || parsed.pairs.length < 2 || parsed.problems.length > 0) continue;
      const { pairs } = parsed;
      const wrong = pairs.find((pair, at) => at > 0 && byKey(pairs[at - 1] as Pair, pair) > 0);
      if (!wrong || parsed.comments.length > 0 || new Set(pairs.map(({ name }) => name)).size < pairs.length) continue;
      yield {
        message: `The label ${wrong.name} is out of order. Sort the keys of this LABEL.`,
        range: locate(instruction, wrong.nameSpan),
        fixes: () => [{ title: "Sort the keys", applicability: "safe", edits: sorted(model, instruction) }],
      };
    }
  },
});

function byKey(a: Pair, b: Pair): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}

/** Each place gets the text of the pair that belongs there; what stands between stays. */
function sorted(model: Model, instruction: Instruction) {
  const { pairs } = instruction.parsed;
  const inOrder = [...pairs].sort(byKey);
  const textOf = (pair: Pair) => {
    const { start, end } = locate(instruction, pair);
    return model.text.slice(start, end);
  };
  return pairs.flatMap((pair, at) => {
    const wanted = inOrder[at] as Pair;
    return wanted === pair ? [] : [{ span: locate(instruction, pair), newText: textOf(wanted) }];
  });
}
