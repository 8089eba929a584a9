import { freeStageName, renameStage } from "../../fixes/rename-stage";
import type { Stage } from "../../model/types";
import { defineRule } from "../../rule";

export default defineRule({
  id: "duplicate-stage-name",
  theme: "stage",
  category: "correctness",
  severity: "error",
  recommended: true,
  since: "0.1.0",
  summary: "Two stages have the same name; upper and lower case count as one.",
  why: "A name that stands for two stages stands for whichever the builder thinks of last: `--from` and `--target` may reach another stage than you read. Give each stage a name of its own.",
  aliases: {
    hadolint: ["DL3024"],
    buildkit: ["DuplicateStageName"],
    trivy: ["DS-0012"],
    checkov: ["CKV_DOCKER_11"],
    kics: ["Same Alias In Different Froms"],
    semgrep: ["alias-must-be-unique"],
    "dockerfile-utils": ["DUPLICATE_BUILD_STAGE_NAME"],
    tally: ["hadolint/DL3024", "buildkit/DuplicateStageName"],
  },
  reads: [],
  fixable: "unsafe",
  examples: [
    {
      title: "The same name twice",
      code: "FROM golang:1.27 AS build\nFROM node:24 AS [|build|]\nFROM alpine:3.24\nCOPY --from=build /app /app\n",
      fixed: "FROM golang:1.27 AS build\nFROM node:24 AS build-2\nFROM alpine:3.24\nCOPY --from=build-2 /app /app\n",
    },
    {
      title: "Only the case differs",
      code: "FROM golang:1.27 AS build\nFROM node:24 AS [|Build|]\n",
      fixed: "FROM golang:1.27 AS build\nFROM node:24 AS build-2\n",
    },
    { title: "Two names", code: "FROM golang:1.27 AS build\nFROM node:24 AS assets\n" },
    { title: "Stages without a name", code: "FROM golang:1.27\nFROM node:24\n" },
  ],
  *check({ model }) {
    const first = new Map<string, Stage>();
    for (const stage of model.stages) {
      if (stage.name === null || !stage.nameSpan) continue;
      const other = first.get(stage.name);
      if (!other) {
        first.set(stage.name, stage);
        continue;
      }
      const range = stage.nameSpan;
      const { name } = stage;
      yield {
        message: `Another stage is called ${name} already. Give this one a name of its own.`,
        range,
        ...(other.nameSpan ? { related: [{ message: `The first ${name} is here.`, range: other.nameSpan }] } : {}),
        fixes: () => {
          const free = freeStageName(model, name);
          // What stands between the two stages is left with the first one.
          const edits = renameStage(model, stage, free, (span) => span.start > range.start);
          return edits
            ? [
                {
                  title: `Call this stage ${free}`,
                  applicability: "unsafe",
                  reason: `References further down then mean ${free}; --target must follow.`,
                  edits,
                },
              ]
            : [];
        },
      };
    }
  },
});
