/** Stages that wait for each other. */
import { stageReferences } from "../../model/stage-references";
import type { Model, Stage } from "../../model/types";

/**
 * The circle that each stage belongs to, by a number; stages in no circle are left out. Tarjan's algorithm, with a list
 * of its own in place of recursion, so that a long chain of stages does not fill the stack. Remembered with the model.
 */
export function circlesOf(model: Model): ReadonlyMap<Stage, number> {
  const known = remembered.get(model);
  if (known) return known;
  const circles = findCircles(model);
  remembered.set(model, circles);
  return circles;
}

const remembered = new WeakMap<Model, ReadonlyMap<Stage, number>>();

function findCircles(model: Model): ReadonlyMap<Stage, number> {
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
