import { isStageName, renameStage } from "../../fixes/rename-stage";
import { defineRule } from "../../rule";

export default defineRule({
  id: "stage-name-casing",
  theme: "stage",
  category: "style",
  severity: "warning",
  recommended: false,
  since: "0.1.0",
  summary: "The name of a stage has upper-case letters.",
  why: "The builder reads all names of stages in lower case, so `Build` and `build` are one stage. Written in lower case the file says what is meant. A matter of style, so off by default.",
  aliases: { buildkit: ["StageNameCasing"], tally: ["buildkit/StageNameCasing"] },
  fixable: "safe",
  examples: [
    {
      title: "An upper-case letter",
      code: "FROM golang:1.27 AS [|Build|]\nFROM alpine:3.24\nCOPY --from=Build /app /app\n",
      fixed: "FROM golang:1.27 AS build\nFROM alpine:3.24\nCOPY --from=build /app /app\n",
    },
    {
      title: "A mount names it too",
      code: "FROM golang:1.27 AS [|GO|]\nFROM GO AS test\nRUN --mount=type=bind,from=GO,target=/src ls\n",
      fixed: "FROM golang:1.27 AS go\nFROM go AS test\nRUN --mount=type=bind,from=go,target=/src ls\n",
    },
    { title: "Lower case", code: "FROM golang:1.27 AS build\n" },
    { title: "The image may be in any case that a registry takes", code: "FROM Registry.example/app:1 AS build\n" },
  ],
  *check({ model }) {
    for (const stage of model.stages) {
      const { name, nameSpan } = stage;
      if (name === null || !nameSpan || !isStageName(name)) continue;
      const written = model.text.slice(nameSpan.start, nameSpan.end);
      if (written === name || !/[A-Z]/.test(written)) continue;
      yield {
        message: `The stage ${written} is ${name} to the builder. Write it in lower case.`,
        range: nameSpan,
        fixes: () => {
          const edits = renameStage(model, stage, name);
          return edits ? [{ title: `Write ${name}`, applicability: "safe", edits }] : [];
        },
      };
    }
  },
});
