import type { Stage } from "../../model/types";
import { installedPackages } from "../../multistage/installed";
import { defineRule } from "../../rule";
import { type CudaImage, cudaUnder } from "./images";
import { dropPackage } from "./packages";

export default defineRule({
  id: "gpu-redundant-cuda-install",
  theme: "gpu",
  category: "size",
  severity: "warning",
  recommended: true,
  since: "0.1.0",
  summary: "CUDA packages are installed that the base image has already.",
  why: "A CUDA image brings the toolkit of its kind. A second one beside it is gigabytes of the same, or, as with the distribution's `nvidia-cuda-toolkit`, of another release that then comes first on the path. Packages of another release than the image's, or with a version of their own, are taken to be meant.",
  aliases: { tally: ["tally/gpu/no-redundant-cuda-install"] },
  reads: ["RUN"],
  fixable: "unsafe",
  examples: [
    {
      title: "The distribution's own toolkit",
      code: "FROM nvidia/cuda:12.8.1-devel-ubuntu24.04\nRUN apt-get update && apt-get install -y git [|nvidia-cuda-toolkit|]\n",
      fixed: "FROM nvidia/cuda:12.8.1-devel-ubuntu24.04\nRUN apt-get update && apt-get install -y git\n",
    },
    {
      title: "The libraries of this very release",
      code: "FROM nvidia/cuda:12.8.1-runtime-ubuntu24.04\nRUN apt-get update && apt-get install -y \\\n    [|libcublas-12-8|] \\\n    git\n",
      fixed: "FROM nvidia/cuda:12.8.1-runtime-ubuntu24.04\nRUN apt-get update && apt-get install -y \\\n    git\n",
    },
    {
      title: "cuDNN comes with a cuDNN image",
      code: "FROM nvidia/cuda:12.8.1-cudnn-runtime-ubuntu24.04\nRUN apt-get install -y [|libcudnn9-cuda-12|] curl\n",
      fixed: "FROM nvidia/cuda:12.8.1-cudnn-runtime-ubuntu24.04\nRUN apt-get install -y curl\n",
    },
    {
      title: "A smaller image has not got them",
      code: "FROM nvidia/cuda:12.8.1-base-ubuntu24.04\nRUN apt-get install -y libcublas-12-8 cuda-nvcc-12-8\n",
    },
    {
      title: "The compiler is not in the runtime image",
      code: "FROM nvidia/cuda:12.8.1-runtime-ubuntu24.04\nRUN apt-get install -y cuda-nvcc-12-8 cuda-toolkit-12-8\n",
    },
    {
      title: "Another release",
      code: "FROM nvidia/cuda:12.8.1-devel-ubuntu24.04\nRUN apt-get install -y cuda-toolkit-11-8\n",
    },
    {
      title: "A version of its own",
      code: "FROM nvidia/cuda:12.8.1-cudnn-runtime-ubuntu24.04\nRUN apt-get install -y libcudnn9-cuda-12=9.5.1.17-1\n",
    },
    { title: "No CUDA image", code: "FROM ubuntu:24.04\nRUN apt-get install -y nvidia-cuda-toolkit\n" },
  ],
  *check({ model }) {
    for (const stage of model.stages) {
      const cuda = isKept(stage) ? cudaUnder(stage) : null;
      if (!cuda) continue;
      for (const { package: one, operation, script, instruction } of installedPackages(stage)) {
        if (one.version !== null || !isThere(one.name, cuda)) continue;
        yield {
          message: `The base image has CUDA ${cuda.version.join(".")} already, so ${one.name} brings it a second time. Leave it out.`,
          range: script.locate(one.word.from, one.word.to),
          fixes: () => {
            const edit = dropPackage(model, instruction, script, operation, one.word);
            return edit
              ? [
                  {
                    title: `Do not install ${one.name}`,
                    applicability: "unsafe",
                    reason:
                      "What found the packages of the distribution then finds those of the image, which may be of another release.",
                    edits: [edit],
                  },
                ]
              : [];
          },
        };
      }
    }
  },
});

function isKept(stage: Stage): boolean {
  return stage.reachesFinal;
}

/** Whether an image of this kind has the package. Source: the Dockerfiles of NVIDIA's CUDA images. */
function isThere(name: string, { kind, version: [major, minor], hasCudnn }: CudaImage): boolean {
  if (name === "nvidia-cuda-toolkit") return kind === "devel";
  if (/^(?:libcudnn\d+|cudnn\d*)(?:-dev)?(?:-cuda-\d+)?$/.test(name)) {
    const wanted = /-cuda-(\d+)$/.exec(name)?.[1];
    return (
      hasCudnn && (wanted === undefined || Number(wanted) === major) && (kind === "devel" || !/-dev(?:-|$)/.test(name))
    );
  }
  const match = /^([a-z][a-z0-9+-]*?)-(\d+)-(\d+)$/.exec(name);
  if (!match?.[1] || Number(match[2]) !== major || Number(match[3]) !== minor) return false;
  return (kind === "devel" && inDevel.has(match[1])) || (kind !== "base" && inRuntime.has(match[1]));
}

const inRuntime: ReadonlySet<string> = new Set([
  ...["cuda-cudart", "cuda-libraries", "cuda-runtime", "cuda-nvtx", "libnpp", "libcublas", "libcusparse", "libcufft"],
  ...["libcurand", "libcusolver", "cuda-nvrtc"],
]);

const inDevel: ReadonlySet<string> = new Set([
  ...["cuda-cudart-dev", "cuda-command-line-tools", "cuda-minimal-build", "cuda-libraries-dev", "cuda-nvml-dev"],
  ...[
    "cuda-nvprof",
    "cuda-nsight-compute",
    "libnpp-dev",
    "libcusparse-dev",
    "libcublas-dev",
    "cuda-nvcc",
    "cuda-toolkit",
  ],
  ...["cuda-compiler", "cuda-nvrtc-dev", "libcurand-dev", "libcusolver-dev", "libcufft-dev"],
]);
