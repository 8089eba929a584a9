/** The commands of the RUN instructions of a stage, each with the folder it runs in. */
import { instructionsIn } from "../model/index-of";
import { type Script, scriptsOf } from "../model/scripts";
import type { Instruction, Stage } from "../model/types";
import type { EffectiveCommand } from "../shell/commands";
import { resolvePath } from "./paths";

/** One command of a RUN. */
export interface RunCommand {
  readonly instruction: Instruction;
  readonly script: Script;
  readonly command: EffectiveCommand;
  /** Absolute, or null when it is not known. */
  readonly folder: string | null;
}

/** Folders that official images start in, for files that set no WORKDIR. Source: their Dockerfiles. */
const imageFolders: Readonly<Record<string, string>> = {
  golang: "/go",
  composer: "/app",
  gradle: "/home/gradle",
};

/**
 * The WORKDIR in force at an instruction; where the file sets none, that of the base image (`/` for nearly all).
 * `image` is the catalogue's name of the base image, or null when it is not known.
 */
export function folderAt(instruction: Instruction, image: string | null): string | null {
  if (instruction.workdir !== null) return instruction.workdir;
  const { stage } = instruction;
  const isSet = stage !== null && firstWorkdir(stage) < instruction.index;
  if (isSet || stage?.base.stage || image === null) return null;
  return imageFolders[image] ?? "/";
}

const firstWorkdirs = new WeakMap<Stage, number>();

/** Index of the first WORKDIR of a stage, or infinity. */
function firstWorkdir(stage: Stage): number {
  const known = firstWorkdirs.get(stage);
  if (known !== undefined) return known;
  const first = instructionsIn(stage, "WORKDIR")[0]?.index ?? Number.POSITIVE_INFINITY;
  firstWorkdirs.set(stage, first);
  return first;
}

/** All commands of all RUN instructions of a stage, in order. */
export function runCommands(stage: Stage, image: string | null): readonly RunCommand[] {
  return instructionsIn(stage, "RUN").flatMap((instruction) => commandsOfRun(instruction, image));
}

/** All commands of one RUN, in order. */
export function commandsOfRun(instruction: Instruction, image: string | null): readonly RunCommand[] {
  const found: RunCommand[] = [];
  for (const script of scriptsOf(instruction)) {
    let folder = folderAt(instruction, image);
    for (const command of script.commands) {
      found.push({ instruction, script, command, folder });
      if (command.name === "cd") folder = changedFolder(command, folder);
      else if (command.name === "pushd" || command.name === "popd") folder = null;
    }
  }
  return found;
}

/** Where `cd` leads; null where that depends on more than its one word. */
function changedFolder(command: EffectiveCommand, folder: string | null): string | null {
  const [, target, more] = command.words;
  if (command.command.context.length > 0 || more || command.command.before === "||") return null;
  return target?.value ? resolvePath(target.value, folder) : null;
}
