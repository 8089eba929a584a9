/** Where in a configuration file somebody is writing. Works on texts that are not finished: that is when it is asked. */
import { type Document, isMap, isPair, isScalar, isSeq, type Pair, parseDocument, visit } from "yaml";
import type { Span } from "../core/index";

/** A word of the file, or the gap where one may come. */
export interface Place {
  /** `key`: the name of a setting stands or may stand here. `value`: what it is set to. */
  readonly kind: "key" | "value";
  /** The keys that lead here; for a value the last one is its own. */
  readonly path: readonly string[];
  /** What is written, possibly empty. */
  readonly word: string;
  readonly span: Span;
  /** The other keys of the map, or the other values of the list. */
  readonly others: readonly string[];
  /** A colon follows already. */
  readonly hasColon: boolean;
  /** The word stands directly behind a colon, which YAML reads as part of it. */
  readonly needsSpace: boolean;
}

// No rule, preset or key is called this.
const marker = "plimsollIsAsked";

/** The place at an offset, or null where YAML has none, as in a comment. Never throws. */
export function placeAt(text: string, offset: number): Place | null {
  let start = offset;
  let end = offset;
  while (start > 0 && isWord(text[start - 1])) start--;
  while (end < text.length && isWord(text[end])) end++;
  const hasColon = /^["']?[ \t]*:(?:[\s,}]|$)/.test(text.slice(end, end + 40));
  const needsSpace = !hasColon && text[start - 1] === ":";
  const shape = { word: text.slice(start, end), span: { start, end }, hasColon, needsSpace };
  const attempt = (written: string) => {
    const document = parse(`${text.slice(0, start)}${needsSpace ? " " : ""}${written}${text.slice(end)}`);
    const found = document && find(document);
    return found ? { ...shape, ...found, faults: document.errors.length } : null;
  };
  // A word alone may be a key whose colon is not written yet: where a colon does no harm, that is how it is read.
  const asWord = attempt(marker);
  const asKey = hasColon || needsSpace ? null : attempt(`${marker}:`);
  const best = asKey && (!asWord || asKey.faults <= asWord.faults) ? asKey : asWord;
  if (!best) return null;
  const { faults: _, ...place } = best;
  return place;
}

function isWord(character: string | undefined): boolean {
  return character !== undefined && /[^\s:,[\]{}#"'&*]/.test(character);
}

function parse(text: string): Document | null {
  try {
    return parseDocument(text, { prettyErrors: false, logLevel: "silent", uniqueKeys: false });
  } catch {
    return null;
  }
}

function find(document: Document): Pick<Place, "kind" | "path" | "others"> | null {
  let found: Pick<Place, "kind" | "path" | "others"> | null = null;
  visit(document, {
    Scalar(role, node, ancestors) {
      if (typeof node.value !== "string" || !node.value.includes(marker)) return undefined;
      const pairs = ancestors.filter((ancestor): ancestor is Pair => isPair(ancestor));
      const above = ancestors.filter((ancestor) => isMap(ancestor) || isSeq(ancestor));
      // Most lists hold plain items: a key that stands alone in one is an item that was taken for a key.
      const item = role === "key" && isSeq(above[above.length - 2]) && namesIn(above[above.length - 1]).length < 2;
      const path = (role === "key" ? pairs.slice(0, -1) : pairs).map(keyOf);
      const holder = above[above.length - (item ? 2 : 1)];
      const others = namesIn(holder).filter((name) => !name.includes(marker));
      found = { kind: role === "key" && !item ? "key" : "value", path, others };
      return visit.BREAK;
    },
  });
  return found;
}

function namesIn(node: unknown): string[] {
  if (isMap(node)) return node.items.map(keyOf);
  return isSeq(node) ? node.items.flatMap((item) => (isScalar(item) ? [String(item.value)] : [])) : [];
}

function keyOf({ key }: Pair): string {
  return isScalar(key) ? String(key.value) : String(key);
}
