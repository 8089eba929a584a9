/**
 * Splits a file into blocks: one per instruction with its continuations, inner comments and heredoc bodies, one per
 * comment line, one per directive. This decides the structure of the file, line by line, as BuildKit's parser does
 * (frontend/dockerfile/parser: Parse, DirectiveParser). Linear, never throws.
 */
import { isSpace, joinLines } from "../shell/body";
import { readHeredocOperators, takesHeredoc } from "./heredoc";
import { readJson } from "./json";
import type { Block, Directive, Escape, HeredocBody, ProblemCode } from "./types";

export interface Scan {
  readonly blocks: readonly Block[];
  readonly directives: readonly Directive[];
  readonly escape: Escape;
  readonly problems: readonly ScanProblem[];
}

export interface ScanProblem {
  readonly start: number;
  readonly end: number;
  readonly message: string;
  readonly code: ProblemCode;
}

const directivePattern = /^#\s*([a-zA-Z][a-zA-Z0-9]*)\s*=\s*(.+?)\s*$/;
const directiveNames = new Set(["syntax", "escape", "check"]);

/** Splits a text into blocks. Blank lines belong to none. */
export function scanBlocks(text: string): Scan {
  const blocks: Block[] = [];
  const directives: Directive[] = [];
  const problems: ScanProblem[] = [];
  let escape: Escape = "\\";
  let inDirectives = true;
  // The next "<<" is looked for once, not from every instruction: without heredocs that would read the file each time.
  let sign = text.indexOf("<<");
  let at = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  while (at < text.length) {
    const end = lineEnd(text, at);
    const first = firstNonBlank(text, at, end);
    if (first === end) {
      inDirectives = false;
      at = nextLine(text, end);
      continue;
    }
    if (text[first] === "#") {
      const directive = inDirectives ? readDirective(text, at, end) : null;
      if (!directive || first !== at) inDirectives = false;
      if (directive && first === at && directiveNames.has(directive.name)) {
        if (directives.some((other) => other.name === directive.name)) {
          problems.push({
            ...spanOf(directive),
            message: `Only one ${directive.name} directive can be used.`,
            code: "duplicate-directive",
          });
        } else if (directive.name === "escape") {
          if (directive.value === "\\" || directive.value === "`") escape = directive.value;
          else
            problems.push({
              ...spanOf(directive),
              message: "The escape directive takes a backslash or a backtick.",
              code: "escape-directive",
            });
        }
        directives.push(directive);
        blocks.push({ kind: "directive", start: at, end, headerEnd: end, heredocs: [] });
      } else {
        blocks.push({ kind: "comment", start: at, end, headerEnd: end, heredocs: [] });
      }
      at = nextLine(text, end);
      continue;
    }
    inDirectives = false;
    if (sign >= 0 && sign < first) sign = text.indexOf("<<", first);
    const block = instructionBlock(text, at, first, escape, sign);
    blocks.push(block);
    at = nextLine(text, block.end);
  }
  return { blocks, directives, escape, problems };
}

function instructionBlock(text: string, start: number, first: number, escape: Escape, sign: number): Block {
  const headerEnd = endOfContinued(text, start, escape);
  const heredocs = sign >= 0 && sign < headerEnd ? heredocBodies(text, first, headerEnd, escape) : noBodies;
  const last = heredocs[heredocs.length - 1];
  const end = last === undefined ? headerEnd : (last.delimiter?.end ?? trimLineEnd(text, last.end));
  return { kind: "instruction", start, end: Math.max(end, headerEnd), headerEnd, heredocs };
}

/** End of the last line of an instruction that adds something to it; comments and blank lines behind it stay outside. */
function endOfContinued(text: string, start: number, escape: Escape): number {
  let end = lineEnd(text, start);
  let lineStart = start;
  let last = end;
  while (continues(text, lineStart, end, escape)) {
    let next = nextLine(text, end);
    let dropped = true;
    // Comments and blank lines do not end a continuation, but they are only part of it when another line follows.
    while (next < text.length && dropped) {
      lineStart = next;
      end = lineEnd(text, lineStart);
      const first = firstNonBlank(text, lineStart, end);
      dropped = first === end || text[first] === "#";
      if (dropped) next = nextLine(text, end);
    }
    if (dropped) return last;
    last = end;
  }
  return last;
}

function continues(text: string, start: number, end: number, escape: Escape): boolean {
  let at = end - 1;
  while (at >= start && (text[at] === " " || text[at] === "\t" || text[at] === "\r")) at--;
  return at >= start && text[at] === escape && !(at > start && text[at - 1] === escape);
}

const noBodies: readonly HeredocBody[] = [];

function heredocBodies(text: string, first: number, headerEnd: number, escape: Escape): readonly HeredocBody[] {
  const match = /^(?:onbuild\s+)?(\S+)/i.exec(joinLines(text, first, Math.min(first + 200, headerEnd), escape).text);
  if (!match || !takesHeredoc((match[1] as string).toUpperCase())) return [];
  const header = joinLines(text, first, headerEnd, escape);
  if (readJson(header, match[0].length).items) return [];
  const bodies: HeredocBody[] = [];
  let at = nextLine(text, headerEnd);
  for (const { operator } of readHeredocOperators(header.text)) {
    const start = Math.min(at, text.length);
    let delimiter: { start: number; end: number } | null = null;
    while (at < text.length) {
      const end = lineEnd(text, at);
      const line = operator.chomp ? text.slice(at, end).replace(/^\t+/, "") : text.slice(at, end);
      if (line === operator.name) {
        delimiter = { start: at, end };
        break;
      }
      at = nextLine(text, end);
    }
    const end = delimiter?.start ?? text.length;
    bodies.push({ operator, start, end, delimiter });
    if (delimiter) at = nextLine(text, delimiter.end);
  }
  return bodies;
}

function readDirective(text: string, start: number, end: number): Directive | null {
  const match = directivePattern.exec(text.slice(start, end));
  if (!match) return null;
  const value = match[2] as string;
  const valueStart = start + (match[0].trimEnd().length - value.length);
  return {
    name: (match[1] as string).toLowerCase(),
    value,
    start,
    end,
    valueStart,
    valueEnd: valueStart + value.length,
  };
}

function spanOf(directive: Directive): { start: number; end: number } {
  return { start: directive.start, end: directive.end };
}

/** Behind the last character of the line that starts at `at`, its line end (`\n`, `\r\n`) left out. */
function lineEnd(text: string, at: number): number {
  const newline = text.indexOf("\n", at);
  if (newline < 0) return text.length;
  return newline > at && text.charCodeAt(newline - 1) === 13 ? newline - 1 : newline;
}

function nextLine(text: string, end: number): number {
  const newline = text.indexOf("\n", end);
  return newline < 0 ? text.length : newline + 1;
}

function trimLineEnd(text: string, end: number): number {
  let at = end;
  if (at > 0 && text.charCodeAt(at - 1) === 10) at--;
  if (at > 0 && text.charCodeAt(at - 1) === 13) at--;
  return at;
}

function firstNonBlank(text: string, start: number, end: number): number {
  let at = start;
  while (at < end && isSpace(text.charCodeAt(at))) at++;
  return at;
}
