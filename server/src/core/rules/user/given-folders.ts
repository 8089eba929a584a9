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
  if (asked.length === 0) return given;
  const steps = chainOf(stage).flatMap(({ instructions }) => instructions);
  for (const [at, instruction] of steps.entries()) {
    if (instruction.keyword !== "RUN" || !instruction.parsed.text.includes("chown")) continue;
    const commands = commandsOfRun(instruction, null);
    for (const path of asked) {
      const isGiven = commands.some((one, place) => gives(one, path, owners, commands.slice(0, place)));
      if (!isGiven || steps.slice(0, at).some((one) => one.keyword === "VOLUME" && names(one, path))) continue;
      if (!steps.slice(at + 1).some((one) => touches(model, one, path))) given.add(path);
    }
  }
  return given;
}

/** True for `chown -R owner path`; also without `-R` where the RUN has made the folder right before. */
function gives(
  { command, folder }: RunCommand,
  path: string,
  owners: ReadonlySet<string>,
  before: readonly RunCommand[],
): boolean {
  if (command.name !== "chown" || command.command.context.length > 0 || !namesPath(command, folder, path, 1))
    return false;
  const owner = operands(command)[0];
  if (!owner || !owners.has((owner.value ?? owner.text.replace(/["']/g, "")).split(":")[0] ?? "")) return false;
  if (hasFlag(command, ["-R", "--recursive"])) return true;
  return before.some((one) => one.command.name === "mkdir" && namesPath(one.command, one.folder, path, 0));
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
