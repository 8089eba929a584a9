/** A file without a stage. A blank file is one that was just begun. */

import { pins } from "../../catalogue/advice";
import type { Catalogue, Day } from "../../catalogue/types";
import { advisedImage } from "../../fixes/base";
import { parseReference } from "../../image/reference";
import type { Model } from "../../model/types";
import type { Fix } from "../../rule";
import { defineRule } from "../../rule";

export default defineRule({
  id: "no-from",
  theme: "base-image",
  category: "correctness",
  severity: "error",
  recommended: true,
  since: "0.1.0",
  summary: "The file has no FROM.",
  why: "Every stage begins with FROM. Without it the build stops at once. A file that is blank, or holds comments alone, is left alone.",
  aliases: { tally: ["tally/require-stages"], "dockerfile-utils": ["NO_SOURCE_IMAGE"] },
  fixable: "unsafe",
  examples: [
    {
      title: "No FROM, but the commands tell which system is meant",
      code: "[|RUN|] apk add --no-cache curl\n",
      fixed: "FROM alpine:3.24\nRUN apk add --no-cache curl\n",
    },
    { title: "No FROM", code: '[|COPY|] . /app\nCMD ["/app/run"]\n' },
    { title: "An instruction before the first FROM is another matter", code: "ENV A=1\nFROM alpine:3.22\n" },
    { title: "ARG may stand before FROM", code: "ARG VERSION=3.22\nFROM alpine:$VERSION\n" },
    { title: "A blank file", code: "\n" },
    { title: "Nothing but comments is as good as blank", code: "# An image for our tests\n" },
  ],
  *check({ model, catalogue, today }) {
    if (model.stages.length > 0 || (model.instructions.length === 0 && model.problems.length === 0)) return;
    const first = model.problems.find((problem) => problem.kind === "no-stage");
    const place = first?.span ?? model.instructions[0]?.keywordSpan ?? model.comments[0]?.span;
    yield {
      message: "The file has no FROM, so there is nothing to build on. Name the base image: FROM image:tag.",
      range: place ?? { start: 0, end: 0 },
      fixes: () => guess(model, catalogue, today),
    };
  },
});

const evidence: readonly (readonly [command: RegExp, image: string])[] = [
  [/\bapk\s+(?:add|update)\b/, "alpine"],
  [/\bapt(?:-get)?\s+(?:install|update)\b/, "debian"],
  [/\b(?:npm|npx|node|yarn)\s/, "node"],
  [/\bpip3?\s+install\b/, "python"],
  [/\bgo\s+(?:build|mod|install)\b/, "golang"],
];

function guess(model: Model, catalogue: Catalogue, today: Day): readonly Fix[] {
  const name = evidence.find(([command]) => command.test(model.text))?.[1];
  const reference = name ? parseReference(name) : null;
  const pin = reference && pins(catalogue, reference, today)[0];
  const at = model.instructions.find((instruction) => instruction.keyword !== "ARG")?.blockStart;
  if (!pin || at === undefined) return [];
  return [
    {
      title: `Begin with FROM ${advisedImage(pin)}`,
      applicability: "unsafe",
      reason: "The base is guessed from the commands of the file.",
      edits: [{ span: { start: at, end: at }, newText: `FROM ${advisedImage(pin)}${model.lineEnding}` }],
    },
  ];
}
