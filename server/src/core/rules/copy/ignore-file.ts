/** Which .dockerignore counts for a Dockerfile. */
import type { Facts } from "../../rule";
import { baseName } from "./copies";

/**
 * The text of the ignore file: `<name of the Dockerfile>.dockerignore` where there is one, else `.dockerignore`. Null when
 * there is none, undefined when not known.
 */
export function ignoreFileText(facts: Facts, path: string): string | null | undefined {
  const own = facts.file(`${baseName(path)}.dockerignore`);
  return typeof own === "string" ? own : facts.file(".dockerignore");
}
