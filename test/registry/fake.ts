/** A registry on loopback that does as it is told, and writes down every request: for what a real one will not do. */
import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach } from "vitest";

export interface Request {
  readonly method: string;
  /** With the query. */
  readonly path: string;
  readonly authorization: string | null;
  readonly accept: string;
  readonly body: string;
}

export interface Reply {
  readonly status: number;
  readonly headers?: { readonly [name: string]: string };
  readonly body?: string | Buffer;
}

/** Looks at a request first; null: the registry goes on as usual. A promise that never resolves: no answer. */
export type Whim = (request: Request, base: string) => Reply | null | Promise<Reply | null>;

export interface FakeRegistry {
  /** `127.0.0.1:4711`. */
  readonly host: string;
  readonly base: string;
  readonly requests: Request[];
  /** Tells what to do from now on. */
  whim: Whim;
  /** Requests of a kind: `HEAD /v2/…`. */
  count(method: string, path: RegExp): number;
  /** Puts an image with two platforms under a tag; answers with the digest of its index. */
  push(repository: string, tag: string, image?: FakeImage): string;
}

export interface FakeImage {
  readonly user?: string;
  readonly layerSize?: number;
  readonly platforms?: readonly string[];
  readonly entrypoint?: readonly string[];
  /** Something that makes the image differ from others. */
  readonly mark?: string;
  /** False: no index in front. */
  readonly index?: boolean;
}

const servers: Server[] = [];

afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

/** Starts one; it ends with the test. */
export async function startFake(whim: Whim = () => null): Promise<FakeRegistry> {
  const content = new Map<string, { readonly type: string; readonly bytes: Buffer }>();
  const tags = new Map<string, Map<string, string>>();
  const requests: Request[] = [];
  const put = (type: string, value: unknown): { digest: string; size: number } => {
    const bytes = Buffer.from(JSON.stringify(value));
    const digest = `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
    content.set(digest, { type, bytes });
    return { digest, size: bytes.length };
  };
  const answer = (request: Request): Reply => {
    const path = decodeURIComponent(request.path.split("?")[0] ?? "");
    if (path === "/v2/") return { status: 200, body: "{}" };
    const list = /^\/v2\/(.+)\/tags\/list$/.exec(path);
    if (list) return listTags(tags.get(list[1] ?? ""), request.path, list[1] ?? "");
    const found = /^\/v2\/(.+)\/(?:manifests|blobs)\/([^/]+)$/.exec(path);
    const digest = tags.get(found?.[1] ?? "")?.get(found?.[2] ?? "") ?? found?.[2] ?? "";
    const piece = content.get(digest);
    if (!piece) return { status: 404, body: '{"errors":[]}' };
    return {
      status: 200,
      headers: { "content-type": piece.type, "docker-content-digest": digest },
      body: piece.bytes,
    };
  };
  const server = createServer((incoming, outgoing) => void serve(incoming, outgoing));
  const serve = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const request: Request = {
      method: incoming.method ?? "",
      path: incoming.url ?? "",
      authorization: incoming.headers.authorization ?? null,
      accept: incoming.headers.accept ?? "",
      body: Buffer.concat(chunks).toString(),
    };
    requests.push(request);
    const reply = (await fake.whim(request, fake.base)) ?? answer(request);
    outgoing.writeHead(reply.status, reply.headers);
    outgoing.end(request.method === "HEAD" ? undefined : reply.body);
  };
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  servers.push(server);
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const fake: FakeRegistry = {
    host,
    base: `http://${host}`,
    requests,
    whim,
    count: (method, path) => requests.filter((one) => one.method === method && path.test(one.path)).length,
    push(repository, tag, image = {}) {
      const top = pushImage(put, image);
      const own = tags.get(repository) ?? new Map<string, string>();
      tags.set(repository, own.set(tag, top));
      return top;
    },
  };
  return fake;
}

function pushImage(put: (type: string, value: unknown) => { digest: string; size: number }, image: FakeImage): string {
  const { user = "", layerSize = 1000, platforms = ["linux/amd64", "linux/arm64/v8"], mark = "", entrypoint } = image;
  const manifestType = "application/vnd.oci.image.manifest.v1+json";
  const manifests = platforms.map((text) => {
    const [os = "", architecture = "", variant] = text.split("/");
    const platform = { os, architecture, ...(variant ? { variant } : {}) };
    const config = { User: user, Env: ["PATH=/bin"], ...(entrypoint ? { Entrypoint: entrypoint } : {}) };
    const blob = put("application/json", { ...platform, created: "2026-08-21T10:00:00Z", config, mark });
    const layer = { mediaType: "application/vnd.oci.image.layer.v1.tar+gzip", digest: `sha256:${"1".repeat(64)}` };
    const manifest = put(manifestType, {
      schemaVersion: 2,
      mediaType: manifestType,
      config: { mediaType: "application/vnd.oci.image.config.v1+json", ...blob },
      layers: [{ ...layer, size: layerSize }],
    });
    return { mediaType: manifestType, ...manifest, platform };
  });
  if (image.index === false) return manifests[0]?.digest ?? "";
  const indexType = "application/vnd.oci.image.index.v1+json";
  return put(indexType, { schemaVersion: 2, mediaType: indexType, manifests }).digest;
}

/** Pages as the specification has them: `n` and `last`, and a link to the next one. */
function listTags(tags: ReadonlyMap<string, string> | undefined, path: string, name: string): Reply {
  if (!tags) return { status: 404, body: "{}" };
  const query = new URLSearchParams(path.split("?")[1]);
  const all = [...tags.keys()].sort();
  const last = query.get("last");
  const start = last === null ? 0 : all.indexOf(last) + 1;
  // Registries may give fewer than was asked for.
  const page = all.slice(start, start + Math.min(Number(query.get("n") ?? 1000), 3));
  const more = start + page.length < all.length;
  const next = `/v2/${name}/tags/list?n=3&last=${page.at(-1)}`;
  return {
    status: 200,
    headers: { "content-type": "application/json", ...(more ? { link: `<${next}>; rel="next"` } : {}) },
    body: JSON.stringify({ name, tags: page }),
  };
}

/** A whim: tokens as Docker Hub wants them. Answers at `/token` of the same address. */
export function wantsToken(allowed: (authorization: string | null, body: string) => boolean = () => true): Whim {
  return ({ path, authorization, body }, base) => {
    const [where] = path.split("?");
    if (where === "/token") {
      if (!allowed(authorization, body)) return { status: 401, body: "{}" };
      const scope = new URLSearchParams(path.split("?")[1] ?? body).get("scope");
      return { status: 200, body: JSON.stringify({ token: `token-for-${scope}`, expires_in: 300 }) };
    }
    const repository = /^\/v2\/(.+)\/(?:manifests|blobs|tags|referrers)\//.exec(path)?.[1];
    if (repository && authorization === `Bearer token-for-repository:${repository}:pull`) return null;
    return { status: 401, headers: { "www-authenticate": `Bearer realm="${base}/token",service="fake"` }, body: "{}" };
  };
}

/** A whim that forgets: the first matching requests get the reply, then all goes on. */
export function times(count: number, path: RegExp, reply: Reply): Whim {
  let left = count;
  return (request) => {
    if (left === 0 || !path.test(request.path)) return null;
    left--;
    return reply;
  };
}
