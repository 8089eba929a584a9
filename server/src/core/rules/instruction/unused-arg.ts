/** ARGs that nothing can read. A RUN reads every ARG of its stage through its environment, so those before one are let be. */

import { removeInstruction, removeParts } from "../../fixes/remove";
import { instructionsIn, instructionsNamed } from "../../model/index-of";
import { proxyArguments } from "../../model/scope";
import type { Binding, Instruction, Model, Stage } from "../../model/types";
import { locate } from "../../model/types";
import { defineRule } from "../../rule";
import { namesReadIn } from "./variables";

export default defineRule({
  id: "unused-arg",
  theme: "instruction",
  category: "maintainability",
  severity: "hint",
  recommended: true,
  since: "0.1.0",
  summary: "An ARG is never read.",
  why: "Whoever reads the file looks for what the ARG does, and whoever passes it by `--build-arg` wonders why nothing changes. An ARG before the first FROM counts for FROM, and for stages that declare it again; an ARG in a stage is also in the environment of every later RUN, so it is only named when no RUN follows.",
  aliases: {},
  fixable: "safe",
  examples: [
    {
      title: "Left over from an earlier base",
      code: "ARG NODE=26\nARG [|VARIANT|]=slim\nFROM node:$NODE\n",
      fixed: "ARG NODE=26\nFROM node:$NODE\n",
    },
    {
      title: "One of several",
      code: "ARG A=26 [|B|]=2\nFROM node:$A\n",
      fixed: "ARG A=26\nFROM node:$A\n",
    },
    {
      title: "Behind the last RUN",
      code: "FROM alpine:3.24\nRUN make\nARG [|PORT|]=80\nEXPOSE 8080\n",
      fixed: "FROM alpine:3.24\nRUN make\nEXPOSE 8080\n",
    },
    { title: "A stage asks for it", code: "ARG V=1\nFROM alpine:3.24\nARG V\nRUN echo $V\n" },
    {
      title: "A RUN may read it from its environment",
      code: "FROM node:26\nARG NPM_CONFIG_LOGLEVEL=warn\nRUN npm ci\n",
    },
    { title: "Another ARG uses it", code: "ARG V=3.24\nARG IMAGE=alpine:$V\nFROM $IMAGE\n" },
    { title: "A child stage may run something", code: "FROM alpine:3.24 AS a\nARG V=1\nFROM a\nRUN make\n" },
    { title: "The builder itself reads it", code: "ARG BUILDKIT_SBOM_SCAN_STAGE=true\nFROM alpine:3.24\n" },
    { title: "Used where it is not in scope, which is another matter", code: "ARG V=1\nFROM alpine:3.24\nENV V2=$V\n" },
  ],
  *check({ model }) {
    const candidates = [...globalCandidates(model), ...stageCandidates(model)].filter(
      ({ binding: { name } }) => !builders.test(name) && !proxyArguments.has(name),
    );
    if (candidates.length === 0) return;
    const read = namesReadIn(model);
    for (const { binding, instruction } of candidates) {
      const { name, pair } = binding;
      if (!pair || read.has(name)) continue;
      yield {
        message: `Nothing reads the ARG ${name}. Delete it.`,
        range: locate(instruction, pair.nameSpan),
        tags: ["unnecessary"],
        fixes: () => {
          const { pairs } = instruction.parsed;
          const gone = pairs.length === 1;
          return [
            {
              title: `Delete ARG ${name}`,
              applicability: "safe",
              edits: gone
                ? [removeInstruction(model, instruction)]
                : removeParts(model, instruction, pairs, new Set([pair])),
            },
          ];
        },
      };
    }
  },
});

/** Names that the builder and its frontends read. */
const builders = /^(?:BUILDKIT_|SOURCE_DATE_EPOCH$|DOCKER_|DOCKERFILE_)/;

interface Candidate {
  readonly binding: Binding;
  readonly instruction: Instruction;
}

function globalCandidates(model: Model): readonly Candidate[] {
  if (model.stages.length === 0) return [];
  const candidates = placed(model.globals.bindings);
  if (candidates.length === 0) return candidates;
  const names = new Set(candidates.map(({ binding }) => binding.name));
  for (const instruction of instructionsNamed(model, "ARG")) {
    if (instruction.stage) for (const { name } of instruction.parsed.pairs) names.delete(name);
  }
  return candidates.filter(({ binding }) => names.has(binding.name));
}

/** ARGs of a stage behind which neither the stage nor one that builds on it runs anything. */
function stageCandidates(model: Model): readonly Candidate[] {
  const runs = new Set<Stage>();
  // Later stages first: what a child runs counts for its parent.
  for (let i = model.stages.length - 1; i >= 0; i--) {
    const stage = model.stages[i] as Stage;
    if (stage.base.stage && (runs.has(stage) || lastRun(stage) > 0)) runs.add(stage.base.stage);
  }
  return model.stages.flatMap((stage) => {
    if (runs.has(stage)) return [];
    const last = lastRun(stage);
    return placed(stage.scope.bindings).filter(({ instruction }) => instruction.index > last);
  });
}

function placed(bindings: readonly Binding[]): readonly Candidate[] {
  return bindings.flatMap((binding) =>
    binding.kind !== "env" && binding.instruction ? [{ binding, instruction: binding.instruction }] : [],
  );
}

/** Index of the last instruction of a stage that runs something; 0 without one. */
function lastRun(stage: Stage): number {
  const last = (keyword: string) => instructionsIn(stage, keyword).at(-1)?.index ?? 0;
  return Math.max(last("RUN"), last("ONBUILD"));
}
