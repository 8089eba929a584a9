import { freeStageName, isStageName, renameStage } from "../../fixes/rename-stage";
import { defineRule } from "../../rule";

export default defineRule({
  id: "invalid-stage-name",
  theme: "stage",
  category: "correctness",
  severity: "error",
  recommended: true,
  since: "0.1.0",
  summary: "The name of a stage starts with no letter, or has characters that a name may not have.",
  why: "A stage's name starts with a letter and goes on with letters, digits, `-`, `_` and `.`; the builder stops at any other. Variables are not replaced in it.",
  aliases: { "dockerfile-utils": ["INVALID_BUILD_STAGE_NAME"] },
  reads: [],
  fixable: "unsafe",
  examples: [
    {
      title: "A digit comes first",
      code: "FROM golang:1.27 AS [|1build|]\nFROM alpine:3.24\nCOPY --from=1build /app /app\n",
      fixed: "FROM golang:1.27 AS stage-1build\nFROM alpine:3.24\nCOPY --from=stage-1build /app /app\n",
    },
    {
      title: "A slash",
      code: "FROM golang:1.27 AS [|build/app|]\n",
      fixed: "FROM golang:1.27 AS build-app\n",
    },
    { title: "A variable", code: "ARG NAME=build\nFROM golang:1.27 AS [|$NAME|]\n" },
    { title: "A number alone", code: "FROM golang:1.27 AS [|0|]\n", fixed: "FROM golang:1.27 AS stage-0\n" },
    { title: "A name", code: "FROM golang:1.27 AS build_app-1.2\n" },
    { title: "Upper case is a matter of style", code: "FROM golang:1.27 AS Build\n" },
  ],
  *check({ model }) {
    for (const stage of model.stages) {
      const { name, nameSpan } = stage;
      if (name === null || !nameSpan || isStageName(name)) continue;
      const written = model.text.slice(nameSpan.start, nameSpan.end);
      const why = written.includes("$")
        ? "variables are not replaced here"
        : /^[a-z]/.test(name)
          ? "a name has only letters, digits, -, _ and ."
          : "a name starts with a letter";
      yield {
        message: `${written} cannot be the name of a stage: ${why}.`,
        range: nameSpan,
        fixes: () => {
          if (written.includes("$") || written.length > 100) return [];
          const plain = name.replace(/[^a-z0-9._-]+/g, "-").replace(/^[-_.]+|-+$/g, "");
          const wanted = freeStageName(model, /^[a-z]/.test(plain) ? plain : `stage-${plain}`);
          const edits = isStageName(wanted) ? renameStage(model, stage, wanted) : null;
          return edits
            ? [
                {
                  title: `Call the stage ${wanted}`,
                  applicability: "unsafe",
                  reason: "A --target that names this stage must follow.",
                  edits,
                },
              ]
            : [];
        },
      };
    }
  },
});
