/** What the life of a release line means on a given day. */

import { daysBetween } from "./days";
import type { Day, ImageFacts, ReleaseLine } from "./types";

/** A line to move to should last this many days, or the move has to be made again at once. */
const worthwhileDays = 365;

/** Whether a line still gets updates on a day, its last one included. */
export function isSupported(line: ReleaseLine, today: Day): boolean {
  return !line.ended && (line.end === null || line.end >= today);
}

/** Whether a line is a long-term one on a day; some become that months after their release. */
export function isLongTerm(line: ReleaseLine, today: Day): boolean {
  return line.lts === true || (typeof line.lts === "string" && line.lts <= today);
}

/** Whether an end is far enough away to move there; no known end counts as far. */
export function lasts(end: Day | null, today: Day): boolean {
  return end === null || daysBetween(today, end) >= worthwhileDays;
}

/** What people call the release of an image: "Node.js 26", or the product alone. */
export function nameOf(facts: ImageFacts): string {
  return facts.line === null ? facts.repository.label : `${facts.repository.label} ${facts.line}`;
}
