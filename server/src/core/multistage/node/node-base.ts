/** Images of Node.js to run a server in: the same one, or its slim sibling. */
import type { Catalogue } from "../../catalogue/types";
import { parseReference } from "../../image/reference";
import type { Build } from "../detect";

/** An image to run the server in. */
export interface NodeBase {
  /** As FROM is to name it. */
  readonly reference: string;
  /** True when it is the very image that the build runs in. */
  readonly same: boolean;
  /** True when it has curl, wget and git as the full image has. */
  readonly full: boolean;
  /** True when nobody has seen whether the packages run on it. */
  readonly unsure: boolean;
}

/**
 * The images, best first. `unsure`: packages may need what only the full image has, so that one stays first. Slim and
 * Alpine images are small already.
 */
export function runtimeBases({ stage, image }: Build, catalogue: Catalogue, unsure: boolean): readonly NodeBase[] {
  const written = stage.base.word?.text;
  const { resolved } = stage.base;
  if (!written || !resolved) return [];
  const isFull = image.distribution?.family === "debian" && !image.variants.includes("slim");
  const same: NodeBase = { reference: written, same: true, full: isFull, unsure: false };
  if (!isFull) return [same];
  const slim = slimReference(resolved, image, catalogue);
  // What a variable names is extended, so that it still decides the version.
  const reference = slim && (written === resolved ? slim : `${written}-slim`);
  if (reference === null || (written !== resolved && slim !== `${resolved}-slim`)) return [same];
  const small: NodeBase = { reference, same: false, full: false, unsure };
  return unsure ? [same, small] : [small];
}

/**
 * The slim image of the same version and the same release of Debian; null when there is none. Of a version that is no
 * longer built, the sibling that went with it is as good as the builder.
 */
function slimReference(resolved: string, image: Build["image"], catalogue: Catalogue): string | null {
  const plain = resolved.replace(/@sha256:.*$/, "");
  const hasTag = /:[^/]+$/.test(plain);
  const text = !hasTag
    ? `${plain}:slim`
    : plain.endsWith(":latest")
      ? plain.replace(/latest$/, "slim")
      : `${plain}-slim`;
  const reference = parseReference(text);
  const slim = reference && catalogue.image(reference);
  if (!slim || slim.distribution?.codename !== image.distribution?.codename) return null;
  if (slim.known && image.known) return slim.dropped === image.dropped ? text : null;
  // Of single versions the catalogue knows no tags; they come in the variants of their line.
  const line = /^\d+\.\d+\.\d+$/.test(image.tag) ? parseReference(`node:${image.line}-slim`) : null;
  return line && catalogue.image(line)?.known ? text : null;
}
