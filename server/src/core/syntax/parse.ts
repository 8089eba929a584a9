/** From the text of a block to an instruction. Pure, never throws; the result knows nothing of where the block lies. */
import type { LogicalText } from "../shell/body";
import { isSpace, joinLines, sliceLogical, toSourceSpan } from "../shell/body";
import type { LocalSpan } from "../text";
import { splitAtBlanks } from "./blanks";
import { readFlags, readMount } from "./flags";
import { readHeredocOperators } from "./heredoc";
import { readJson } from "./json";
import { isKeyword, keywords } from "./keywords";
import { findProblems } from "./problems";
import type {
  Block,
  Escape,
  Flag,
  Heredoc,
  InnerComment,
  LocalProblem,
  Pair,
  ParsedInstruction,
  Source,
  Word,
} from "./types";
import { readWord, splitWords } from "./words";

/**
 * Parses one instruction block. `text` is the block's text; the places of header and heredocs come from `block`, whose
 * absolute offsets are made local here.
 */
export function parseInstruction(text: string, block: Block, escape: Escape): ParsedInstruction {
  const header = text.slice(0, block.headerEnd - block.start);
  const first = skipBlanks(header, 0);
  const joined = joinLines(header, first, header.length, escape);
  const length = wordLength(joined.text);
  // Nothing but a continuation mark: that mark is the word nobody knows.
  const keyword = length > 0 ? joined.text.slice(0, length) : header.slice(first, first + 1);
  const keywordSpan = length > 0 ? toSourceSpan(joined, 0, length) : { from: first, to: first + 1 };
  const body = sliceLogical(joined, length);
  const heredocs = placeHeredocs(block, body);
  const part = readArguments(keyword, body, 0, escape, 0);
  const { trigger } = part;
  const parsed = assemble(part, {
    text,
    escape,
    keywordSpan,
    span: { from: first, to: endOf(text, header, first, block) },
    body,
    heredocs,
    comments: innerComments(header),
    trigger: trigger && assemble(trigger, { ...trigger, text, heredocs }, trigger.problems),
  });
  const problems = findProblems(parsed);
  return problems.length > 0 ? assemble(part, parsed, problems) : parsed;
}

type Frame = Pick<
  ParsedInstruction,
  "text" | "escape" | "keywordSpan" | "span" | "body" | "heredocs" | "comments" | "trigger"
>;

// Every instruction is made here, field by field: objects of one shape are read many times faster than mixed ones, and
// each rule reads all of them at each keystroke.
function assemble(part: ArgumentPart, frame: Frame, problems: readonly LocalProblem[] = none): ParsedInstruction {
  return {
    keyword: part.keyword,
    text: frame.text,
    escape: frame.escape,
    keywordSpan: frame.keywordSpan,
    span: frame.span,
    body: frame.body,
    flags: part.flags,
    argumentsFrom: part.argumentsFrom,
    argumentsSpan: part.argumentsSpan,
    words: part.words,
    json: part.json,
    brokenJson: part.brokenJson,
    heredocs: frame.heredocs,
    pairs: part.pairs,
    sources: readSources(part.flags),
    trigger: frame.trigger,
    comments: frame.comments,
    problems,
  };
}

// One empty list for all: a file of ten thousand lines asks for these at each keystroke, and what is shared stays near.
const none: readonly never[] = [];

type ArgumentPart = Pick<
  ParsedInstruction,
  "keyword" | "flags" | "argumentsFrom" | "argumentsSpan" | "words" | "json" | "brokenJson" | "pairs" | "trigger"
>;

function readArguments(written: string, body: LogicalText, from: number, escape: Escape, depth: number): ArgumentPart {
  const keyword = written.toUpperCase();
  const { flags, argumentsFrom } = isKeyword(keyword)
    ? readFlags(body, from, escape)
    : { flags: none, argumentsFrom: skipBlanks(body.text, from) };
  const to = body.text.trimEnd().length;
  const argumentsSpan = argumentsFrom < to ? toSourceSpan(body, argumentsFrom, to) : null;
  const json = takesJson(keyword) ? readJson(body, argumentsFrom) : { items: null, broken: false };
  const trigger =
    keyword === "ONBUILD" && argumentsSpan && depth === 0 ? readTrigger(body, argumentsFrom, escape) : null;
  return {
    keyword,
    flags,
    argumentsFrom,
    argumentsSpan,
    words: readWords(keyword, body, argumentsFrom, Math.max(argumentsFrom, to), escape),
    json: json.items,
    brokenJson: json.broken,
    pairs: readPairs(keyword, body, argumentsFrom, escape),
    trigger,
  };
}

function readSources(flags: readonly Flag[]): readonly Source[] {
  if (flags.length === 0) return none;
  const sources: Source[] = [];
  for (const flag of flags) {
    const name = flag.name === "from" ? (flag.value?.value ?? null) : (readMount(flag)?.get("from") ?? null);
    const { from, to } = flag.value ?? flag;
    if (name) sources.push({ name, from, to });
  }
  return sources.length > 0 ? sources : none;
}

