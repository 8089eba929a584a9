/** "Did you mean": the nearest valid word, where one is near enough to be meant. */
import { nearest as nearestWord } from "../core/nearest";

/** The candidate that a mistyped word most likely means, or null when none is near. Ignores upper and lower case. */
export function nearest(word: string, candidates: readonly string[]): string | null {
  const wanted = word.toLowerCase();
  // Two wrong letters are a slip in any word here: the candidates are few and unlike each other.
  const found = nearestWord(wanted, candidates, 2);
  return found ?? candidates.find((candidate) => wanted.length >= 3 && candidate.startsWith(wanted)) ?? null;
}

/** `; did you mean "rules"?` or nothing: to be put behind the statement of the fault. */
export function didYouMean(word: string, candidates: readonly string[]): string {
  const found = nearest(word, candidates);
  return found === null ? "" : `; did you mean "${found}"?`;
}
