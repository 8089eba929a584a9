import { canChangeRun } from "../../fixes/mount";
import { scriptsOf } from "../../model/scripts";
import { defineRule } from "../../rule";
import { packageOperations } from "../../shell/packages";
import { cudaUnder } from "./images";

export default defineRule({
  id: "gpu-cuda-version-mismatch",
  theme: "gpu",
  category: "correctness",
  severity: "warning",
  recommended: true,
  since: "0.1.0",
  summary: "Python packages are installed that were built for another major CUDA than the base image has.",
  why: "Wheels such as `torch+cu118` bring CUDA libraries of their own. Beside an image of another major release the container holds two, and whatever is compiled against the image's headers does not load with the wheel's libraries. Minor releases of one major get along, so only majors are compared.",
  aliases: { tally: ["tally/gpu/cuda-version-mismatch"] },
  reads: ["RUN"],
  fixable: "unsafe",
  examples: [
    {
      title: "An index of wheels for CUDA 11",
      code: "FROM nvidia/cuda:12.8.1-runtime-ubuntu24.04\nRUN pip install torch --index-url https://download.pytorch.org/whl/[|cu118|]\n",
      fixed:
        "FROM nvidia/cuda:12.8.1-runtime-ubuntu24.04\nRUN pip install torch --index-url https://download.pytorch.org/whl/cu128\n",
    },
    {
      title: "A version that names it",
      code: "FROM nvidia/cuda:12.4.1-devel-ubuntu22.04\nRUN pip3 install torch==2.1.0+[|cu118|]\n",
    },
    {
      title: "Another minor release",
      code: "FROM nvidia/cuda:12.8.1-runtime-ubuntu24.04\nRUN pip install torch --index-url https://download.pytorch.org/whl/cu124\n",
    },
    {
      title: "No CUDA in the base",
      code: "FROM python:3.14\nRUN pip install torch --index-url https://download.pytorch.org/whl/cu118\n",
    },
    {
      title: "Wheels for the processor",
      code: "FROM nvidia/cuda:12.8.1-runtime-ubuntu24.04\nRUN pip install torch --index-url https://download.pytorch.org/whl/cpu\n",
    },
    { title: "Nobody says which", code: "FROM nvidia/cuda:12.8.1-runtime-ubuntu24.04\nRUN pip install torch\n" },
    {
      title: "A variable decides the base",
      code: "ARG CUDA\nFROM nvidia/cuda:$CUDA-runtime-ubuntu24.04\nRUN pip install torch --index-url https://download.pytorch.org/whl/cu118\n",
    },
  ],
  *check({ model }) {
    for (const stage of model.stages) {
      const cuda = cudaUnder(stage);
      if (!cuda) continue;
      const [major, minor] = cuda.version;
      for (const run of stage.instructions) {
        if (run.keyword !== "RUN" || !/\bcu\d{3}\b/.test(run.parsed.text)) continue;
        for (const { script, locate } of scriptsOf(run)) {
          for (const { tool, action, command } of packageOperations(script)) {
            if (tool.family !== "python" || action !== "install") continue;
            for (const word of command.words) {
              const match = /(?:\+|\/whl\/(?:nightly\/)?)(cu(\d{2})(\d))(?=$|[/'"])/.exec(word.text);
              if (!match?.[1] || Number(match[2]) === major) continue;
              const from = word.from + match.index + match[0].length - match[1].length;
              const span = locate(from, from + match[1].length);
              const isPlain = span.end - span.start === match[1].length;
              const range = isPlain ? span : locate(word.from, word.to);
              const own = `cu${major}${minor}`;
              yield {
                message: `${match[1]} stands for CUDA ${Number(match[2])}.${match[3]}, and the base image has ${major}.${minor}. Take packages for CUDA ${major}, or a base for CUDA ${Number(match[2])}.`,
                range,
                related: stage.root.base.span
                  ? [{ message: `CUDA ${major}.${minor} comes from here.`, range: stage.root.base.span }]
                  : [],
                // A pinned version may not exist for the other CUDA; an index exists for those that are known.
                fixes: () =>
                  isPlain &&
                  match[0].startsWith("/") &&
                  indexes.has(own) &&
                  canChangeRun(model, run) &&
                  !isPinned(command.words.map((one) => one.text))
                    ? [
                        {
                          title: `Take the packages for CUDA ${major}.${minor}`,
                          applicability: "unsafe",
                          reason: "The packages come from another index, which may hold other versions.",
                          edits: [{ span: range, newText: own }],
                        },
                      ]
                    : [],
              };
            }
          }
        }
      }
    }
  },
});

/** Indexes of wheels that PyTorch keeps. Source: https://download.pytorch.org/whl/ */
const indexes: ReadonlySet<string> = new Set(["cu118", "cu121", "cu124", "cu126", "cu128", "cu129", "cu130"]);

function isPinned(words: readonly string[]): boolean {
  return words.some((word) => /^["']?torch\w*==/.test(word));
}
