import { exposedPorts } from "../../fixes/ports";
import { nearest } from "../../nearest";
import { defineRule } from "../../rule";

const protocols = ["tcp", "udp", "sctp"];

export default defineRule({
  id: "expose-unknown-protocol",
  theme: "runtime",
  category: "correctness",
  severity: "error",
  recommended: true,
  since: "0.1.0",
  summary: "The protocol in EXPOSE is none of tcp, udp and sctp.",
  why: "Behind the slash stands the protocol that carries the packets, not the one that is spoken over it. The builder knows three and stops at any other.",
  aliases: { "dockerfile-utils": ["INVALID_PROTO"] },
  scope: "instruction",
  fixable: "unsafe",
  examples: [
    {
      title: "A slip of the finger",
      code: "FROM alpine:3.24\nEXPOSE [|53/upd|]\n",
      fixed: "FROM alpine:3.24\nEXPOSE 53/udp\n",
    },
    {
      title: "What is spoken over it",
      code: "FROM alpine:3.24\nEXPOSE [|80/http|]\n",
      fixed: "FROM alpine:3.24\nEXPOSE 80/tcp\n",
    },
    { title: "The three that exist", code: "FROM alpine:3.24\nEXPOSE 80/tcp 53/udp 3868/sctp\n" },
    { title: "In capitals", code: "FROM alpine:3.24\nEXPOSE 80/TCP\n" },
    { title: "Nobody knows the protocol", code: "FROM alpine:3.24\nARG PROTO\nEXPOSE 80/$PROTO\n" },
  ],
  *check({ model }) {
    for (const { port, protocol, span, isWritten } of exposedPorts(model)) {
      if (protocol === null || protocol === "" || protocols.includes(protocol.toLowerCase())) continue;
      const guess = /^(?:https?|wss?|grpc)$/i.test(protocol) ? "tcp" : nearest(protocol, protocols);
      yield {
        message: `${protocol.slice(0, 30)} is no protocol that EXPOSE knows, and the builder stops here. Write tcp, udp or sctp.`,
        range: span,
        fixes: () =>
          isWritten && guess !== null
            ? [
                {
                  title: `Write ${port}/${guess}`,
                  applicability: "unsafe",
                  reason: `It assumes that ${guess} was meant.`,
                  edits: [{ span: { start: span.end - protocol.length, end: span.end }, newText: guess }],
                },
              ]
            : [],
      };
    }
  },
});
