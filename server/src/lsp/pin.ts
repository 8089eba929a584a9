/** Actions on images that need no finding: pin by digest, update the digest, move to the newest patch. All ask the registry. */
import { newestPatch } from "../core/catalogue/newest";
import type { Catalogue } from "../core/catalogue/types";
import { type ImagePlace, imagePlaces, withDigest } from "../core/fixes/image-places";
import { moveEdits, pinEdits, pinOf, updateEdits } from "../core/fixes/pin";
import { planPins } from "../core/fixes/pin-file";
import type { RegistryFacts } from "../core/image/registry";
import { readTag } from "../core/image/tag";
import { type Edit, type Model, type Span, touches } from "../core/index";
import type { Action } from "./actions";

/** What a pin action does; `file`: pins all images of the file. */
export type PinAction = "digest" | "update" | "newest" | "file";

/** The actions for images in a selection. None of them has asked anybody yet. */
export function pinActions(model: Model, catalogue: Catalogue, selection: Span): readonly Action[] {
  const places = imagePlaces(model, catalogue);
  const here = places.filter(({ span, instruction }) => touches(instruction?.span ?? span, selection));
  const actions = here.slice(0, mostPlaces).flatMap((place) => actionsOf(place));
  const open = places.filter(isUnpinned);
  if (here.length > 0 && open.length > 1) {
    actions.push(action(`Pin the ${open.length} images of this file by digest`, "file", 0));
  }
  return actions;
}

/** Places with actions of their own; a whole file selected is for "all images". */
const mostPlaces = 3;

function actionsOf(place: ImagePlace): Action[] {
  const { reference, span } = place;
  const name = `${reference.repository}:${reference.tag ?? "latest"}`;
  const actions: Action[] = [];
  if (isUnpinned(place)) actions.push(action(`Pin ${name} by its digest`, "digest", span.start));
  if (reference.digest !== null && reference.tag !== null) {
    actions.push(action(`Update the digest of ${name}`, "update", span.start));
  }
  if (reference.tag !== null && readTag(reference.tag).precision > 1) {
    actions.push(action(`Move ${name} to its newest patch`, "newest", span.start));
  }
  return actions;
}

function action(title: string, what: PinAction, start: number): Action {
  const key = { do: "pin", what, start } as const;
  return {
    title: `${title} (asks the registry)`,
    kind: "refactor.rewrite",
    preferred: false,
    group: null,
    key,
    note: null,
  };
}

/** True for an image without a digest that there is a place for. */
function isUnpinned(place: ImagePlace): boolean {
  return place.reference.digest === null && place.rewrite(withDigest(place.reference, anyDigest)) !== null;
}

const anyDigest = `sha256:${"0".repeat(64)}`;

/** The edits of an action; null where there is nothing to write, undefined while an answer is missing. */
export function pinActionEdits(
  model: Model,
  catalogue: Catalogue,
  registry: RegistryFacts,
  { what, start }: { readonly what: PinAction; readonly start: number },
): readonly Edit[] | null | undefined {
  if (what === "file") {
    const plan = planPins(model, catalogue, registry, { update: false, newest: false });
    if (plan.items.some(({ outcome }) => outcome === "unknown")) return undefined;
    return plan.edits.length > 0 ? plan.edits : null;
  }
  const place = imagePlaces(model, catalogue).find(({ span }) => span.start === start);
  if (!place) return null;
  if (what === "digest") return pinEdits(place, registry);
  if (what === "update") return updateEdits(place, registry);
  const tags = registry.tags(place.reference);
  const tag = tags && newestPatch(catalogue, place.reference, tags);
  return tag ? moveEdits(place, tag, registry) : tags === undefined ? undefined : null;
}

/** Places whose digest is known to be stale, with what their tag points to. */
export function stalePlaces(
  model: Model,
  catalogue: Catalogue,
  registry: RegistryFacts,
): readonly { readonly place: ImagePlace; readonly digest: string }[] {
  return imagePlaces(model, catalogue).flatMap((place) => {
    const pin = place.reference.digest === null ? undefined : pinOf(place.reference, registry);
    return pin?.state === "stale" && pin.digest ? [{ place, digest: pin.digest }] : [];
  });
}
