/** Manifests, indexes and image configurations (OCI image specification 1.1, Docker's schema 2), read with care. */
import { RegistryFault } from "./faults";

export const mediaTypes = {
  index: "application/vnd.oci.image.index.v1+json",
  dockerList: "application/vnd.docker.distribution.manifest.list.v2+json",
  manifest: "application/vnd.oci.image.manifest.v1+json",
  dockerManifest: "application/vnd.docker.distribution.manifest.v2+json",
} as const;

/** All four, so that a registry answers with the index where there is one. */
export const acceptManifests: string = Object.values(mediaTypes).join(", ");

/** What an index or a manifest points to. */
export interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  /** Bytes. */
  readonly size: number;
  readonly artifactType: string | null;
  readonly annotations: { readonly [name: string]: string };
  readonly platform: Platform | null;
}

export interface Platform {
  readonly os: string;
  readonly architecture: string;
  readonly variant: string | null;
}

/** A manifest or an index, with what identifies it. */
export interface Manifest {
  /** Digest of the very bytes that came. */
  readonly digest: string;
  readonly mediaType: string;
  /** Of an index; null for a manifest. */
  readonly manifests: readonly Descriptor[] | null;
  /** Of a manifest; null for an index. */
  readonly config: Descriptor | null;
  readonly layers: readonly Descriptor[];
  readonly annotations: { readonly [name: string]: string };
  readonly bytes: Uint8Array;
}

/** Reads a manifest or an index. Rejects what is neither with a `RegistryFault`. */
export function readManifest(bytes: Uint8Array, digest: string, contentType: string | null): Manifest {
  const json = parse(bytes);
  const manifests = Array.isArray(json.manifests) ? json.manifests.map(readDescriptor).filter(isThere) : null;
  const config = manifests ? null : readDescriptor(json.config);
  if (!manifests && !config)
    throw new RegistryFault("odd", "The registry sent a manifest of a kind that is not known.");
  const own = typeof json.mediaType === "string" ? json.mediaType : (contentType ?? "").split(";")[0];
  return {
    digest,
    mediaType: own ?? "",
    manifests,
    config,
    layers: Array.isArray(json.layers) ? json.layers.map(readDescriptor).filter(isThere) : [],
    annotations: readTexts(json.annotations),
    bytes,
  };
}

/** What an image's configuration says of it. */
export interface ImageConfig {
  readonly platform: Platform;
  /** As the image declares it; empty: root. */
  readonly user: string;
  readonly hasEntrypoint: boolean;
  /** `2026-08-21T10:00:00Z`, or null. */
  readonly created: string | null;
}

/** Reads an image's configuration. */
export function readImageConfig(bytes: Uint8Array): ImageConfig {
  const json = parse(bytes);
  const config = isObject(json.config) ? json.config : {};
  return {
    platform: readPlatform(json) ?? { os: "linux", architecture: "amd64", variant: null },
    user: typeof config.User === "string" ? config.User : "",
    hasEntrypoint: Array.isArray(config.Entrypoint) && config.Entrypoint.length > 0,
    created: typeof json.created === "string" ? json.created : null,
  };
}

/** Lists in answers are cut here: no honest registry has more. */
const mostTexts = 10_000;

/** The list of texts under a key of a JSON answer. */
export function readList(bytes: Uint8Array, key: string): readonly string[] {
  const list = parse(bytes)[key];
  if (!Array.isArray(list)) return [];
  return list.filter((item): item is string => typeof item === "string").slice(0, mostTexts);
}

function parse(bytes: Uint8Array): { readonly [key: string]: unknown } {
  try {
    const json: unknown = JSON.parse(new TextDecoder().decode(bytes));
    if (isObject(json)) return json;
  } catch {
    // Said below.
  }
  throw new RegistryFault("odd", "The registry sent something that is no JSON object.");
}

function readDescriptor(value: unknown): Descriptor | null {
  if (!isObject(value) || typeof value.digest !== "string" || !isDigest(value.digest)) return null;
  return {
    mediaType: typeof value.mediaType === "string" ? value.mediaType : "",
    digest: value.digest,
    size: typeof value.size === "number" && value.size >= 0 ? value.size : 0,
    artifactType: typeof value.artifactType === "string" ? value.artifactType : null,
    annotations: readTexts(value.annotations),
    platform: readPlatform(value.platform),
  };
}

function readPlatform(value: unknown): Platform | null {
  if (!isObject(value) || typeof value.os !== "string" || typeof value.architecture !== "string") return null;
  const variant = typeof value.variant === "string" && value.variant !== "" ? value.variant : null;
  return { os: value.os, architecture: value.architecture, variant };
}

function readTexts(value: unknown): { readonly [name: string]: string } {
  if (!isObject(value)) return {};
  return Object.fromEntries(
    Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === "string"),
  );
}

/** True for a digest that can be checked and written. */
export function isDigest(text: string): boolean {
  return /^sha256:[a-f0-9]{64}$/.test(text) || /^sha512:[a-f0-9]{128}$/.test(text);
}

/** The digest of bytes, by the algorithm of another digest. Node 20 and browsers have the same `crypto`. */
export async function digestOf(bytes: Uint8Array, like = "sha256:"): Promise<string> {
  const [name, algorithm] = like.startsWith("sha512:")
    ? (["sha512", "SHA-512"] as const)
    : (["sha256", "SHA-256"] as const);
  const hash = new Uint8Array(await crypto.subtle.digest(algorithm, bytes as Uint8Array<ArrayBuffer>));
  return `${name}:${Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}

function isObject(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isThere<T>(value: T | null): value is T {
  return value !== null;
}
