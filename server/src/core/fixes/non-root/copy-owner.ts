/** `--chown` for what a stage copies to the folder of its program. */
import type { Catalogue } from "../../catalogue/types";
import type { Instruction, Model, Stage } from "../../model/types";
import { readCopy } from "../../multistage/copies";
import { isWithin } from "../../multistage/paths";
import { isKnownOwner, isLinked } from "../../syntax/owner";
import type { Edit } from "../../text";
import { cannotMount, insertFlag } from "../mount";
import { canEditPlaced } from "../placed";

/**
 * Edits that give an owner to every COPY and ADD of the stage that brings files to `folder`; null where one of them
 * cannot be edited, none has no owner yet, or the builder could not know the owner there. `owner` is what stands behind
 * `--chown=`; `since` is the place in `model.instructions` behind which its name is known, -1 where it always is.
 */
export function ownCopies(
  model: Model,
  stage: Stage,
  catalogue: Catalogue,
  folder: string,
  owner: string,
  since: number,
): readonly Edit[] | null {
  if (cannotMount(stage, catalogue)) return null;
  const edits: Edit[] = [];
  for (const instruction of stage.instructions) {
    if (instruction.keyword !== "COPY" && instruction.keyword !== "ADD") continue;
    const copy = readCopy(model, instruction, null);
    if (!copy) return null;
    if (!isWithin(copy.destination.replace(/(.)\/$/, "$1"), folder) || hasFlag(instruction, "chown")) continue;
    if (!isKnownOwner(owner) && (instruction.index < since || isLinked(instruction.parsed.flags))) return null;
    if (!canEditPlaced(model, { instruction, isTrigger: false })) return null;
    edits.push(insertFlag(model, instruction, `--chown=${owner}`));
  }
  return edits.length > 0 ? edits : null;
}

function hasFlag({ parsed }: Instruction, wanted: string): boolean {
  return parsed.flags.some(({ name }) => name === wanted);
}
