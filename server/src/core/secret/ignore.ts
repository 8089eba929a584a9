/** Keeping a credential file out of the build context, so that no `COPY . .` brings it back. */
import { scriptsOf } from "../model/scripts";
import type { Instruction } from "../model/types";
import type { OtherFile, RuleContext } from "../rule";
import { readMount } from "../syntax/flags";
import { copiedSecrets, type PlacedSecret } from "./copies";
import { absolutePath } from "./writes";

/** What decides. */
export interface IgnoreContext extends Pick<RuleContext, "model"> {
  /** The ignore file of the build context; undefined when it is not known whether there is one. */
  readonly ignored: { readonly path: string; readonly file: { ignores(path: string): boolean } | null } | undefined;
}

/**
 * The line for the ignore file; null where it ignores the file already, or where another instruction needs the file: one
 * that copies it by its name, a mount, a RUN that deletes what a `COPY . .` brought.
 */
export function ignoreToo({ model, ignored }: IgnoreContext, copy: PlacedSecret): OtherFile | null {
  const { source } = copy;
  if (source === null) return null;
  const isNeeded = model.instructions.some((instruction) => {
    if (instruction === copy.instruction) return false;
    if (instruction.keyword !== "RUN") return copiedSecrets(instruction).some((other) => other.source === source);
    const isMounted = instruction.parsed.flags.some((flag) => readMount(flag)?.get("source", "src") === source);
    return isMounted || isNamedElsewhere(instruction, copy, source);
  });
  if (isNeeded || ignored?.file?.ignores(source)) return null;
  return { path: ignored?.path ?? ".dockerignore", append: source };
}

/** True when a RUN names the file at another place, such as where a `COPY . .` brings it: there it has to be. */
function isNamedElsewhere(run: Instruction, { path, kind }: PlacedSecret, source: string): boolean {
  const name = source.slice(source.lastIndexOf("/") + 1);
  if (!run.parsed.text.replaceAll(path, "").includes(name)) return false;
  return scriptsOf(run).some(({ commands }) =>
    commands.some(
      (command) =>
        !kind.readers?.has(command.name ?? "") &&
        command.words.some((word) => word.text.includes(name) && absolutePath(word.text, run) !== path),
    ),
  );
}
