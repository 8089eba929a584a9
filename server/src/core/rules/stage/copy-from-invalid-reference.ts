import type { Catalogue } from "../../catalogue/types";
import { hasTemplate } from "../../fixes/mount";
import { explainReference, parseReference } from "../../image/reference";
import { type StageReference, stageReferences } from "../../model/stage-references";
import type { Model, Stage } from "../../model/types";
import { nearest } from "../../nearest";
import { defineRule, type Finding } from "../../rule";
import { circlesOf } from "./circles";
import { variableSources } from "./variable-source";

export default defineRule({
  id: "copy-from-invalid-reference",
  theme: "stage",
  category: "correctness",
  severity: "error",
  recommended: true,
  since: "0.1.0",
  summary: "`--from` names no stage of the file above and no valid image, or a stage's name with a typing error.",
  why: "What stands behind `--from` is a stage further up in the file, its number, a named context of the build, or an image, written out: variables are not replaced there. A name that is none of these stops the build; a mistyped one sends the builder to a registry for an image that nobody meant.",
  aliases: { "dockerfile-utils": ["FLAG_INVALID_FROM_VALUE"] },
  reads: ["ADD", "COPY", "RUN"],
  fixable: "unsafe",
  examples: [
    {
      title: "A typing error",
      code: "FROM golang:1.27 AS builder\nFROM alpine:3.24\nCOPY [|--from=bulider|] /app /app\n",
      fixed: "FROM golang:1.27 AS builder\nFROM alpine:3.24\nCOPY --from=builder /app /app\n",
    },
    {
      title: "The worker for the work",
      code: "FROM golang:1.27 AS builder\nFROM alpine:3.24\nCOPY [|--from=build|] /app /app\n",
      fixed: "FROM golang:1.27 AS builder\nFROM alpine:3.24\nCOPY --from=builder /app /app\n",
    },
    {
      title: "There is no stage of that number",
      code: "FROM golang:1.27\nFROM alpine:3.24\nCOPY [|--from=2|] /app /app\n",
    },
    { title: "No name of an image", code: "FROM alpine:3.24\nCOPY [|--from=My_App:|] /app /app\n" },
    {
      title: "The stage stands further down",
      code: "FROM alpine:3.24 AS base\nCOPY [|--from=build|] /app /app\nFROM golang:1.27 AS build\nFROM base\n",
    },
    { title: "An image", code: "FROM alpine:3.24\nCOPY --from=ghcr.io/astral-sh/uv:0.8 /uv /bin/\n" },
    {
      title: "A name that is near none may be a named context of the build",
      code: "FROM golang:1.27 AS build\nFROM alpine:3.24\nCOPY --from=assets /app /app\n",
    },
    {
      title: "An official image is no typing error",
      code: "FROM alpine:3.24 AS rudy\nFROM alpine:3.24\nCOPY --from=ruby /app /app\n",
    },
    {
      title: "A variable is not replaced there",
      code: "ARG UV=0.8\nFROM python:3.14\nCOPY [|--from=ghcr.io/astral-sh/uv:${UV}|] /uv /bin/\n",
      fixed: "ARG UV=0.8\nFROM ghcr.io/astral-sh/uv:${UV} AS uv\n\nFROM python:3.14\nCOPY --from=uv /uv /bin/\n",
    },
    {
      title: "Nor in a mount",
      code: "FROM alpine:3.24\nARG TOOLS\nRUN --mount=type=bind,[|from=$TOOLS|],target=/tools /tools/build\n",
    },
    {
      title: "FROM does not see it either",
      code: "FROM alpine:3.24\nARG SOURCE\nCOPY [|--from=$SOURCE|] /app /app\n",
    },
    { title: "A template fills it in", code: "FROM alpine:3.24\nCOPY --from={{ $image }} /app /app\n" },
  ],
  *check({ model, catalogue }) {
    for (const reference of stageReferences(model)) {
      if (reference.kind === "from" || hasTemplate(model, reference.span)) continue;
      const finding = reference.stage ? below(model, reference, reference.stage) : judge(model, catalogue, reference);
      if (finding) yield finding;
    }
    yield* variableSources(model);
  },
});

/** A stage further down is not built yet when this one is. Source: BuildKit, dockerfile2llb/convert.go (dispatch). */
function below(model: Model, { by, name, span, kind }: StageReference, stage: Stage): Finding | null {
  if (stage.index <= by.index) return null;
  const circles = circlesOf(model);
  // Where the two wait for each other, moving one does not help; `stage-cycle` says so.
  if (circles.has(by) && circles.get(by) === circles.get(stage)) return null;
  const what = stage.name === null ? `Stage ${name}` : `The stage ${name}`;
  return {
    message: `${what} stands below this one, and the builder ${kind === "mount" ? "mounts" : "copies"} only from stages above. Move it above this one.`,
    range: span,
    related: [{ message: "It begins here.", range: stage.from.span }],
  };
}

function judge(model: Model, catalogue: Catalogue, reference: StageReference): Finding | null {
  const { name, span, nameSpan } = reference;
  if (reference.byNumber) {
    const last = model.stages.length - 1;
    return {
      message: `There is no stage ${name}: the stages of this file are ${last === 0 ? "number 0 alone" : `0 to ${last}`}.`,
      range: span,
    };
  }
  const names = model.stages.flatMap((stage) => (stage.name !== null && stage !== reference.by ? [stage.name] : []));
  const image = parseReference(name);
  const isBare = /^[\w.-]+$/.test(name);
  const same = isBare ? sameWork(name, names) : null;
  const near = same ?? (isBare ? nearest(name, names) : null);
  if (image && (!near || (!same && !isSlip(name, near)) || catalogue.repository(image))) return null;
  const problem = explainReference(name)?.message;
  return {
    message: near
      ? `No stage is called ${name}. Did you mean ${near}?`
      : `${name} is no stage of this file and no valid image. ${problem ?? ""}`.trim(),
    range: span,
    fixes: () =>
      near && nameSpan
        ? [
            {
              title: `Replace ${name} by ${near}`,
              applicability: "unsafe",
              reason: `It assumes that the stage ${near} was meant.`,
              edits: [{ span: nameSpan, newText: near }],
            },
          ]
        : [],
  };
}

/** The stage `builder` where `build` is written, or the other way round: two words for one thing, easily mixed up. */
function sameWork(name: string, names: readonly string[]): string | null {
  const written = name.toLowerCase();
  const isSame = (one: string, other: string): boolean => other === `${one}er` || other === `${one}r`;
  return names.find((other) => isSame(written, other) || isSame(other, written)) ?? null;
}

/** Only what a finger does by accident: `web` and `webapp`, `stage1` and `stage2` are two names. */
function isSlip(name: string, near: string): boolean {
  if (name.length < 4 || name.toLowerCase() === near) return false;
  const digits = (text: string) => text.replace(/\D/g, "");
  return digits(name) === digits(near) && !name.startsWith(near) && !near.startsWith(name);
}
