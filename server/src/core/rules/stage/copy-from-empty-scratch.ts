import { instructionsIn } from "../../model/index-of";
import { stageReferences } from "../../model/stage-references";
import type { Instruction, Stage } from "../../model/types";
import { defineRule } from "../../rule";

export default defineRule({
  id: "copy-from-empty-scratch",
  theme: "stage",
  category: "correctness",
  severity: "error",
  recommended: true,
  since: "0.1.0",
  summary: "A COPY takes files from a scratch stage that never gets any.",
  why: "`FROM scratch` starts without a single file. A stage on it that neither copies nor runs anything has nothing to give, so the build stops at the COPY.",
  aliases: { tally: ["tally/copy-from-empty-scratch-stage"] },
  reads: ["ADD", "COPY", "RUN"],
  fixable: "none",
  examples: [
    {
      title: "Nothing was put there",
      code: "FROM scratch AS files\nLABEL a=b\nFROM alpine:3.24\nCOPY [|--from=files|] /app /app\n",
    },
    {
      title: "Neither through another stage",
      code: "FROM scratch AS base\nFROM base AS files\nENV A=1\nFROM alpine:3.24\nCOPY [|--from=files|] /app /app\n",
    },
    {
      title: "The stage has files",
      code: "FROM scratch AS files\nCOPY app /app\nFROM alpine:3.24\nCOPY --from=files /app /app\n",
    },
    {
      title: "A folder was made",
      code: "FROM scratch AS files\nWORKDIR /empty\nFROM alpine:3.24\nCOPY --from=files /empty /data\n",
    },
    {
      title: "All of nothing is nothing, and no fault",
      code: "FROM scratch AS files\nFROM alpine:3.24\nCOPY --from=files / /usr/bin/\n",
    },
    {
      title: "An image has files of its own",
      code: "FROM alpine:3.24 AS files\nFROM alpine:3.24\nCOPY --from=files /etc/passwd /etc/passwd\n",
    },
  ],
  *check({ model }) {
    if (!model.stages.some(({ base }) => base.scratch)) return;
    for (const { kind, instruction, stage, by, name, span } of stageReferences(model)) {
      if (kind !== "copy" || !stage || stage === by || !isEmpty(stage) || mayCopyNothing(instruction)) continue;
      yield {
        message: `The stage ${name} is scratch and never gets a file. Put files there, or name the stage that has them.`,
        range: span,
        related: [{ message: `${name} starts here.`, range: stage.from.span }],
      };
    }
  },
});

function isEmpty(stage: Stage): boolean {
  if (!stage.root.base.scratch) return false;
  for (let one: Stage | null = stage; one; one = one.base.stage) if (isWritten(one)) return false;
  return true;
}

function isWritten(stage: Stage): boolean {
  return writers.some((keyword) => instructionsIn(stage, keyword).length > 0);
}

const writers = ["COPY", "ADD", "RUN", "WORKDIR", "ONBUILD"];

/** The whole of an empty stage can be copied, and so can what a pattern does not match in newer builders. */
function mayCopyNothing({ parsed }: Instruction): boolean {
  const words = parsed.json ? parsed.json.map((item) => item.value) : parsed.words.map((word) => word.value);
  return words.slice(0, -1).every((source) => source === null || /^(?:\.?\/)*\.?$|[*?[]/.test(source));
}
