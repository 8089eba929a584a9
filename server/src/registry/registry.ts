/** A client with a memory: what was learnt is kept for a while, between runs too, and asked once at a time. */
import type { RemoteImage } from "../core/image/registry";
import { createClient, type RegistryClient, type Repository } from "./client";
import { readImageConfig } from "./content";
import { type EndpointSettings, endpointsOf } from "./endpoint";
import { asFault, type RegistryFault } from "./faults";
import { platformText, preferredManifest } from "./platforms";
import type { RegistryPorts } from "./ports";
import { createSingleFlight } from "./single-flight";

/** An answer, or why there is none. `null` as a value: the registry has no such thing. */
export type Answer<T> =
  | {
      readonly ok: true;
      readonly value: T | null /** When it was given, milliseconds since 1970. */;
      readonly at: number;
    }
  | { readonly ok: false; readonly fault: RegistryFault };

/** Milliseconds that an answer may be old. Zero: ask now. */
export type Age = number;

/** For what is shown by the way: what a tag points to changes a few times a month. */
export const anyDay: Age = 6 * 60 * 60_000;

/** Asks registries. Nothing here rejects. */
export interface Registry {
  readonly client: RegistryClient;
  /** The digest of a tag: of the index where there is one. */
  digest(repository: Repository, tag: string, age: Age, signal: AbortSignal): Promise<Answer<string>>;
  tags(repository: Repository, age: Age, signal: AbortSignal): Promise<Answer<readonly string[]>>;
  /** An image by tag or digest. What a digest names never changes, so its age does not count. */
  image(repository: Repository, reference: string, age: Age, signal: AbortSignal): Promise<Answer<RemoteImage>>;
}

interface Kept {
  readonly at: number;
  readonly value: unknown;
}

/** Answers that are kept in memory; the oldest go first. */
const mostKept = 2000;

export function createRegistry(ports: RegistryPorts, settings: EndpointSettings): Registry {
  const client = createClient(ports, settings);
  const memory = new Map<string, Kept>();
  const flight = createSingleFlight();

  const keep = (key: string, kept: Kept): void => {
    memory.delete(key);
    memory.set(key, kept);
    for (const oldest of memory.keys()) {
      if (memory.size <= mostKept) break;
      memory.delete(oldest);
    }
  };

  const recall = async (key: string, age: Age): Promise<Kept | null> => {
    const isFresh = (kept: Kept): boolean => kept.at + age > ports.now() && kept.at <= ports.now();
    const known = memory.get(key);
    if (known && isFresh(known)) return known;
    if (age === 0) return null;
    const stored = readKept(await ports.store?.read(key).catch(() => null));
    if (!stored || !isFresh(stored)) return null;
    keep(key, stored);
    return stored;
  };

  const answer = <T>(
    kind: string,
    repository: Repository,
    what: string,
    age: Age,
    signal: AbortSignal,
    learn: (signal: AbortSignal) => Promise<T>,
  ): Promise<Answer<T>> => {
    // Another mirror may say another thing.
    const address = endpointsOf(repository, settings).map((one) => `${one.origin}/${one.path}`);
    const key = `${kind} ${address.join(" ")} ${what}`;
    const ask = async (own: AbortSignal): Promise<Answer<T>> => {
      const known = await recall(key, age);
      if (known) return { ok: true, value: known.value as T | null, at: known.at };
      try {
        const kept: Kept = { at: ports.now(), value: await learn(own) };
        keep(key, kept);
        void ports.store?.write(key, JSON.stringify(kept)).catch(() => undefined);
        return { ok: true, value: kept.value as T, at: kept.at };
      } catch (error) {
        const fault = asFault(error);
        // That something is not there is an answer, but not one to keep: it may be there in a minute.
        return fault.kind === "missing" ? { ok: true, value: null, at: ports.now() } : { ok: false, fault };
      }
    };
    return flight(`${key} ${age}`, signal, ask).catch((error: unknown) => ({ ok: false, fault: asFault(error) }));
  };

  return {
    client,
    digest: (repository, tag, age, signal) =>
      answer("digest", repository, tag, age, signal, (own) => client.digest(repository, tag, own)),
    tags: (repository, age, signal) =>
      answer("tags", repository, "", age, signal, (own) => client.tags(repository, own)),
    image: (repository, reference, age, signal) =>
      answer("image", repository, reference, reference.includes(":") ? Number.POSITIVE_INFINITY : age, signal, (own) =>
        readImage(client, repository, reference, own),
      ),
  };
}

/** Index, manifest, configuration: what an image is for, who runs in it, how large it is. */
async function readImage(
  client: RegistryClient,
  repository: Repository,
  reference: string,
  signal: AbortSignal,
): Promise<RemoteImage> {
  const top = await client.manifest(repository, reference, signal);
  const chosen = top.manifests ? preferredManifest(top.manifests) : null;
  const manifest = chosen ? await client.manifest(repository, chosen.digest, signal) : top;
  const config = manifest.config
    ? readImageConfig(await client.blob(repository, manifest.config.digest, signal))
    : null;
  const own = platformText(config?.platform ?? { os: "linux", architecture: "amd64", variant: null });
  const listed = (top.manifests ?? []).flatMap(({ platform }) =>
    platform && platform.os !== "unknown" ? [platformText(platform)] : [],
  );
  return {
    digest: top.digest,
    platforms: top.manifests ? [...new Set(listed)] : [own],
    manifests: (top.manifests ?? []).map(({ digest }) => digest),
    platform: chosen?.platform ? platformText(chosen.platform) : own,
    user: config?.user ?? "",
    hasEntrypoint: config?.hasEntrypoint ?? true,
    size: manifest.layers.reduce((sum, layer) => sum + layer.size, 0),
    created: /^\d{4}-\d{2}-\d{2}/.exec(config?.created ?? "")?.[0] ?? null,
  };
}

function readKept(text: string | null | undefined): Kept | null {
  try {
    const kept: unknown = text ? JSON.parse(text) : null;
    if (typeof kept !== "object" || kept === null || !("at" in kept) || !("value" in kept)) return null;
    return typeof kept.at === "number" ? { at: kept.at, value: kept.value } : null;
  } catch {
    return null;
  }
}
