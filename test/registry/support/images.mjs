// Puts small images into a registry by plain HTTP: an index with two platforms, or one manifest.
import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";

const manifestType = "application/vnd.oci.image.manifest.v1+json";
const indexType = "application/vnd.oci.image.index.v1+json";
// An empty archive: two blocks of zeros.
const archive = Buffer.alloc(1024);

/** What puts blobs and manifests into a repository; both answer with a descriptor. */
export function pusherTo(base, repository, authorization) {
  const headers = authorization === undefined ? {} : { authorization };
  const send = async (method, path, body, type, wanted) => {
    const url = new URL(path, base);
    const options = { method, headers: { ...headers, ...(type ? { "content-type": type } : {}) } };
    const answer = await fetch(url, body === undefined ? options : { ...options, body });
    if (answer.status !== wanted) throw new Error(`${method} ${url}: HTTP ${answer.status}, wanted ${wanted}`);
    return answer;
  };
  const putBlob = async (bytes) => {
    const digest = digestOf(bytes);
    const begun = await send("POST", `/v2/${repository}/blobs/uploads/`, undefined, undefined, 202);
    const place = new URL(begun.headers.get("location"), base);
    place.searchParams.set("digest", digest);
    await send("PUT", place, bytes, "application/octet-stream", 201);
    return { digest, size: bytes.length };
  };
  const putManifest = async (reference, type, value) => {
    const bytes = Buffer.from(JSON.stringify(value));
    const name = reference ?? digestOf(bytes);
    await send("PUT", `/v2/${repository}/manifests/${name}`, bytes, type, 201);
    return { mediaType: type, digest: digestOf(bytes), size: bytes.length };
  };
  return { putBlob, putManifest };
}

/** Pushes an image under some tags; `mark` makes it differ from others. Answers with the digest of what the tags point to. */
export async function pushImage(base, repository, tags, { mark = "", user = "", index = true, authorization } = {}) {
  const { putBlob, putManifest } = pusherTo(base, repository, authorization);
  const manifestFor = async (architecture) => {
    const config = {
      ...{ os: "linux", architecture, created: "2026-08-21T10:00:00Z", config: { User: user, Env: ["PATH=/bin"] } },
      rootfs: { type: "layers", diff_ids: [digestOf(archive)] },
      history: [{ created_by: mark }],
    };
    const layer = await putBlob(gzipSync(archive));
    return {
      ...{ schemaVersion: 2, mediaType: manifestType },
      config: {
        mediaType: "application/vnd.oci.image.config.v1+json",
        ...(await putBlob(Buffer.from(JSON.stringify(config)))),
      },
      layers: [{ mediaType: "application/vnd.oci.image.layer.v1.tar+gzip", ...layer }],
    };
  };
  if (!index) {
    const manifest = await manifestFor("amd64");
    for (const tag of tags) await putManifest(tag, manifestType, manifest);
    return digestOf(Buffer.from(JSON.stringify(manifest)));
  }
  const manifests = [];
  for (const architecture of ["amd64", "arm64"]) {
    const pushed = await putManifest(null, manifestType, await manifestFor(architecture));
    manifests.push({ ...pushed, platform: { os: "linux", architecture } });
  }
  const top = { schemaVersion: 2, mediaType: indexType, manifests };
  for (const tag of tags) await putManifest(tag, indexType, top);
  return digestOf(Buffer.from(JSON.stringify(top)));
}

function digestOf(bytes) {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}
