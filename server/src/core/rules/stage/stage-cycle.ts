import { stageReferences } from "../../model/stage-references";
import type { Stage } from "../../model/types";
import { defineRule } from "../../rule";
import { circlesOf } from "./circles";

export default defineRule({
  id: "stage-cycle",
  theme: "stage",
  category: "correctness",
  severity: "error",
  recommended: true,
  since: "0.1.0",
  summary: "Stages take files from each other in a circle.",
  why: "Each of them waits for another one to be finished, so the builder refuses the file. Move what both need into a stage of its own.",
  aliases: { tally: ["tally/circular-stage-deps"] },
  reads: ["ADD", "COPY", "RUN"],
  fixable: "none",
  examples: [
    {
      title: "Two stages wait for each other",
      code: "FROM alpine:3.24 AS a\nCOPY [|--from=b|] /x /x\nFROM alpine:3.24 AS b\nCOPY --from=a /y /y\n",
    },
    {
      title: "A longer way round",
      code: "FROM alpine:3.24 AS a\nRUN --mount=[|from=c|],target=/c ls\nFROM a AS b\nFROM b AS c\n",
    },
    {
      title: "A stage further down is no circle, though another fault",
      code: "FROM alpine:3.24 AS a\nCOPY --from=b /x /x\nFROM alpine:3.24 AS b\nFROM a\n",
    },
    { title: "A chain", code: "FROM alpine:3.24 AS a\nFROM a AS b\nCOPY --from=a /x /x\n" },
    { title: "A stage that names itself is another rule's", code: "FROM alpine:3.24 AS a\nCOPY --from=a /x /x\n" },
  ],
  *check({ model }) {
    // FROM only reaches up, so every circle has a reference that reaches down. Without one there is nothing to do.
    const down = stageReferences(model).filter(({ stage, by }) => stage !== null && stage.index > by.index);
    if (down.length === 0) return;
    const circles = circlesOf(model);
    const told = new Set<number>();
    for (const reference of down) {
      const circle = circles.get(reference.by);
      if (circle === undefined || circle !== circles.get(reference.stage as Stage) || told.has(circle)) continue;
      told.add(circle);
      const [one, other] = [shown(reference.by), shown(reference.stage as Stage)];
      yield {
        message: `${one} needs ${other} here, and ${other} needs ${one}: neither can be built first. Move what both need into a stage of its own.`,
        range: reference.span,
        related: [{ message: `${other} starts here.`, range: (reference.stage as Stage).from.span }],
      };
    }
  },
});

function shown(stage: Stage): string {
  return stage.name ?? `Stage ${stage.index}`;
}
