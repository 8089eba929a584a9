import type { AnyRule } from "../../rule";
import buildToolsInFinalStage from "./build-tools-in-final-stage";
import copyFromEmptyScratch from "./copy-from-empty-scratch";
import copyFromInvalidReference from "./copy-from-invalid-reference";
import copyFromSelf from "./copy-from-self";
import copyWholeFilesystemFromStage from "./copy-whole-filesystem-from-stage";
import devDependenciesInFinalStage from "./dev-dependencies-in-final-stage";
import duplicateStageName from "./duplicate-stage-name";
import invalidStageName from "./invalid-stage-name";
import libcMismatchAcrossStages from "./libc-mismatch-across-stages";
import missingMultiStage from "./missing-multi-stage";
import reservedStageName from "./reserved-stage-name";
import runInScratch from "./run-in-scratch";
import stageCycle from "./stage-cycle";
import stageNameCasing from "./stage-name-casing";
import stageVersionSkew from "./stage-version-skew";
import unnamedStageReference from "./unnamed-stage-reference";
import unreachableStage from "./unreachable-stage";

/** The rules of the theme stage, in the order of their ids. */
export const stageRules: readonly AnyRule[] = [
  buildToolsInFinalStage,
  copyFromEmptyScratch,
  copyFromInvalidReference,
  copyFromSelf,
  copyWholeFilesystemFromStage,
  devDependenciesInFinalStage,
  duplicateStageName,
  invalidStageName,
  libcMismatchAcrossStages,
  missingMultiStage,
  reservedStageName,
  runInScratch,
  stageCycle,
  stageNameCasing,
  stageVersionSkew,
  unnamedStageReference,
  unreachableStage,
];
