/** Every place of a file that names an image of a registry: FROM, COPY and ADD --from, RUN --mount from=, `# syntax=`. */
import type { Catalogue } from "../catalogue/types";
import { formatReference, type ImageReference, parseReference } from "../image/reference";
import { stageReferences } from "../model/stage-references";
import type { Instruction, Model, Stage } from "../model/types";
import type { Edit, Span } from "../text";
import { rewriteBase } from "./base";
import { pinBase } from "./digest";

export interface ImagePlace {
  readonly kind: "from" | "copy" | "mount" | "syntax";
  /** With all variables replaced. */
  readonly reference: ImageReference;
  /** Where it is written; for variables, where they stand. */
  readonly span: Span;
  /** Null for `# syntax=`. */
  readonly instruction: Instruction | null;
  /** The stage whose base it is; null for all but FROM. */
  readonly stage: Stage | null;
  /**
   * Edits after which the place names `wanted`, in the place itself or in the ARG that it uses. Null where it is not clear
   * where to write, or nothing would change.
   */
  rewrite(wanted: string): readonly Edit[] | null;
}

/**
 * The places in the order of the file. Stages, scratch, unknown variables are none; and neither are bare names that no
 * catalogue knows, for they may be a named context of the build.
 */
export function imagePlaces(model: Model, catalogue: Catalogue): readonly ImagePlace[] {
  if (model.isTemplate) return [];
  const places = [...syntaxPlace(model), ...fromPlaces(model), ...otherPlaces(model)];
  return places
    .filter(({ reference }) => isImage(reference, catalogue))
    .sort((a, b) => a.span.start - b.span.start || a.span.end - b.span.end);
}

/** The image of a place with this digest; the tag stays, and where none is written the one that is meant is. */
export function withDigest({ repository, tag }: ImageReference, digest: string): string {
  return formatReference({ repository, tag: tag ?? "latest", digest });
}

function isImage(reference: ImageReference, catalogue: Catalogue): boolean {
  const { text, tag, digest } = reference;
  return tag !== null || digest !== null || text.includes("/") || catalogue.repository(reference) !== null;
}

function fromPlaces(model: Model): readonly ImagePlace[] {
  return model.stages.flatMap((stage): ImagePlace[] => {
    const { reference, span } = stage.base;
    if (!reference || !span) return [];
    return [
      {
        kind: "from",
        reference,
        span,
        instruction: stage.from,
        stage,
        rewrite: (wanted) => (wanted.includes("@") ? pinBase(model, stage, wanted) : rewriteBase(model, stage, wanted)),
      },
    ];
  });
}

function otherPlaces(model: Model): readonly ImagePlace[] {
  return stageReferences(model).flatMap((one): ImagePlace[] => {
    if (one.kind === "from" || one.stage || one.byNumber) return [];
    const reference = parseReference(one.name);
    if (!reference) return [];
    const { kind, instruction, nameSpan } = one;
    return [
      {
        kind,
        reference,
        span: nameSpan ?? one.span,
        instruction,
        stage: null,
        rewrite: (wanted) => (nameSpan && wanted !== one.name ? [{ span: nameSpan, newText: wanted }] : null),
      },
    ];
  });
}

function syntaxPlace(model: Model): readonly ImagePlace[] {
  const directive = model.directives.find(({ name }) => name === "syntax");
  const reference = directive && parseReference(directive.value);
  if (!directive || !reference) return [];
  const span = { start: directive.valueStart, end: directive.valueEnd };
  // What stands there must be exactly the value, or an edit would hit something else.
  const plain = model.text.slice(span.start, span.end) === directive.value;
  const rewrite = (wanted: string): readonly Edit[] | null =>
    plain && wanted !== directive.value ? [{ span, newText: wanted }] : null;
  return [{ kind: "syntax", reference, span, instruction: null, stage: null, rewrite }];
}
