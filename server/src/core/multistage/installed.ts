/** Which packages a stage installs and keeps. */

import { instructionsIn } from "../model/index-of";
import type { Script } from "../model/scripts";
import { scriptsOf } from "../model/scripts";
import type { Instruction, Stage } from "../model/types";
import { type NamedPackage, type PackageOperation, packageOperations } from "../shell/packages";

/** A package that is still there when its RUN ends. */
export interface Installed {
  readonly package: NamedPackage;
  readonly operation: PackageOperation;
  readonly script: Script;
  readonly instruction: Instruction;
}

/** Families of package managers that install into the system. */
const systemFamilies: ReadonlySet<string> = new Set(["apt", "apk", "rpm", "pacman", "opkg"]);

/** True for the package managers of a system, as against those of a language. */
export function isSystemManager(operation: PackageOperation): boolean {
  return systemFamilies.has(operation.tool.family);
}

/**
 * The system packages that the stage's RUN instructions install by name and do not remove again within the same RUN.
 * Where such a removal depends on a variable, nothing of that RUN is listed.
 */
export function installedPackages(stage: Stage): readonly Installed[] {
  const known = remembered.get(stage);
  if (known) return known;
  const found: Installed[] = [];
  for (const instruction of instructionsIn(stage, "RUN")) {
    if (instruction.parsed.json) continue;
    for (const script of scriptsOf(instruction)) found.push(...keptPackages(instruction, script));
  }
  remembered.set(stage, found);
  return found;
}

const remembered = new WeakMap<Stage, readonly Installed[]>();

function keptPackages(instruction: Instruction, script: Script): readonly Installed[] {
  const all = packageOperations(script.script);
  if (all.length === 0) return [];
  const operations = all.filter(isSystemManager);
  const installs = operations.filter((operation) => operation.action === "install");
  if (installs.length === 0) return [];
  const removals = operations.filter((operation) => operation.action === "remove");
  // `apt-get autoremove` alone removes only what nobody asked for by name.
  const named = removals.filter((operation) => operation.packages.length > 0 || operation.unknown.length > 0);
  if (named.some((operation) => operation.unknown.length > 0)) return [];
  const removed = new Set(named.flatMap((operation) => operation.packages.map((one) => one.name)));
  // `apt-get purge --auto-remove gcc` behind `apt-mark auto '.*'`: what stays is worked out by the script itself.
  const marks = script.commands.some((command) => command.name === "apt-mark");
  if (marks && removals.length > 0) return [];
  const isLeft = ({ name }: NamedPackage) => !removed.has(name) && !removed.has(name.replace(/-\d.*$/, ""));
  return installs.flatMap((operation) =>
    isRemovedTogether(operation, removed)
      ? []
      : operation.packages.filter(isLeft).map((one) => ({ package: one, operation, script, instruction })),
  );
}

/** `apk add --virtual .build-deps …` and later `apk del .build-deps`. */
function isRemovedTogether(operation: PackageOperation, removed: ReadonlySet<string>): boolean {
  if (operation.manager !== "apk") return false;
  const { words } = operation.command;
  for (let at = 1; at < words.length; at++) {
    const text = words[at]?.value ?? words[at]?.text ?? "";
    const name =
      text === "-t" || text === "--virtual" ? words[at + 1]?.value : /^(?:--virtual=|-t=?)(.+)$/.exec(text)?.[1];
    if (name && removed.has(name)) return true;
  }
  return false;
}
