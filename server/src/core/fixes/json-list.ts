/** Lists that were meant as JSON and are none: single quotes, bare words, a comma too many or too few. */

/** What is wrong with a list. */
export type ListFault =
  /** Quotes that JSON does not know: single ones, or those of a word processor. */
  | "quotes"
  /** Words without quotes. */
  | "bare"
  /** No comma between two words. */
  | "missing-comma"
  /** A comma that no word follows. */
  | "extra-comma"
  /** The closing bracket is missing. */
  | "open"
  /** A backslash before a letter that JSON does not escape, as in paths of Windows. */
  | "backslash";

/** The words of such a list. */
export interface LooseList {
  readonly items: readonly string[];
  readonly faults: ReadonlySet<ListFault>;
  /** True when a comma stands between two words, or behind one. */
  readonly hasComma: boolean;
  /** How many words stand in quotes of any kind. */
  readonly quoted: number;
}

const quotes: ReadonlyMap<string, string> = new Map([
  ['"', '"'],
  ["'", "'"],
  ["“", '”“"'],
  ["”", '”"'],
  ["‘", "’‘'"],
  ["’", "’'"],
]);

/**
 * Reads a list as people write it. Null where the text is no such list: other things follow the bracket, or blanks stand
 * between bare words (then it may be the `[` of a shell).
 */
export function readLooseList(text: string): LooseList | null {
  const items: string[] = [];
  const faults = new Set<ListFault>();
  let hasComma = false;
  let quoted = 0;
  let at = skipBlanks(text, 0);
  if (text[at] !== "[") return null;
  at = skipBlanks(text, at + 1);
  while (at < text.length && text[at] !== "]") {
    const first = text[at] as string;
    const closing = quotes.get(first);
    if (closing !== undefined) {
      const end = closingQuote(text, at + 1, closing);
      if (end < 0) return null;
      items.push(decode(text.slice(at + 1, end), faults));
      if (first !== '"') faults.add("quotes");
      quoted++;
      at = end + 1;
    } else {
      const word = /^[^\s,\]"'“”‘’[]+/.exec(text.slice(at, at + 500))?.[0];
      if (!word) return null;
      items.push(word);
      faults.add("bare");
      at += word.length;
    }
    at = skipBlanks(text, at);
    if (text[at] === ",") {
      hasComma = true;
      at = skipBlanks(text, at + 1);
      if (text[at] === "]") faults.add("extra-comma");
    } else if (at === text.length) faults.add("open");
    else if (text[at] !== "]") {
      if (closing === undefined || !quotes.has(text[at] ?? "")) return null;
      faults.add("missing-comma");
    }
  }
  if (at >= text.length) faults.add("open");
  if (skipBlanks(text, at + 1) < text.length || items.length === 0) return null;
  // `[ -f` and other bare words may be anything while no bracket closes.
  if (faults.has("open") && quoted < items.length) return null;
  return { items, faults, hasComma, quoted };
}

/** Words as a JSON list in the form that Dockerfiles mostly have: `["a", "b"]`. */
export function writeJsonList(words: readonly string[]): string {
  return `[${words.map((word) => JSON.stringify(word)).join(", ")}]`;
}

function skipBlanks(text: string, from: number): number {
  let at = from;
  while (at < text.length && /\s/.test(text[at] as string)) at++;
  return at;
}

function closingQuote(text: string, from: number, closing: string): number {
  for (let at = from; at < text.length; at++) {
    if (text[at] === "\\" && at + 1 < text.length && closing.includes(text[at + 1] as string)) {
      // `"C:\app\"` ends with a backslash: it escapes nothing when the list goes on behind the quote.
      if (!/^\s*[,\]]/.test(text.slice(at + 2, at + 20))) at++;
    } else if (closing.includes(text[at] as string)) return at;
  }
  return -1;
}

const escaped = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/g;

function decode(text: string, faults: Set<ListFault>): string {
  if (!text.includes("\\")) return text;
  if (/\\/.test(text.replace(escaped, "")) || /^[A-Za-z]:\\(?!\\)/.test(text)) {
    faults.add("backslash");
    return text;
  }
  try {
    return JSON.parse(`"${text.replace(/(?<!\\)"/g, '\\"')}"`) as string;
  } catch {
    return text;
  }
}
