import { instructionAt } from "../../model/at";
import { locate } from "../../model/types";
import { defineRule } from "../../rule";
import { faultCause, faultsOf, shorten } from "./faults";

export default defineRule({
  id: "invalid-from-as",
  theme: "instruction",
  category: "correctness",
  severity: "error",
  recommended: true,
  since: "0.1.0",
  summary: "The word between an image and the name of its stage is not AS.",
  why: "FROM takes an image, or an image, AS and a name. With any other word in the middle the builder stops.",
  aliases: { "dockerfile-utils": ["INVALID_AS"] },
  fixable: "safe",
  examples: [
    {
      title: "A typing error",
      code: "FROM alpine:3.24 [|SA|] build\n",
      fixed: "FROM alpine:3.24 AS build\n",
    },
    { title: "A tag behind a blank: no guess", code: "FROM alpine [|3.24|] build\n" },
    { title: "Case does not matter", code: "FROM alpine:3.24 as build\n" },
    { title: "No name", code: "FROM alpine:3.24\n" },
  ],
  *check({ model }) {
    for (const { span } of faultsOf(model, "from-as")) {
      const instruction = instructionAt(model, span.start);
      const word = instruction?.parsed.words[1];
      if (!instruction || !word) continue;
      const range = locate(instruction, word);
      yield {
        message: `Between the image and the name of the stage stands AS, not ${shorten(word.text)}.`,
        range,
        cause: faultCause(span),
        // Nothing else may stand here, and the file did not build before.
        fixes: () =>
          /^(?:a|s|sa|az|ad|aa|ss|ass|aas|als|is)$/i.test(word.text)
            ? [{ title: "Write AS", applicability: "safe", edits: [{ span: range, newText: "AS" }] }]
            : [],
      };
    }
  },
});
