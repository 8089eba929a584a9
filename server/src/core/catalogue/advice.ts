/**
 * Which tag to move to: for a base that is not pinned, for a heavy one, and for one that has ended.
 *
 * Three rules hold for all advice, because linters that broke them were switched off: a proposed tag is live in the
 * data; the kind of system (glibc or musl, Debian or Alpine) stays, unless a warning says otherwise; a long-term line
 * is never left for a short one.
 */

import type { ImageReference } from "../image/reference";
import { pins as findPins } from "./pins";
import { remembering } from "./remember";
import { smaller as findSmaller } from "./smaller";
import { successors as findSuccessors } from "./successors";
import type { Catalogue } from "./types";

export { endOfLife } from "./end-of-life";

/** See `pins.ts`. */
export const pins = remembering(findPins);

/** See `successors.ts`. */
export const successors = remembering(findSuccessors);

const rememberedSmaller = remembering((catalogue, reference) => findSmaller(catalogue, reference));

/** See `smaller.ts`. */
export function smaller(catalogue: Catalogue, reference: ImageReference): ReturnType<typeof findSmaller> {
  return rememberedSmaller(catalogue, reference, "");
}
