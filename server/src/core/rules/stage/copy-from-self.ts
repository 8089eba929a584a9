import { stageReferences } from "../../model/stage-references";
import { defineRule } from "../../rule";

export default defineRule({
  id: "copy-from-self",
  theme: "stage",
  category: "correctness",
  severity: "error",
  recommended: true,
  since: "0.1.0",
  summary: "A COPY takes its files from the stage that it stands in.",
  why: "A stage is not finished while it is being built, so it cannot be a source of its own files: BuildKit stops because the stage depends on itself. Name the stage that made the files, or leave `--from` out for files of the build context.",
  aliases: {
    hadolint: ["DL3023"],
    trivy: ["DS-0006"],
    kics: ["COPY '--from' References Current FROM Alias"],
    semgrep: ["copy-from-own-alias"],
    tally: ["hadolint/DL3023"],
  },
  reads: ["ADD", "COPY", "RUN"],
  fixable: "unsafe",
  examples: [
    {
      title: "The stage's own name",
      code: "FROM golang:1.27 AS build\nRUN go build -o /app .\nFROM alpine:3.24 AS run\nCOPY [|--from=run|] /app /app\n",
      fixed:
        "FROM golang:1.27 AS build\nRUN go build -o /app .\nFROM alpine:3.24 AS run\nCOPY --from=build /app /app\n",
    },
    {
      title: "Its number",
      code: "FROM golang:1.27\nRUN go build -o /app .\nFROM alpine:3.24\nCOPY [|--from=1|] /app /app\n",
      fixed: "FROM golang:1.27\nRUN go build -o /app .\nFROM alpine:3.24\nCOPY --from=0 /app /app\n",
    },
    {
      title: "A file that lies in the image already",
      code: "FROM alpine:3.24 AS run\nCOPY [|--from=run|] /etc/hosts /etc/hosts\n",
    },
    {
      title: "An earlier stage",
      code: "FROM golang:1.27 AS build\nRUN go build -o /app .\nFROM alpine:3.24\nCOPY --from=build /app /app\n",
    },
    {
      title: "A name in upper case is no other name",
      code: "FROM alpine:3.24 AS a\nFROM alpine:3.24\nCOPY --from=A /x /x\n",
    },
  ],
  *check({ model }) {
    for (const reference of stageReferences(model)) {
      if (reference.kind === "from" || reference.stage !== reference.by) continue;
      const { by, span, name, nameSpan } = reference;
      const before = model.stages[by.index - 1];
      const what = reference.kind === "mount" ? "This mount" : `This ${reference.instruction.keyword}`;
      yield {
        message: `${what} takes files from ${name}, the stage it stands in. Name the stage that made them${
          before ? `, such as ${before.name ?? `number ${before.index}`}` : ", or leave --from out"
        }.`,
        range: span,
        fixes: () => {
          if (!before || !nameSpan) return [];
          const newText = reference.byNumber ? String(before.index) : (before.name ?? String(before.index));
          if (reference.kind === "mount" && before.name === null) return [];
          return [
            {
              title: `Take the files from ${newText}, the stage before`,
              applicability: "unsafe",
              reason: "It assumes that the stage before has the files.",
              edits: [{ span: nameSpan, newText }],
            },
          ];
        },
      };
    }
  },
});
