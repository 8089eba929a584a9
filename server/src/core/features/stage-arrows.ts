/** Who takes what from whom among the stages of a file, and what they take from outside of it. */
import type { ImageReference } from "../image/reference";
import type { Instruction, Model } from "../model/types";
import { readMount } from "../syntax/flags";
import type { Span } from "../text";
import { roleOfStage, type StageRole } from "./names";

/** One node takes something from another. Both are indices: stages come first, what is outside follows. */
export interface StageArrow {
  /** The one that gives. */
  readonly from: number;
  /** The stage that takes. */
  readonly to: number;
  /** `base`: FROM. A stage that both builds on another and copies from it has two arrows. */
  readonly kind: "base" | "copy";
  /** What is taken, in the order of the file. Empty for a base. */
  readonly taken: readonly Taken[];
  /** The first place that says so. */
  readonly span: Span;
}

/** What one COPY or one mount takes, as written. */
export interface Taken {
  /** `/app/dist`, `3 paths`, `mount /src`. */
  readonly what: string;
  /** The place in the stage that takes it; null where `what` says it. */
  readonly to: string | null;
}

/** `/app/dist → /srv` */
export function takenText({ what, to }: Taken): string {
  return to === null ? what : `${what} → ${to}`;
}

/** Something outside of the file that a stage takes from: an image, mostly. */
export interface Outside {
  /** As the variables make it; as written where one of them has no value. */
  readonly label: string;
  readonly reference: ImageReference | null;
  /** `part`: the image that ships stands on it. */
  readonly role: StageRole;
  readonly span: Span;
}

/** The arrows of a file, at most one of each kind between two nodes, and what lies outside. */
export function stageArrows(model: Model): { readonly arrows: readonly StageArrow[]; readonly outside: Outside[] } {
  const outside = new Map<string, { readonly index: number; readonly node: Outside }>();
  const arrows = new Map<string, StageArrow & { readonly taken: Taken[] }>();
  const indexOf = (label: string, reference: ImageReference | null, span: Span, role: StageRole): number => {
    const known = outside.get(label);
    const index = known?.index ?? model.stages.length + outside.size;
    if (!known) outside.set(label, { index, node: { label, reference, span, role } });
    else if (weight[role] > weight[known.node.role]) outside.set(label, { index, node: { ...known.node, role } });
    return index;
  };
  const add = (from: number, to: number, kind: StageArrow["kind"], span: Span, taken: Taken | null): void => {
    const key = `${from} ${to} ${kind}`;
    const known = arrows.get(key);
    if (!known) arrows.set(key, { from, to, kind, span, taken: taken === null ? [] : [taken] });
    else if (taken !== null) known.taken.push(taken);
  };
  for (const stage of model.stages) {
    const { base, from, copiesFrom, index } = stage;
    const role = roleOfStage(model, stage);
    const span = base.span ?? from.span;
    if (base.stage) add(base.stage.index, index, "base", span, null);
    else if (base.word && !base.scratch) {
      const label = base.resolved ?? base.word.text;
      const passed = role === "ships" ? "part" : role;
      add(indexOf(label, base.reference, span, passed), index, "base", span, null);
    }
    for (const use of copiesFrom) {
      const passed = role === "unused" ? role : "needed";
      const giver = use.stage?.index ?? (use.reference && indexOf(use.reference.text, use.reference, use.span, passed));
      // The builder refuses a stage that takes from itself.
      if (giver !== null && giver !== index) add(giver, index, "copy", use.span, takenBy(use.instruction, use.span));
    }
  }
  return { arrows: [...arrows.values()], outside: [...outside.values()].map(({ node }) => node) };
}

const weight: { readonly [role in StageRole]: number } = { unused: 0, needed: 1, part: 2, ships: 3 };

function takenBy(instruction: Instruction, span: Span): Taken {
  const { parsed, keyword } = instruction;
  if (keyword === "RUN") {
    const flag = parsed.flags.find((one) => one.value && instruction.blockStart + one.value.from === span.start);
    const mount = flag && readMount(flag);
    return { what: `mount ${mount?.get("target") ?? ""}`.trim(), to: null };
  }
  const { sources, destination } = copiedPaths(instruction);
  const what = sources.length > 2 ? `${sources.length} paths` : sources.join(", ");
  return { what, to: what === destination ? null : destination };
}

/** The sources and the destination of a COPY or ADD, as written. */
export function copiedPaths({ parsed }: Instruction): {
  readonly sources: readonly string[];
  readonly destination: string;
} {
  const words = parsed.json?.map((item) => item.value) ?? parsed.words.map((word) => word.text);
  return { sources: words.slice(0, -1), destination: words[words.length - 1] ?? "?" };
}
