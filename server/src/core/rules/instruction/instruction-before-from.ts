import { removeInstruction } from "../../fixes/remove";
import { insertAfter } from "../../fixes/user";
import { instructionAt } from "../../model/at";
import { defineRule } from "../../rule";

export default defineRule({
  id: "instruction-before-from",
  theme: "instruction",
  category: "correctness",
  severity: "error",
  recommended: true,
  since: "0.1.0",
  summary: "Something other than ARG stands before the first FROM.",
  why: "Before the first FROM there is no image yet that an instruction could change, so the builder stops. Only ARG, comments and directives may stand there.",
  aliases: { hadolint: ["DL3061"], tally: ["hadolint/DL3061"] },
  fixable: "unsafe",
  examples: [
    {
      title: "A variable for the whole file",
      code: "[|ENV|] LANG=C.UTF-8\nFROM alpine:3.24\nRUN make\n",
      fixed: "FROM alpine:3.24\nENV LANG=C.UTF-8\nRUN make\n",
    },
    {
      title: "Labels",
      code: '[|LABEL|] a=b \\\n  c=d\nFROM alpine:3.24\nCMD ["sh"]\n',
      fixed: 'FROM alpine:3.24\nLABEL a=b \\\n  c=d\nCMD ["sh"]\n',
    },
    { title: "ARG may stand there", code: "ARG VERSION=3.24\nFROM alpine:$VERSION\n" },
    { title: "A file without any FROM is another matter", code: "ENV LANG=C.UTF-8\n" },
    { title: "A word that is no instruction is another matter", code: "EVN LANG=C.UTF-8\nFROM alpine:3.24\n" },
  ],
  *check({ model }) {
    const [stage] = model.stages;
    if (!stage || model.problems.length === 0) return;
    for (const { kind, span } of model.problems) {
      const instruction = kind === "no-stage" ? instructionAt(model, span.start) : null;
      if (!instruction) continue;
      const { keyword } = instruction;
      yield {
        message: `${keyword} stands before the first FROM, where only ARG may stand. Move it below.`,
        range: span,
        fixes: () => [
          {
            title: `Move ${keyword} below the first FROM`,
            applicability: "unsafe",
            reason: "It then belongs to the first stage alone.",
            edits: [
              removeInstruction(model, instruction),
              insertAfter(model, stage.from, model.text.slice(instruction.span.start, instruction.span.end)),
            ],
          },
        ],
      };
    }
  },
});
