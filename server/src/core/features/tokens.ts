/** Semantic tokens: every word of a file as what it is, the words of shell scripts and heredocs included. */
import { type Script, scriptsOf } from "../model/scripts";
import type { Comment, Instruction, Model } from "../model/types";
import { type LogicalText, sliceLogical, toSourceSpan } from "../shell/body";
import { effectiveCommands } from "../shell/commands";
import { parseShell } from "../shell/parse";
import { readMount } from "../syntax/flags";
import type { Directive, Flag, ParsedInstruction, Variable, Word } from "../syntax/types";
import { variableAt } from "../syntax/words";
import type { LocalSpan, Span } from "../text";
import { encodePaint, type Paint, type TokenType, tokenTypes } from "./paint";
import { paintScript } from "./shell-paint";

/**
 * The tokens of a file or of a stretch of it: five numbers each, relative to the token before (see `encodePaint`), the
 * first to the start of the file. What an instruction is painted with is kept with it, so an edit costs one instruction.
 */
export function tokensOf(model: Model, within?: Span): number[] {
  const data: number[] = [];
  let line = 0;
  let character = 0;
  const append = (start: number, tokens: readonly number[]): void => {
    if (tokens.length === 0) return;
    const first = model.lines.positionAt(start);
    // The first token counts from its block, which may begin in the middle of a line: behind a byte order mark.
    let deltaLine = (tokens[0] as number) + first.line - line;
    const own = (tokens[1] as number) + (tokens[0] === 0 ? first.character : 0);
    let deltaCharacter = deltaLine === 0 ? own - character : own;
    line = first.line + (tokens[0] as number);
    character = own;
    for (let at = 0; at < tokens.length; at += 5) {
      if (at > 0) {
        deltaLine = tokens[at] as number;
        deltaCharacter = tokens[at + 1] as number;
        line += deltaLine;
        character = deltaLine === 0 ? character + deltaCharacter : deltaCharacter;
      }
      data.push(
        deltaLine,
        deltaCharacter,
        tokens[at + 2] as number,
        tokens[at + 3] as number,
        tokens[at + 4] as number,
      );
    }
  };
  for (const piece of piecesOf(model)) {
    if (within && (piece.end < within.start || piece.start > within.end)) continue;
    append(piece.start, piece.tokens());
  }
  return data;
}

/** Something whose tokens are worked out by itself. */
interface Piece {
  readonly start: number;
  readonly end: number;
  tokens(): readonly number[];
}

/** Directives, comments between instructions, and instructions, in the order of the file. */
function* piecesOf(model: Model): Iterable<Piece> {
  for (const directive of model.directives) {
    const { start, end } = directive;
    yield { start, end, tokens: () => directiveTokens(model.text, directive) };
  }
  const comments = model.comments.filter((comment) => comment.inside === null);
  let next = 0;
  for (const instruction of model.instructions) {
    const { blockStart, span } = instruction;
    for (; next < comments.length && (comments[next] as Comment).span.start < blockStart; next++) {
      yield commentPiece(comments[next] as Comment);
    }
    yield { start: blockStart, end: span.end, tokens: () => instructionTokens(instruction) };
  }
  for (; next < comments.length; next++) yield commentPiece(comments[next] as Comment);
}

const commentType = tokenTypes.indexOf("comment");

function commentPiece({ span: { start, end } }: Comment): Piece {
  return { start, end, tokens: () => [0, 0, end - start, commentType, 0] };
}

function directiveTokens(text: string, { name, start, end, valueStart, valueEnd }: Directive): readonly number[] {
  const own = text.slice(start, end);
  const nameFrom = own.toLowerCase().indexOf(name);
  const paint: Paint[] = [
    { from: 0, to: own.length, type: "comment" },
    { from: nameFrom, to: nameFrom + name.length, type: "property" },
    { from: valueStart - start, to: valueEnd - start, type: "string" },
  ];
  return encodePaint(own, paint, "\\");
}

