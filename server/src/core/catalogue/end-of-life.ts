/** Which end of life is worth a word. */

import { readTag } from "../image/tag";
import { daysBetween } from "./days";
import type { Day, EndOfLife, ImageFacts } from "./types";

/** An end that is this many days away is worth saying. */
export const soonDays = 90;

/**
 * The end worth reporting: one that has passed before one that is near (90 days), the product's before that of the
 * system under it. The last day itself still counts as supported.
 */
export function endOfLife(facts: ImageFacts, today: Day): Ending | null {
  const known = endings.get(facts);
  if (known?.today === today) return known.ending;
  const ending = findEnding(facts, today);
  endings.set(facts, { today, ending });
  return ending;
}

/** An end of life, passed or near. */
export interface Ending {
  readonly end: EndOfLife;
  readonly kind: "ended" | "soon";
}

// The same few images are asked about at every keystroke.
const endings = new WeakMap<ImageFacts, { readonly today: Day; readonly ending: Ending | null }>();

function findEnding(facts: ImageFacts, today: Day): Ending | null {
  const ended = facts.ends.find((end) => end.end < today);
  if (ended !== undefined) return { end: ended, kind: "ended" };
  // A live tag that names no release of its system is rebuilt on the next one in time: nothing to do for anybody.
  const movesItself = facts.aliases.length > 0 && readTag(facts.tag).system?.version == null;
  const soon = facts.ends.find(
    (end) => daysBetween(today, end.end) <= soonDays && !(end.of === "distribution" && movesItself),
  );
  return soon === undefined ? null : { end: soon, kind: "soon" };
}
