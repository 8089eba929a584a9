/** Who installs from the index that a RUN fetches, and which managers fetch a new one by themselves. */
import { distributionUnder } from "../../catalogue/stage";
import type { Catalogue } from "../../catalogue/types";
import type { Model } from "../../model/types";
import { findFlag } from "../../shell/arguments";
import type { PackageAction, PackageFamily } from "../../shell/managers";
import { type PackageOperation, skipsCache } from "../../shell/packages";
import { runsScript } from "./apt-lists";
import { isBuiltOn, type PackageCall, type RunStep, runSteps } from "./calls";

/** What installs from an index: a call, something that nobody here can see, or nothing. */
export interface Use {
  readonly install: PackageCall | null;
  readonly isUnknown: boolean;
}

/** Who installs next, in the same stage or one that is built on it, before the index is fetched anew. */
export function nextUse(model: Model, step: RunStep, family: PackageFamily): Use {
  const steps = runSteps(model);
  const from = positionOf(steps, step) + 1;
  let isUnknown = false;
  for (const later of steps.slice(from, from + mostSteps)) {
    if (later.stage !== step.stage && !isBuiltOn(later.stage, step.stage)) continue;
    isUnknown ||= later.isTrigger || runsScript(later);
    const first = later.calls.find(({ operation }) => operation.tool.family === family && touchesIndex(operation));
    if (first) return { install: updates(first.operation) ? null : first, isUnknown };
  }
  return { install: null, isUnknown: isUnknown || steps.length > from + mostSteps };
}

/** True for what changes the packages of the image, or brings some. */
export function changesPackages(action: PackageAction): boolean {
  return action === "install" || action === "upgrade" || action === "download" || action === "build";
}

/** True for a call of apk that fetches an index of its own and does not read the one that is kept. */
export function bringsOwnIndex(operation: PackageOperation): boolean {
  return operation.manager === "apk" && (skipsCache(operation) || refreshes(operation));
}

/**
 * True for a manager that fetches a new index whenever it installs and the one it finds is old, so that an old layer does
 * no harm. Sources: apk-tools since 2.10 (Alpine 3.8) refreshes after `--cache-max-age`, 4 hours; dnf and yum after
 * `metadata_expire`, 48 hours at most (dnf.conf(5), yum.conf(5)). apt, pacman and opkg never do; zypper does it only for
 * repositories with autorefresh.
 */
export function refreshesItself({ operation, step }: PackageCall, use: Use, catalogue: Catalogue): boolean {
  if (use.install && findFlag(use.install.operation.command, keepsOld)) return false;
  const { family } = operation.tool;
  if (family === "rpm") return operation.manager !== "zypper";
  if (family !== "apk") return false;
  const distribution = distributionUnder(step.stage, catalogue);
  const old = /^3\.(\d+)/.exec(distribution?.family === "alpine" ? (distribution.version ?? "") : "")?.[1];
  return old === undefined || Number(old) >= 8;
}

/** Flags with which an index is used however old it is. */
const keepsOld = ["-C", "--cacheonly", "--no-network", "--network", "--cache-max-age"];

/** Steps that are looked at for the use of an index. */
const mostSteps = 100;

function touchesIndex(operation: PackageOperation): boolean {
  if (updates(operation)) return true;
  return changesPackages(operation.action) && !bringsOwnIndex(operation);
}

function updates(operation: PackageOperation): boolean {
  return operation.action === "update" || (changesPackages(operation.action) && refreshes(operation));
}

/** `apk add -U`: the index is fetched, and kept for others. */
function refreshes(operation: PackageOperation): boolean {
  if (operation.manager !== "apk" || skipsCache(operation)) return false;
  return findFlag(operation.command, ["--update", "--update-cache", "-U"]) !== null;
}

/** Place of a step in the list, which is in the order of the file. */
function positionOf(steps: readonly RunStep[], step: RunStep): number {
  let low = 0;
  let high = steps.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((steps[middle] as RunStep).instruction.index < step.instruction.index) low = middle + 1;
    else high = middle;
  }
  return low;
}
