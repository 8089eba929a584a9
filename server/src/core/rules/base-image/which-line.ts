/** What to do about a base without a version, in the words of a message. Shared by the rules about `latest`. */

import type { Catalogue, TagAdvice } from "../../catalogue/types";
import { advisedImage, megabytes } from "../../fixes/base";
import { type ImageReference, parseReference } from "../../image/reference";
import type { Model, Stage } from "../../model/types";
import { smallerForUse } from "./smaller-for-use";

const microsoft = "mcr.microsoft.com";

/** The message for images of Windows, where nothing moves because nothing is there. */
export function noLatest({ repository, registry }: ImageReference): string {
  const present =
    registry === "docker.io" ? repository.replace(/^.*\/(?:windows)?/, `${microsoft}/windows/`) : repository;
  return `${repository} has no tag latest, so this build stops. Name a release, such as ${present}:ltsc2025.`;
}

/**
 * The end of the message: the line to pin, and the smaller variant of it where the shipped stage could do with that, so
 * that whoever pins need not look at the line twice.
 */
export function whichLine(model: Model, catalogue: Catalogue, stage: Stage, advice: readonly TagAdvice[]): string {
  const best = advice[0];
  if (!best) return "Pin the version that you tested with.";
  const pinned = parseReference(advisedImage(best));
  const slim = stage.ships && pinned ? smallerForUse(model, catalogue, pinned)[0] : undefined;
  if (!slim?.saves) return `Pin a line, such as ${advisedImage(best)}.`;
  return `Pin ${advisedImage(best)}, or ${advisedImage(slim)}, about ${megabytes(slim.saves)} MB smaller.`;
}
