import { stageReferences } from "../../model/stage-references";
import type { Model, Stage } from "../../model/types";
import { defineRule } from "../../rule";

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
      title: "A stage further down is no circle",
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

/**
 * The circle that each stage belongs to, by a number; stages in no circle are left out. Tarjan's algorithm, with a list
 * of its own in place of recursion, so that a long chain of stages does not fill the stack.
 */
function circlesOf(model: Model): ReadonlyMap<Stage, number> {
  const needs = new Map<Stage, Stage[]>();
  for (const { by, stage } of stageReferences(model)) {
    if (!stage || stage === by) continue;
    const list = needs.get(by);
    if (list) list.push(stage);
    else needs.set(by, [stage]);
  }
  const order = new Map<Stage, number>();
  const lowest = new Map<Stage, number>();
  const open: Stage[] = [];
  const isOpen = new Set<Stage>();
  const circles = new Map<Stage, number>();
  const enter = (stage: Stage) => {
    order.set(stage, order.size);
    lowest.set(stage, order.size - 1);
    open.push(stage);
    isOpen.add(stage);
  };
  const lower = (stage: Stage, to: number) => lowest.set(stage, Math.min(lowest.get(stage) as number, to));
  for (const start of model.stages) {
    if (order.has(start)) continue;
    const way: { readonly stage: Stage; next: number }[] = [{ stage: start, next: 0 }];
    enter(start);
    for (let step = way.at(-1); step; step = way.at(-1)) {
      const { stage } = step;
      const other = needs.get(stage)?.[step.next++];
      if (other) {
        if (!order.has(other)) {
          enter(other);
          way.push({ stage: other, next: 0 });
        } else if (isOpen.has(other)) lower(stage, order.get(other) as number);
        continue;
      }
      way.pop();
      const above = way.at(-1);
      if (above) lower(above.stage, lowest.get(stage) as number);
      if (lowest.get(stage) !== order.get(stage)) continue;
      const members: Stage[] = [];
      for (let member = open.pop(); member; member = open.pop()) {
        isOpen.delete(member);
        members.push(member);
        if (member === stage) break;
      }
      if (members.length > 1) for (const member of members) circles.set(member, order.get(stage) as number);
    }
  }
  return circles;
}
