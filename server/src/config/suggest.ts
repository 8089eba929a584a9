/** "Did you mean": the nearest valid word, where one is near enough to be meant. */
import { distance } from "fastest-levenshtein";

/** The candidate that a mistyped word most likely means, or null when none is near. Ignores upper and lower case. */
export function nearest(word: string, candidates: readonly string[]): string | null {
  const wanted = word.toLowerCase();
  // A third of the letters may be wrong, at least two: enough for a slip, too few to turn one word into another.
  let best = Math.max(2, Math.floor(wanted.length / 3)) + 1;
  let found: string | null = null;
  if (wanted.length === 0 || wanted.length > 200) return null;
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - wanted.length) >= best) continue;
    const apart = distance(wanted, candidate.toLowerCase());
    if (apart < best && apart < candidate.length) {
      best = apart;
      found = candidate;
    }
  }
  return found ?? candidates.find((candidate) => wanted.length >= 3 && candidate.startsWith(wanted)) ?? null;
}

/** `; did you mean "rules"?` or nothing: to be put behind the statement of the fault. */
export function didYouMean(word: string, candidates: readonly string[]): string {
  const found = nearest(word, candidates);
  return found === null ? "" : `; did you mean "${found}"?`;
}