const remembered = new WeakMap<ParsedInstruction, { readonly key: string; readonly tokens: readonly number[] }>();

function instructionTokens(instruction: Instruction): readonly number[] {
  const { parsed, stage, shell } = instruction;
  const isStage = stage?.from === instruction && stage.base.stage !== null;
  const key = isStage ? "stage" : shell.kind;
  const known = remembered.get(parsed);
  if (known?.key === key) return known.tokens;
  const tokens = encodePaint(parsed.text, paintInstruction(instruction, isStage), parsed.escape);
  remembered.set(parsed, { key, tokens });
  return tokens;
}

function paintInstruction(instruction: Instruction, baseIsStage: boolean): readonly Paint[] {
  const { parsed, blockStart } = instruction;
  const paint: Paint[] = [];
  const scripts = scriptsOf(instruction);
  paintHeredocs(paint, parsed, scripts);
  paintParsed(paint, parsed, baseIsStage);
  for (const { script, commands, locate } of scripts) {
    paintScript(paint, script, commands, (from, to) => {
      const { start, end } = locate(from, to);
      return { from: start - blockStart, to: end - blockStart };
    });
  }
  for (const { from, to } of parsed.comments) paint.push({ from, to, type: "comment" });
  return paint;
}

/** Keyword, flags and arguments; the trigger of an ONBUILD likewise. */
function paintParsed(paint: Paint[], parsed: ParsedInstruction, baseIsStage: boolean): void {
  const deprecated = parsed.keyword === "MAINTAINER";
  paint.push({ ...parsed.keywordSpan, type: "keyword", ...(deprecated ? { deprecated } : {}) });
  for (const flag of parsed.flags) paintFlag(paint, flag);
  paintArguments(paint, parsed, baseIsStage);
  const { trigger } = parsed;
  if (!trigger) return;
  paintParsed(paint, trigger, false);
  if (trigger.keyword === "RUN" && !trigger.json)
    paintLogical(paint, sliceLogical(trigger.body, trigger.argumentsFrom));
}

function paintLogical(paint: Paint[], body: LogicalText): void {
  const script = parseShell(body.text);
  paintScript(paint, script, effectiveCommands(script), (from, to) => toSourceSpan(body, from, to));
}

function paintArguments(paint: Paint[], parsed: ParsedInstruction, baseIsStage: boolean): void {
  const { keyword, words } = parsed;
  if (parsed.json) {
    for (const { from, to } of parsed.json) paint.push({ from, to, type: "string" });
    if (keyword === "COPY" || keyword === "ADD") for (const word of words) paintVariables(paint, word.variables);
    return;
  }
  switch (keyword) {
    case "FROM":
      paintFrom(paint, words, baseIsStage);
      break;
    case "ARG":
    case "ENV":
    case "LABEL":
      for (const { nameSpan, value } of parsed.pairs) {
        paint.push(
          keyword === "LABEL" ? { ...nameSpan, type: "property" } : { ...nameSpan, type: "variable", declares: true },
        );
        if (value) paintValue(paint, value);
      }
      if (keyword === "LABEL") for (const word of words) paintVariables(paint, word.variables);
      break;
    case "HEALTHCHECK": {
      const [first] = words;
      if (first && /^(?:CMD|NONE)$/i.test(first.text)) paint.push({ from: first.from, to: first.to, type: "keyword" });
      break;
    }
    case "RUN":
    case "CMD":
    case "ENTRYPOINT":
    case "ONBUILD":
      break;
    case "STOPSIGNAL":
      for (const word of words) paintWord(paint, word, "enumMember");
      break;
    default:
      for (const word of words) if (!/^\d*<</.test(word.text)) paintValue(paint, word);
  }
}

