import { defineRule } from "../../rule";
import { canonicalSignal, stopSignals } from "./signals";

export default defineRule({
  id: "ungraceful-stopsignal",
  theme: "runtime",
  category: "correctness",
  severity: "warning",
  recommended: true,
  since: "0.1.0",
  summary: "STOPSIGNAL is one that no program can catch.",
  why: "`docker stop` sends this signal and gives the program time to finish its work. SIGKILL ends it on the spot, with files half written and connections open; SIGSTOP only freezes it until it is killed. Neither can be caught.",
  aliases: { tally: ["tally/no-ungraceful-stopsignal"] },
  scope: "instruction",
  fixable: "unsafe",
  examples: [
    {
      title: "Killed at once",
      code: "FROM alpine:3.24\nSTOPSIGNAL [|SIGKILL|]\n",
      fixed: "FROM alpine:3.24\nSTOPSIGNAL SIGTERM\n",
    },
    {
      title: "By its number",
      code: "FROM alpine:3.24\nSTOPSIGNAL [|9|]\n",
      fixed: "FROM alpine:3.24\nSTOPSIGNAL SIGTERM\n",
    },
    {
      title: "Frozen",
      code: "FROM alpine:3.24\nSTOPSIGNAL [|STOP|]\n",
      fixed: "FROM alpine:3.24\nSTOPSIGNAL SIGTERM\n",
    },
    { title: "A default that kills", code: "FROM alpine:3.24\nARG SIGNAL=KILL\nSTOPSIGNAL [|$SIGNAL|]\n" },
    { title: "A signal that can be caught", code: "FROM alpine:3.24\nSTOPSIGNAL SIGINT\n" },
    { title: "Nobody knows the signal", code: "FROM alpine:3.24\nARG SIGNAL\nSTOPSIGNAL $SIGNAL\n" },
  ],
  *check({ model }) {
    for (const { value, span, isWritten } of stopSignals(model)) {
      const name = canonicalSignal(value);
      if (name !== "SIGKILL" && name !== "SIGSTOP") continue;
      const outcome = name === "SIGKILL" ? "ends the program on the spot" : "only freezes the program";
      yield {
        message: `${name} ${outcome}, since no program can catch it. Use SIGTERM, or the signal that the program ends by in good order.`,
        range: span,
        fixes: () =>
          isWritten
            ? [
                {
                  title: "Write SIGTERM",
                  applicability: "unsafe",
                  reason: "The program is asked to end and may take its time; some expect another signal.",
                  edits: [{ span, newText: "SIGTERM" }],
                },
              ]
            : [],
      };
    }
  },
});
