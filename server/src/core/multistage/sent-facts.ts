/** Facts about the build context as the builder gets it: without what the ignore file leaves out. */
import { ignoredFor } from "../context/ignored";
import type { Facts } from "../rule";

/** The facts through the ignore file of the Dockerfile at `path`; as they are where that is not known, or there is none. */
export function sentFacts(facts: Facts, path: string): Facts {
  const ignored = ignoredFor(facts, path)?.file;
  if (!ignored) return facts;
  return {
    file: (one) => (ignored.ignores(one) ? null : facts.file(one)),
    // What lies in a folder may be brought back by a later pattern, so a folder goes only with all of it.
    list: (folder) => facts.list(folder)?.filter((one) => !ignored.ignoresAll(one)),
  };
}
