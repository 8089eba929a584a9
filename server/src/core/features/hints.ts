/** What an editor can show between the lines: resolved images, sizes, users; and above them: lenses. */
import { imageUnder, userAtEnd } from "../catalogue/stage";
import type { Catalogue, Day } from "../catalogue/types";
import { stageReferences } from "../model/stage-references";
import type { Model, Stage } from "../model/types";
import type { Span } from "../text";
import { imageDetail, megabytes } from "./complete-image";
import { labelOfStage } from "./names";

/** A short text behind a place of the file. */
export interface Hint {
  readonly offset: number;
  readonly label: string;
  readonly tooltip: string;
}

/** Which hints are wanted. */
export interface HintSettings {
  /** The image behind the variables of a FROM. */
  readonly resolvedImage: boolean;
  readonly imageSize: boolean;
  /** Who runs at the end of the stage that ships. */
  readonly effectiveUser: boolean;
}

/** The hints within a stretch of the file. */
export function hintsOf(model: Model, within: Span, settings: HintSettings, catalogue: Catalogue): readonly Hint[] {
  const hints: Hint[] = [];
  for (const stage of model.stages) {
    const { span, word, resolved, reference } = stage.base;
    if (!span || span.end < within.start || span.start > within.end) continue;
    const labels: string[] = [];
    const tooltips: string[] = [];
    if (settings.resolvedImage && word && word.variables.length > 0 && resolved !== null) {
      labels.push(`= ${resolved}`);
      tooltips.push("What the variables make of it, unless a build argument says otherwise.");
    }
    const size = settings.imageSize && reference ? catalogue.image(reference)?.size : null;
    if (size && reference) {
      const isOwn = size.kind === "measured" && size.tag === (reference.tag ?? "latest");
      labels.push(`${isOwn ? "" : "~"}${megabytes(size.bytes)}`);
      tooltips.push(
        `Compressed size on linux/amd64, as of ${catalogue.date}${isOwn ? "" : `, measured on the tag ${size.tag}`}.`,
      );
    }
    if (labels.length > 0) hints.push({ offset: span.end, label: labels.join(" · "), tooltip: tooltips.join("\n\n") });
  }
  const user = settings.effectiveUser ? userHint(model.finalStage, catalogue) : null;
  if (user && user.offset >= within.start && user.offset <= within.end) hints.push(user);
  return hints;
}

function userHint(stage: Stage | null, catalogue: Catalogue): Hint | null {
  if (!stage) return null;
  const user = userAtEnd(stage, catalogue);
  if (user.kind === "unknown" || user.name === null) return null;
  const last = stage.instructions[stage.instructions.length - 1] ?? stage.from;
  const where = user.instruction ? "USER says so." : user.image ? "The base image says so." : "Nobody says otherwise.";
  return {
    offset: last.span.end,
    label: `runs as ${user.name}`,
    tooltip: `Who runs in a container of this image. ${where}`,
  };
}

/** A line above a stage. */
export interface Lens {
  readonly span: Span;
  readonly title: string;
  /** For the number of uses: the stage's name, and where it is used. */
  readonly uses: { readonly at: number; readonly places: readonly Span[] } | null;
  /** True for the lens that leads to the graph of the stages. */
  readonly stages?: true;
}

/** Which lenses are wanted. */
export interface LensSettings {
  /** Size and end of life of the base image. */
  readonly baseImage: boolean;
  /** How often a stage is used. */
  readonly references: boolean;
  /** What ships of how many stages, above the first one. */
  readonly stages: boolean;
}

/** The lenses of a file. */
export function lensesOf(model: Model, settings: LensSettings, catalogue: Catalogue, today: Day): readonly Lens[] {
  const lenses: Lens[] = [];
  const uses = settings.references ? usesByStage(model) : null;
  const [first] = model.stages;
  if (settings.stages && first) {
    const { finalStage, stages } = model;
    const isLast = finalStage?.nameSpan === null && finalStage === stages[stages.length - 1];
    const ships = finalStage ? `, ${isLast ? "the last one" : labelOfStage(finalStage)} ships` : "";
    const title = stages.length === 1 ? "1 stage" : `${stages.length} stages${ships}`;
    lenses.push({ span: first.from.span, title, uses: null, stages: true });
  }
  for (const stage of model.stages) {
    const span = stage.from.span;
    const facts = settings.baseImage && stage.base.reference ? imageUnder(stage, catalogue) : null;
    const detail = facts ? imageDetail(facts, today) : "";
    if (detail !== "") lenses.push({ span, title: detail, uses: null });
    if (!uses || (stage.name === null && stage === model.finalStage)) continue;
    const places = uses.get(stage) ?? [];
    const title = places.length === 1 ? "1 use" : `${places.length} uses`;
    lenses.push({ span, title, uses: { at: (stage.nameSpan ?? span).start, places } });
  }
  return lenses;
}

function usesByStage(model: Model): ReadonlyMap<Stage, readonly Span[]> {
  const found = new Map<Stage, Span[]>();
  for (const { stage, nameSpan, span } of stageReferences(model)) {
    if (!stage) continue;
    const places = found.get(stage);
    if (places) places.push(nameSpan ?? span);
    else found.set(stage, [nameSpan ?? span]);
  }
  return found;
}
