import { canEditPlaced, placedInstructions } from "../../fixes/placed";
import { portWords } from "../../fixes/ports";
import { locate } from "../../model/types";
import { defineRule } from "../../rule";

export default defineRule({
  id: "expose-protocol-casing",
  theme: "runtime",
  category: "style",
  severity: "info",
  recommended: true,
  since: "0.1.0",
  summary: "The protocol in EXPOSE is not in small letters.",
  why: "The builder takes `80/TCP` for `80/tcp` and says so at every build. Other tools that read Dockerfiles are less forgiving.",
  aliases: { buildkit: ["ExposeProtoCasing"], tally: ["buildkit/ExposeProtoCasing"] },
  scope: "instruction",
  fixable: "safe",
  examples: [
    {
      title: "Capitals",
      code: "FROM alpine:3.24\nEXPOSE 80/[|TCP|] 53/udp\n",
      fixed: "FROM alpine:3.24\nEXPOSE 80/tcp 53/udp\n",
    },
    {
      title: "Behind a variable",
      code: "FROM alpine:3.24\nARG PORT\nEXPOSE ${PORT}/[|Udp|]\n",
      fixed: "FROM alpine:3.24\nARG PORT\nEXPOSE ${PORT}/udp\n",
    },
    { title: "Small letters", code: "FROM alpine:3.24\nEXPOSE 80/tcp\n" },
    { title: "None", code: "FROM alpine:3.24\nEXPOSE 80\n" },
    { title: "A protocol that does not exist is another matter", code: "FROM alpine:3.24\nEXPOSE 80/HTTP\n" },
  ],
  *check({ model }) {
    for (const placed of placedInstructions(model, "EXPOSE")) {
      for (const word of portWords(placed.instruction)) {
        const protocol = /\/(tcp|udp|sctp)$/i.exec(word.text)?.[1];
        if (protocol === undefined || protocol === protocol.toLowerCase()) continue;
        const { end } = locate(placed.instruction, word);
        const span = { start: end - protocol.length, end };
        if (model.text.slice(span.start, span.end) !== protocol) continue;
        yield {
          message: `Protocols are written in small letters. Write ${protocol.toLowerCase()}.`,
          range: span,
          fixes: () =>
            canEditPlaced(model, placed)
              ? [
                  {
                    title: `Write ${protocol.toLowerCase()}`,
                    applicability: "safe",
                    edits: [{ span, newText: protocol.toLowerCase() }],
                  },
                ]
              : [],
        };
      }
    }
  },
});
