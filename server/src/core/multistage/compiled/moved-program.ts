/** Programs that a RUN puts in their final place: `cp target/release/app /usr/local/bin/`. */
import type { Instruction } from "../../model/types";
import { baseName, joinPath, parentOf, resolvePath } from "../paths";
import type { RunCommand } from "../run-commands";

/** Folders of programs that are in PATH everywhere. */
export const programFolders: ReadonlySet<string> = new Set([
  ...["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"],
]);

/** A program in its final place, and where it came from; absolute paths. */
export interface MovedProgram {
  readonly source: string;
  readonly to: string;
}

/**
 * What a command of cp, mv or install that does not stand before the build does with a program; null where it is about
 * another one. `runs`: where the program has to lie, or null where any folder of programs will do.
 */
export function movedProgram(
  { command, folder, instruction }: RunCommand,
  build: Instruction,
  { name, runs }: { readonly name: string; readonly runs: string | null },
): MovedProgram | null {
  if (command.name !== "cp" && command.name !== "mv" && command.name !== "install") return null;
  if (instruction.index < build.index) return null;
  const words = command.words.slice(1).filter((word) => !word.value?.startsWith("-"));
  const source = words[0]?.value ? resolvePath(words[0].value, folder) : null;
  const target = words[1]?.value ? resolvePath(words[1].value, folder) : null;
  if (source === null || target === null || words.length !== 2) return null;
  const candidates = [target, joinPath(target, baseName(source))];
  for (const to of candidates) {
    if (baseName(to) !== name) continue;
    if (runs === null ? programFolders.has(parentOf(to)) : to === runs) return { source, to };
  }
  return null;
}
