/** What the rules about caches of RPM package managers share: the call that leaves a cache, and the clean command behind. */
import { appendCommand, canEditRun, isTopLevel } from "../../fixes/shell-list";
import type { Model } from "../../model/types";
import type { Finding, Fix } from "../../rule";
import type { PackageOperation } from "../../shell/packages";
import {
  callName,
  callSpan,
  isCleanedAfter,
  isMounted,
  overlaps,
  type PackageCall,
  runSteps,
  stepsAfter,
} from "./calls";

/** One kind of cache. */
export interface Cache {
  readonly managers: ReadonlySet<string>;
  /** Folders that hold it. */
  readonly folders: readonly string[];
  /** What is left: "its package lists and caches". */
  readonly what: string;
  /** True for a call that cleans it. */
  readonly cleans: (operation: PackageOperation) => boolean;
  /** The command that cleans behind a call. */
  readonly command: (operation: PackageOperation) => string;
  /** True for a later call that would miss the cache. */
  readonly needs: (operation: PackageOperation) => boolean;
}

/** In each RUN that ships: the last call that fills the cache, when nothing behind it in the same RUN empties it. */
export function* leftCaches(model: Model, cache: Cache): Iterable<Finding> {
  for (const step of runSteps(model)) {
    if (!step.stage.ships) continue;
    const own = step.calls.filter(({ operation }) => cache.managers.has(operation.manager));
    const call = own.filter(({ operation }) => fills(operation)).at(-1);
    if (!call || isMounted(step, (target) => cache.folders.some((folder) => overlaps(target, folder)))) continue;
    if (step.calls.slice(step.calls.indexOf(call) + 1).some(({ operation }) => cache.cleans(operation))) continue;
    if (step.scripts.some((script) => isCleanedAfter(script, call.operation.command, cache.folders))) continue;
    const command = cache.command(call.operation);
    const early = own.slice(0, own.indexOf(call)).some(({ operation }) => cache.cleans(operation));
    yield {
      message: early
        ? `\`${command}\` runs before the last \`${callName(call)}\`, which leaves ${cache.what} in this layer. Clean at the end of the RUN.`
        : `\`${callName(call)}\` leaves ${cache.what} in this layer. End the RUN with \`${command}\`.`,
      range: callSpan(call),
      cause: `${call.operation.tool.family}-cache:${step.instruction.index}`,
      fixes: () => cleanBehind(model, call, command, cache),
    };
  }
}

function cleanBehind(model: Model, call: PackageCall, command: string, cache: Cache): readonly Fix[] {
  const { step, script, operation } = call;
  if (!canEditRun(model, step.run, step.isTrigger) || !isTopLevel(operation.command)) return [];
  if (stepsAfter(model, step).some(({ calls }) => calls.some((later) => cache.needs(later.operation)))) return [];
  const edit = appendCommand(model, step.run, script, operation.command.command.item, command);
  return edit ? [{ title: `Add ${command}`, applicability: "safe", edits: [edit] }] : [];
}

function fills({ action }: PackageOperation): boolean {
  return action === "install" || action === "upgrade" || action === "update";
}
