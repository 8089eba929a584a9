import type { AnyRule } from "../../rule";
import baseImageLatestTag from "./base-image-latest-tag";
import baseImageUntagged from "./base-image-untagged";
import eolBaseImage from "./eol-base-image";
import heavyBaseImage from "./heavy-base-image";
import invalidImageReference from "./invalid-image-reference";
import noFrom from "./no-from";
import undefinedArgInFrom from "./undefined-arg-in-from";

/** The rules of the theme base-image, in the order of their ids. */
export const baseImageRules: readonly AnyRule[] = [
  baseImageLatestTag,
  baseImageUntagged,
  eolBaseImage,
  heavyBaseImage,
  invalidImageReference,
  noFrom,
  undefinedArgInFrom,
];
