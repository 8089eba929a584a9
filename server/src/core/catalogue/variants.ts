/** The words of a tag that say what is in an image, and not when it was made. */
import type { TagParts } from "../image/tag";
import type { RepositoryLine } from "./format";

/** Whether the version in a tag is that of the product, and not that of something else in the image. */
export function hasVersion(parts: TagParts, line: RepositoryLine): boolean {
  return parts.version !== null && (parts.prefix === "" || parts.prefix === "v" || parts.prefix === line.prefix);
}

/** The variants of a tag, in a fixed order, without dates and words such as `latest`. */
export function variantsOf(parts: TagParts): readonly string[] {
  const words = parts.variants.filter((word) => !movingWords.has(word) && !/^\d{8}$/.test(word));
  return words.sort((a, b) => lastVariants.indexOf(a) - lastVariants.indexOf(b));
}

/** Words of tags that say when, not what. */
const movingWords: ReadonlySet<string> = new Set([
  "latest",
  "lts",
  "current",
  "stable",
  "oldstable",
  "oldoldstable",
  "testing",
  "mainline",
  "rolling",
  "edge",
  "innovation",
]);

/** In the order in which tags are mostly written: what it holds, then how small it is. */
const lastVariants: readonly string[] = ["slim", "minimal", "micro", "chiseled", "distroless", "extra", "alpine"];
