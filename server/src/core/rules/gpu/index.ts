import type { AnyRule } from "../../rule";
import gpuContainerRuntimeInImage from "./gpu-container-runtime-in-image";
import gpuCudaVersionMismatch from "./gpu-cuda-version-mismatch";
import gpuDevelImageInFinalStage from "./gpu-devel-image-in-final-stage";
import gpuDriverCapabilities from "./gpu-driver-capabilities";
import gpuQueryAtBuild from "./gpu-query-at-build";
import gpuRedundantCudaInstall from "./gpu-redundant-cuda-install";
import gpuUvOverConda from "./gpu-uv-over-conda";
import gpuVisibleDevicesFixed from "./gpu-visible-devices-fixed";

/** The rules of the theme gpu, in the order of their ids. */
export const gpuRules: readonly AnyRule[] = [
  gpuContainerRuntimeInImage,
  gpuCudaVersionMismatch,
  gpuDevelImageInFinalStage,
  gpuDriverCapabilities,
  gpuQueryAtBuild,
  gpuRedundantCudaInstall,
  gpuUvOverConda,
  gpuVisibleDevicesFixed,
];
