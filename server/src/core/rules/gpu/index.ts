import type { AnyRule } from "../../rule";
import gpuDevelImageInFinalStage from "./gpu-devel-image-in-final-stage";

/** The rules of the theme gpu, in the order of their ids. */
export const gpuRules: readonly AnyRule[] = [gpuDevelImageInFinalStage];
