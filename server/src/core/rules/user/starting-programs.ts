/** The programs that a container starts, seen through scripts that hand over to them. */
import type { Model, Stage } from "../../model/types";
import { type StartCommand, startCommands, startOf } from "../../multistage/start";
import type { Facts } from "../../rule";
import { effectiveCommands } from "../../shell/commands";
import { parseShell } from "../../shell/parse";
import { copiedFile } from "./copied-text";
import { type Entry, longestScript } from "./entry";

/**
 * The programs that start, as far as they can be seen: behind a script that hands over to its arguments, and behind the
 * scripts of a package.json that the stage copies (`npm start`).
 */
export function startingPrograms(entry: Entry, stage: Stage, model: Model, facts: Facts): readonly StartCommand[] {
  const own = startOf(stage)?.commands ?? [];
  const found =
    entry.script === null ? [...own] : [...own, ...startCommands(effectiveCommands(parseShell(entry.script)))];
  let scripts: PackageScripts | null | undefined;
  // A script may call others; one that calls itself comes to an end.
  const seen = new Set<string>();
  for (let at = 0; at < found.length; at++) {
    const name = packageScriptOf(found[at] as StartCommand);
    if (name === null || seen.has(name)) continue;
    seen.add(name);
    scripts ??= readPackageScripts(stage, model, facts);
    const text = scripts?.[name];
    if (typeof text === "string")
      found.push(...startCommands(effectiveCommands(parseShell(text.slice(0, longestScript)))));
  }
  return found;
}

interface PackageScripts {
  readonly [name: string]: unknown;
}

/** The script of package.json that a command runs: `npm start`, `yarn run serve`. */
function packageScriptOf({ name, arguments: words }: StartCommand): string | null {
  if (!/^(?:npm|yarn|pnpm|bun)$/.test(name)) return null;
  const plain = words.filter((word) => word !== null && !word.startsWith("-"));
  if (plain[0] === "run" || plain[0] === "run-script") return plain[1] ?? null;
  if (name === "npm" || name === "bun") return plain[0] === "start" ? "start" : null;
  return plain[0] ?? null;
}

function readPackageScripts(stage: Stage, model: Model, facts: Facts): PackageScripts | null {
  const folder = stage.workdirAtEnd ?? "";
  const text = copiedFile(stage, model, facts, `${folder}/package.json`) ?? facts.file("package.json");
  if (typeof text !== "string" || text.length > 10 * longestScript) return null;
  try {
    const value: unknown = JSON.parse(text);
    const scripts = value !== null && typeof value === "object" && "scripts" in value ? value.scripts : null;
    return scripts !== null && typeof scripts === "object" ? (scripts as PackageScripts) : null;
  } catch {
    return null;
  }
}
