import { defineRule } from "../../rule";
import { overriddenInstructions } from "./repeated";

export default defineRule({
  id: "multiple-healthcheck",
  theme: "runtime",
  category: "correctness",
  severity: "error",
  recommended: true,
  since: "0.1.0",
  summary: "A stage has more than one HEALTHCHECK, and only the last one counts.",
  why: "Docker runs one check. Earlier ones of the same stage are dropped without a word, and what they were to watch is not watched.",
  aliases: {
    hadolint: ["DL3012"],
    buildkit: ["MultipleInstructionsDisallowed"],
    trivy: ["DS-0023"],
    "dockerfile-utils": ["MULTIPLE_INSTRUCTIONS"],
    tally: ["hadolint/DL3012", "buildkit/MultipleInstructionsDisallowed"],
  },
  fixable: "unsafe",
  examples: [
    {
      title: "Two checks",
      code: 'FROM node:26\nUSER node\n[|HEALTHCHECK|] CMD ["check-web"]\nHEALTHCHECK CMD ["check-db"]\n',
      fixed: 'FROM node:26\nUSER node\nHEALTHCHECK CMD ["check-db"]\n',
    },
    { title: "One check", code: 'FROM node:26\nUSER node\nHEALTHCHECK CMD ["check-web"]\n' },
  ],
  check: ({ model }) =>
    overriddenInstructions(model, "HEALTHCHECK", "Keep one; to check several things, join them by && in one command."),
});
