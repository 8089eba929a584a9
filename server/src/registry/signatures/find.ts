/**
 * What was signed about an image, as its registry has it. Two places: the tag `sha256-<hex>.sig`, where cosign used to put
 * signatures (cosign's SIGNATURE_SPEC), and the referrers of the image's digest, where it puts bundles now (Sigstore's
 * bundle specification, OCI distribution 1.1). Nothing here is believed: whatever a registry says may be forged.
 */
import type { RegistryClient, Repository } from "../client";
import type { Descriptor, Manifest } from "../content";
import { asFault } from "../faults";
import { parseJson } from "../json";

/** One signature, not checked. */
export type FoundSignature =
  | {
      /** cosign's older form: a small document that names the digest, signed as it is. */
      readonly kind: "payload";
      readonly payload: Uint8Array;
      /** Signature, certificate and log entry, as annotations. */
      readonly annotations: { readonly [name: string]: string };
    }
  | {
      /** Sigstore's bundle: signature, certificate or key, log entries. */
      readonly kind: "bundle";
      readonly bundle: unknown;
    }
  /** Notation's, which is named and not checked. */
  | { readonly kind: "notation" };

export const artifactTypes = {
  bundle: "application/vnd.dev.sigstore.bundle",
  cosign: "application/vnd.dev.cosign.artifact.sig.v1+json",
  notation: "application/vnd.cncf.notary.signature",
} as const;

const payloadType = "application/vnd.dev.cosign.simplesigning.v1+json";
/** Signatures that are looked at; an image that was signed in every build has many. */
const mostSignatures = 40;
/** Bytes of one signature. */
const mostBytes = 1 << 20;

/** Everything that is there; rejects with a `RegistryFault` where the registry gave no answer. */
export async function findSignatures(
  client: RegistryClient,
  repository: Repository,
  digest: string,
  signal: AbortSignal,
): Promise<readonly FoundSignature[]> {
  const found: FoundSignature[] = [];
  const tagged = await unlessMissing(client.manifest(repository, `${digest.replace(":", "-")}.sig`, signal));
  if (tagged) found.push(...(await payloadsOf(client, repository, tagged, signal)));
  for (const referrer of (await client.referrers(repository, digest, signal)).slice(0, mostSignatures)) {
    if (found.length >= mostSignatures) break;
    const kind = kindOf(referrer);
    if (kind === "notation") found.push({ kind });
    if (kind !== "bundle" && kind !== "cosign") continue;
    const manifest = await unlessMissing(client.manifest(repository, referrer.digest, signal));
    if (!manifest) continue;
    const read = kind === "bundle" ? bundlesOf : payloadsOf;
    found.push(...(await read(client, repository, manifest, signal)));
  }
  return found;
}

function kindOf({ artifactType }: Descriptor): "bundle" | "cosign" | "notation" | null {
  if (artifactType === null) return null;
  if (artifactType.startsWith(artifactTypes.bundle)) return "bundle";
  if (artifactType === artifactTypes.cosign) return "cosign";
  return artifactType === artifactTypes.notation ? "notation" : null;
}

async function payloadsOf(
  client: RegistryClient,
  repository: Repository,
  { layers }: Manifest,
  signal: AbortSignal,
): Promise<readonly FoundSignature[]> {
  const found: FoundSignature[] = [];
  for (const { mediaType, digest, size, annotations } of layers.slice(0, mostSignatures)) {
    if (mediaType !== payloadType || size > mostBytes) continue;
    const payload = await unlessMissing(client.blob(repository, digest, signal));
    if (payload) found.push({ kind: "payload", payload, annotations });
  }
  return found;
}

async function bundlesOf(
  client: RegistryClient,
  repository: Repository,
  { layers }: Manifest,
  signal: AbortSignal,
): Promise<readonly FoundSignature[]> {
  const layer = layers.find(({ mediaType }) => mediaType.startsWith(artifactTypes.bundle));
  if (!layer || layer.size > mostBytes) return [];
  const bytes = await unlessMissing(client.blob(repository, layer.digest, signal));
  return bytes ? [{ kind: "bundle", bundle: parseJson(new TextDecoder().decode(bytes)) }] : [];
}

/** That something is not there is an answer. */
async function unlessMissing<T>(promise: Promise<T>): Promise<T | null> {
  try {
    return await promise;
  } catch (error) {
    if (asFault(error).kind === "missing") return null;
    throw error;
  }
}
