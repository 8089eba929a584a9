import { defineRule } from "../../rule";
import { faultCause, faultsOf } from "./faults";

export default defineRule({
  id: "missing-argument",
  theme: "instruction",
  category: "correctness",
  severity: "error",
  recommended: true,
  since: "0.1.0",
  summary: "An instruction has fewer arguments than it needs.",
  why: "The builder stops. What is missing only the author knows; often a line was cut in two, or a continuation mark is missing.",
  aliases: {
    "dockerfile-utils": [
      "ARGUMENT_MISSING",
      "ARGUMENT_REQUIRES_ONE",
      "ARGUMENT_REQUIRES_AT_LEAST_ONE",
      "ARGUMENT_REQUIRES_TWO",
      "ARGUMENT_REQUIRES_AT_LEAST_TWO",
      "ARGUMENT_REQUIRES_ONE_OR_THREE",
    ],
  },
  fixable: "none",
  examples: [
    { title: "No destination", code: "FROM alpine:3.24\nCOPY [|app|]\n" },
    { title: "No name behind AS", code: "FROM alpine:3.24 [|AS|]\n" },
    { title: "Nothing to run", code: "FROM alpine:3.24\n[|RUN|]\n" },
    { title: "A check without a command", code: "FROM alpine:3.24\nHEALTHCHECK [|CMD|]\n" },
    { title: "An empty CMD resets the one of the base", code: "FROM alpine:3.24\nCMD []\n" },
    { title: "The file comes from the lines below", code: "FROM alpine:3.24\nCOPY <<EOF /etc/app.conf\na=b\nEOF\n" },
  ],
  *check({ model }) {
    for (const { span, message } of faultsOf(model, "missing-argument")) {
      yield { message, range: span, cause: faultCause(span) };
    }
  },
});
