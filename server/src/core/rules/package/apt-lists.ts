/** Where the lists of apt come from, and who uses them. */
import type { Model, Stage } from "../../model/types";
import type { EffectiveCommand } from "../../shell/commands";
import type { PackageOperation } from "../../shell/packages";
import { type PackageCall, type RunStep, runSteps } from "./calls";

/** The folder of the lists. */
export const listsFolder = "/var/lib/apt/lists";

/** The calls of apt in a step. */
export function aptCalls(step: RunStep): readonly PackageCall[] {
  return step.calls.filter(({ operation }) => isApt(operation));
}

/** True for apt-get, apt and aptitude. */
export function isApt({ manager }: PackageOperation): boolean {
  return manager === "apt-get" || manager === "apt" || manager === "aptitude";
}

/** True for a step that reads the lists that an earlier one left: it installs before it updates. */
export function needsLists(step: RunStep): boolean {
  for (const { operation } of step.calls) {
    if (!isApt(operation)) continue;
    if (operation.action === "update") return false;
    if (operation.action === "install" || operation.action === "upgrade" || operation.action === "download") {
      // A package that lies in a file may still need others.
      return true;
    }
  }
  return step.scripts.some(({ commands }) => commands.some(({ name }) => name === "apt-cache" || name === "apt-file"));
}

/** The steps that read lists that an earlier one left, in the order of the file. Worked out once per model. */
export function stepsThatNeedLists(model: Model): readonly RunStep[] {
  const known = needing.get(model);
  if (known) return known;
  const steps = runSteps(model).filter(needsLists);
  needing.set(model, steps);
  return steps;
}

const needing = new WeakMap<Model, readonly RunStep[]>();

/** Whether a later step of the stage, or of one that is built on it, reads the lists that a step leaves. Linear. */
export function createListsNeeded(model: Model): (step: RunStep) => boolean {
  const last = new Map<Stage, number>();
  for (const { stage, instruction } of [...stepsThatNeedLists(model)].reverse()) {
    // Where a later one was seen, so it was by all that the stage is built on.
    for (let one: Stage | null = stage; one && !last.has(one); one = one.base.stage) last.set(one, instruction.index);
  }
  return ({ stage, instruction }) => (last.get(stage) ?? -1) > instruction.index;
}

/** True for a step that runs a script that we cannot see; it may install packages. */
export function runsScript(step: RunStep): boolean {
  return step.scripts.some(({ commands }) => commands.some(isScript));
}

/** True for a command that runs such a script: a file, what a pipe brings, or `-c` with a text that is not known. */
export function isScript({ name, words, command }: EffectiveCommand): boolean {
  if (name !== null && /\.(?:sh|bash)$/.test(name)) return true;
  const rest = words.slice(1);
  if (name === "source" || name === ".") return rest.some(({ value, text }) => /\.(?:sh|bash)$/.test(value ?? text));
  if (!/^(?:sh|bash|ash|dash|zsh)$/.test(name ?? "")) return false;
  const at = rest.findIndex(({ value }) => /^-[a-z]*c$/.test(value ?? ""));
  if (at >= 0) return (rest[at + 1]?.value ?? null) === null;
  return command.pipeline.index > 0 || rest.some(({ value }) => !value?.startsWith("-"));
}
