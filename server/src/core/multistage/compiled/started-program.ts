/** The compiled program that a container starts. */
import type { Build } from "../detect";
import { baseName, resolvePath } from "../paths";
import { folderAt } from "../run-commands";

/** A program by its name, and where it has to lie: an absolute path, or null where PATH decides. */
export interface StartedProgram {
  readonly name: string;
  readonly runs: string | null;
}

/** The program that the last start command names; null where there is none, where it is a script, or nobody can tell. */
export function startedProgram({ start, image }: Build): StartedProgram | null {
  const word = start.words?.[0];
  const command = start.instructions.at(-1);
  if (!word || !command || /\.(?:sh|bash|py|js)$/.test(word)) return null;
  if (!word.includes("/")) return { name: word, runs: null };
  const runs = resolvePath(word, folderAt(command, image.repository.name));
  return runs === null ? null : { name: baseName(word), runs };
}
