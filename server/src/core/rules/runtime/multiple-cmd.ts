import { defineRule } from "../../rule";
import { overriddenInstructions } from "./repeated";

export default defineRule({
  id: "multiple-cmd",
  theme: "runtime",
  category: "correctness",
  severity: "warning",
  recommended: true,
  since: "0.1.0",
  summary: "A stage has more than one CMD, and only the last one counts.",
  why: "A container starts one command. Earlier CMDs of the same stage are dropped without a word, and who reads the file from the top believes the wrong one.",
  aliases: {
    hadolint: ["DL4003"],
    buildkit: ["MultipleInstructionsDisallowed"],
    trivy: ["DS-0016"],
    kics: ["Multiple CMD Instructions Listed"],
    semgrep: ["multiple-cmd-instructions"],
    sonar: ["S6589"],
    "dockerfile-utils": ["MULTIPLE_INSTRUCTIONS"],
    tally: ["hadolint/DL4003", "buildkit/MultipleInstructionsDisallowed"],
  },
  fixable: "unsafe",
  examples: [
    {
      title: "Two commands",
      code: 'FROM node:26\nUSER node\n[|CMD|] ["npm", "start"]\nCMD ["node", "server.js"]\n',
      fixed: 'FROM node:26\nUSER node\nCMD ["node", "server.js"]\n',
    },
    { title: "One in each stage", code: 'FROM node:26 AS dev\nCMD ["npm"]\n\nFROM node:26\nUSER node\nCMD ["node"]\n' },
    { title: "A command and a trigger", code: 'FROM node:26\nONBUILD CMD ["npm"]\nUSER node\nCMD ["node"]\n' },
  ],
  check: ({ model }) =>
    overriddenInstructions(model, "CMD", "Keep one; to start several programs, call them from a script."),
});
