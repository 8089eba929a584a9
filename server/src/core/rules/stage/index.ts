import type { AnyRule } from "../../rule";
import buildToolsInFinalStage from "./build-tools-in-final-stage";
import devDependenciesInFinalStage from "./dev-dependencies-in-final-stage";
import missingMultiStage from "./missing-multi-stage";

/** The rules of the theme stage, in the order of their ids. */
export const stageRules: readonly AnyRule[] = [buildToolsInFinalStage, devDependenciesInFinalStage, missingMultiStage];
