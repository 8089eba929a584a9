import { canEditPlaced, faultCauseAt, placedInstructions } from "../../fixes/placed";
import { locate } from "../../model/types";
import { nearest } from "../../nearest";
import { defineRule } from "../../rule";

export default defineRule({
  id: "healthcheck-unknown-type",
  theme: "runtime",
  category: "correctness",
  severity: "error",
  recommended: true,
  since: "0.1.0",
  summary: "HEALTHCHECK is followed by a word other than CMD or NONE.",
  why: "The command of a check stands behind the word CMD, unlike that of a RUN. The builder stops at any other word.",
  aliases: { "dockerfile-utils": ["UNKNOWN_TYPE"] },
  fixable: "unsafe",
  examples: [
    {
      title: "CMD was forgotten",
      code: "FROM alpine:3.24\nUSER nobody\nHEALTHCHECK --interval=30s [|wget|] -q http://localhost\n",
      fixed: "FROM alpine:3.24\nUSER nobody\nHEALTHCHECK --interval=30s CMD wget -q http://localhost\n",
    },
    {
      title: "A slip of the finger",
      code: "FROM alpine:3.24\nUSER nobody\nHEALTHCHECK [|CDM|] wget -q http://localhost\n",
      fixed: "FROM alpine:3.24\nUSER nobody\nHEALTHCHECK CMD wget -q http://localhost\n",
    },
    { title: "CMD", code: "FROM alpine:3.24\nHEALTHCHECK CMD wget -q http://localhost\n" },
    { title: "None, in small letters", code: "FROM alpine:3.24\nHEALTHCHECK none\n" },
    {
      title: "A variable is not replaced there",
      code: "FROM alpine:3.24\nUSER nobody\nARG CHECK\nHEALTHCHECK [|$CHECK|]\n",
      fixed: "FROM alpine:3.24\nUSER nobody\nARG CHECK\nHEALTHCHECK CMD $CHECK\n",
    },
  ],
  *check({ model }) {
    for (const placed of placedInstructions(model, "HEALTHCHECK")) {
      const [type, next] = placed.instruction.parsed.words;
      if (!type || /^(?:CMD|NONE)$/i.test(type.text)) continue;
      const span = locate(placed.instruction, type);
      const shown = type.text.slice(0, 30);
      const isSlip = next !== undefined && /^[A-Z]+$/.test(type.text) && nearest(type.text, ["CMD"]) !== null;
      const isNone = next === undefined && nearest(type.text, ["NONE"]) !== null;
      yield {
        message: `HEALTHCHECK takes CMD and a command, or NONE; at ${shown} the builder stops. ${isSlip || isNone ? "Correct the word." : `Write CMD before ${shown}.`}`,
        range: span,
        ...(placed.isTrigger ? {} : { cause: faultCauseAt(span) }),
        fixes: () => {
          if (!canEditPlaced(model, placed)) return [];
          const newText = isNone ? "NONE" : isSlip ? "CMD" : `CMD ${model.text.slice(span.start, span.end)}`;
          return [
            {
              title: isNone ? "Write NONE" : isSlip ? "Write CMD" : `Write CMD before ${shown}`,
              applicability: "unsafe",
              reason: isNone ? "It turns the check off." : "Docker runs the command in every container from now on.",
              edits: [{ span, newText }],
            },
          ];
        },
      };
    }
  },
});
