import type { AnyRule } from "../../rule";
import baseImageDigestOnly from "./base-image-digest-only";
import baseImageLatestTag from "./base-image-latest-tag";
import baseImageNewerRecommended from "./base-image-newer-recommended";
import baseImageNotAllowed from "./base-image-not-allowed";
import baseImageNotDigestPinned from "./base-image-not-digest-pinned";
import baseImagePlatformMismatch from "./base-image-platform-mismatch";
import baseImageTagAndDigest from "./base-image-tag-and-digest";
import baseImageTooLarge from "./base-image-too-large";
import baseImageTooOld from "./base-image-too-old";
import baseImageUntagged from "./base-image-untagged";
import baseImageVulnerable from "./base-image-vulnerable";
import emptyDefaultArgInFrom from "./empty-default-arg-in-from";
import eolBaseImage from "./eol-base-image";
import finalStageOnBuildPlatform from "./final-stage-on-build-platform";
import fromPlatformConstant from "./from-platform-constant";
import heavyBaseImage from "./heavy-base-image";
import invalidImageReference from "./invalid-image-reference";
import noFrom from "./no-from";
import redundantTargetPlatform from "./redundant-target-platform";
import repeatedBaseVersion from "./repeated-base-version";
import staleDigest from "./stale-digest";
import undefinedArgInFrom from "./undefined-arg-in-from";
import unsignedBaseImage from "./unsigned-base-image";
import untrustedRegistry from "./untrusted-registry";
import workspaceBaseDrift from "./workspace-base-drift";

/** The rules of the theme base-image, in the order of their ids. */
export const baseImageRules: readonly AnyRule[] = [
  baseImageDigestOnly,
  baseImageLatestTag,
  baseImageNewerRecommended,
  baseImageNotAllowed,
  baseImageNotDigestPinned,
  baseImagePlatformMismatch,
  baseImageTagAndDigest,
  baseImageTooLarge,
  baseImageTooOld,
  baseImageUntagged,
  baseImageVulnerable,
  emptyDefaultArgInFrom,
  eolBaseImage,
  finalStageOnBuildPlatform,
  fromPlatformConstant,
  heavyBaseImage,
  invalidImageReference,
  noFrom,
  redundantTargetPlatform,
  repeatedBaseVersion,
  staleDigest,
  undefinedArgInFrom,
  unsignedBaseImage,
  untrustedRegistry,
  workspaceBaseDrift,
];
