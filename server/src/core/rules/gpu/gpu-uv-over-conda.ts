import { scriptsOf } from "../../model/scripts";
import { defineRule } from "../../rule";
import { packageOperations } from "../../shell/packages";

export default defineRule({
  id: "gpu-uv-over-conda",
  theme: "gpu",
  category: "performance",
  severity: "hint",
  recommended: false,
  since: "0.1.0",
  summary: "A GPU image takes its Python packages from conda, although all of them are on PyPI.",
  why: "conda brings its own Python, its own CUDA and a solver that takes minutes. For packages such as PyTorch, whose wheels bring all they need, `uv pip install` is quicker and the image smaller. Off by default: it is a choice of tools, and conda has packages that PyPI has not.",
  aliases: { tally: ["tally/gpu/prefer-uv-over-conda"] },
  scope: "instruction",
  fixable: "none",
  examples: [
    {
      title: "PyTorch from conda",
      code: "FROM nvidia/cuda:12.8.1-runtime-ubuntu24.04\nRUN [|conda install -y -c pytorch pytorch torchvision|]\n",
    },
    {
      title: "With micromamba",
      code: "FROM mambaorg/micromamba:2\nRUN [|micromamba install -y -c conda-forge pytorch numpy|]\n",
    },
    {
      title: "A package that conda alone has",
      code: "FROM nvidia/cuda:12.8.1-runtime-ubuntu24.04\nRUN conda install -y pytorch r-base\n",
    },
    { title: "Nothing for a GPU", code: "FROM continuumio/miniconda3\nRUN conda install -y numpy pandas\n" },
    { title: "A file decides", code: "FROM continuumio/miniconda3\nRUN conda env update -f environment.yml\n" },
    { title: "uv", code: "FROM nvidia/cuda:12.8.1-runtime-ubuntu24.04\nRUN uv pip install --system torch\n" },
  ],
  *check({ model }) {
    for (const run of model.instructions) {
      if (run.keyword !== "RUN" || !run.stage?.ships || !/torch|tensorflow|jax|cupy/.test(run.parsed.text)) continue;
      for (const { script, locate } of scriptsOf(run)) {
        for (const { tool, action, packages, unknown, command } of packageOperations(script)) {
          if (tool.family !== "conda" || action !== "install" || unknown.length > 0) continue;
          const names = packages.map((one) => one.name.replace(/^.*::/, ""));
          if (
            !names.some((name) => gpuPackages.has(name)) ||
            !names.every((name) => gpuPackages.has(name) || onPyPi.has(name))
          )
            continue;
          yield {
            message: `All of these packages are on PyPI. uv installs them quicker, and without conda's own Python and CUDA.`,
            range: locate(command.command.from, command.command.to),
          };
        }
      }
    }
  },
});

const gpuPackages: ReadonlySet<string> = new Set([
  ...[
    "pytorch",
    "pytorch-gpu",
    "pytorch-cuda",
    "torchvision",
    "torchaudio",
    "tensorflow",
    "tensorflow-gpu",
    "jax",
    "jaxlib",
  ],
  ...["cupy", "lightning", "pytorch-lightning", "torchmetrics"],
]);

/** What such images install beside them, and what conda alone needs for itself. */
const onPyPi: ReadonlySet<string> = new Set([
  ...[
    "python",
    "pip",
    "numpy",
    "scipy",
    "pandas",
    "matplotlib",
    "scikit-learn",
    "pillow",
    "tqdm",
    "requests",
    "pyyaml",
  ],
  ...[
    "transformers",
    "datasets",
    "accelerate",
    "tokenizers",
    "huggingface_hub",
    "einops",
    "opencv",
    "seaborn",
    "jupyter",
  ],
  ...["jupyterlab", "ipykernel", "ipython", "wandb", "tensorboard", "h5py", "fastapi", "uvicorn", "cudatoolkit"],
]);
