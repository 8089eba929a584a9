/** Quotes and braces that never close, in what the builder itself unquotes and expands (BuildKit: shell/lex.go). */
import type { LocalSpan } from "../text";
import { shorten, syntax } from "./problem";
import type { Escape, LocalProblem, ParsedInstruction } from "./types";
import { hasOpenQuote } from "./words";

type Parsed = Pick<ParsedInstruction, "keyword" | "text" | "words" | "json" | "pairs" | "escape" | "heredocs">;

/** The first quote or brace at which the builder stops, as a list of none or one. */
export function unclosedProblems(parsed: Parsed): readonly LocalProblem[] {
  if (!expanding.has(parsed.keyword) || !/["']|\$\{/.test(parsed.text)) return none;
  for (const part of expandedParts(parsed)) {
    const { text } = part;
    if (hasOpenQuote(text, parsed.escape)) {
      const list = parsed.json === null && parted.has(parsed.keyword) ? partedHint : "";
      return [syntax(part, `The quote in ${shorten(text)} is never closed.${list}`)];
    }
    if (hasOpenBrace(text, parsed.escape)) {
      return [syntax(part, `The brace in ${shorten(text)} is never closed.`)];
    }
  }
  return none;
}

const none: readonly LocalProblem[] = [];
const partedHint = " A blank ends a word here even between quotes; names with blanks need a JSON list.";

const expanding: ReadonlySet<string> = new Set([
  ...["ADD", "ARG", "COPY", "ENV", "EXPOSE", "FROM", "LABEL", "STOPSIGNAL", "USER", "VOLUME", "WORKDIR"],
]);

/** Where quotes do not hold words together, and a JSON list is the way out. */
const parted: ReadonlySet<string> = new Set(["ADD", "COPY", "VOLUME"]);

interface Part extends LocalSpan {
  readonly text: string;
}

function expandedParts({ keyword, words, json, pairs }: Parsed): readonly Part[] {
  if (keyword === "ARG" || keyword === "ENV" || keyword === "LABEL") {
    return pairs.flatMap(({ value }) => (value ? [value] : []));
  }
  if (json) return json.map(({ value, from, to }) => ({ text: value, from, to }));
  return keyword === "FROM" ? words.slice(0, 1) : words;
}

/** True for `${NAME` without an end, outside single quotes. */
function hasOpenBrace(text: string, escape: Escape): boolean {
  if (!text.includes("${")) return false;
  const last = text.lastIndexOf("}");
  let single = false;
  let double = false;
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    if (single) single = char !== "'";
    else if (char === escape) at++;
    else if (char === '"') double = !double;
    else if (char === "'" && !double) single = true;
    else if (char === "$" && text[at + 1] === "{" && last < at) return true;
  }
  return false;
}
