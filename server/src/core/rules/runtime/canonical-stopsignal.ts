import { defineRule } from "../../rule";
import { canonicalSignal, stopSignals } from "./signals";

export default defineRule({
  id: "canonical-stopsignal",
  theme: "runtime",
  category: "style",
  severity: "hint",
  recommended: false,
  since: "0.1.0",
  summary: "STOPSIGNAL gives a signal by its number, or by a shortened name.",
  why: "`9`, `KILL`, `sigkill` and `SIGKILL` are the same signal. The full name in capitals is what manuals, `docker inspect` and people search for; nobody has to look up a number. The program gets the same signal either way, so this is a matter of taste and off by default.",
  aliases: { tally: ["tally/prefer-canonical-stopsignal"] },
  scope: "instruction",
  fixable: "safe",
  examples: [
    {
      title: "A number",
      code: "FROM alpine:3.24\nSTOPSIGNAL [|3|]\n",
      fixed: "FROM alpine:3.24\nSTOPSIGNAL SIGQUIT\n",
    },
    {
      title: "A short name in quotes",
      code: 'FROM alpine:3.24\nSTOPSIGNAL [|"int"|]\n',
      fixed: "FROM alpine:3.24\nSTOPSIGNAL SIGINT\n",
    },
    {
      title: "A signal of the real-time range",
      code: "FROM fedora:44\nSTOPSIGNAL [|37|]\n",
      fixed: "FROM fedora:44\nSTOPSIGNAL SIGRTMIN+3\n",
    },
    { title: "A trigger is told, and left as it is", code: "FROM alpine:3.24\nONBUILD STOPSIGNAL [|2|]\n" },
    { title: "The full name", code: "FROM alpine:3.24\nSTOPSIGNAL SIGQUIT\n" },
    { title: "A variable", code: "FROM alpine:3.24\nARG SIGNAL=quit\nSTOPSIGNAL $SIGNAL\n" },
    { title: "No signal at all is another matter", code: "FROM alpine:3.24\nSTOPSIGNAL SIGFOO\n" },
  ],
  *check({ model }) {
    for (const { value, word, span, isWritten, placed } of stopSignals(model)) {
      if (word.variables.length > 0) continue;
      const name = canonicalSignal(value);
      if (name === null || name === value) continue;
      yield {
        message: `${value} is the signal ${name}. Write its full name.`,
        range: span,
        fixes: () =>
          isWritten && !placed.isTrigger
            ? [{ title: `Write ${name}`, applicability: "safe", edits: [{ span, newText: name }] }]
            : [],
      };
    }
  },
});
