/** Splits arguments into words and finds the variables in them, with the quoting rules of BuildKit's shell lexer. */
import type { LogicalText } from "../shell/body";
import { isSpace, toSourceSpan } from "../shell/body";
import type { Escape, Variable, Word } from "./types";

/** A piece of a joined text. */
export interface Piece {
  readonly from: number;
  readonly to: number;
}

/** Words between `from` and `to`: blanks separate, except inside quotes and behind the escape character. Linear. */
export function splitWords(text: string, from: number, to: number, escape: Escape): readonly Piece[] {
  const words: Piece[] = [];
  let at = from;
  while (at < to) {
    while (at < to && isSpace(text.charCodeAt(at))) at++;
    if (at >= to) break;
    const start = at;
    at = wordEnd(text, at, to, escape);
    if (text.endsWith("<<", at)) at = delimiterEnd(text, start, at, to, escape);
    words.push({ from: start, to: at });
  }
  return words;
}

/**
 * Where a word ends that consists of a heredoc operator up to `at`: since 0.22, BuildKit takes blanks and the name behind
 * them along (`<< EOF`). It takes anything for a name; what may be arithmetic of a shell (`1 << n))`) is left to that.
 */
function delimiterEnd(text: string, start: number, at: number, to: number, escape: Escape): number {
  if (!/^\d*<<$/.test(text.slice(start, at))) return at;
  let name = at;
  while (name < to && isSpace(text.charCodeAt(name))) name++;
  const end = wordEnd(text, name, to, escape);
  return /^(["']?)[A-Za-z_][\w.-]*\1$/.test(text.slice(name, end)) ? end : at;
}

/** Where the word that starts at `from` ends. */
export function wordEnd(text: string, from: number, to: number, escape: Escape): number {
  let quote = "";
  let at = from;
  for (; at < to; at++) {
    const char = text[at] as string;
    if (quote === "") {
      if (isSpace(text.charCodeAt(at))) break;
      if (char === "'" || char === '"') quote = char;
      else if (char === escape) at++;
    } else if (char === quote) quote = "";
    else if (char === escape && quote === '"') at++;
  }
  return Math.min(at, to);
}

/** Builds the word that fills a piece of a joined text. */
export function readWord(body: LogicalText, piece: Piece, escape: Escape): Word {
  const text = body.text.slice(piece.from, piece.to);
  const variables = readVariables(body, piece, escape);
  // Named one by one: spreading a span into each of the many words of a file takes several times as long.
  const { from, to } = toSourceSpan(body, piece.from, piece.to);
  return {
    from,
    to,
    text,
    variables,
    quoted: text.includes('"') || text.includes("'"),
    value: variables.length > 0 || isOpaque(text) ? null : removeQuotes(text, escape),
  };
}

/** True for `${a:b}` and `$(…)`: no variable of the builder's, yet nothing that stays as it is written. */
function isOpaque(text: string): boolean {
  return text.includes("$") && /(?:^|[^\\`])\$[{(]/.test(text) && !text.includes("'");
}

/** What a word without variables means: quotes go, escaped characters stay. */
export function removeQuotes(text: string, escape: Escape): string {
  if (!text.includes('"') && !text.includes("'") && !text.includes(escape)) return text;
  let result = "";
  let quote = "";
  for (let at = 0; at < text.length; at++) {
    const char = text[at] as string;
    if (quote === "'") {
      if (char === "'") quote = "";
      else result += char;
    } else if (char === escape) {
      const next = text[at + 1];
      if (next === undefined) {
        result += char;
      } else if (quote === "" || next === '"' || next === "$" || next === escape) {
        result += next;
        at++;
      } else {
        result += char;
      }
    } else if (char === quote) {
      quote = "";
    } else if (quote === "" && (char === '"' || char === "'")) {
      quote = char;
    } else {
      result += char;
    }
  }
  return result;
}

/** True when a quote opens and never closes. */
export function hasOpenQuote(text: string, escape: Escape): boolean {
  let quote = "";
  for (let at = 0; at < text.length; at++) {
    const char = text[at] as string;
    if (quote === "'") {
      if (char === "'") quote = "";
    } else if (char === escape) at++;
    else if (char === quote) quote = "";
    else if (quote === "" && (char === '"' || char === "'")) quote = char;
  }
  return quote !== "";
}

/**
 * The variables in a piece of a joined text, nested ones behind the one that holds them. Single quotes keep a `$` as it
 * is; so does the escape character before it.
 */
export function readVariables(body: LogicalText, piece: Piece, escape: Escape): readonly Variable[] {
  const { text } = body;
  const first = text.indexOf("$", piece.from);
  if (first < 0 || first >= piece.to) return [];
  const found: Variable[] = [];
  scanVariables(body, piece.from, piece.to, escape, false, found, 0);
  return found;
}

// Deeper nesting than anybody writes; beyond it operands stay unread, so that hostile input cannot exhaust the stack.
const deepest = 50;

function scanVariables(
  body: LogicalText,
  from: number,
  to: number,
  escape: Escape,
  nested: boolean,
  found: Variable[],
  depth: number,
): void {
  const { text } = body;
  let quote = "";
  for (let at = from; at < to; at++) {
    const char = text[at];
    if (quote === "'") {
      if (char === "'") quote = "";
    } else if (char === escape) at++;
    else if (char === '"' || char === "'") quote = quote === "" ? char : quote === char ? "" : quote;
    else if (char === "$") {
      const variable = variableAt(text, at, to, escape);
      if (!variable) continue;
      const span = toSourceSpan(body, at, variable.to);
      found.push({
        from: span.from,
        to: span.to,
        name: variable.name,
        nameSpan: toSourceSpan(body, variable.nameFrom, variable.nameFrom + variable.name.length),
        modifier: variable.modifier,
        operand: text.slice(variable.operandFrom, variable.operandTo),
        nested,
      });
      if (depth < deepest && variable.operandTo > variable.operandFrom) {
        scanVariables(body, variable.operandFrom, variable.operandTo, escape, true, found, depth + 1);
      }
      at = variable.to - 1;
    }
  }
}

/** A variable in a plain text. Offsets into that text. */
export interface RawVariable {
  readonly name: string;
  readonly nameFrom: number;
  readonly modifier: string;
  readonly operandFrom: number;
  readonly operandTo: number;
  /** Behind the variable. */
  readonly to: number;
}

/** The variable whose `$` stands at `at`, or null when it is a lone dollar sign or never closes. */
export function variableAt(text: string, at: number, to: number, escape: Escape): RawVariable | null {
  if (text[at + 1] !== "{") {
    const end = nameEnd(text, at + 1, to);
    if (end === at + 1) return null;
    return { name: text.slice(at + 1, end), nameFrom: at + 1, modifier: "", operandFrom: end, operandTo: end, to: end };
  }
  const nameFrom = at + 2;
  const end = nameEnd(text, nameFrom, to);
  if (end === nameFrom) return null;
  const name = text.slice(nameFrom, end);
  if (text[end] === "}") return { name, nameFrom, modifier: "", operandFrom: end, operandTo: end, to: end + 1 };
  const modifier = /^(?::[-+?]|##?|%%?|\/\/?|[-+?])/.exec(text.slice(end, end + 2))?.[0];
  if (modifier === undefined) return null;
  const operandFrom = end + modifier.length;
  const operandTo = closingBrace(text, operandFrom, to, escape);
  return operandTo === null ? null : { name, nameFrom, modifier, operandFrom, operandTo, to: operandTo + 1 };
}

function closingBrace(text: string, from: number, to: number, escape: Escape): number | null {
  let depth = 0;
  for (let at = from; at < to; at++) {
    const char = text[at];
    if (char === escape) at++;
    else if (char === "$" && text[at + 1] === "{") {
      depth++;
      at++;
    } else if (char === "}") {
      if (depth === 0) return at;
      depth--;
    }
  }
  return null;
}

function nameEnd(text: string, from: number, to: number): number {
  let at = from;
  while (at < to) {
    const code = text.charCodeAt(at);
    const letter = (code >= 65 && code <= 90) || (code >= 97 && code <= 122) || code === 95;
    const digit = code >= 48 && code <= 57;
    if (!letter && !(digit && at > from)) break;
    at++;
  }
  return at;
}
