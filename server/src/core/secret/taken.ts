/** Whether other stages take a credential file from the one that holds it. */
import { normalizePath } from "../model/build";
import type { Instruction, Model, Stage } from "../model/types";
import { readMount } from "../syntax/flags";
import { withoutFile } from "./clean";
import type { CredentialFile } from "./files";

/** True where another stage takes the file by its name, or with its folder and then reads it. */
export function isTakenElsewhere(
  model: Model,
  file: { readonly path: string; readonly kind: CredentialFile },
  holders: ReadonlySet<Stage>,
): boolean {
  return model.stages.some((stage) =>
    stage.copiesFrom.some(({ stage: from, instruction }) => {
      if (!from || !holders.has(from)) return false;
      const taken = takenFrom(instruction);
      if (taken.includes(file.path)) return true;
      if (!taken.some((path) => isWithin(file.path, path))) return false;
      return (
        instruction.keyword === "RUN" ||
        model.stages.some(
          (other) =>
            isBasedOn(other, stage) &&
            other.instructions.some((run) => {
              if (run.keyword !== "RUN" || (other === stage && run.index < instruction.index)) return false;
              return withoutFile(run, file.path, file.kind)?.reads ?? true;
            }),
        )
      );
    }),
  );
}

/** Absolute paths that an instruction takes from another stage. */
function takenFrom({ parsed, keyword }: Instruction): readonly string[] {
  if (keyword === "RUN") {
    return parsed.flags.flatMap((flag) => {
      const mount = readMount(flag);
      return mount?.get("from") ? [normalizePath(`/${mount.get("source", "src") ?? ""}`)] : [];
    });
  }
  const sources = parsed.json ? parsed.json.map((item) => item.value) : parsed.words.map((word) => word.value ?? "");
  return sources.slice(0, -1).map((source) => normalizePath(`/${source}`));
}

function isBasedOn(stage: Stage, base: Stage): boolean {
  for (let one: Stage | null = stage; one; one = one.base.stage) if (one === base) return true;
  return false;
}

/** True when a path is a folder or lies below it; both are absolute. */
export function isWithin(path: string, folder: string): boolean {
  return folder === "/" || path === folder || path.startsWith(`${folder}/`);
}
