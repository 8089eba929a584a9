/** Who installs from the index that a RUN fetches, and which managers fetch a new one by themselves. */
import { distributionUnder } from "../../catalogue/stage";
import type { Catalogue } from "../../catalogue/types";
import type { Model } from "../../model/types";
import { findFlag } from "../../shell/arguments";
import type { PackageAction, PackageFamily } from "../../shell/managers";
import { type PackageOperation, skipsCache } from "../../shell/packages";
import { runsScript } from "./apt-lists";
import { isBuiltOn, type PackageCall, placeAfter, type RunStep, runSteps } from "./calls";

/** What installs from an index: a call, something that nobody here can see, or nothing. */
export interface Use {
  readonly install: PackageCall | null;
  readonly isUnknown: boolean;
}

/** Who installs next, in the same stage or one that is built on it, before the index is fetched anew. */
export function nextUse(model: Model, step: RunStep, family: PackageFamily): Use {
  const steps = runSteps(model);
  const from = placeAfter(steps, step.instruction.index);
  let isUnknown = false;
  for (const later of steps.slice(from, from + mostSteps)) {
    if (later.stage !== step.stage && !isBuiltOn(later.stage, step.stage)) continue;
    isUnknown ||= later.isTrigger || runsScript(later);
    const first = later.calls.find(({ operation }) => operation.tool.family === family && touchesIndex(operation));
    if (first) return { install: fetchesIndex(first.operation) ? null : first, isUnknown };
  }
  return { install: null, isUnknown: isUnknown || steps.length > from + mostSteps };
}

/**
 * True for a step that fetches the index of the system's packages and, as far as its commands are known, installs nothing
 * from it. A mount may hold a cache that is never old.
 */
export function isUpdateAlone({ run, scripts, calls }: RunStep): boolean {
  if (!calls.some(({ operation }) => operation.action === "update" && isSystem(operation.tool.family))) return false;
  if (run.parsed.flags.some((flag) => flag.name === "mount")) return false;
  if (!scripts.every((script) => script.commands.every((command) => isHarmless(command.name)))) return false;
  // A subcommand that is not known may install as well.
  return calls.every(
    ({ operation: { action, tool } }) => isSystem(tool.family) && !usesIndex(action) && action !== "other",
  );
}

/** True for the manager of a system's own packages that has an index to fetch. */
export function isSystem(family: PackageFamily): boolean {
  return family === "apt" || family === "apk" || family === "rpm" || family === "pacman" || family === "opkg";
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

/** A RUN that removes packages is no mistake of this kind either. */
function usesIndex(action: PackageAction): boolean {
  return changesPackages(action) || action === "remove";
}

/** Programs that install nothing. Any other one may. */
const harmless: ReadonlySet<string> = new Set([
  ...["apt-get", "apt", "aptitude", "apk", "yum", "dnf", "microdnf", "tdnf", "zypper", "pacman", "opkg"],
  ...["apt-key", "add-apt-repository", "apt-add-repository", "dpkg", "rpm", "gpg", "apt-mark", "apt-cache"],
  ...["set", "echo", "printf", "cat", "tee", "sed", "grep", "awk", "true", ":", "export", "test", "[", "[[", "cd"],
  ...["rm", "mkdir", "touch", "mv", "cp", "ln", "chmod", "chown", "ls", "install", "rmdir", "find", "sleep", "tr"],
  ...["curl", "wget", "lsb_release", "uname", "which", "dpkg-divert", "update-ca-certificates", "locale-gen"],
  ...[
    "useradd",
    "groupadd",
    "adduser",
    "addgroup",
    "usermod",
    "unset",
    "exit",
    "cut",
    "head",
    "tail",
    "dpkg-reconfigure",
  ],
]);

function isHarmless(name: string | null): boolean {
  return name !== null && harmless.has(name);
}

/** Flags with which an index is used however old it is. */
export const keepsOld = ["-C", "--cacheonly", "--no-network", "--network", "--cache-max-age"];

/** Steps that are looked at for the use of an index. */
export const mostSteps = 100;

function touchesIndex(operation: PackageOperation): boolean {
  if (fetchesIndex(operation)) return true;
  return changesPackages(operation.action) && !bringsOwnIndex(operation);
}

/** True for a call that fetches the index and keeps it for others. */
export function fetchesIndex(operation: PackageOperation): boolean {
  return operation.action === "update" || (changesPackages(operation.action) && refreshes(operation));
}

/** `apk add -U`: the index is fetched, and kept for others. */
function refreshes(operation: PackageOperation): boolean {
  if (operation.manager !== "apk" || skipsCache(operation)) return false;
  return findFlag(operation.command, ["--update", "--update-cache", "-U"]) !== null;
}
