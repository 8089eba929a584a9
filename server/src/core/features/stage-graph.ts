/** The stages of a file as a graph: who builds on whom, who copies from whom, what ships, as whom it runs, how large. */
import { imageUnder, userAtEnd } from "../catalogue/stage";
import type { Catalogue, Day, ImageFacts } from "../catalogue/types";
import type { Model, Stage } from "../model/types";
import type { Span } from "../text";
import { imageDetail, megabytes } from "./complete-image";
import { labelOfStage, roleOfStage, type StageRole } from "./names";
import { type Outside, type StageArrow, stageArrows } from "./stage-arrows";

/** A stage, or something from outside of the file that a stage takes from. */
export interface StageNode {
  /** `image`: an image, or a named build context. `unknown`: its name holds a variable without a value. */
  readonly kind: "stage" | "image" | "unknown";
  readonly label: string;
  /** For an image: what the most important stage that takes from it makes of it. */
  readonly role: StageRole;
  /** Short lines for a card, the most important first. */
  readonly facts: readonly string[];
  /** Who runs at the end of the stage; null for images, and where it is not known. */
  readonly user: string | null;
  /** True when that is root, under whatever name. */
  readonly isRoot: boolean;
  /** The image underneath, or the image itself: compressed bytes on linux/amd64, or null. What a stage adds is not known. */
  readonly baseBytes: number | null;
  /** False when the size was measured on another tag of the same kind, or estimated. */
  readonly isMeasured: boolean;
  /** Its FROM; for an image the first place that names it. */
  readonly span: Span;
}

/** Nodes with the arrows between them. Stages come first: `nodes[i]` is `model.stages[i]`. */
export interface StageGraph {
  readonly nodes: readonly StageNode[];
  readonly arrows: readonly StageArrow[];
  /** What there is to say of the whole, in a few sentences. */
  readonly summary: string;
}

/** The graph of a file. */
export function stageGraph(model: Model, catalogue: Catalogue, today: Day): StageGraph {
  const { arrows, outside } = stageArrows(model);
  const stages = model.stages.map((stage) => stageNode(model, stage, catalogue));
  const images = outside.map((one) => outsideNode(one, catalogue, today));
  return { nodes: [...stages, ...images], arrows, summary: summaryOf(model, stages) };
}

function stageNode(model: Model, stage: Stage, catalogue: Catalogue): StageNode {
  const role = roleOfStage(model, stage);
  const image = imageUnder(stage, catalogue);
  const { name, kind } = userAtEnd(stage, catalogue);
  const base = sizeOf(image);
  const size = base.baseBytes === null ? "" : `base ${sizeText(base)}`;
  const facts = [
    shortRole[role],
    stage.base.scratch ? "from scratch" : size,
    name === null ? "" : `runs as ${name}`,
    contextText(stage),
  ].filter((fact) => fact !== "");
  return {
    kind: "stage",
    label: labelOfStage(stage),
    role,
    facts,
    user: name,
    isRoot: kind === "root",
    ...base,
    span: stage.from.span,
  };
}

/** A role in the few words that a card has room for. */
const shortRole: { readonly [role in StageRole]: string } = {
  ships: "the image that ships",
  part: "part of what ships",
  needed: "stays behind",
  unused: "not needed",
};

function outsideNode({ label, reference, role, span }: Outside, catalogue: Catalogue, today: Day): StageNode {
  const image = reference && catalogue.image(reference);
  const detail = image ? imageDetail(image, today) : "";
  return {
    kind: reference ? "image" : "unknown",
    label,
    role,
    facts: detail === "" ? [] : [detail],
    user: null,
    isRoot: false,
    ...sizeOf(image),
    span,
  };
}

function sizeOf(image: ImageFacts | null): Pick<StageNode, "baseBytes" | "isMeasured"> {
  const size = image?.size;
  // Unpacked sizes are no measure beside compressed ones.
  if (!image || !size || size.kind === "on-disk") return { baseBytes: null, isMeasured: false };
  return { baseBytes: size.bytes, isMeasured: size.kind === "measured" && size.tag === image.tag };
}

/** `57 MB`, `~57 MB`; a question mark where it is not known. */
export function sizeText({ baseBytes, isMeasured }: Pick<StageNode, "baseBytes" | "isMeasured">): string {
  return baseBytes === null ? "?" : `${isMeasured ? "" : "~"}${megabytes(baseBytes)}`;
}

/** How often the stage takes files from the build context. */
function contextText(stage: Stage): string {
  let copies = 0;
  for (const { keyword, parsed } of stage.instructions) {
    if (keyword !== "COPY" && keyword !== "ADD") continue;
    if (!parsed.flags.some((flag) => flag.name === "from")) copies++;
  }
  return copies === 0 ? "" : `${copies} COPY from the build context`;
}

/** The longest list of names in a sentence. */
const mostNames = 4;

function summaryOf(model: Model, nodes: readonly StageNode[]): string {
  const { finalStage } = model;
  const ships = finalStage && nodes[finalStage.index];
  if (!finalStage || !ships) return "There is no stage in this file yet: it begins with FROM.";
  const { base } = finalStage.root;
  const under = base.scratch ? "starts from nothing" : `stands on ${base.resolved ?? base.word?.text ?? "?"}`;
  const size = ships.baseBytes === null ? "" : ` (${sizeText(ships)} compressed, before what it adds)`;
  const user = ships.user === null ? "Who runs in it is not known" : `It runs as ${ships.user}`;
  const left = nodes.filter(({ role }) => role === "needed");
  const unused = nodes.filter(({ role }) => role === "unused");
  return [
    `The image that ships is ${ships.label}: it ${under}${size}.`,
    `${user}.`,
    left.length > 0 ? `Left behind after the build: ${listed(left)}.` : "",
    unused.length > 0 ? `Not needed for it: ${listed(unused)}.` : "",
  ]
    .filter((sentence) => sentence !== "")
    .join(" ");
}

function listed(nodes: readonly StageNode[]): string {
  const names = nodes.slice(0, mostNames).map(({ label }) => label);
  const more = nodes.length - names.length;
  if (more > 0) return `${names.join(", ")} and ${more} more`;
  return names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}
