/** Folders that the file itself gives to an account, so that a fix need not give them again. */
import type { Instruction, Model, Stage } from "../../model/types";
import { readCopy } from "../../multistage/copies";
import { isWithin, resolvePath } from "../../multistage/paths";
import { commandsOfRun, type RunCommand } from "../../multistage/run-commands";
import { type EffectiveCommand, hasFlag, operands } from "../../shell/commands";
import { chainOf } from "./accounts";

/**
 * The absolute paths, out of those asked for, that a RUN of the shipped stages hands to one of `owners` (names or
 * numbers) with all that lies in them, and that nothing touches behind it. One that a VOLUME has named before does not
 * count: some builders drop such a change.
 */
export function givenFolders(
  model: Model,
  stage: Stage,
  owners: ReadonlySet<string>,
  asked: readonly string[],
): ReadonlySet<string> {
  const given = new Set<string>();
  // More folders than that lay out a system, and would be looked for one by one.
  if (asked.length === 0 || asked.length > most) return given;
  const steps = chainOf(stage).flatMap(({ instructions }) => instructions);
  const runs = steps.flatMap((run, at) =>
    run.keyword === "RUN" && run.parsed.text.includes("chown") ? [{ at, commands: commandsOfRun(run, null) }] : [],
  );
  for (const path of asked) {
    // Only the last one counts: what comes behind an earlier one is touched by it.
    const last = runs.filter(({ commands }) => gives(commands, path, owners)).at(-1);
    if (!last || steps.slice(0, last.at).some((one) => one.keyword === "VOLUME" && names(one, path))) continue;
    if (!steps.slice(last.at + 1).some((one) => touches(model, one, path))) given.add(path);
  }
  return given;
}

const most = 20;

/** True for `chown -R owner path`; also without `-R` where the RUN has made the folder before. */
function gives(commands: readonly RunCommand[], path: string, owners: ReadonlySet<string>): boolean {
  let isMade = false;
  let isGiven = false;
  for (const { command, folder } of commands) {
    if (command.name === "mkdir") isMade ||= namesPath(command, folder, path, 0);
    if (command.name !== "chown" || command.command.context.length > 0) {
      // What is put there behind it belongs to root.
      if (isGiven && command.name !== "chmod") isGiven = !command.words.some(({ text }) => text.includes(path));
      continue;
    }
    const owner = operands(command)[0];
    if (!owner || !owners.has((owner.value ?? owner.text.replace(/["']/g, "")).split(":")[0] ?? "")) continue;
    if ((isMade || hasFlag(command, ["-R", "--recursive"])) && namesPath(command, folder, path, 1)) isGiven = true;
  }
  return isGiven;
}

function namesPath(command: EffectiveCommand, folder: string | null, path: string, from: number): boolean {
  return operands(command, ["-m", "--mode"])
    .slice(from)
    .some(({ value }) => value !== null && resolvePath(value, folder) === path);
}

/** True for a step that may put something into a folder. */
function touches(model: Model, step: Instruction, path: string): boolean {
  if (step.keyword === "RUN") return names(step, path) || (step.workdir !== null && isWithin(step.workdir, path));
  if (step.keyword !== "COPY" && step.keyword !== "ADD") return false;
  const copy = readCopy(model, step, null);
  const destination = copy?.destination.replace(/(.)\/$/, "$1") ?? path;
  if (isWithin(destination, path)) return true;
  // What is copied to a folder further up may hold this one, unless it is a file.
  return isWithin(path, destination) && !copy?.sources.every((source) => /\.\w+$/.test(source));
}

function names({ parsed }: Instruction, path: string): boolean {
  return parsed.text.includes(path);
}
