import { nearest } from "../../nearest";
import { defineRule } from "../../rule";
import { keywords } from "../../syntax/keywords";
import { faultsOf, shorten } from "./faults";

export default defineRule({
  id: "onbuild-unknown-trigger",
  theme: "instruction",
  category: "correctness",
  severity: "error",
  recommended: true,
  since: "0.1.0",
  summary: "ONBUILD triggers an instruction that does not exist.",
  why: "The builder stops where it reads the line, or, with older ones, only when somebody builds on this image.",
  aliases: { tally: ["tally/invalid-onbuild-trigger"] },
  fixable: "unsafe",
  examples: [
    {
      title: "A typing error",
      code: "FROM alpine:3.24\nONBUILD [|COPPY|] . /app/\n",
      fixed: "FROM alpine:3.24\nONBUILD COPY . /app/\n",
    },
    { title: "A command without RUN", code: "FROM alpine:3.24\nONBUILD [|make|] install\n" },
    { title: "Case does not matter", code: "FROM alpine:3.24\nONBUILD copy . /app/\n" },
  ],
  *check({ model }) {
    for (const { span } of faultsOf(model, "unknown-trigger")) {
      const word = model.text.slice(span.start, span.end);
      const candidate = word.length >= 3 ? nearest(word, triggers) : null;
      yield {
        message: candidate
          ? `There is no instruction ${shorten(word)} for ONBUILD to trigger. Did you mean ${candidate}?`
          : `There is no instruction ${shorten(word)} for ONBUILD to trigger. A command needs RUN before it.`,
        range: span,
        fixes: () =>
          candidate
            ? [
                {
                  title: `Replace ${shorten(word)} by ${candidate}`,
                  applicability: "unsafe",
                  reason: `It assumes that ${candidate} was meant.`,
                  edits: [{ span, newText: candidate }],
                },
              ]
            : [],
      };
    }
  },
});

const triggers = Object.keys(keywords).filter((name) => !["FROM", "MAINTAINER", "ONBUILD"].includes(name));
