/**
 * Cache mounts for apt. The official images of Debian and Ubuntu delete what apt downloads, so one RUN has to stop that
 * first, and then no RUN may install without the mounts, or its layer would keep every package file.
 * Source: the Dockerfile reference, RUN --mount=type=cache, the example for apt.
 */
import { distributionUnder, imageUnder, userAt } from "../../catalogue/stage";
import type { Catalogue } from "../../catalogue/types";
import { cannotMount, insertFlag } from "../../fixes/mount";
import { removeSome } from "../../fixes/remove";
import { canEditRun, isTopLevel, removeWord } from "../../fixes/shell-list";
import type { Model, Stage } from "../../model/types";
import type { Finding, Fix } from "../../rule";
import { type Edit, touches } from "../../text";
import { aptCalls, needsLists, runsScript } from "./apt-lists";
import { isCovered, isTakenOrFilled } from "./cache-mounts";
import { callName, callSpan, mayClean, type RunStep, runSteps } from "./calls";

const folders = ["/var/cache/apt", "/var/lib/apt"];
const flags = folders.map((folder) => `--mount=type=cache,target=${folder},sharing=locked`).join(" ");
const keep = `rm -f /etc/apt/apt.conf.d/docker-clean && echo 'Binary::apt::APT::Keep-Downloaded-Packages "true";' > /etc/apt/apt.conf.d/keep-cache`;

/** One finding for each stage that installs by apt and stands on no other that does. */
export function* aptCaches(model: Model, catalogue: Catalogue): Iterable<Finding> {
  if (/docker-clean|Keep-Downloaded-Packages/.test(model.text) || isTakenOrFilled(model, folders)) return;
  for (const [stage, steps] of byFirstStage(model)) {
    if (!stage.reachesFinal || !hasDockerClean(stage, catalogue) || cannotMount(stage, catalogue)) continue;
    const using = steps.filter((step) => aptCalls(step).length > 0);
    const call = using[0] && aptCalls(using[0]).find(({ operation }) => operation.action === "install");
    if (!call || !using.every((step) => isPlain(step, catalogue)) || steps.some(runsScript)) continue;
    yield {
      message: `\`${callName(call)}\` downloads everything again whenever this step is built. Keep the downloads in cache mounts.`,
      range: callSpan(call),
      fixes: () => mount(model, using),
    };
  }
}

/** The steps of all stages that use apt or stand on one that does, by the lowest of these. */
function byFirstStage(model: Model): ReadonlyMap<Stage, readonly RunStep[]> {
  const steps = runSteps(model);
  const using = new Set(steps.filter((step) => aptCalls(step).length > 0).map(({ stage }) => stage));
  const firsts = new Map<Stage, Stage | null>();
  // A stage comes behind the one that it stands on.
  for (const stage of model.stages) {
    const below = stage.base.stage ? (firsts.get(stage.base.stage) ?? null) : null;
    firsts.set(stage, below ?? (using.has(stage) ? stage : null));
  }
  const grouped = new Map<Stage, RunStep[]>();
  for (const step of steps) {
    const first = firsts.get(step.stage);
    if (!first) continue;
    const list = grouped.get(first);
    if (list) list.push(step);
    else grouped.set(first, [step]);
  }
  return grouped;
}

/** True for the official images of Debian and Ubuntu and what stands on them, whose apt deletes its downloads. */
function hasDockerClean(stage: Stage, catalogue: Catalogue): boolean {
  const family = distributionUnder(stage, catalogue)?.family;
  return imageUnder(stage, catalogue)?.windows === false && (family === "debian" || family === "ubuntu");
}

/** True for a RUN by root that fetches its own lists before it installs, all of it in the outermost list. */
function isPlain(step: RunStep, catalogue: Catalogue): boolean {
  const calls = aptCalls(step);
  if (step.isTrigger || step.run.parsed.json || needsLists(step) || userAt(step.run, catalogue).kind !== "root")
    return false;
  if (folders.some((folder) => isCovered(step, folder))) return false;
  return calls.every(({ operation, script }) => isTopLevel(operation.command) && script === step.scripts[0]);
}

function mount(model: Model, steps: readonly RunStep[]): readonly Fix[] {
  const [first] = steps;
  if (!first) return [];
  const start = lineAbove(model, first);
  const edits: Edit[] = [{ span: { start, end: start }, newText: `RUN ${keep}${model.lineEnding}` }];
  for (const step of steps) {
    const cleaned = withoutCleaning(model, step);
    if (!cleaned || !canEditRun(model, step.run, step.isTrigger)) return [];
    edits.push(insertFlag(model, step.run, flags), ...cleaned);
  }
  return [
    {
      title: "Keep the downloads of apt in cache mounts",
      applicability: "unsafe",
      reason: "An image that is built on this one keeps what apt downloads, unless it mounts the folders as well.",
      edits,
    },
  ];
}

/** Cleaning would empty the caches: `apt-get clean` and the `rm` of the lists go. Null where they cannot be taken out. */
function withoutCleaning(model: Model, step: RunStep): readonly Edit[] | null {
  const edits: Edit[] = [];
  for (const script of step.scripts) {
    const gone = new Set<number>();
    for (const command of script.commands) {
      const isClean = aptCalls(step).some(
        ({ operation }) => operation.command === command && operation.action === "clean",
      );
      if (!isClean && !mayClean(command, folders)) continue;
      const operands = command.words.slice(1).filter((word) => !word.text.startsWith("-"));
      const ours = operands.filter((word) => /^\/var\/(?:lib|cache)\/apt(?:\/|$)/.test(word.value ?? word.text));
      if (!isClean && (command.name !== "rm" || ours.length === 0)) return null;
      if (isClean || ours.length === operands.length) {
        const { item } = command.command;
        if (!isTopLevel(command) || script.script.topLevel[item]?.kind !== "command") return null;
        gone.add(item);
        continue;
      }
      for (const word of ours) {
        const edit = removeWord(model, script, word);
        if (!edit) return null;
        edits.push(edit);
      }
    }
    const removed = removeSome(script, gone);
    if (!removed || removed.some(({ span }) => model.comments.some((comment) => touches(comment.span, span))))
      return null;
    edits.push(...removed);
  }
  return edits;
}

/** Where the RUN begins, with the comments directly above it: they speak of it. */
function lineAbove({ text }: Model, { run }: RunStep): number {
  let start = text.lastIndexOf("\n", run.span.start - 1) + 1;
  while (start > 0) {
    const before = text.lastIndexOf("\n", start - 2) + 1;
    if (!/^\s*#/.test(text.slice(before, start))) break;
    start = before;
  }
  return start;
}
