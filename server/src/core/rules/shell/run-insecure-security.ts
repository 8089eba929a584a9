import { locate } from "../../model/types";
import { defineRule } from "../../rule";
import { removeFlag, runsWithFlag } from "./run-flags";

export default defineRule({
  id: "run-insecure-security",
  theme: "shell",
  category: "security",
  severity: "warning",
  recommended: true,
  since: "0.1.0",
  summary: "RUN --security=insecure removes the build sandbox.",
  why: "The step runs like a privileged container on the build machine: everything it downloads can reach the machine itself. Builders refuse it unless they are told to allow it (`--allow security.insecure`), so most colleagues and pipelines cannot build the file at all.",
  aliases: { sonar: ["S6502"] },
  scope: "instruction",
  fixable: "unsafe",
  examples: [
    {
      title: "A privileged step",
      code: "FROM golang:1.26\nRUN [|--security=insecure|] make install\n",
      fixed: "FROM golang:1.26\nRUN make install\n",
    },
    { title: "The default, written out", code: "FROM golang:1.26\nRUN --security=sandbox make install\n" },
  ],
  *check({ model }) {
    for (const { run, flag } of runsWithFlag(model, "security", "insecure")) {
      yield {
        message:
          "This step runs without the build's sandbox, like a privileged container. Remove --security=insecure, or do without what needs it.",
        range: locate(run, flag),
        fixes: () => [
          {
            title: "Run the step in the sandbox",
            applicability: "unsafe",
            reason: "A step that really needs privileges fails then.",
            edits: [removeFlag(run, flag)],
          },
        ],
      };
    }
  },
});
