/** Patterns for images, as people write them into policies: registries, teams' folders, repositories, tags. */
import type { ImageReference } from "./reference";

/** Tells whether a pattern covers an image. */
export type ImagePattern = (reference: ImageReference) => boolean;

/**
 * A pattern for registries: `docker.io`, `ghcr.io/our-team`, `*.example.com`. A path narrows it down; `*` stands for any
 * characters. `hub.docker.com` is what people read in their browser for docker.io.
 */
export function registryPattern(entry: string): ImagePattern {
  const plain = entry
    .trim()
    .replace(/^https?:\/\//, "")
    .replace(/\/+$/, "")
    .replace(/^(?:hub\.docker\.com|index\.docker\.io|registry\.hub\.docker\.com)(?=\/|$)/, "docker.io");
  const pattern = globPattern(plain);
  if (!pattern) return () => false;
  const hasPath = plain.includes("/");
  return ({ registry, path }) => {
    if (!hasPath) return pattern.test(registry);
    const whole = `${registry}/${path}`;
    return pattern.test(whole) || whole.startsWith(`${plain}/`);
  };
}

/**
 * A pattern for images, written as an image is: `node`, `node:24*`, `gcr.io/distroless/*`, `ghcr.io/our-team`, `*.corp`.
 * Without a tag it covers all of them; a path covers what lies below it, and a host all that it has. A first part with a
 * dot or a port is a host, as it is for Docker; other names belong to Docker Hub.
 */
export function imagePattern(entry: string): ImagePattern {
  const plain = entry.trim().replace(/\/+$/, "");
  if (plain === "") return () => false;
  const slash = plain.lastIndexOf("/");
  if (plain === "*" || (slash < 0 && isHost(plain))) return registryPattern(plain);
  const colon = plain.indexOf(":", slash + 1);
  const name = registryPattern(withRegistry(colon < 0 ? plain : plain.slice(0, colon)));
  if (colon < 0) return name;
  const tag = globPattern(plain.slice(colon + 1));
  if (!tag) return () => false;
  return (reference) => name(reference) && tag.test(reference.tag ?? (reference.digest === null ? "latest" : ""));
}

/** A text in which `*` stands for any characters, as a pattern for whole texts; null where it is empty or too wild. */
export function globPattern(text: string): RegExp | null {
  const parts = text.split(/\*+/);
  // Many stars could make matching slow; nobody needs more than a few.
  if (text === "" || parts.length > mostParts) return null;
  return new RegExp(`^${parts.map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&")).join("[^]*")}$`);
}

const mostParts = 5;

/** `alpine:3.24` and `node:24` are images: a port stands behind a host name, which has a dot or is localhost. */
function isHost(text: string): boolean {
  const [name = ""] = text.split(":", 1);
  return name.includes(".") || name === "localhost";
}

function withRegistry(name: string): string {
  const slash = name.indexOf("/");
  const first = slash < 0 ? "" : name.slice(0, slash);
  if (slash >= 0 && (/[.:]/.test(first) || first === "localhost")) {
    return name.replace(/^docker\.io\/([^/]+)$/, "docker.io/library/$1");
  }
  return slash < 0 ? `docker.io/library/${name}` : `docker.io/${name}`;
}
