/** The catalogue with what registries said laid over it: who runs in an image, and how large it is. */
import type { ImageReference } from "../image/reference";
import type { RegistryFacts, RemoteImage } from "../image/registry";
import { compareNumbers, readTag } from "../image/tag";
import type { Catalogue, DefaultUser, ImageFacts, RepositoryFacts } from "./types";

/**
 * A catalogue that asks the registry about images of which it does not know for sure who runs in them or how large they
 * are. What it answers holds for what `registry` knows now: a host makes a new one when it learnt something.
 */
export function withRegistry(catalogue: Catalogue, registry: RegistryFacts): Catalogue {
  const answers = new Map<string, ImageFacts | null>();
  return {
    ...catalogue,
    image(reference) {
      const known = answers.get(reference.text);
      if (known !== undefined) return known;
      const facts = catalogue.image(reference);
      const isSure = facts?.user?.verified === true && facts.size !== null;
      const remote = isSure || reference.path === "scratch" ? null : registry.image(reference);
      const made = remote ? overlay(facts ?? bareFacts(reference), remote) : facts;
      answers.set(reference.text, made);
      return made;
    },
  };
}

function overlay(facts: ImageFacts, remote: RemoteImage): ImageFacts {
  const isUsual = remote.platform === "linux/amd64";
  return {
    ...facts,
    user: userOf(facts.user, remote),
    // All other figures are for this platform; another one's would be compared with them.
    size: isUsual ? { bytes: remote.size, kind: "measured", tag: facts.tag } : facts.size,
    windows: facts.windows || remote.platform.startsWith("windows/"),
  };
}

/**
 * Who runs. That an image declares root says little where it has an entrypoint, which may drop to another user, as those
 * of databases do; then it is not known.
 */
function userOf(known: DefaultUser | null, { user, hasEntrypoint, platform }: RemoteImage): DefaultUser | null {
  const [name = ""] = user.split(":");
  const isRoot = /^(?:root|0+)?$/i.test(name);
  if (!isRoot) return { runsAs: name, how: "declared", ready: null, caveat: null, verified: true };
  if (known && /^(?:root|0+)$/i.test(known.runsAs)) return known;
  if (hasEntrypoint || platform.startsWith("windows/")) return null;
  return { runsAs: "root", how: "none", ready: null, caveat: null, verified: true };
}

function bareFacts({ repository, tag }: ImageReference): ImageFacts {
  const own: RepositoryFacts = {
    name: repository,
    official: false,
    label: repository,
    deprecation: null,
    hasLatest: true,
    isSystem: false,
  };
  return {
    repository: own,
    tag: tag ?? "latest",
    known: true,
    aliases: [tag ?? "latest"],
    version: null,
    variants: [],
    line: null,
    ends: [],
    dropped: null,
    size: null,
    distribution: null,
    user: null,
    windows: false,
    lts: null,
  };
}

/** A catalogue whose tags are those of the registry, newest first, where it said which there are. For completion. */
export function withRegistryTags(catalogue: Catalogue, registry: RegistryFacts): Catalogue {
  return {
    ...catalogue,
    tags(reference) {
      const tags = registry.tags(reference);
      return tags ? newestFirst(tags) : catalogue.tags(reference);
    },
  };
}

/** Versions from the newest down, names after them. */
function newestFirst(tags: readonly string[]): readonly string[] {
  return tags
    .map((text, index) => ({ text, index, parts: readTag(text) }))
    .sort((a, b) => {
      const byKind = Number(a.parts.version === null) - Number(b.parts.version === null);
      return byKind || compareNumbers(b.parts.numbers, a.parts.numbers) || a.index - b.index;
    })
    .map(({ text }) => text);
}
