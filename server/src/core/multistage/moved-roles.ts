/** What sorting leaves to be put right before a stage is split: nothing that the build needs may leave it. */
import type { Instruction, Stage } from "../model/types";
import type { Role } from "./split";

/**
 * The roles, with each RUN that stands before the build kept there as well, without WORKDIRs of the second stage that
 * nothing there looks at, and without the instructions before the build that `isBuildOnly` names.
 */
export function settledRoles(
  roles: ReadonlyMap<Instruction, Role>,
  stage: Stage,
  step: Instruction,
  isBuildOnly: (instruction: Instruction) => boolean,
): Map<Instruction, Role> {
  const settled = new Map(roles);
  for (const [instruction, role] of roles) {
    if (instruction.keyword === "RUN" && role === "final" && instruction.index < step.index) {
      settled.set(instruction, "both");
    }
    if (role === "both" && isBuildOnly(instruction)) settled.delete(instruction);
  }
  dropPassedFolders(settled, stage);
  return settled;
}

/** A WORKDIR says nothing in the second stage where an absolute one follows before anything uses the folder. */
function dropPassedFolders(roles: Map<Instruction, Role>, stage: Stage): void {
  let pending: Instruction | null = null;
  for (const instruction of stage.instructions) {
    const role = roles.get(instruction);
    if (role !== "final" && role !== "both") continue;
    if (instruction.keyword === "WORKDIR") {
      const isAbsolute = /^["']?\//.test(instruction.parsed.words[0]?.text ?? "");
      if (pending && isAbsolute) setAside(roles, pending);
      pending = instruction;
    } else if (usesFolder.has(instruction.keyword)) pending = null;
  }
}

const usesFolder: ReadonlySet<string> = new Set(["RUN", "COPY", "ADD", "CMD", "ENTRYPOINT", "HEALTHCHECK"]);

function setAside(roles: Map<Instruction, Role>, instruction: Instruction): void {
  if (roles.get(instruction) === "both") roles.delete(instruction);
  else roles.set(instruction, "drop");
}
