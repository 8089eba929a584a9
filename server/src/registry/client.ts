/**
 * The client of registries (OCI distribution specification 1.1): tags, digests, manifests, blobs, referrers. It asks
 * nothing by itself and keeps nothing but tokens; `registry.ts` puts memory in front of it.
 */
import type { ImageReference } from "../core/image/reference";
import { createAuthorizer } from "./authorize";
import {
  acceptManifests,
  type Descriptor,
  digestOf,
  isDigest,
  type Manifest,
  mediaTypes,
  readList,
  readManifest,
} from "./content";
import { type Endpoint, type EndpointSettings, endpointsOf } from "./endpoint";
import { ask, type Question } from "./exchange";
import { asFault, RegistryFault } from "./faults";
import type { HttpAnswer, RegistryPorts } from "./ports";
import { stopIfCancelled } from "./wait";

/** A repository: registry and path, as `parseReference` gives them. */
export type Repository = Pick<ImageReference, "registry" | "path">;

/** Every question rejects with a `RegistryFault`, and with no other thing. */
export interface RegistryClient {
  /** All tags, in the registry's order. */
  tags(repository: Repository, signal: AbortSignal): Promise<readonly string[]>;
  /** The digest behind a tag: of the index where there is one, else of the manifest. */
  digest(repository: Repository, tag: string, signal: AbortSignal): Promise<string>;
  /** A manifest or an index, by tag or digest; its bytes fit its digest. */
  manifest(repository: Repository, reference: string, signal: AbortSignal): Promise<Manifest>;
  /** A blob; its bytes fit its digest. */
  blob(repository: Repository, digest: string, signal: AbortSignal): Promise<Uint8Array>;
  /** What refers to a digest (signatures, attestations), by the referrers API or its tag fallback; may be empty. */
  referrers(repository: Repository, digest: string, signal: AbortSignal): Promise<readonly Descriptor[]>;
}

/** Bytes of one answer; manifests may have 4 MB by the specification, lists of tags are longer than that nowhere. */
const mostBytes = 8 << 20;
const mostPages = 100;

export function createClient(ports: RegistryPorts, settings: EndpointSettings): RegistryClient {
  const authorizer = createAuthorizer(ports, settings);

  /** Asks the addresses of a repository one after the other; the last one's fault counts. */
  const anywhere = async <T>(
    repository: Repository,
    signal: AbortSignal,
    run: (
      send: (question: Partial<Question> & { what: string }) => Promise<HttpAnswer>,
      endpoint: Endpoint,
    ) => Promise<T>,
  ): Promise<T> => {
    let last: RegistryFault | null = null;
    for (const endpoint of endpointsOf(repository, settings)) {
      stopIfCancelled(signal);
      const send = (question: Partial<Question> & { what: string }): Promise<HttpAnswer> =>
        ask(ports, authorizer, endpoint, { method: "GET", accept: acceptManifests, mostBytes, ...question }, signal);
      try {
        return await run(send, endpoint);
      } catch (error) {
        last = asFault(error);
        if (last.kind === "cancelled") throw last;
      }
    }
    throw last ?? new RegistryFault("offline", "There is no address to ask.");
  };

  const manifest: RegistryClient["manifest"] = (repository, reference, signal) =>
    anywhere(repository, signal, async (send, { host }) => {
      const answer = await send({ what: `manifests/${reference}` });
      const named = isDigest(reference) ? reference : answer.header("docker-content-digest");
      const digest = await digestOf(answer.body, named ?? undefined);
      if (named !== null && named !== digest) throw mismatch(host);
      return readManifest(answer.body, digest, answer.header("content-type"));
    });

  return {
    manifest,
    tags: (repository, signal) =>
      anywhere(repository, signal, async (send, endpoint) => {
        const tags: string[] = [];
        let what: string | null = "tags/list?n=1000";
        for (let page = 0; what !== null && page < mostPages; page++) {
          const answer = await send({ what, accept: "application/json" });
          tags.push(...readList(answer.body, "tags"));
          what = nextPage(endpoint, answer.header("link"));
        }
        return tags;
      }),
    digest: (repository, tag, signal) =>
      anywhere(repository, signal, async (send) => {
        const answer = await send({ method: "HEAD", what: `manifests/${tag}` });
        const digest = answer.header("docker-content-digest");
        if (digest !== null && isDigest(digest)) return digest;
        // Registries need not say it; then the manifest itself tells.
        const { body } = await send({ what: `manifests/${tag}` });
        return digestOf(body);
      }),
    blob: (repository, digest, signal) =>
      anywhere(repository, signal, async (send, { host }) => {
        const { body } = await send({ what: `blobs/${digest}`, accept: "*/*" });
        if ((await digestOf(body, digest)) !== digest) throw mismatch(host);
        return body;
      }),
    async referrers(repository, digest, signal) {
      try {
        return await anywhere(repository, signal, async (send) => {
          const { body } = await send({ what: `referrers/${digest}`, accept: mediaTypes.index });
          return readManifest(body, "", null).manifests ?? [];
        });
      } catch (error) {
        if (asFault(error).kind !== "missing") throw error;
      }
      try {
        return (await manifest(repository, digest.replace(":", "-"), signal)).manifests ?? [];
      } catch (error) {
        if (asFault(error).kind === "missing") return [];
        throw error;
      }
    },
  };
}

function mismatch(host: string): RegistryFault {
  return new RegistryFault("untrusted", `${host} sent something else than what the digest names.`);
}

/** The next page of a list (RFC 8288), at the registry's own address; null after the last one. */
function nextPage({ origin, path, host }: Endpoint, link: string | null): string | null {
  const target = /<([^>]*)>\s*;[^,]*\brel="?next\b/i.exec(link ?? "")?.[1];
  if (target === undefined) return null;
  let url: URL | null = null;
  try {
    url = new URL(target, `${origin}/v2/${path}/tags/list`);
  } catch {
    // Said below.
  }
  if (url?.origin !== origin) throw new RegistryFault("untrusted", `${host} names a next page that is not its own.`);
  return url.href;
}
