/** Puts signatures beside images of the fake registry. */
import { createHash } from "node:crypto";
import type { FakeRegistry, Reply } from "../registry/fake";

const manifestType = "application/vnd.oci.image.manifest.v1+json";
const indexType = "application/vnd.oci.image.index.v1+json";

export interface Attached {
  /** cosign's older form: payloads with their annotations, under the tag of a digest. */
  tag(digest: string, signatures: readonly { payload: Buffer; annotations: { [name: string]: string } }[]): void;
  /** A referrer of a digest with one layer. */
  refer(digest: string, artifactType: string, layer: Buffer, layerType?: string): void;
}

/** `referrers: false`: the registry does not know that question, and an index under a tag stands in. */
export function attachTo(fake: FakeRegistry, repository: string, referrers = true): Attached {
  const replies = new Map<string, Reply>();
  const listed = new Map<string, unknown[]>();
  const put = (bytes: Buffer, type: string, tag?: string): { digest: string; size: number; mediaType: string } => {
    const digest = `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
    const reply = { status: 200, headers: { "content-type": type, "docker-content-digest": digest }, body: bytes };
    for (const where of ["manifests", "blobs"]) replies.set(`/v2/${repository}/${where}/${digest}`, reply);
    if (tag) replies.set(`/v2/${repository}/manifests/${tag}`, reply);
    return { digest, size: bytes.length, mediaType: type };
  };
  const json = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));
  const empty = put(Buffer.from("{}"), "application/vnd.oci.empty.v1+json");
  const manifest = (layers: readonly unknown[], more: object = {}): Buffer =>
    json({ schemaVersion: 2, mediaType: manifestType, config: empty, layers, ...more });
  const before = fake.whim;
  fake.whim = (request, base) => replies.get(request.path) ?? before(request, base);
  return {
    tag(digest, signatures) {
      const type = "application/vnd.dev.cosign.simplesigning.v1+json";
      const layers = signatures.map(({ payload, annotations }) => ({ ...put(payload, type), annotations }));
      put(manifest(layers), manifestType, `${digest.replace(":", "-")}.sig`);
    },
    refer(digest, artifactType, layer, layerType = artifactType) {
      const made = put(manifest([put(layer, layerType)], { artifactType }), manifestType);
      const all = [...(listed.get(digest) ?? []), { ...made, artifactType }];
      listed.set(digest, all);
      const index = json({ schemaVersion: 2, mediaType: indexType, manifests: all });
      if (referrers) {
        const reply = { status: 200, headers: { "content-type": indexType }, body: index };
        replies.set(`/v2/${repository}/referrers/${digest}`, reply);
      } else put(index, indexType, digest.replace(":", "-"));
    },
  };
}
