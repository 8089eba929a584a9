/** Heredoc operators, read as BuildKit reads them (frontend/dockerfile/parser: heredocsFromLine, ParseHeredoc). */

import type { HeredocOperator } from "./types";
import { splitWords } from "./words";

/** An operator with its place in the joined header text. */
export interface PlacedOperator {
  readonly operator: HeredocOperator;
  readonly from: number;
  readonly to: number;
}

const heredocKeywords = new Set(["RUN", "COPY", "ADD"]);

/** True when the instruction may carry heredocs. */
export function takesHeredoc(keyword: string): boolean {
  return heredocKeywords.has(keyword);
}

/** The heredoc operators of a joined header, in order. An operator is a whole word: `cat <<EOF` and `cat << EOF` have one, `cat<<EOF` and `cat <<- EOF` do not. */
export function readHeredocOperators(text: string): readonly PlacedOperator[] {
  if (!text.includes("<<")) return [];
  const found: PlacedOperator[] = [];
  for (const word of splitWords(text, 0, text.length, "\\")) {
    const match = /^(\d*)<<(-?)\s*([^<]*)$/.exec(text.slice(word.from, word.to));
    if (!match) continue;
    const raw = match[3] as string;
    const name = unquote(raw);
    if (name === "") continue;
    const operator: HeredocOperator = {
      name,
      chomp: match[2] === "-",
      expand: name === raw,
      descriptor: match[1] ? Number(match[1]) : 0,
    };
    found.push({ operator, from: word.from, to: word.to });
  }
  return found;
}

function unquote(raw: string): string {
  return raw.replace(/\\(.)|["']/g, "$1");
}
