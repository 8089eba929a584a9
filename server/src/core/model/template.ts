/** Files that are templates of Dockerfiles: what stands in template marks is opaque. */
import type { Span } from "../text";

const marks = /\{\{[^\n]*?\}\}|\{%[^\n]*?%\}|<%[^\n]*?%>|(?<![\w.-])@[A-Z][A-Z0-9_]*@/g;

/** Spans of template marks; empty in a plain Dockerfile. Marks in heredocs and commands (Go templates) count too. */
export function templateSpans(text: string): readonly Span[] {
  if (!text.includes("{{") && !text.includes("{%") && !text.includes("<%") && !text.includes("@")) return [];
  const spans: Span[] = [];
  for (const match of text.matchAll(marks)) spans.push({ start: match.index, end: match.index + match[0].length });
  return spans;
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
