/** The slim variant of a full image: same version, same release of the system. */
import type { Catalogue, ImageFacts } from "../catalogue/types";
import { rewriteBase } from "../fixes/base";
import { parseReference } from "../image/reference";
import type { Model, Stage } from "../model/types";
import { applyEdits } from "../text";
import { isLive } from "./runtime-base";

/**
 * What FROM of a second stage is to name so that it stands on the slim variant of the stage's image, with the variables
 * of the file; null where the catalogue knows no live one on the same system.
 */
export function slimBase(model: Model, stage: Stage, image: ImageFacts, catalogue: Catalogue): string | null {
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
  return applyEdits(model.text.slice(span.start, span.end), moved);
}

/** `3.14` → `3.14-slim`, `3.14-bookworm` → `3.14-slim-bookworm`, `latest` → `slim`. */
function slimTag(tag: string, codename: string): string {
  if (tag === "latest") return "slim";
  if (tag === codename) return `slim-${codename}`;
  return tag.endsWith(`-${codename}`) ? `${tag.slice(0, -codename.length)}slim-${codename}` : `${tag}-slim`;
}
