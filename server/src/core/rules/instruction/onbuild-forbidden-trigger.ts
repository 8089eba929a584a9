import { instructionAt } from "../../model/at";
import { defineRule } from "../../rule";
import { faultCause, faultsOf } from "./faults";

export default defineRule({
  id: "onbuild-forbidden-trigger",
  theme: "instruction",
  category: "correctness",
  severity: "error",
  recommended: true,
  since: "0.1.0",
  summary: "ONBUILD triggers FROM, MAINTAINER or another ONBUILD.",
  why: "A trigger runs inside the build of another image, where these three have no meaning. The builder stops.",
  aliases: {
    hadolint: ["DL3043"],
    "dockerfile-utils": ["ONBUILD_CHAINING_DISALLOWED", "ONBUILD_TRIGGER_DISALLOWED"],
    tally: ["hadolint/DL3043"],
  },
  fixable: "none",
  examples: [
    { title: "A trigger for a trigger", code: "FROM alpine:3.24\nONBUILD [|ONBUILD|] RUN make\n" },
    { title: "A base image", code: "FROM alpine:3.24\nonbuild [|from|] debian:13\n" },
    { title: "A step of the build", code: "FROM alpine:3.24\nONBUILD COPY . /app/\n" },
  ],
  *check({ model }) {
    for (const { span } of faultsOf(model, "forbidden-trigger")) {
      const trigger = instructionAt(model, span.start)?.parsed.trigger?.keyword ?? "";
      const chained = trigger === "ONBUILD";
      yield {
        message: chained
          ? "ONBUILD cannot hold another ONBUILD. Write the instruction itself, or move this to the image that should trigger it."
          : `ONBUILD cannot hold ${trigger}. Only instructions that change the image can be triggered.`,
        range: span,
        cause: faultCause(span),
        aliases: {
          hadolint: ["DL3043"],
          "dockerfile-utils": [chained ? "ONBUILD_CHAINING_DISALLOWED" : "ONBUILD_TRIGGER_DISALLOWED"],
          tally: ["hadolint/DL3043"],
        },
      };
    }
  },
});
