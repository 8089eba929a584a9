import { rootStage } from "../../catalogue/stage";
import type { Stage } from "../../model/types";
import { cudaUse } from "../../multistage/cuda";
import { isNamedForDevelopment, startKind } from "../../multistage/purpose";
import { startOf } from "../../multistage/start";
import { defineRule, type Fix } from "../../rule";

export default defineRule({
  id: "gpu-devel-image-in-final-stage",
  theme: "gpu",
  category: "size",
  severity: "warning",
  recommended: true,
  since: "0.1.0",
  summary: "The shipped stage uses a CUDA devel image although nothing in it compiles.",
  why: "A devel image adds the CUDA compiler, headers and static libraries to the runtime image: several gigabytes that a program with finished wheels or binaries never opens. Compile in an earlier stage where that is needed, and ship on the runtime image of the same version.",
  aliases: { tally: ["tally/gpu/prefer-runtime-final-stage"] },
  reads: ["ADD", "CMD", "COPY", "ENTRYPOINT", "RUN"],
  fixable: "unsafe",
  examples: [
    {
      title: "Finished wheels need no compiler",
      code: 'FROM [|nvidia/cuda:12.8.1-cudnn-devel-ubuntu24.04|]\nRUN apt-get update && apt-get install -y python3-pip\nRUN pip install torch==2.7.0\nCOPY . /app\nCMD ["python3", "/app/serve.py"]\n',
      fixed:
        'FROM nvidia/cuda:12.8.1-cudnn-runtime-ubuntu24.04\nRUN apt-get update && apt-get install -y python3-pip\nRUN pip install torch==2.7.0\nCOPY . /app\nCMD ["python3", "/app/serve.py"]\n',
    },
    {
      title: "PyTorch's own images come in both kinds",
      code: 'FROM [|pytorch/pytorch:2.7.0-cuda12.8-cudnn9-devel|]\nCOPY . /app\nCMD ["python", "/app/serve.py"]\n',
      fixed: 'FROM pytorch/pytorch:2.7.0-cuda12.8-cudnn9-runtime\nCOPY . /app\nCMD ["python", "/app/serve.py"]\n',
    },
    {
      title: "A variable decides the tag",
      code: 'ARG CUDA=12.8.1\nFROM [|nvidia/cuda:${CUDA}-devel-ubuntu24.04|]\nCOPY app /app\nCMD ["/app"]\n',
    },
    {
      title: "The stage compiles",
      code: 'FROM nvidia/cuda:12.8.1-devel-ubuntu24.04\nCOPY . /src\nRUN nvcc -o /app /src/main.cu\nCMD ["/app"]\n',
    },
    {
      title: "A package that compiles kernels",
      code: 'FROM nvidia/cuda:12.8.1-devel-ubuntu24.04\nRUN pip install torch flash-attn\nCMD ["python3", "serve.py"]\n',
    },
    {
      title: "An earlier stage may be as large as it likes",
      code: 'FROM nvidia/cuda:12.8.1-devel-ubuntu24.04 AS build\nRUN make\nFROM nvidia/cuda:12.8.1-runtime-ubuntu24.04\nCOPY --from=build /app /app\nCMD ["/app"]\n',
    },
    {
      title: "A shell to work in",
      code: 'FROM nvidia/cuda:12.8.1-devel-ubuntu24.04\nRUN pip install torch\nCMD ["bash"]\n',
    },
    {
      title: "Nobody says what the container runs",
      code: "FROM nvidia/cuda:12.8.1-devel-ubuntu24.04\nRUN pip install torch\n",
    },
  ],
  *check({ model, facts, path }) {
    const final = model.finalStage;
    if (!final || isNamedForDevelopment(path, final)) return;
    const start = startOf(final);
    if (!start || startKind(start) !== "runs") return;
    const root = rootStage(final);
    const { reference, span } = root.base;
    if (!reference?.tag || !span || !hasRuntimeTwin(reference.path) || !isDevel(reference.tag)) return;

    const shipped = model.stages.filter((stage) => stage.ships);
    if (shipped.some((stage) => stage.instructions.some(({ keyword }) => keyword === "ONBUILD"))) return;
    const uses = shipped.map((stage) => cudaUse(stage, facts));
    if (uses.includes("compiles")) return;
    const isSure = !uses.includes("unknown");
    yield {
      message: isSure
        ? `\`${reference.text}\` brings the CUDA compiler, but nothing here compiles. Replace devel by runtime in its tag.`
        : `\`${reference.text}\` brings the CUDA compiler. Unless a required package compiles with it, replace devel by runtime in its tag.`,
      range: span,
      subject: "base",
      ...(isSure ? {} : { severity: "info" as const }),
      fixes: () => useRuntime(root),
    };
  },
});

/** Repositories that publish every devel tag as a runtime tag too. */
function hasRuntimeTwin(path: string): boolean {
  return path === "nvidia/cuda" || path === "pytorch/pytorch";
}

function isDevel(tag: string): boolean {
  return /(?:^|-)devel(?:-|$)/.test(tag);
}

function useRuntime(stage: Stage): readonly Fix[] {
  const { word, reference, span } = stage.base;
  // A digest names one image, whatever the tag says; a variable may be given another value.
  if (!word || word.value === null || word.quoted || !reference?.tag || reference.digest || !span) return [];
  const at = word.text.lastIndexOf("devel");
  const start = span.start + at;
  if (at < 0 || span.end - span.start !== word.text.length) return [];
  return [
    {
      title: `Use ${reference.repository}:${reference.tag.replace("devel", "runtime")}`,
      applicability: "unsafe",
      reason: "A program that compiles kernels when it runs then fails.",
      edits: [{ span: { start, end: start + "devel".length }, newText: "runtime" }],
    },
  ];
}
