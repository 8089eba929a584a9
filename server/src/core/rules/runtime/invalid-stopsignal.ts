import { nearest } from "../../nearest";
import { defineRule } from "../../rule";
import { isSignal, signalNames, stopSignals } from "./signals";

export default defineRule({
  id: "invalid-stopsignal",
  theme: "runtime",
  category: "correctness",
  severity: "error",
  recommended: true,
  since: "0.1.0",
  summary: "STOPSIGNAL names no signal that Linux knows.",
  why: "The builder looks the name up and stops when there is no such signal. It takes names with or without `SIG` in any case, `SIGRTMIN+3` and its like, and numbers other than 0.",
  aliases: { "dockerfile-utils": ["INVALID_SIGNAL"] },
  scope: "instruction",
  fixable: "unsafe",
  examples: [
    {
      title: "A slip of the finger",
      code: "FROM alpine:3.24\nSTOPSIGNAL [|SIGTEMR|]\n",
      fixed: "FROM alpine:3.24\nSTOPSIGNAL SIGTERM\n",
    },
    { title: "There is no signal 0", code: "FROM alpine:3.24\nSTOPSIGNAL [|0|]\n" },
    { title: "A default without a meaning", code: "FROM alpine:3.24\nARG SIGNAL=stop-it\nSTOPSIGNAL [|${SIGNAL}|]\n" },
    { title: "A name", code: "FROM alpine:3.24\nSTOPSIGNAL SIGQUIT\n" },
    { title: "Without SIG, in small letters", code: "FROM alpine:3.24\nSTOPSIGNAL quit\n" },
    { title: "A number", code: "FROM alpine:3.24\nSTOPSIGNAL 15\n" },
    { title: "A real-time signal", code: "FROM fedora:44\nSTOPSIGNAL SIGRTMIN+3\n" },
    { title: "Nobody knows what the variable holds", code: "FROM alpine:3.24\nARG SIGNAL\nSTOPSIGNAL $SIGNAL\n" },
  ],
  *check({ model }) {
    for (const { value, span, isWritten } of stopSignals(model)) {
      if (isSignal(value)) continue;
      const near = nearest(value, signalNames);
      yield {
        message: `There is no signal ${value.slice(0, 30)}, and the builder stops here. ${near ? `Did you mean ${near}?` : "Write one such as SIGTERM or SIGQUIT."}`,
        range: span,
        fixes: () =>
          near && isWritten
            ? [
                {
                  title: `Write ${near}`,
                  applicability: "unsafe",
                  reason: "It is the nearest name, and may not be the signal that was meant.",
                  edits: [{ span, newText: near }],
                },
              ]
            : [],
      };
    }
  },
});
