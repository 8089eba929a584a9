/** How a place that names an image stands to its registry, and what to write there. Shared by rules, editors and command line. */
import type { ImageReference } from "../image/reference";
import type { RegistryFacts } from "../image/registry";
import type { Edit } from "../text";
import { type ImagePlace, withDigest } from "./image-places";

/**
 * `unpinned`: no digest is written. `current`: the digest is what the tag points to, or one platform of it. `stale`: the
 * tag points to something else by now. `nameless`: a digest without a tag. `missing`: the registry has no such tag.
 */
export type PinState = "unpinned" | "current" | "stale" | "nameless" | "missing";

export interface Pin {
  readonly state: PinState;
  /** What the tag points to; null for `nameless` and `missing`. */
  readonly digest: string | null;
}

/** The state of a reference. Undefined: an answer is not known, and is noted as wanted. */
export function pinOf(reference: ImageReference, registry: RegistryFacts): Pin | undefined {
  if (reference.digest !== null && reference.tag === null) return { state: "nameless", digest: null };
  const digest = registry.digest(reference);
  if (digest === undefined) return undefined;
  if (digest === null) return { state: "missing", digest };
  if (reference.digest === null) return { state: "unpinned", digest };
  if (reference.digest === digest) return { state: "current", digest };
  // Some pin the image of one platform and not the index; then the index says whether it is still that one.
  const image = registry.image({ ...reference, digest });
  if (image === undefined) return undefined;
  return { state: image?.manifests.includes(reference.digest) ? "current" : "stale", digest };
}

/** Edits that pin a place: its tag stays, the digest follows. Null where it is pinned; undefined while nothing is known. */
export function pinEdits(place: ImagePlace, registry: RegistryFacts): readonly Edit[] | null | undefined {
  const { reference } = place;
  if (reference.digest !== null) return null;
  const pin = pinOf(reference, registry);
  return pin?.digest ? place.rewrite(withDigest(reference, pin.digest)) : pin && null;
}

/** Edits that replace a stale digest. Null where it is not stale; undefined while nothing is known. */
export function updateEdits(place: ImagePlace, registry: RegistryFacts): readonly Edit[] | null | undefined {
  const pin = pinOf(place.reference, registry);
  if (pin === undefined) return undefined;
  return pin.state === "stale" && pin.digest ? place.rewrite(withDigest(place.reference, pin.digest)) : null;
}

/**
 * Edits that move a place to another tag of its repository; a digest that is written there is replaced by that of the new
 * tag. Undefined while that is not known.
 */
export function moveEdits(place: ImagePlace, tag: string, registry: RegistryFacts): readonly Edit[] | null | undefined {
  const { reference } = place;
  if (reference.digest === null) return place.rewrite(`${reference.repository}:${tag}`);
  const digest = registry.digest({ ...reference, tag, digest: null });
  if (digest === undefined || digest === null) return digest;
  return place.rewrite(withDigest({ ...reference, tag }, digest));
}
