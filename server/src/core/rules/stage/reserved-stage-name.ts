import { freeStageName, renameStage } from "../../fixes/rename-stage";
import { defineRule } from "../../rule";

export default defineRule({
  id: "reserved-stage-name",
  theme: "stage",
  category: "correctness",
  severity: "error",
  recommended: true,
  since: "0.1.0",
  summary: "A stage is called `scratch` or `context`, words that the builder keeps for itself.",
  why: "`scratch` is the empty image and `context` the build context. A stage of that name hides them, or is hidden by them, depending on the builder and the instruction.",
  aliases: {
    hadolint: ["DL3063"],
    buildkit: ["ReservedStageName"],
    tally: ["hadolint/DL3063", "buildkit/ReservedStageName"],
  },
  reads: [],
  fixable: "unsafe",
  examples: [
    {
      title: "The word for the build context",
      code: "FROM alpine:3.24 AS [|context|]\nFROM alpine:3.24\nCOPY --from=context /app /app\n",
      fixed: "FROM alpine:3.24 AS context-stage\nFROM alpine:3.24\nCOPY --from=context-stage /app /app\n",
    },
    {
      title: "The word for the empty image",
      code: "FROM alpine:3.24 AS [|scratch|]\n",
      fixed: "FROM alpine:3.24 AS scratch-stage\n",
    },
    { title: "A word within a name", code: "FROM alpine:3.24 AS build-context\n" },
    { title: "The empty image itself", code: "FROM scratch\nCOPY app /app\n" },
  ],
  *check({ model }) {
    for (const stage of model.stages) {
      const { name, nameSpan } = stage;
      if (!nameSpan || (name !== "scratch" && name !== "context")) continue;
      yield {
        message: `A stage cannot well be called ${name}: the builder means ${
          name === "scratch" ? "the empty image" : "the build context"
        } by it. Choose another name.`,
        range: nameSpan,
        fixes: () => {
          const wanted = freeStageName(model, `${name}-stage`);
          const edits = renameStage(model, stage, wanted);
          return edits
            ? [
                {
                  title: `Call the stage ${wanted}`,
                  applicability: "unsafe",
                  reason: `References to ${name} then mean this stage; --target must follow.`,
                  edits,
                },
              ]
            : [];
        },
      };
    }
  },
});
