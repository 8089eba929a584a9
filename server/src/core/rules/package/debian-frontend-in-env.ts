import { hasTemplate } from "../../fixes/mount";
import { removeParts } from "../../fixes/remove";
import { instructionsNamed } from "../../model/index-of";
import type { Instruction, Model, Stage } from "../../model/types";
import { locate } from "../../model/types";
import type { Fix } from "../../rule";
import { defineRule } from "../../rule";
import type { Pair } from "../../syntax/types";
import type { LocalSpan } from "../../text";
import { isBuiltOn } from "./calls";

export default defineRule({
  id: "debian-frontend-in-env",
  theme: "package",
  category: "maintainability",
  severity: "info",
  recommended: false,
  since: "0.1.0",
  summary: "ENV keeps `DEBIAN_FRONTEND=noninteractive` for every container and every image built on this one.",
  why: "Only the build must not be asked questions. Who later installs something in a container, by hand or in an image of their own, gets no questions either, and may never know why a package was set up as it is. ARG says the same to the build alone.",
  aliases: {},
  fixable: "unsafe",
  examples: [
    {
      title: "The old form",
      code: "FROM debian:trixie\nENV [|DEBIAN_FRONTEND|] noninteractive\nRUN apt-get update && apt-get install -y tzdata\n",
      fixed:
        "FROM debian:trixie\nARG DEBIAN_FRONTEND=noninteractive\nRUN apt-get update && apt-get install -y tzdata\n",
    },
    {
      title: "One of several",
      code: "FROM debian:trixie\nENV LANG=C.UTF-8 \\\n    [|DEBIAN_FRONTEND|]=noninteractive \\\n    TZ=UTC\n",
      fixed: "FROM debian:trixie\nARG DEBIAN_FRONTEND=noninteractive\nENV LANG=C.UTF-8 \\\n    TZ=UTC\n",
    },
    { title: "For the build alone", code: "FROM debian:trixie\nARG DEBIAN_FRONTEND=noninteractive\n" },
    {
      title: "It is taken back",
      code: "FROM debian:trixie\nENV DEBIAN_FRONTEND=noninteractive\nRUN apt-get install -y tzdata\nENV DEBIAN_FRONTEND=\n",
    },
    {
      title: "The container installs packages itself",
      code: "FROM debian:trixie\nENV DEBIAN_FRONTEND=noninteractive\nCMD apt-get update && apt-get install -y $PACKAGES\n",
    },
    {
      title: "A stage that does not ship",
      code: "FROM debian:trixie AS build\nENV DEBIAN_FRONTEND=noninteractive\nFROM debian:trixie\nCOPY --from=build /app /app\n",
    },
  ],
  *check({ model }) {
    const found = instructionsNamed(model, "ENV").flatMap((env) => {
      const pair = env.parsed.pairs.find(({ name }) => name === "DEBIAN_FRONTEND");
      return pair ? [{ env, pair }] : [];
    });
    for (const { env, pair } of found) {
      const { stage } = env;
      if (!stage?.ships || pair.value?.value !== "noninteractive" || installsAtStart(model, stage)) continue;
      const isChanged = found.some(
        (other) => other.env.index > env.index && other.env.stage && isSameOrBuiltOn(other.env.stage, stage),
      );
      if (isChanged || hasTemplate(model, env.span)) continue;
      yield {
        message: "DEBIAN_FRONTEND=noninteractive is meant for the build, and ENV keeps it in the image. Use ARG.",
        range: locate(env, pair.nameSpan),
        fixes: () => asArgument(model, env, pair),
      };
    }
  },
});

function isSameOrBuiltOn(stage: Stage, base: Stage): boolean {
  return stage === base || isBuiltOn(stage, base);
}

function installsAtStart(model: Model, stage: Stage): boolean {
  return model.stages.some(
    (one) =>
      isSameOrBuiltOn(one, stage) &&
      one.instructions.some(
        ({ keyword, parsed }) =>
          (keyword === "CMD" || keyword === "ENTRYPOINT" || keyword === "ONBUILD") &&
          /\b(?:apt|dpkg)\b/.test(parsed.text),
      ),
  );
}

function asArgument(model: Model, env: Instruction, pair: Pair): readonly Fix[] {
  const { pairs } = env.parsed;
  const keyword = locate(env, env.parsed.keywordSpan);
  const written = model.text.slice(keyword.start, keyword.end) === "env" ? "arg" : "ARG";
  const line = `${written} DEBIAN_FRONTEND=noninteractive`;
  const edits =
    pairs.length === 1
      ? [{ span: { start: keyword.start, end: locate(env, pair).end }, newText: line }]
      : [
          { span: { start: keyword.start, end: keyword.start }, newText: `${line}${model.lineEnding}` },
          ...removeParts(model, env, pairs, new Set<LocalSpan>([pair])),
        ];
  return [
    {
      title: "Use ARG, which holds for the build alone",
      applicability: "unsafe",
      reason: "A script that installs packages in a running container may then wait for an answer.",
      edits,
    },
  ];
}
