/** What the ignore file of a Dockerfile keeps out of the build context. */
import type { Facts } from "../rule";
import { type IgnoreFile, readDockerignore } from "./dockerignore";

/** The ignore file that counts for a Dockerfile. */
export interface Ignored {
  /** Its path from the Dockerfile's folder; that of the usual one where there is none. */
  readonly path: string;
  /** Null when there is none. */
  readonly file: IgnoreFile | null;
}

/**
 * Finds the ignore file: `<name of the Dockerfile>.dockerignore` where there is one, else `.dockerignore`. Undefined when
 * not known. `path` is the Dockerfile's.
 */
export function ignoredFor(facts: Facts, path: string): Ignored | undefined {
  const own = `${path.slice(path.lastIndexOf("/") + 1)}.dockerignore`;
  const ownText = facts.file(own);
  if (typeof ownText === "string") return { path: own, file: readDockerignore(ownText) };
  const text = facts.file(".dockerignore");
  if (text === undefined) return undefined;
  return { path: ".dockerignore", file: text === null ? null : readDockerignore(text) };
}
