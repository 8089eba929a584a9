/** Answers of registries as facts for the engine: questions are noted while it works and asked afterwards. */
import type { ImageReference } from "../core/image/reference";
import type { RegistryFacts } from "../core/image/registry";
import { type Asking, createNotebook } from "./asking";
import { type Age, anyDay, type Registry } from "./registry";

export interface AskingFacts extends RegistryFacts, Asking {}

/** Facts that know what `registry` says. `age`: how old an answer may be. */
export function createRegistryFacts(registry: Registry, now: () => number, age: Age = anyDay): AskingFacts {
  const notes = createNotebook(now, age);
  return Object.assign(notes, {
    digest: (reference: ImageReference) =>
      notes.look(`digest ${nameOf(reference)}:${tagOf(reference)}`, (signal) =>
        registry.digest(reference, tagOf(reference), age, signal),
      ),
    tags: (reference: ImageReference) =>
      notes.look(`tags ${nameOf(reference)}`, (signal) => registry.tags(reference, age, signal)),
    image(reference: ImageReference) {
      const which = reference.digest ?? tagOf(reference);
      return notes.look(`image ${nameOf(reference)} ${which}`, (signal) =>
        registry.image(reference, which, age, signal),
      );
    },
  });
}

function tagOf({ tag }: ImageReference): string {
  return tag ?? "latest";
}

/** The repository as a key. */
export function nameOf({ registry, path }: Pick<ImageReference, "registry" | "path">): string {
  return `${registry}/${path}`;
}
