/** Where the lists of apt come from, and who uses them. */
import type { EffectiveCommand } from "../../shell/commands";
import type { PackageOperation } from "../../shell/packages";
import type { PackageCall, RunStep } from "./calls";

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
