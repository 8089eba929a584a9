import { faultCauseAt, placedInstructions } from "../../fixes/placed";
import { locate } from "../../model/types";
import { defineRule } from "../../rule";

export default defineRule({
  id: "healthcheck-missing-command",
  theme: "runtime",
  category: "correctness",
  severity: "error",
  recommended: true,
  since: "0.1.0",
  summary: "HEALTHCHECK CMD has nothing to run.",
  why: "Behind CMD stands the command that tells whether the container is well. Without one the builder stops. To turn off the check of the base image, write `HEALTHCHECK NONE`.",
  aliases: { "dockerfile-utils": ["HEALTHCHECK_CMD_ARGUMENT_MISSING"] },
  fixable: "none",
  examples: [
    { title: "Nothing behind CMD", code: "FROM alpine:3.24\nHEALTHCHECK --interval=30s [|CMD|]\n" },
    { title: "An empty list", code: "FROM alpine:3.24\nHEALTHCHECK CMD [|[]|]\n" },
    { title: "A command", code: "FROM alpine:3.24\nHEALTHCHECK CMD wget -q http://localhost || exit 1\n" },
    { title: "No check", code: "FROM alpine:3.24\nHEALTHCHECK NONE\n" },
  ],
  *check({ model }) {
    for (const { instruction, isTrigger } of placedInstructions(model, "HEALTHCHECK")) {
      const [type, ...rest] = instruction.parsed.words;
      if (type?.text.toUpperCase() !== "CMD") continue;
      const text = rest.map((word) => word.text).join("");
      if (text !== "" && !/^\[\s*\]$/.test(text)) continue;
      const first = rest[0];
      const last = rest[rest.length - 1];
      const span = locate(instruction, first && last ? { from: first.from, to: last.to } : type);
      yield {
        message:
          "HEALTHCHECK CMD has no command, and the builder stops here. Write what is to be run, or HEALTHCHECK NONE for no check.",
        range: span,
        ...(first || isTrigger ? {} : { cause: faultCauseAt(span) }),
      };
    }
  },
});
