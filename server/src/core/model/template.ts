/** Files that are templates of Dockerfiles: what stands in template marks is opaque. */
import type { Span } from "../text";

const marks: readonly (readonly [open: string, close: string])[] = [
  ["{{", "}}"],
  ["{%", "%}"],
  ["<%", "%>"],
  // Templates of development containers: `${templateOption:imageVariant}`.
  ["${templateOption:", "}"],
];
const placeholder = /(?<![\w.-])@[A-Z][A-Z0-9_]*@/g;

/**
 * Spans of template marks in order; empty in a plain Dockerfile. Marks in heredocs and commands (Go templates) count too.
 * A mark may span lines where it begins a line, else only its own line: `{{` in a command need not ever be closed.
 */
export function templateSpans(text: string): readonly Span[] {
  const spans: Span[] = [];
  for (const [open, close] of marks) {
    for (let at = text.indexOf(open); at >= 0; at = text.indexOf(open, at)) {
      const end = text.indexOf(close, at + open.length);
      if (end < 0) break;
      const newline = text.indexOf("\n", at);
      const sameLine = newline < 0 || end < newline;
      if (sameLine || startsLine(text, at)) spans.push({ start: at, end: end + close.length });
      at = sameLine || startsLine(text, at) ? end + close.length : newline;
    }
  }
  if (text.includes("@")) {
    for (const match of text.matchAll(placeholder))
      spans.push({ start: match.index, end: match.index + match[0].length });
  }
  return spans.sort((a, b) => a.start - b.start);
}

/**
 * True when template code decides which lines exist: a line begins with a mark, or a FROM holds one. Such a file says
 * little about the Dockerfile it becomes.
 */
export function isTemplate(text: string, spans: readonly Span[], froms: readonly Span[]): boolean {
  return spans.some((span) => startsLine(text, span.start) || froms.some((from) => inside(span, from)));
}

function startsLine(text: string, at: number): boolean {
  const before = text.slice(text.lastIndexOf("\n", at - 1) + 1, at);
  return before.trim() === "" && !/^\s*["']/.test(text.slice(at));
}

function inside(a: Span, b: Span): boolean {
  return a.start >= b.start && a.end <= b.end;
}
