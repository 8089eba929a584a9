/** What is known of the image that a stage stands on, and of who runs in it: the model and the catalogue together. */
import type { Instruction, Stage, UserState } from "../model/types";
import type { Catalogue, DefaultUser, Distribution, ImageFacts } from "./types";

/** The stage at the root of a FROM chain: the one whose base is an image (or scratch, or unknown). */
export function rootStage(stage: Stage): Stage {
  return stage.root;
}

/** What the catalogue knows of the image under a stage, through `FROM stage`; null when nothing is known. */
export function imageUnder(stage: Stage, catalogue: Catalogue): ImageFacts | null {
  const { reference } = rootStage(stage).base;
  return reference && catalogue.image(reference);
}

/** The system inside a stage; null when not known. `scratch` has no shell, no package manager, no accounts. */
export function distributionUnder(stage: Stage, catalogue: Catalogue): Distribution | null {
  if (rootStage(stage).base.scratch) return scratch;
  return imageUnder(stage, catalogue)?.distribution ?? null;
}

const scratch: Distribution = {
  family: "scratch",
  label: "scratch",
  version: null,
  codename: null,
  packageManager: "none",
  libc: "none",
  shell: "none",
  hasBash: false,
  accounts: "none",
};

/** Who runs at the end of a stage, or at one of its instructions. */
export interface EffectiveUser {
  /** `root`, `other` (known not to be root), or `unknown`. */
  readonly kind: "root" | "other" | "unknown";
  /** Name or number as written or as the image declares it; null when unknown. */
  readonly name: string | null;
  /** The USER instruction that decides, or null where the base image does. */
  readonly instruction: Instruction | null;
  /** The base image's own default, where it decides. */
  readonly image: DefaultUser | null;
}

const unknownUser: EffectiveUser = { kind: "unknown", name: null, instruction: null, image: null };

/** Who runs when the stage ends, i.e. in a container of it. */
export function userAtEnd(stage: Stage, catalogue: Catalogue): EffectiveUser {
  return effectiveUser(stage.userAtEnd, stage, catalogue);
}

/** Who runs an instruction of a stage. */
export function userAt(instruction: Instruction, catalogue: Catalogue): EffectiveUser {
  return instruction.stage ? effectiveUser(instruction.user, instruction.stage, catalogue) : unknownUser;
}

function effectiveUser(state: UserState, stage: Stage, catalogue: Catalogue): EffectiveUser {
  if (state.kind === "unknown") return { ...unknownUser, instruction: state.instruction };
  if (state.kind === "set") {
    return {
      kind: isRoot(state.name) ? "root" : "other",
      name: state.name,
      instruction: state.instruction,
      image: null,
    };
  }
  if (rootStage(stage).base.scratch) return { kind: "root", name: "root", instruction: null, image: null };
  const image = imageUnder(stage, catalogue)?.user ?? null;
  if (!image) return unknownUser;
  return { kind: isRoot(image.runsAs) ? "root" : "other", name: image.runsAs, instruction: null, image };
}

/** True for the names and numbers of the administrator, on Linux and Windows. */
export function isRoot(name: string): boolean {
  return /^(?:root|0+|ContainerAdministrator|Administrator)$/i.test(name);
}
