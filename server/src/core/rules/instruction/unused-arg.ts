/** ARGs that nothing can read. A RUN reads every ARG of its stage through its environment, so those before one are let be. */

import { removeInstruction, removeParts } from "../../fixes/remove";
import { commentsAbout } from "../../model/comments";
import { instructionsIn, instructionsNamed } from "../../model/index-of";
import { proxyArguments } from "../../model/scope";
import type { Instruction, Model, Stage } from "../../model/types";
import { locate } from "../../model/types";
import { defineRule } from "../../rule";
import type { Pair } from "../../syntax/types";
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
  reads: ["$", "RUN", "#"],
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
    {
      title: "So may one whose base a variable chooses",
      code: "FROM alpine:3.24 AS base\nARG V=1\nFROM base AS base-amd64\nFROM base-$TARGETARCH\nRUN make\n",
    },
    {
      title: "A comment says that it is there on purpose",
      code: "FROM alpine:3.24\n# Unused, so that one command can build all variants.\nARG FLAVOUR=\n",
    },
    { title: "The builder itself reads it", code: "ARG BUILDKIT_SBOM_SCAN_STAGE=true\nFROM alpine:3.24\n" },
    { title: "Used where it is not in scope, which is another matter", code: "ARG V=1\nFROM alpine:3.24\nENV V2=$V\n" },
  ],
  *check({ model }) {
    const unread = unreadIn(model);
    if (unread.length === 0) return;
    const inStages = new Set(unread.flatMap(({ instruction, pair }) => (instruction.stage ? [pair.name] : [])));
    const isRunLater = stagesThatRun(model);
    for (const { instruction, pair } of unread) {
      const { name } = pair;
      const { stage, index } = instruction;
      // A stage that declares an ARG of the file again may be the one that wants it.
      if (stage ? isRunLater.has(stage) || index < lastRun(stage) : inStages.has(name)) continue;
      if (isMeantToBeUnused(model, instruction)) continue;
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

/** True where the comment above says so. */
function isMeantToBeUnused(model: Model, instruction: Instruction): boolean {
  return commentsAbout(model, instruction).some((text) => /\b(?:unused|not used|ignored)\b/i.test(text));
}

/** Names that the builder and its frontends read. */
const builders = /^(?:BUILDKIT_|SOURCE_DATE_EPOCH$|DOCKER_|DOCKERFILE_)/;

interface Declared {
  readonly instruction: Instruction;
  readonly pair: Pair;
}

/** The ARGs whose names nothing reads, in the order of the file. */
function unreadIn(model: Model): readonly Declared[] {
  const found: Declared[] = [];
  const read = namesReadIn(model);
  for (const instruction of model.stages.length > 0 ? instructionsNamed(model, "ARG") : []) {
    for (const pair of instruction.parsed.pairs) {
      const { name } = pair;
      if (name === "" || read.has(name) || builders.test(name) || proxyArguments.has(name)) continue;
      found.push({ instruction, pair });
    }
  }
  return found;
}

/** The stages on which a stage is built that runs something; every stage where a variable without a value names a base. */
function stagesThatRun(model: Model): ReadonlySet<Stage> {
  if (model.stages.some(({ base }) => base.resolved === null && (base.word?.variables.length ?? 0) > 0)) {
    return new Set(model.stages);
  }
  const runs = new Set<Stage>();
  // Later stages first: what a child runs counts for its parent.
  for (let i = model.stages.length - 1; i >= 0; i--) {
    const stage = model.stages[i] as Stage;
    if (stage.base.stage && (runs.has(stage) || lastRun(stage) > 0)) runs.add(stage.base.stage);
  }
  return runs;
}

/** Index of the last instruction of a stage that runs something; 0 without one. */
function lastRun(stage: Stage): number {
  const last = (keyword: string) => instructionsIn(stage, keyword).at(-1)?.index ?? 0;
  return Math.max(last("RUN"), last("ONBUILD"));
}
