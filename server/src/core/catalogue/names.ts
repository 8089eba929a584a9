/** Which repository a reference means, whatever registry it is pulled through. */
import type { ImageReference } from "../image/reference";

/** Registries that serve Docker Hub under the same paths. Others may hold anything, so they are never taken for it. */
const dockerHubs: readonly string[] = [
  "docker.io",
  "index.docker.io",
  "registry-1.docker.io",
  "registry.hub.docker.com",
  "mirror.gcr.io",
];

/** Where Amazon's public registry keeps its copies of the official images. */
const amazonCopies = "docker/library/";

/**
 * The name under which the catalogue knows a repository: `node` for `docker.io/library/node`,
 * `public.ecr.aws/docker/library/node` and `node`; `prom/prometheus`; registry and path for all others.
 */
export function canonicalName(reference: Pick<ImageReference, "registry" | "path">): string {
  const { registry, path } = reference;
  if (dockerHubs.includes(registry)) return path.startsWith("library/") ? path.slice("library/".length) : path;
  if (registry === "public.ecr.aws" && path.startsWith(amazonCopies)) return path.slice(amazonCopies.length);
  return `${registry}/${path}`;
}
