/** The physical lines of an instruction's header, and what each is: code, a comment, or empty. */
import type { Escape } from "../syntax/types";

/** One line. */
export interface HeaderLine {
  readonly kind: "code" | "comment" | "blank";
  /** The blanks it begins with. */
  readonly indent: string;
  /** Without indentation, continuation mark and the blanks around them. */
  readonly content: string;
  /** The blanks between content and mark; empty on the last line. */
  readonly gap: string;
  /** True when a continuation mark ends it. */
  readonly continues: boolean;
  /** `\n`, `\r\n`, or empty for the last line of the header. */
  readonly ending: string;
  /** True when the line begins within quotes that an earlier line opened: its indentation is part of a text. */
  readonly startsQuoted: boolean;
  /** True when the line ends within quotes: the blanks before its mark are part of a text. */
  readonly endsQuoted: boolean;
}

/** Splits a header into its lines. */
export function readLines(header: string, escape: Escape): readonly HeaderLine[] {
  const lines: HeaderLine[] = [];
  let quote = "";
  for (let at = 0; at <= header.length; ) {
    const newline = header.indexOf("\n", at);
    const end = newline < 0 ? header.length : newline;
    const raw = header.slice(at, end);
    const line = raw.endsWith("\r") && newline >= 0 ? raw.slice(0, -1) : raw;
    const ending = newline < 0 ? "" : line.length < raw.length ? "\r\n" : "\n";
    const read = readLine(line, ending, escape, lines.length === 0, quote);
    lines.push(read.line);
    quote = read.quote;
    if (newline < 0) break;
    at = newline + 1;
  }
  return lines;
}

function readLine(
  line: string,
  ending: string,
  escape: Escape,
  isFirst: boolean,
  quote: string,
): { line: HeaderLine; quote: string } {
  const startsQuoted = quote !== "";
  const indent = /^[ \t]*/.exec(line)?.[0] ?? "";
  const rest = line.slice(indent.length);
  // The builder drops comments and empty lines before quotes are looked at, so they change no quoting.
  if (!isFirst && (rest.trim() === "" || rest.startsWith("#"))) {
    const kind = rest.startsWith("#") ? "comment" : "blank";
    const dropped = { gap: "", continues: false, ending, startsQuoted, endsQuoted: startsQuoted };
    return { line: { kind, indent, content: rest.trimEnd(), ...dropped }, quote };
  }
  const trimmed = rest.trimEnd();
  const continues = trimmed.endsWith(escape) && !trimmed.endsWith(escape + escape);
  const body = continues ? trimmed.slice(0, -1) : trimmed;
  const after = quoteAfter(body, quote, escape);
  const content = body.trimEnd();
  const gap = continues ? body.slice(content.length) : "";
  const endsQuoted = after !== "";
  return { line: { kind: "code", indent, content, gap, continues, ending, startsQuoted, endsQuoted }, quote: after };
}

/** The quote that is open behind a piece of a line, or empty. A backslash escapes also where the mark is a backtick. */
export function quoteAfter(text: string, before: string, escape: Escape): string {
  // Most lines have no quotes, and one look finds that out.
  if (before === "" && !text.includes("'") && !text.includes('"')) return "";
  let quote = before;
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    if (quote === "'") {
      if (char === "'") quote = "";
    } else if (char === "\\" || char === escape) at++;
    else if (char === quote) quote = "";
    else if (quote === "" && (char === "'" || char === '"')) quote = char;
  }
  return quote;
}