function readWords(keyword: string, body: LogicalText, from: number, to: number, escape: Escape): readonly Word[] {
  if (from >= to) return none;
  // The builder takes the whole rest of such a line as the value, a would-be comment included.
  if (keywords[keyword]?.wholeLine) return [readWord(body, { from, to }, escape)];
  // A shell reads these; splitting them here would be work that nobody looks at.
  if (keyword === "RUN" || keyword === "ONBUILD") return none;
  // The operator of a heredoc and its name are one word, whatever stands between them.
  const isParted = keywords[keyword]?.parted === true && !body.text.includes("<<");
  const pieces = isParted ? splitAtBlanks(body.text, from, to) : splitWords(body.text, from, to, escape);
  return pieces.map((piece) => readWord(body, piece, escape));
}

function takesJson(keyword: string): boolean {
  return keywords[keyword]?.json === true;
}

function readTrigger(body: LogicalText, from: number, escape: Escape): ParsedInstruction | null {
  const keywordTo = from + wordLength(body.text.slice(from));
  if (keywordTo === from) return null;
  const part = readArguments(body.text.slice(from, keywordTo), body, keywordTo, escape, 1);
  const keywordSpan = toSourceSpan(body, from, keywordTo);
  const span = { from: keywordSpan.from, to: part.argumentsSpan?.to ?? keywordSpan.to };
  return assemble(part, { text: "", escape, keywordSpan, span, body, heredocs: none, comments: none, trigger: null });
}

function readPairs(keyword: string, body: LogicalText, from: number, escape: Escape): readonly Pair[] {
  if (keyword !== "ENV" && keyword !== "LABEL" && keyword !== "ARG") return none;
  const to = body.text.trimEnd().length;
  const pieces = splitWords(body.text, from, to, escape);
  const first = pieces[0];
  if (!first) return [];
  const firstText = body.text.slice(first.from, first.to);
  if (keyword !== "ARG" && !firstText.includes("=")) {
    const second = pieces[1];
    const nameEnd = first.to;
    return [
      {
        ...toSourceSpan(body, first.from, to),
        name: firstText,
        nameSpan: toSourceSpan(body, first.from, nameEnd),
        value: second ? readWord(body, { from: second.from, to }, escape) : null,
        legacy: true,
      },
    ];
  }
  return pieces.map((piece) => {
    const text = body.text.slice(piece.from, piece.to);
    const equals = text.indexOf("=");
    const nameEnd = equals < 0 ? piece.to : piece.from + equals;
    const span = toSourceSpan(body, piece.from, piece.to);
    return {
      from: span.from,
      to: span.to,
      name: keyword === "LABEL" ? unquoted(body.text.slice(piece.from, nameEnd)) : body.text.slice(piece.from, nameEnd),
      nameSpan: toSourceSpan(body, piece.from, nameEnd),
      value: equals < 0 ? null : readWord(body, { from: nameEnd + 1, to: piece.to }, escape),
      legacy: false,
    };
  });
}

function unquoted(name: string): string {
  return name.replace(/["']/g, "");
}

function placeHeredocs(block: Block, body: LogicalText): readonly Heredoc[] {
  if (block.heredocs.length === 0) return none;
  const operators = readHeredocOperators(body.text);
  return block.heredocs.map((heredoc, index) => {
    const place = operators[index];
    return {
      operator: heredoc.operator,
      operatorSpan: place ? toSourceSpan(body, place.from, place.to) : { from: 0, to: 0 },
      bodySpan: { from: heredoc.start - block.start, to: heredoc.end - block.start },
      delimiterSpan: heredoc.delimiter && {
        from: heredoc.delimiter.start - block.start,
        to: heredoc.delimiter.end - block.start,
      },
    };
  });
}

function innerComments(header: string): readonly InnerComment[] {
  if (!header.includes("#") || !header.includes("\n")) return none;
  const comments: InnerComment[] = [];
  for (let at = header.indexOf("\n") + 1; at > 0; at = header.indexOf("\n", at) + 1) {
    const newline = header.indexOf("\n", at);
    const line = header.slice(at, newline < 0 ? header.length : newline);
    const text = line.trimStart();
    if (!text.startsWith("#")) continue;
    const from = at + line.length - text.length;
    comments.push({ from, to: from + text.trimEnd().length, text: text.slice(1).trim() });
  }
  return comments;
}

/** End of the instruction: behind the last delimiter, or behind the last character that is not blank. */
function endOf(text: string, header: string, first: number, block: Block): number {
  const end = block.heredocs.length > 0 ? text.trimEnd().length : header.trimEnd().length;
  return Math.max(end, first + 1);
}

/**
 * How long the keyword is. BuildKit ends it at an ASCII blank only, whatever else it takes for blanks elsewhere: with a
 * no-break space behind it, `CMD` is no instruction (`reWhitespace` in its parser).
 */
function wordLength(text: string): number {
  let at = 0;
  while (at < text.length && !isAsciiBlank(text.charCodeAt(at))) at++;
  return at;
}

function isAsciiBlank(code: number): boolean {
  return code === 32 || code === 9 || (code >= 11 && code <= 13);
}

function skipBlanks(text: string, from: number): number {
  let at = from;
  while (at < text.length && isSpace(text.charCodeAt(at))) at++;
  return at;
}

/** The local span of the arguments, or of the keyword where there are none: the place to complain about either. */
export function argumentsOrKeyword(parsed: Pick<ParsedInstruction, "argumentsSpan" | "keywordSpan">): LocalSpan {
  return parsed.argumentsSpan ?? parsed.keywordSpan;
}
