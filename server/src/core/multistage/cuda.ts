/** Steps that compile CUDA code, or programs that do so when they run. */
import { scriptsOf } from "../model/scripts";
import type { Stage } from "../model/types";
import type { Facts } from "../rule";
import { flagValue } from "../shell/commands";
import { packageOperations } from "../shell/packages";
import { buildRole } from "./build-packages";
import { buildSteps } from "./build-steps";
import { installedPackages } from "./installed";

/** `unknown`: a file of requirements that nobody has read decides. */
export type CudaUse = "compiles" | "none" | "unknown";

/** What the steps of a stage say about compiling against CUDA. */
export function cudaUse(stage: Stage, facts: Facts): CudaUse {
  if (buildSteps(stage, null).some((step) => step.family === "c" || step.family === "make" || step.family === "rust")) {
    return "compiles";
  }
  if (installedPackages(stage).some(({ package: one }) => buildRole(one.name) === "compiler")) return "compiles";
  let use: CudaUse = "none";
  for (const instruction of stage.instructions) {
    if (instruction.keyword !== "RUN") continue;
    const scripts = scriptsOf(instruction);
    // An exec form or another shell may do anything.
    if (scripts.length === 0) return "compiles";
    for (const { script, commands } of scripts) {
      if (commands.some(({ name }) => name !== null && /^(?:nvcc|nvidia-smi|.*\.sh|bash|sh)$/.test(name)))
        return "compiles";
      for (const operation of packageOperations(script)) {
        if (operation.tool.family === "conda" && operation.action === "install") return "compiles";
        if (operation.tool.family !== "python" || operation.action !== "install") continue;
        if (operation.unknown.length > 0) return "compiles";
        for (const one of operation.packages) if (one.kind !== "name" || compiles(one.name)) return "compiles";
        const editable = flagValue(operation.command, ["-e", "--editable"]);
        if (editable || operation.manager !== "pip") return "compiles";
        const file = flagValue(operation.command, ["-r", "--requirement"]);
        if (file) {
          const text = file.value === null ? undefined : facts.file(file.value.replace(/^(?:\.?\/)+/, ""));
          if (typeof text !== "string") use = "unknown";
          else if (
            text.split(/\r?\n/).some((line) => /^\s*(?:-e|git\+)|git\+|^\s*\.\/?/.test(line) || compiles(nameOf(line)))
          ) {
            return "compiles";
          }
        }
      }
    }
  }
  return use;
}

function nameOf(line: string): string {
  return /^\s*([A-Za-z0-9._-]+)/.exec(line)?.[1] ?? "";
}

/** Packages that are built against the CUDA toolkit when they are installed, or compile kernels when they run. */
function compiles(name: string): boolean {
  return compiling.has(name.toLowerCase().replaceAll("_", "-").replaceAll(".", "-"));
}

const compiling: ReadonlySet<string> = new Set([
  ...["flash-attn", "flash-attention", "apex", "deepspeed", "xformers", "mamba-ssm", "causal-conv1d", "pycuda", "cupy"],
  ...["llama-cpp-python", "vllm", "sglang", "flashinfer", "flashinfer-python", "tensorrt-llm", "horovod", "auto-gptq"],
  ...[
    "autoawq",
    "exllama",
    "exllamav2",
    "triton",
    "numba",
    "torch-scatter",
    "torch-sparse",
    "torch-cluster",
    "pytorch3d",
  ],
  ...[
    "torch-spline-conv",
    "pyg-lib",
    "torch-geometric",
    "detectron2",
    "mmcv",
    "mmcv-full",
    "spconv",
    "minkowskiengine",
  ],
  ...[
    "nvdiffrast",
    "tiny-cuda-nn",
    "gsplat",
    "kaolin",
    "dgl",
    "bitsandbytes",
    "transformer-engine",
    "lightgbm",
    "xgboost",
  ],
  ...["gptqmodel", "natten", "tilelang", "thunderkittens", "lietorch", "stable-fast", "onediff", "megablocks", "jax"],
]);
