import type { AnyRule } from "../../rule";
import baseImageLatestTag from "./base-image-latest-tag";
import baseImageUntagged from "./base-image-untagged";
import emptyDefaultArgInFrom from "./empty-default-arg-in-from";
import eolBaseImage from "./eol-base-image";
import finalStageOnBuildPlatform from "./final-stage-on-build-platform";
import fromPlatformConstant from "./from-platform-constant";
import heavyBaseImage from "./heavy-base-image";
import invalidImageReference from "./invalid-image-reference";
import noFrom from "./no-from";
import redundantTargetPlatform from "./redundant-target-platform";
import repeatedBaseVersion from "./repeated-base-version";
import undefinedArgInFrom from "./undefined-arg-in-from";
import untrustedRegistry from "./untrusted-registry";

/** The rules of the theme base-image, in the order of their ids. */
export const baseImageRules: readonly AnyRule[] = [
  baseImageLatestTag,
  baseImageUntagged,
  emptyDefaultArgInFrom,
  eolBaseImage,
  finalStageOnBuildPlatform,
  fromPlatformConstant,
  heavyBaseImage,
  invalidImageReference,
  noFrom,
  redundantTargetPlatform,
  repeatedBaseVersion,
  undefinedArgInFrom,
  untrustedRegistry,
];
