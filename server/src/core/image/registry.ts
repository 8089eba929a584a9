/** What a registry said of images, as far as somebody asked. The engine never asks; its hosts do, where the user wants it. */
import type { ImageReference } from "./reference";

/**
 * Answers of registries. `undefined`: not known, because nobody asked yet or there was no answer. `null`: the registry
 * has no such image. Asking is how a check says what it wants to know.
 */
export interface RegistryFacts {
  /** The digest that the tag of a reference (`latest` where none is written) points to: of the index where there is one. */
  digest(reference: ImageReference): string | null | undefined;
  /** All tags of the repository. */
  tags(reference: ImageReference): readonly string[] | null | undefined;
  /** The image that the digest of a reference names, else its tag. */
  image(reference: ImageReference): RemoteImage | null | undefined;
}

/** An image as the registry has it. */
export interface RemoteImage {
  /** Of the index, or of the manifest where there is no index. */
  readonly digest: string;
  /** `linux/amd64`, `linux/arm64/v8`: what it can be pulled for. */
  readonly platforms: readonly string[];
  /** Digests of the manifests that the index lists; empty where there is no index. */
  readonly manifests: readonly string[];
  /** The platform that the rest is about: linux/amd64 where there is that, else the first. */
  readonly platform: string;
  /** The user that the image declares; empty: root. */
  readonly user: string;
  readonly hasEntrypoint: boolean;
  /** Compressed bytes of all layers. */
  readonly size: number;
  /** The day it was built, `YYYY-MM-DD`, or null. */
  readonly created: string | null;
}
