/** ARGs that nothing can read. A RUN reads every ARG of its stage through its environment, so those before one are let be. */

import { removeInstruction, removeParts } from "../../fixes/remove";
import { instructionsIn, instructionsNamed } from "../../model/index-of";
import { proxyArguments } from "../../model/scope";
import type { Binding, Instruction, Model, Stage } from "../../model/types";
import { locate } from "../../model/types";
import { defineRule } from "../../rule";
import type { ParsedInstruction } from "../../syntax/types";

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
    const unread = namesUnread(model, candidates);
    for (const { binding, instruction } of candidates) {
      const { name, pair } = binding;
      if (!pair || !unread.has(name)) continue;
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
  const again = new Set<string>();
  for (const stage of model.stages)
    for (const { name, kind } of stage.scope.bindings) if (kind !== "env") again.add(name);
  return placed(model.globals.bindings).filter(({ binding }) => !again.has(binding.name));
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

/** The names of the candidates that stand behind a dollar sign nowhere, whoever would read it. */
function namesUnread(model: Model, candidates: readonly Candidate[]): ReadonlySet<string> {
  const names = new Set(candidates.map(({ binding }) => binding.name));
  // Most ARGs before the first FROM are there for one, so that the rest of the file need not be read.
  for (const { parsed } of instructionsNamed(model, "FROM")) for (const name of namesRead(parsed)) names.delete(name);
  for (const { parsed } of model.instructions) {
    if (names.size === 0) break;
    for (const name of namesRead(parsed)) names.delete(name);
  }
  return names;
}

const remembered = new WeakMap<ParsedInstruction, readonly string[]>();
const none: readonly string[] = [];

function namesRead(parsed: ParsedInstruction): readonly string[] {
  const known = remembered.get(parsed);
  if (known) return known;
  const { text } = parsed;
  const names = /[$%]/.test(text)
    ? Array.from(
        text.matchAll(/\$[{(]?[!#]?([A-Za-z_]\w*)|%(\w+)%|:([A-Za-z_]\w*)/g),
        (match) => (match[1] ?? match[2] ?? match[3]) as string,
      )
    : none;
  remembered.set(parsed, names);
  return names;
}
