import { freeStageName, nameStage } from "../../fixes/rename-stage";
import { stageReferences } from "../../model/stage-references";
import type { Model, Stage } from "../../model/types";
import { defineRule, type Fix } from "../../rule";

export default defineRule({
  id: "unnamed-stage-reference",
  theme: "stage",
  category: "maintainability",
  severity: "info",
  recommended: false,
  since: "0.1.0",
  summary: "A COPY means a stage by its number.",
  why: "A number means another stage as soon as somebody puts one before it; a name stays right. A name that is no stage of the file is an image or a named context of the build, and both are fine: copying a tool from `ghcr.io/astral-sh/uv` is the usual way to get it. (A mistyped name is found by `copy-from-invalid-reference`.) `mode: hadolint` leaves numbers alone and reports every name without a tag that no FROM gives.",
  aliases: {
    hadolint: ["DL3022"],
    kics: ["Using Unnamed Build Stages"],
    tally: ["hadolint/DL3022"],
  },
  options: {
    mode: {
      type: "enum",
      values: ["smart", "hadolint"],
      default: "smart",
      description: "With hadolint, a name without a tag that no FROM gives is reported, and a stage's number is not.",
    },
  },
  fixable: "safe",
  examples: [
    {
      title: "A number",
      code: "FROM golang:1.27\nRUN go build -o /app .\nFROM alpine:3.24\nCOPY [|--from=0|] /app /app\n",
      fixed: "FROM golang:1.27 AS stage-0\nRUN go build -o /app .\nFROM alpine:3.24\nCOPY --from=stage-0 /app /app\n",
    },
    {
      title: "The stage has a name already",
      code: "FROM golang:1.27 AS build\nFROM alpine:3.24\nCOPY [|--from=0|] /app /app\n",
      fixed: "FROM golang:1.27 AS build\nFROM alpine:3.24\nCOPY --from=build /app /app\n",
    },
    {
      title: "A named context of the build",
      code: "FROM alpine:3.24\nCOPY --from=assets /app /app\n",
    },
    {
      title: "A name that no FROM gives, as hadolint sees it",
      code: "FROM alpine:3.24\nCOPY [|--from=assets|] /app /app\n",
      options: { mode: "hadolint" },
    },
    {
      title: "An image without a tag, as hadolint sees it",
      code: "FROM php:8.5\nCOPY [|--from=composer|] /usr/bin/composer /usr/bin/composer\n",
      options: { mode: "hadolint" },
    },
    { title: "A name", code: "FROM golang:1.27 AS build\nFROM alpine:3.24\nCOPY --from=build /app /app\n" },
    { title: "An image", code: "FROM alpine:3.24\nCOPY --from=ghcr.io/astral-sh/uv:0.8 /uv /bin/\n" },
    { title: "An official image", code: "FROM php:8.5\nCOPY --from=composer /usr/bin/composer /usr/bin/composer\n" },
    {
      title: "The number of a stage that exists, as hadolint sees it",
      code: "FROM golang:1.27\nFROM alpine:3.24\nCOPY --from=0 /app /app\n",
      options: { mode: "hadolint" },
    },
  ],
  *check({ model, options }) {
    for (const reference of stageReferences(model)) {
      if (reference.kind === "from" || reference.stage === reference.by) continue;
      const { stage, name, span } = reference;
      if (stage) {
        if (!reference.byNumber || options.mode === "hadolint") continue;
        yield {
          message: `--from=${name} means whichever stage stands at that place. ${
            stage.name === null ? `Name the stage with AS, and use the name.` : `Its name is ${stage.name}: use that.`
          }`,
          range: span,
          aliases: { kics: ["Using Unnamed Build Stages"] },
          fixes: () => useName(model, stage),
        };
      } else if (
        !reference.byNumber &&
        options.mode === "hadolint" &&
        reference.kind === "copy" &&
        !name.includes(":")
      ) {
        yield {
          message: `No FROM of this file is called ${name}. Name a stage, or write the image with its tag.`,
          range: span,
          aliases: { hadolint: ["DL3022"], tally: ["hadolint/DL3022"] },
        };
      }
    }
  },
});

function useName(model: Model, stage: Stage): readonly Fix[] {
  const name = stage.name ?? freeStageName(model, `stage-${stage.index}`);
  const edits = nameStage(model, stage, name);
  const title = stage.name === null ? `Name the stage ${name}, and use the name` : `Use the name ${name}`;
  return edits && edits.length > 0 ? [{ title, applicability: "safe", edits }] : [];
}
