/** What the name of an NVIDIA CUDA image says. Source: the tags of docker.io/nvidia/cuda and their Dockerfiles. */
import { rootStage } from "../../catalogue/stage";
import type { Stage } from "../../model/types";

/** The CUDA toolkit inside an image. */
export interface CudaImage {
  /** `12.4`: what a package or a wheel is made for. */
  readonly version: readonly [major: number, minor: number];
  /** `base` holds the runtime library alone, `runtime` the maths libraries too, `devel` compiler and headers as well. */
  readonly kind: "base" | "runtime" | "devel";
  readonly hasCudnn: boolean;
}

/** The CUDA that a stage stands on, or null where its base is no image of NVIDIA's or does not say. */
export function cudaUnder(stage: Stage): CudaImage | null {
  const { reference } = rootStage(stage).base;
  if (!reference?.tag || !/(?:^|\/)nvidia\/cuda$/.test(reference.path)) return null;
  const version = /^(\d+)\.(\d+)(?:\.\d+)?-/.exec(reference.tag);
  const kind = /-(base|runtime|devel)(?:-|$)/.exec(reference.tag)?.[1];
  if (!version || !kind) return null;
  return {
    version: [Number(version[1]), Number(version[2])],
    kind: kind as CudaImage["kind"],
    hasCudnn: /-cudnn\d*-/.test(reference.tag),
  };
}
