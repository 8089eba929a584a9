/** Pins all images of a file in one go. */
import { newestPatch } from "../catalogue/newest";
import type { Catalogue } from "../catalogue/types";
import type { RegistryFacts } from "../image/registry";
import type { Model } from "../model/types";
import { type Edit, touches } from "../text";
import { type ImagePlace, imagePlaces, withDigest } from "./image-places";
import { pinOf } from "./pin";

/** What is to be done. */
export interface PinWish {
  /** Also replace digests that are no longer what their tag points to. */
  readonly update: boolean;
  /** Also move tags to the newest patch of their line. */
  readonly newest: boolean;
}

/**
 * What comes of a place. `pin`, `update`, `move`: it is to be written, see `wanted`. `current`: nothing to do. `stale`: only
 * an update would help. `nameless`: a digest without a tag, of which nothing can be said. `missing`: the registry has no
 * such tag. `unknown`: the registry did not say. `unclear`: it is not clear where to write, because variables are in play.
 */
export type PinOutcome =
  | "pin"
  | "update"
  | "move"
  | "current"
  | "stale"
  | "nameless"
  | "missing"
  | "unknown"
  | "unclear";

export interface PinItem {
  readonly place: ImagePlace;
  readonly outcome: PinOutcome;
  /** The image as it is to be written; null where nothing is. */
  readonly wanted: string | null;
}

export interface PinPlan {
  readonly items: readonly PinItem[];
  /** All that is to be written; edits that several places share stand in it once. */
  readonly edits: readonly Edit[];
}

/** Plans. What the registry has not said yet is noted there as wanted, and the place is `unknown`. */
export function planPins(model: Model, catalogue: Catalogue, registry: RegistryFacts, wish: PinWish): PinPlan {
  const items: PinItem[] = [];
  const edits: Edit[] = [];
  for (const place of imagePlaces(model, catalogue)) {
    const { outcome, wanted } = decide(place, catalogue, registry, wish);
    const own = wanted === null ? [] : place.rewrite(wanted);
    const isWritten = own !== null && take(edits, own);
    items.push(isWritten ? { place, outcome, wanted } : { place, outcome: "unclear", wanted: null });
  }
  return { items, edits };
}

function decide(
  place: ImagePlace,
  catalogue: Catalogue,
  registry: RegistryFacts,
  wish: PinWish,
): { outcome: PinOutcome; wanted: string | null } {
  const { reference } = place;
  const tags = wish.newest && reference.tag !== null ? registry.tags(reference) : null;
  if (tags === undefined) return { outcome: "unknown", wanted: null };
  const newer = tags && newestPatch(catalogue, reference, tags);
  const target = newer ? { ...reference, tag: newer, digest: null } : reference;
  const pin = pinOf(target, registry);
  if (pin === undefined) return { outcome: "unknown", wanted: null };
  if (pin.digest === null) return { outcome: pin.state === "missing" ? "missing" : "nameless", wanted: null };
  if (newer) return { outcome: "move", wanted: withDigest(target, pin.digest) };
  if (pin.state === "current") return { outcome: "current", wanted: null };
  if (pin.state === "unpinned") return { outcome: "pin", wanted: withDigest(target, pin.digest) };
  return wish.update
    ? { outcome: "update", wanted: withDigest(target, pin.digest) }
    : { outcome: "stale", wanted: null };
}

/**
 * Adds edits to those that are sorted by their place; what is there already, because two FROMs share an ARG, counts as
 * added. False where they collide.
 */
function take(edits: Edit[], own: readonly Edit[]): boolean {
  const fresh = own.filter((edit) => !neighbours(edits, edit).some((other) => isSame(edit, other)));
  if (fresh.some((edit) => neighbours(edits, edit).some((other) => touches(edit.span, other.span)))) return false;
  for (const edit of fresh) edits.splice(placeOf(edits, edit), 0, edit);
  return true;
}

/** The edits before and behind the place of another one: the only ones that it can meet. */
function neighbours(edits: readonly Edit[], edit: Edit): readonly Edit[] {
  const at = placeOf(edits, edit);
  return edits.slice(Math.max(0, at - 1), at + 1);
}

function placeOf(edits: readonly Edit[], edit: Edit): number {
  let low = 0;
  let high = edits.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((edits[middle] as Edit).span.start < edit.span.start) low = middle + 1;
    else high = middle;
  }
  return low;
}

function isSame(a: Edit, b: Edit): boolean {
  return a.span.start === b.span.start && a.span.end === b.span.end && a.newText === b.newText;
}