function paintFrom(paint: Paint[], words: readonly Word[], baseIsStage: boolean): void {
  const [base, as, name] = words;
  if (base) {
    const { from, to, text } = base;
    const straight = to - from === text.length;
    paint.push({ from, to, type: baseIsStage ? "namespace" : "type" });
    const tag = straight && !baseIsStage ? tagFrom(text) : text.length;
    if (tag < text.length) paint.push({ from: from + tag, to, type: "enumMember" });
    paintVariables(paint, base.variables);
  }
  if (as && /^as$/i.test(as.text)) {
    paint.push({ from: as.from, to: as.to, type: "keyword" });
    if (name) paint.push({ from: name.from, to: name.to, type: "namespace", declares: true });
  }
}

/** Where the tag or the digest of an image begins: behind a `@`, or a colon that stands behind the last slash. */
function tagFrom(text: string): number {
  // What variables hold (`${TAG:-1}`) is none of our colons.
  const plain = text.replace(/\$\{[^}]*\}/g, (variable) => "v".repeat(variable.length));
  const colon = plain.indexOf(":", plain.lastIndexOf("/", plain.includes("@") ? plain.indexOf("@") : plain.length) + 1);
  const at = plain.indexOf("@");
  return colon >= 0 && (at < 0 || colon < at) ? colon + 1 : at >= 0 ? at + 1 : text.length;
}

function paintFlag(paint: Paint[], flag: Flag): void {
  const { value } = flag;
  paint.push({ from: flag.from, to: flag.nameSpan.to, type: "parameter" });
  if (!value) return;
  const mount = readMount(flag);
  if (!mount) {
    const isStage = flag.name === "from" && !/[:/@]/.test(value.text);
    paintWord(paint, value, isStage ? "namespace" : flag.name === "from" ? "type" : typeOf(value));
    return;
  }
  const straight = value.to - value.from === value.text.length;
  for (const { from, to, key, value: text } of straight ? mount.fields : []) {
    paint.push({ from, to: Math.min(to, from + key.length), type: "property" });
    if (text === null) continue;
    const type =
      key === "type" ? "enumMember" : key === "from" ? "namespace" : /^\d+$/.test(text) ? "number" : "string";
    paint.push({ from: from + key.length + 1, to, type });
  }
  paintVariables(paint, value.variables);
}

function paintValue(paint: Paint[], word: Word): void {
  paintWord(paint, word, typeOf(word));
}

function paintWord(paint: Paint[], word: Word, type: TokenType): void {
  paint.push({ from: word.from, to: word.to, type });
  paintVariables(paint, word.variables);
}

/** Numbers, also ports with a protocol and times. */
function typeOf(word: Word): TokenType {
  return /^\d+(?:[-.]\d+)*(?:\/\w+|[a-z]{1,2})?$/.test(word.text) ? "number" : "string";
}

function paintVariables(paint: Paint[], variables: readonly Variable[]): void {
  for (const { from, to } of variables) paint.push({ from, to, type: "variable" });
}

/** Operators, end marks, and bodies that no shell runs: those are text in which the builder may replace variables. */
function paintHeredocs(paint: Paint[], parsed: ParsedInstruction, scripts: readonly Script[]): void {
  const isScript = scripts.some((script) => script.kind === "heredoc");
  for (const [at, { operator, operatorSpan, bodySpan, delimiterSpan }] of parsed.heredocs.entries()) {
    paint.push({ ...operatorSpan, type: "macro" });
    if (delimiterSpan) paint.push({ ...delimiterSpan, type: "macro" });
    if (isScript && at === 0) continue;
    paint.push({ ...bodySpan, type: "string" });
    if (operator.expand) paintTextVariables(paint, parsed.text, bodySpan);
  }
}

function paintTextVariables(paint: Paint[], text: string, { from, to }: LocalSpan): void {
  for (let at = text.indexOf("$", from); at >= 0 && at < to; at = text.indexOf("$", at + 1)) {
    const variable = text[at - 1] === "\\" ? null : variableAt(text, at, to, "\\");
    if (variable) paint.push({ from: at, to: variable.to, type: "variable" });
  }
}
