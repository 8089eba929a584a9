/** The fix for a cache that is emptied too late: the command moves into the RUN that fills it. */
import { removeInstruction } from "../../fixes/remove";
import { appendCommand, canEditRun, dropItem, isTopLevel } from "../../fixes/shell-list";
import type { Script } from "../../model/scripts";
import type { Model } from "../../model/types";
import type { Fix } from "../../rule";
import type { EffectiveCommand } from "../../shell/commands";
import { needsLists, runsScript } from "./apt-lists";
import { placeAfter, type RunStep, removedPaths, runSteps } from "./calls";
import type { CacheKind } from "./layer-contents";

/** Moves the command that cleans behind the last call of the RUN that fills the cache; nothing where a step between needs it. */
export function moveCleaning(
  model: Model,
  step: RunStep,
  script: Script,
  command: EffectiveCommand,
  makers: readonly RunStep[],
  kind: CacheKind,
): readonly Fix[] {
  const [maker] = makers;
  if (!maker || makers.length !== 1 || maker.stage !== step.stage) return [];
  if (!canEditRun(model, step.run, step.isTrigger) || !canEditRun(model, maker.run, maker.isTrigger)) return [];
  // An `rm` of several things has to stay for the others.
  if (removedPaths(command).length > 1 || !isTopLevel(command) || command.wrappers.length > 0) return [];
  const steps = runSteps(model);
  const between = steps
    .slice(placeAfter(steps, maker.instruction.index), placeAfter(steps, step.instruction.index))
    .filter(({ stage }) => stage === step.stage);
  const uses = (one: RunStep) =>
    runsScript(one) ||
    needsLists(one) ||
    one.calls.some(({ operation }) => operation.action === "install" && kind.fills(operation));
  if (between.some(uses)) return [];
  const last = maker.calls
    .filter(
      ({ operation }) =>
        operation.tool.family === maker.calls.find((call) => kind.fills(call.operation))?.operation.tool.family,
    )
    .at(-1);
  if (!last || !isTopLevel(last.operation.command)) return [];
  const written = script.locate(command.command.from, command.command.to);
  const text = model.text.slice(written.start, written.end);
  if (text.includes("\n")) return [];
  const put = appendCommand(model, maker.run, last.script, last.operation.command.command.item, text);
  const { topLevel } = script.script;
  const { item } = command.command;
  if (!put || topLevel[item]?.kind !== "command") return [];
  const take =
    topLevel.length === 1 && step.scripts.length === 1
      ? removeInstruction(model, step.instruction)
      : dropItem(model, script, item);
  if (!take) return [];
  return [
    {
      title: "Move it into the RUN that fills the cache",
      applicability: "unsafe",
      reason: "A step in between that needs the cache would miss it.",
      edits: [put, take],
    },
  ];
}
