/** The index that an `apk update` in a RUN of its own leaves: which later calls read it, and how it goes with them. */
import { removeInstruction } from "../../fixes/remove";
import { canEditRun, dropItem, insertAfter, isTopLevel } from "../../fixes/shell-list";
import type { Model } from "../../model/types";
import type { Fix } from "../../rule";
import { findFlag } from "../../shell/arguments";
import { type PackageOperation, skipsCache } from "../../shell/packages";
import type { Edit } from "../../text";
import { runsScript } from "./apt-lists";
import {
  isBuiltOn,
  isCleanedAfter,
  isMounted,
  overlaps,
  type PackageCall,
  placeAfter,
  type RunStep,
  runSteps,
} from "./calls";
import { changesPackages, fetchesIndex, isUpdateAlone, keepsOld, mostSteps } from "./index-use";

/** The folders in which apk keeps its index and packages. */
export const apkFolders = ["/var/cache/apk", "/etc/apk/cache"];

/** `apk --root /rootfs`, `--cache-dir`: the cache of another place. */
export function isElsewhere({ flags }: PackageOperation): boolean {
  return flags.some((word) => /^(?:-p$|--root|--cache-dir)/.test(word.value ?? word.text));
}

/** True for a mount over the cache of apk, so that what the step fetches is in no layer. */
export function isCacheMounted(step: RunStep): boolean {
  return isMounted(step, (target) => apkFolders.some((folder) => overlaps(target, folder)));
}

/** Every call of a file that installs from the index which an `apk update` in a RUN of its own left, and so adds none. */
export function readersOfLoneUpdates(model: Model): ReadonlySet<PackageCall> {
  const readers = new Set<PackageCall>();
  for (const step of runSteps(model)) {
    if (!isLoneUpdate(step)) continue;
    for (const reader of readersAfter(model, step)?.calls ?? []) readers.add(reader);
  }
  return readers;
}

/** True for a RUN whose only call of a package manager is an `apk update`, and that keeps the index. */
export function isLoneUpdate(step: RunStep): boolean {
  const [call] = step.calls;
  if (call?.operation.manager !== "apk" || step.calls.length > 1 || !isUpdateAlone(step)) return false;
  return !isElsewhere(call.operation) && !isCleanedAfter(call.script, call.operation.command, apkFolders);
}

/**
 * Takes an `apk update` with a RUN of its own away, and gives `--no-cache` to whoever installs from its index. Null where
 * one of them cannot be edited, or wants an index that is kept.
 */
export function withoutLoneUpdate(model: Model, call: PackageCall): Fix | null {
  const { step } = call;
  const after = readersAfter(model, step);
  const removal = isLoneUpdate(step) && after ? removalOf(model, call) : null;
  if (!after || !removal) return null;
  const edits: Edit[] = [removal];
  for (const { operation, script, step: other } of after.calls) {
    if (!operation.subcommand || findFlag(operation.command, keepsOld)) return null;
    if (!canEditRun(model, other.run, other.isTrigger)) return null;
    edits.push(insertAfter(script, operation.subcommand, " --no-cache"));
  }
  const title = edits.length > 1 ? "Leave out apk update and add --no-cache" : "Leave out apk update";
  if (!after.isUnknown) return { title, applicability: "safe", edits };
  return { title, applicability: "unsafe", reason: "A script may install from the index that is kept now.", edits };
}

/** Takes the update away, and its RUN where nothing else is in it. */
function removalOf(model: Model, { operation, script, step }: PackageCall): Edit | null {
  if (!canEditRun(model, step.run, step.isTrigger) || !isTopLevel(operation.command)) return null;
  const { topLevel } = script.script;
  if (topLevel.length === 1 && step.scripts.length === 1) return removeInstruction(model, step.instruction);
  const { item } = operation.command.command;
  return topLevel[item]?.kind === "command" ? dropItem(model, script, item) : null;
}

/** Who reads the index of a step. */
interface Readers {
  readonly calls: readonly PackageCall[];
  /** A script that nobody here can see may read it, too. */
  readonly isUnknown: boolean;
}

/** The calls after a step that read its index, until one is fetched anew; null where there are too many steps to tell. */
function readersAfter(model: Model, step: RunStep): Readers | null {
  const calls: PackageCall[] = [];
  let isUnknown = false;
  const steps = runSteps(model);
  const from = placeAfter(steps, step.instruction.index);
  for (const later of steps.slice(from, from + mostSteps)) {
    if (later.stage !== step.stage && !isBuiltOn(later.stage, step.stage)) continue;
    isUnknown ||= later.isTrigger || runsScript(later);
    if (isCacheMounted(later)) continue;
    for (const call of later.calls) {
      const { operation } = call;
      if (operation.manager !== "apk" || isElsewhere(operation)) continue;
      if (fetchesIndex(operation)) return { calls, isUnknown };
      if (changesPackages(operation.action) && !skipsCache(operation)) calls.push(call);
    }
  }
  return steps.length > from + mostSteps ? null : { calls, isUnknown };
}
