/** Owners that COPY and ADD give with `--chown`. Source: BuildKit, dockerfile2llb/convert_copy.go (chownByName). */
import type { Flag } from "./types";

/** True for numbers and root, which the builder knows without looking into an image: `1000`, `0:0`, `root:1000`. */
export function isKnownOwner(owner: string): boolean {
  return /^(?:\d+|root)?(?::(?:\d+|root)?)?$/.test(owner);
}

/** True for a COPY or ADD with `--link`: its files lie in a layer of their own, where no names of accounts are known. */
export function isLinked(flags: readonly Flag[]): boolean {
  const link = flags.find(({ name }) => name === "link");
  return link !== undefined && link.value?.value?.toLowerCase() !== "false";
}
