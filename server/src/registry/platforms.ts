/** Platforms of an index: how they are written, and which one stands for the image. */
import type { Descriptor, Platform } from "./content";
import { RegistryFault } from "./faults";

/** `linux/arm64/v8`. */
export function platformText({ os, architecture, variant }: Platform): string {
  return [os, architecture, ...(variant === null ? [] : [variant])].join("/");
}

/** The manifest to look into: linux/amd64 where there is one, else the first that is an image at all. */
export function preferredManifest(manifests: readonly Descriptor[]): Descriptor {
  const images = manifests.filter(({ platform }) => platform !== null && platform.os !== "unknown");
  const usual = images.find(({ platform }) => platform?.os === "linux" && platform.architecture === "amd64");
  const chosen = usual ?? images[0] ?? manifests[0];
  if (!chosen) throw new RegistryFault("odd", "The registry sent an index that lists nothing.");
  return chosen;
}
