/** Where a repository is asked for: the registry's own address, and mirrors in front of it. */
import type { ImageReference } from "../core/image/reference";

/** One address of one repository. */
export interface Endpoint {
  /** `https://registry-1.docker.io`, without a slash at the end. */
  readonly origin: string;
  /** Host with its port where one is written: whose credentials count. */
  readonly host: string;
  /** Path of the repository there: `library/node`. */
  readonly path: string;
}

/** What the user says about registries. */
export interface EndpointSettings {
  /**
   * Prefixes of images (`docker.io`, `docker.io/library`) and the prefixes to ask instead, in their order
   * (`mirror.corp/hub`). The longest prefix that fits counts. What no mirror answers the registry itself is asked.
   */
  readonly mirrors: ReadonlyMap<string, readonly string[]>;
  /** Hosts (with port) that may be asked without TLS. Loopback always may. */
  readonly insecure: readonly string[];
}

/** No mirrors, TLS everywhere. */
export const plainEndpoints: EndpointSettings = { mirrors: new Map(), insecure: [] };

/** A text that is the same for settings with the same effect. */
export function settingsKey({ mirrors, insecure }: EndpointSettings, authorities: readonly string[]): string {
  return JSON.stringify([[...mirrors], insecure, authorities]);
}

/** The addresses to ask for a repository, the best one first. */
export function endpointsOf(
  { registry, path }: Pick<ImageReference, "registry" | "path">,
  settings: EndpointSettings,
): readonly Endpoint[] {
  const whole = `${registry}/${path}`;
  const mirrors = mirrorsOf(whole, settings.mirrors).map((prefix) => endpointAt(prefix, settings));
  return [...mirrors.filter((one) => one !== null), own(registry, path, settings)];
}

/** True for addresses of this very computer. */
export function isLoopback(host: string): boolean {
  const name = host.startsWith("[") ? host.slice(0, host.indexOf("]") + 1) : host.replace(/:\d+$/, "");
  return /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/i.test(name);
}

/** True where plain HTTP is allowed. */
export function mayBePlain(host: string, { insecure }: EndpointSettings): boolean {
  return isLoopback(host) || insecure.includes(host);
}

function own(registry: string, path: string, settings: EndpointSettings): Endpoint {
  // Docker Hub's registry answers under another name than the one in references.
  const host = registry === "docker.io" ? "registry-1.docker.io" : registry;
  return { origin: originOf(host, settings), host, path };
}

function originOf(host: string, settings: EndpointSettings): string {
  return `${mayBePlain(host, settings) ? "http" : "https"}://${host}`;
}

/** The mirrored prefixes, with what follows the prefix put behind them. */
function mirrorsOf(whole: string, mirrors: EndpointSettings["mirrors"]): readonly string[] {
  let best: string | null = null;
  for (const prefix of mirrors.keys()) {
    const clean = trimSlash(prefix);
    if (whole !== clean && !whole.startsWith(`${clean}/`)) continue;
    if (best === null || clean.length > trimSlash(best).length) best = prefix;
  }
  if (best === null) return [];
  const rest = whole.slice(trimSlash(best).length);
  return (mirrors.get(best) ?? []).map((target) => `${trimSlash(target)}${rest}`);
}

/** A mirror's address; null where it is none, or wants plain HTTP without being listed. */
function endpointAt(text: string, settings: EndpointSettings): Endpoint | null {
  const match = /^(?:(https?):\/\/)?([^/]+)\/(.+)$/.exec(text);
  const [, scheme, host, path] = match ?? [];
  if (host === undefined || path === undefined || !/^(?:\[[a-fA-F0-9:]+\]|[\w.-]+)(?::\d+)?$/.test(host)) return null;
  if (scheme === "http" && !mayBePlain(host, settings)) return null;
  return { origin: scheme === undefined ? originOf(host, settings) : `${scheme}://${host}`, host, path };
}

function trimSlash(text: string): string {
  return text.replace(/\/+$/, "");
}
