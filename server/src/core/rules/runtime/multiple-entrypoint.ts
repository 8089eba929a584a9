import { defineRule } from "../../rule";
import { overriddenInstructions } from "./repeated";

export default defineRule({
  id: "multiple-entrypoint",
  theme: "runtime",
  category: "correctness",
  severity: "error",
  recommended: true,
  since: "0.1.0",
  summary: "A stage has more than one ENTRYPOINT, and only the last one counts.",
  why: "A container has one entry point. Earlier ones of the same stage are dropped without a word, and what they were to prepare never happens.",
  aliases: {
    hadolint: ["DL4004"],
    buildkit: ["MultipleInstructionsDisallowed"],
    trivy: ["DS-0007"],
    kics: ["Multiple ENTRYPOINT Instructions Listed"],
    semgrep: ["multiple-entrypoint-instructions"],
    sonar: ["S6589"],
    "dockerfile-utils": ["MULTIPLE_INSTRUCTIONS"],
    tally: ["hadolint/DL4004", "buildkit/MultipleInstructionsDisallowed"],
  },
  fixable: "unsafe",
  examples: [
    {
      title: "Two entry points",
      code: 'FROM node:26\nUSER node\n[|ENTRYPOINT|] ["/prepare.sh"]\nENTRYPOINT ["node", "server.js"]\n',
      fixed: 'FROM node:26\nUSER node\nENTRYPOINT ["node", "server.js"]\n',
    },
    {
      title: "One in each stage",
      code: 'FROM node:26 AS dev\nENTRYPOINT ["npm"]\n\nFROM node:26\nUSER node\nENTRYPOINT ["node"]\n',
    },
  ],
  check: ({ model }) =>
    overriddenInstructions(model, "ENTRYPOINT", "Keep one; to do several things, call them from a script."),
});
