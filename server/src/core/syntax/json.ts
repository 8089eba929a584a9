/** The JSON (exec) form of arguments, with JSON's own rules: anything behind the bracket makes it shell form. */
import type { LogicalText } from "../shell/body";
import { toSourceSpan } from "../shell/body";
import type { JsonItem } from "./types";

/** What the arguments are: a list of strings, something that only looks like one, or neither. */
export interface JsonForm {
  readonly items: readonly JsonItem[] | null;
  /** Starts with a bracket, but is no list of strings. */
  readonly broken: boolean;
}

const neither: JsonForm = { items: null, broken: false };
const broken: JsonForm = { items: null, broken: true };

/** Reads the arguments from `from` on as a JSON list of strings. */
export function readJson(body: LogicalText, from: number): JsonForm {
  const text = body.text.slice(from);
  const lead = text.length - text.trimStart().length;
  if (text[lead] !== "[") return neither;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return broken;
  }
  if (!Array.isArray(value) || !value.every((item) => typeof item === "string")) return broken;
  const spans = stringSpans(text);
  const items = (value as string[]).map((item, index) => {
    const span = spans[index] ?? { from: lead, to: lead };
    return { value: item, ...toSourceSpan(body, from + span.from, from + span.to) };
  });
  return { items, broken: false };
}

/** Places of the strings in valid JSON, quotes included. */
function stringSpans(text: string): { from: number; to: number }[] {
  const spans: { from: number; to: number }[] = [];
  for (let at = 0; at < text.length; at++) {
    if (text[at] !== '"') continue;
    const from = at;
    for (at++; text[at] !== '"' && at < text.length; at++) if (text[at] === "\\") at++;
    spans.push({ from, to: at + 1 });
  }
  return spans;
}
