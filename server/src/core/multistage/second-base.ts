/** What a second stage of an interpreted program stands on: the same image, or the slim variant of the very same release. */
import type { Catalogue, ImageFacts } from "../catalogue/types";
import { rewriteBase } from "../fixes/base";
import { parseReference } from "../image/reference";
import type { Model, Stage } from "../model/types";
import { applyEdits } from "../text";
import { isLive } from "./runtime-base";

/** An image for a second stage. */
export interface SecondBase {
  /** What its FROM is to name, with the variables of the file. */
  readonly written: string;
  /** The same for people. */
  readonly shown: string;
}

/** The very image that a stage stands on; null for one without a name. */
export function sameBase({ base }: Stage): SecondBase | null {
  const shown = (base.resolved ?? base.word?.text)?.replace(/@sha256:\w+$/, "");
  return base.word && shown ? { written: base.word.text, shown } : null;
}

/** The slim variant of the stage's image; null where the catalogue knows no live one on the same system. */
export function slimBase(model: Model, stage: Stage, image: ImageFacts, catalogue: Catalogue): SecondBase | null {
  const { reference, word, span, resolved } = stage.base;
  if (!reference || !word || !span || resolved === null || reference.digest !== null) return null;
  const codename = image.distribution?.codename;
  if (!codename || image.distribution?.family !== "debian" || image.variants.length > 0) return null;
  const tag = slimTag(image.tag, codename);
  const repository = resolved.replace(/(?<=[^/]):[^:/]*$/, "");
  const wanted = `${repository}:${tag}`;
  const parsed = parseReference(wanted);
  if (!parsed || !isLive(catalogue, wanted)) return null;
  if (catalogue.image(parsed)?.distribution?.codename !== codename) return null;
  const edits = rewriteBase(model, stage, wanted);
  // Where the tag lives in an ARG, the first stage names the same one.
  if (!edits?.every((edit) => edit.span.start >= span.start && edit.span.end <= span.end)) return null;
  const moved = edits.map(({ span: { start, end }, newText }) => ({
    span: { start: start - span.start, end: end - span.start },
    newText,
  }));
  return { written: applyEdits(model.text.slice(span.start, span.end), moved), shown: wanted };
}

/** `3.14` → `3.14-slim`, `3.14-bookworm` → `3.14-slim-bookworm`, `latest` → `slim`. */
function slimTag(tag: string, codename: string): string {
  if (tag === "latest") return "slim";
  if (tag === codename) return `slim-${codename}`;
  return tag.endsWith(`-${codename}`) ? `${tag.slice(0, -codename.length)}slim-${codename}` : `${tag}-slim`;
}
