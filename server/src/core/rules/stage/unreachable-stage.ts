import { hasTemplate } from "../../fixes/mount";
import { instructionsOf } from "../../model/index-of";
import { stageReferences } from "../../model/stage-references";
import type { Model, Stage } from "../../model/types";
import { defineRule, type Fix } from "../../rule";

export default defineRule({
  id: "unreachable-stage",
  theme: "stage",
  category: "maintainability",
  severity: "info",
  recommended: true,
  since: "0.1.0",
  summary: "Nothing uses a stage: neither the shipped stage, nor a name by which a build could ask for it.",
  why: "BuildKit does not even build such a stage, and older builders build it for nothing. A stage with a name may be the `--target` of another build, such as `test` or `dev`, so only those without one are reported; the option `named` asks for all.",
  aliases: { tally: ["tally/no-unreachable-stages"] },
  options: {
    named: {
      type: "boolean",
      default: false,
      description: "Also report stages with a name, which a build may ask for by --target.",
    },
  },
  reads: ["ADD", "COPY", "RUN"],
  fixable: "unsafe",
  examples: [
    {
      title: "Nobody copies from it",
      code: "[|FROM node:24|]\nRUN npm ci\n\nFROM alpine:3.24\nCOPY app /app\n",
      fixed: "FROM alpine:3.24\nCOPY app /app\n",
    },
    {
      title: "A stage with a name, on request",
      code: "FROM golang:1.27 AS build\nRUN go build -o /app .\n[|FROM golang:1.27 AS old|]\nRUN make\nFROM alpine:3.24\nCOPY --from=build /app /app\n",
      fixed: "FROM golang:1.27 AS build\nRUN go build -o /app .\nFROM alpine:3.24\nCOPY --from=build /app /app\n",
      options: { named: true },
    },
    { title: "It may be a target", code: "FROM node:24 AS dev\nRUN npm ci\nFROM alpine:3.24\nCOPY app /app\n" },
    { title: "Its number is used", code: "FROM node:24\nRUN npm ci\nFROM alpine:3.24\nCOPY --from=0 /app /app\n" },
    {
      title: "A mount uses it",
      code: "FROM golang:1.27\nFROM alpine:3.24\nRUN --mount=from=0,target=/go ls /go\n",
    },
    {
      title: "A variable chooses between stages",
      code: "ARG KIND=a\nFROM alpine:3.24 AS from-a\nFROM alpine:3.24 AS from-b\nFROM from-${KIND}\n",
      options: { named: true },
    },
    { title: "A variable may name it", code: "FROM node:24\nFROM alpine:3.24\nCOPY --from=$STAGE /app /app\n" },
  ],
  *check({ model, options }) {
    const final = model.finalStage;
    if (!final || model.stages.length < 2) return;
    const candidates = options.named ? model.stages : model.stages.filter(({ name }) => name === null);
    if (candidates.every((stage) => stage === final) || hasVariableSource(model)) return;
    const used = usedStages(model, final);
    for (const stage of candidates) {
      if (used.has(stage)) continue;
      yield {
        message:
          stage.name === null
            ? "Nothing uses this stage, and it has no name by which a build could ask for it. Remove it, or name it."
            : `The shipped stage does not use ${stage.name}. Remove it, unless a build asks for it by --target.`,
        range: stage.from.span,
        tags: ["unnecessary"],
        fixes: () => removeStage(model, stage),
      };
    }
  },
});

/** A source that a variable makes up may be any stage. A mount may also be named by number, which BuildKit forbids. */
function hasVariableSource(model: Model): boolean {
  if (model.stages.some(({ from }) => /^[\w.-]*\$[^:/@]*$/.test(from.parsed.words[0]?.text ?? ""))) return true;
  return instructionsOf(model, "COPY", "ADD", "RUN", "ONBUILD").some(({ parsed }) => {
    if (parsed.flags.length === 0 && !parsed.trigger) return false;
    const flags = parsed.trigger ? [...parsed.flags, ...parsed.trigger.flags] : parsed.flags;
    return flags.some(({ name, value }) => {
      if (name !== "from" && name !== "mount") return false;
      return (
        /from=["']?\d/.test(value?.text ?? "") ||
        (/(?:^|,)from=/.test(`${name}=${value?.text}`) && (value?.variables.length ?? 0) > 0)
      );
    });
  });
}

function usedStages(model: Model, final: Stage): ReadonlySet<Stage> {
  const needs = new Map<Stage, Stage[]>();
  for (const { by, stage } of stageReferences(model)) {
    if (!stage) continue;
    const list = needs.get(by);
    if (list) list.push(stage);
    else needs.set(by, [stage]);
  }
  // A stage with a name may be asked for, and then needs what it uses.
  const waiting = model.stages.filter((stage) => stage === final || stage.name !== null);
  const used = new Set<Stage>([final]);
  const seen = new Set<Stage>(waiting);
  for (let stage = waiting.pop(); stage; stage = waiting.pop()) {
    for (const other of needs.get(stage) ?? []) {
      used.add(other);
      if (seen.has(other)) continue;
      seen.add(other);
      waiting.push(other);
    }
  }
  return used;
}

function removeStage(model: Model, stage: Stage): readonly Fix[] {
  const next = model.stages[stage.index + 1];
  // The numbers of all later stages change, and what still uses this one would lose it.
  const refers = stageReferences(model).some(
    (one) => one.stage !== null && (one.stage === stage || (one.byNumber && one.stage.index > stage.index)),
  );
  if (!next || refers) return [];
  const start = topOf(model, stage);
  const span = { start, end: topOf(model, next) };
  if (hasTemplate(model, span)) return [];
  return [
    {
      title: stage.name === null ? "Remove this stage" : `Remove the stage ${stage.name}`,
      applicability: "unsafe",
      reason: "A --target that means it no longer works.",
      edits: [{ span, newText: "" }],
    },
  ];
}

/** Start of the first line of a stage, or of the comments right above it. */
function topOf(model: Model, stage: Stage): number {
  const { lines, comments } = model;
  const above = new Set<number>();
  for (const comment of comments) {
    if (comment.above === stage.from) above.add(lines.positionAt(comment.span.start).line);
  }
  let { line } = lines.positionAt(stage.from.span.start);
  while (above.has(line - 1)) line--;
  return lines.lineStart(line);
}
