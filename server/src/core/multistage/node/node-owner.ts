/** Who owns and runs a Node.js server in the second stage. */
import type { Instruction } from "../../model/types";
import type { Build } from "../detect";
import type { Sorted } from "../sort";
import type { Role } from "../split";

/** The owner of what is copied. */
export interface NodeOwner {
  /** What stands behind `--chown=`; null where files stay root's. */
  readonly name: string | null;
  /** True when the file has no user yet, and gets one. */
  readonly isNew: boolean;
}

/**
 * Who owns what is copied: the user that built it. Without any user in the file it becomes `node`, the account that the
 * images have for that, where nothing asks for root: no volume, no low port, nothing repeated behind it. `project`: the
 * folder that it would own.
 */
export function nodeOwner(
  { stage, step, image }: Build,
  project: string,
  sorted: Sorted,
  roles: ReadonlyMap<Instruction, Role>,
): NodeOwner {
  const { user } = step.instruction;
  if (user.kind === "set" && !/^(?:root|0)$/.test(user.name)) {
    return {
      name:
        user.group === null
          ? `${user.name}${/^\d+$/.test(user.name) ? "" : `:${user.name}`}`
          : `${user.name}:${user.group}`,
      isNew: false,
    };
  }
  const ready = image.user?.ready?.name === "node" && sorted.user === null && user.kind === "base";
  const isRepeated = [...roles].some(
    ([one, role]) => one.keyword === "RUN" && role !== "build" && role !== "drop" && one.index > step.instruction.index,
  );
  const port = stage.scope.lookup("PORT", Number.POSITIVE_INFINITY)?.value ?? null;
  const isLow = sorted.hasLowPort || (port !== null && Number(port) < 1024);
  return ready && project !== "/" && !isRepeated && !sorted.hasVolume && !isLow
    ? { name: "node:node", isNew: true }
    : { name: null, isNew: false };
}
