/** Advice is asked for at every keystroke, about the same few images, on the same day. */
import type { ImageReference } from "../image/reference";
import type { Catalogue, Day } from "./types";

/** Answers are forgotten all at once when there are more; no workspace names so many images. */
const mostAnswers = 2000;

/** A question about an image that remembers its answers, by catalogue, day and reference. */
export function remembering<T extends object>(
  ask: (catalogue: Catalogue, reference: ImageReference, today: Day) => T,
): (catalogue: Catalogue, reference: ImageReference, today: Day) => T {
  const byCatalogue = new WeakMap<Catalogue, Map<string, T>>();
  return (catalogue, reference, today) => {
    let answers = byCatalogue.get(catalogue);
    if (!answers) {
      answers = new Map();
      byCatalogue.set(catalogue, answers);
    }
    const key = `${today} ${reference.text}`;
    const known = answers.get(key);
    if (known) return known;
    if (answers.size >= mostAnswers) answers.clear();
    const made = ask(catalogue, reference, today);
    answers.set(key, made);
    return made;
  };
}
