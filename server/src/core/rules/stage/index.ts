import type { AnyRule } from "../../rule";
import missingMultiStage from "./missing-multi-stage";

/** The rules of the theme stage, in the order of their ids. */
export const stageRules: readonly AnyRule[] = [missingMultiStage];
