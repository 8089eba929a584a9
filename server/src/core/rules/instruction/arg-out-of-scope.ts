/** Each stage has to ask for an ARG of the file by name, also for those of the platform. */

import type { Catalogue } from "../../catalogue/types";
import { insertBefore, keywordLike } from "../../fixes/user";
import { platformArguments } from "../../model/scope";
import type { Instruction, Model, Stage } from "../../model/types";
import type { Aliases } from "../../rule";
import { defineRule } from "../../rule";
import { baseVariables } from "./base-variables";
import type { VariableUse } from "./variables";
import { readersIn, soundsLikeBase, useCause } from "./variables";

const aliases: Aliases = { sonar: ["S6579"], buildkit: ["UndefinedVar"], tally: ["buildkit/UndefinedVar"] };

export default defineRule({
  id: "arg-out-of-scope",
  theme: "instruction",
  category: "correctness",
  severity: "warning",
  recommended: true,
  since: "0.1.0",
  summary: "A stage uses an ARG from before the first FROM, or one of the platform, that it does not declare.",
  why: "An ARG before the first FROM counts for FROM alone, and those of the platform (`TARGETARCH` and its kin) for no stage until it asks. In a stage the name is empty, without a word from the builder where a RUN uses it. `ARG NAME` without a value lets the stage see it.",
  aliases: { sonar: ["S6579"] },
  reads: ["$"],
  fixable: "unsafe",
  examples: [
    {
      title: "A version for several stages",
      code: "ARG VERSION=1.2\nFROM alpine:3.24\nRUN wget https://example.com/app-[|$VERSION|].tar.gz\n",
      fixed: "ARG VERSION=1.2\nFROM alpine:3.24\nARG VERSION\nRUN wget https://example.com/app-$VERSION.tar.gz\n",
    },
    {
      title: "The architecture",
      code: "FROM --platform=$BUILDPLATFORM golang:1.26\nWORKDIR /src\nRUN GOARCH=[|${TARGETARCH}|] go build\n",
      fixed:
        "FROM --platform=$BUILDPLATFORM golang:1.26\nWORKDIR /src\nARG TARGETARCH\nRUN GOARCH=${TARGETARCH} go build\n",
    },
    {
      title: "In each stage anew",
      code: "ARG DIR=/app\nFROM alpine:3.24 AS a\nARG DIR\nWORKDIR $DIR\nFROM alpine:3.24\nCOPY --from=a /x [|$DIR|]\n",
      fixed:
        "ARG DIR=/app\nFROM alpine:3.24 AS a\nARG DIR\nWORKDIR $DIR\nFROM alpine:3.24\nARG DIR\nCOPY --from=a /x $DIR\n",
    },
    { title: "Declared", code: "ARG VERSION=1.2\nFROM alpine:3.24\nARG VERSION\nRUN echo $VERSION\n" },
    {
      title: "Declared by the stage below",
      code: "ARG V=1\nFROM alpine:3.24 AS base\nARG V\nENV V=$V\nFROM base\nRUN echo $V\n",
    },
    { title: "The script sets it itself", code: "ARG V=1\nFROM alpine:3.24\nRUN V=$(cat version) && echo $V\n" },
    { title: "A default of its own", code: "ARG V=1\nFROM alpine:3.24\nRUN echo ${V:-2}\n" },
    { title: "The image brings the name", code: "ARG PHP_VERSION=8.4\nFROM php:$PHP_VERSION\nRUN echo $PHP_VERSION\n" },
    { title: "A file may set it", code: "ARG ID=1\nFROM debian:13\nRUN . /etc/os-release && echo $ID\n" },
    { title: "In single quotes", code: "ARG V=1\nFROM alpine:3.24\nRUN echo '$V'\n" },
    { title: "At run time no ARG counts", code: "ARG V=1\nFROM alpine:3.24\nCMD echo $V\n" },
  ],
  *check({ model, catalogue }) {
    for (const stage of model.stages) {
      const said = new Set<string>();
      for (const { instruction, builder, shell } of readersIn(model, stage)) {
        for (const use of shell) {
          if (said.has(use.name) || !isOutOfScope(model, stage, instruction, use, catalogue)) continue;
          said.add(use.name);
          yield finding(model, stage, instruction, use, { sonar: ["S6579"] });
        }
        for (const use of builder) {
          if (said.has(use.name) || !isOutOfScope(model, stage, instruction, use, catalogue)) continue;
          said.add(use.name);
          yield finding(model, stage, instruction, use, aliases);
        }
      }
    }
  },
});

function isOutOfScope(
  model: Model,
  stage: Stage,
  { index, parsed }: Instruction,
  { name }: VariableUse,
  catalogue: Catalogue,
): boolean {
  const isGlobal = platformArguments.has(name) || model.globals.lookup(name, Number.POSITIVE_INFINITY) !== null;
  if (!isGlobal || stage.scope.lookup(name, index)) return false;
  if (parsed.pairs.some((pair) => pair.name === name)) return false;
  const base = baseVariables(stage, catalogue);
  return base ? !base.has(name) : !soundsLikeBase(stage, name);
}

function finding(model: Model, stage: Stage, instruction: Instruction, use: VariableUse, answered: Aliases) {
  const { name } = use;
  const line = `${keywordLike(stage, "ARG")} ${name}`;
  return {
    message: platformArguments.has(name)
      ? `${name} is empty here: a stage sees it only after ARG ${name}. Declare it above.`
      : `${name} is empty here: its ARG stands before the first FROM, and this stage does not declare it. Write ARG ${name} above.`,
    range: use.span,
    aliases: answered,
    cause: useCause(use),
    fixes: () => [
      {
        title: `Declare ARG ${name} in this stage`,
        applicability: "unsafe" as const,
        reason: `${name} then has a value where it was empty.`,
        edits: [insertBefore(model, instruction, line)],
      },
    ],
  };
}
