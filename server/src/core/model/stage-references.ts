/** Every place that names a stage, and which one is meant: FROM, COPY and ADD --from, RUN --mount from=. */
import { readMount } from "../syntax/flags";
import type { Flag } from "../syntax/types";
import type { Span } from "../text";
import type { Instruction, Model, Stage } from "./types";
import { locate } from "./types";

/** One place that names a stage, or something that may be one. */
export interface StageReference {
  readonly kind: "from" | "copy" | "mount";
  readonly instruction: Instruction;
  /** The stage whose build step it is; for FROM the stage that FROM opens. */
  readonly by: Stage;
  /** The name without quotes, as written. */
  readonly name: string;
  /** The stage that is meant, also one further down or the very stage it stands in; null for images and unknown names. */
  readonly stage: Stage | null;
  /** True when the stage is named by its number. */
  readonly byNumber: boolean;
  /** Where the flag or the word stands; for a mount the whole field. */
  readonly span: Span;
  /** Exactly the name; null where quotes or continuations hide its place. */
  readonly nameSpan: Span | null;
}

/** All references of a file in its order, those with variables left out. Remembered with the model. */
export function stageReferences(model: Model): readonly StageReference[] {
  const known = remembered.get(model);
  if (known) return known;
  const found = readReferences(model);
  remembered.set(model, found);
  return found;
}

const remembered = new WeakMap<Model, readonly StageReference[]>();

function readReferences(model: Model): readonly StageReference[] {
  // BuildKit first notes the names of all stages, the last one of a name counting, and then reads COPY and RUN
  // (dockerfile2llb); so these may name a stage further down. FROM may not.
  const byName = new Map<string, Stage>();
  for (const stage of model.stages) if (stage.name !== null) byName.set(stage.name, stage);
  const found: StageReference[] = [];
  for (const stage of model.stages) {
    const { base, from } = stage;
    if (base.stage && base.word && base.span && base.resolved !== null) {
      const plain = base.word.value !== null && !base.word.quoted && isStraight(base.word);
      found.push({
        kind: "from",
        instruction: from,
        by: stage,
        name: base.resolved,
        stage: base.stage,
        byNumber: false,
        span: base.span,
        nameSpan: plain ? base.span : null,
      });
    }
    for (const instruction of stage.instructions) {
      const { keyword, parsed } = instruction;
      if (parsed.sources.length === 0) continue;
      if (keyword !== "COPY" && keyword !== "ADD" && keyword !== "RUN") continue;
      for (const flag of parsed.flags) {
        const one = keyword === "RUN" ? mountSource(flag) : copySource(flag);
        if (!one || one.name === "") continue;
        const byNumber = keyword !== "RUN" && /^\d+$/.test(one.name);
        const named = byName.get(one.name.toLowerCase());
        found.push({
          kind: keyword === "RUN" ? "mount" : "copy",
          instruction,
          by: stage,
          name: one.name,
          stage: named ?? (byNumber ? (model.stages[Number(one.name)] ?? null) : null),
          byNumber: byNumber && !named,
          span: locate(instruction, one.place),
          nameSpan: one.exact && locate(instruction, one.exact),
        });
      }
    }
  }
  return found;
}

type Place = { readonly from: number; readonly to: number };

interface Source {
  readonly name: string;
  readonly place: Place;
  readonly exact: Place | null;
}

function copySource(flag: Flag): Source | null {
  const { value } = flag;
  if (flag.name !== "from" || value?.value == null) return null;
  const plain = !value.quoted && isStraight(value) && value.text === value.value;
  return { name: value.value, place: flag, exact: plain ? value : null };
}

function mountSource(flag: Flag): Source | null {
  const field = readMount(flag)?.fields.find((one) => one.key === "from");
  if (!field?.value || field.value.includes("$")) return null;
  const { from, to, value } = field;
  const plain = flag.value !== null && !flag.value.quoted && to - from === "from=".length + value.length;
  return { name: value, place: field, exact: plain ? { from: to - value.length, to } : null };
}

/** False for a word that a continuation splits. */
function isStraight(word: { readonly from: number; readonly to: number; readonly text: string }): boolean {
  return word.to - word.from === word.text.length;
}
