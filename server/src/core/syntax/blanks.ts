/** Words as COPY, ADD, EXPOSE, FROM and VOLUME have them. */
import { isSpace } from "../shell/body";
import type { Piece } from "./words";

/** Words between `from` and `to` that blanks separate wherever they stand, also between quotes. Linear. */
export function splitAtBlanks(text: string, from: number, to: number): readonly Piece[] {
  const words: Piece[] = [];
  let at = from;
  while (at < to) {
    while (at < to && isSpace(text.charCodeAt(at))) at++;
    const start = at;
    while (at < to && !isSpace(text.charCodeAt(at))) at++;
    if (at > start) words.push({ from: start, to: at });
  }
  return words;
}
