/** Words, assignments and redirections of the parser, turned into ours. */
import type {
  ArithmeticExpression,
  Assignment,
  ParameterExpansionPart,
  Redirection,
  Script,
  SimpleExpansionPart,
  Word,
  WordPart,
} from "unbash";
import type { ShellAssignment, ShellRedirection, ShellVariable, ShellWord } from "./ast";
import { decodedOffsets, endOf, type Place, startOf, within } from "./place";

/** What reading words adds to: variables found, and the scripts inside substitutions. */
export interface WordSink {
  /** The whole script. */
  readonly text: string;
  readonly variables: ShellVariable[];
  readNested(script: Script, place: Place): void;
}

/** Reads a word; its variables and nested commands go to the sink as well. */
export function readWord(sink: WordSink, word: Word, place: Place): ShellWord {
  const parts = word.parts ?? [];
  const first = sink.variables.length;
  readParts(sink, parts, place, false);
  const [from, to] = spanOf(place, word);
  return {
    text: sink.text.slice(from, to),
    value: parts.length === 0 ? word.value : staticValue(parts),
    from,
    to,
    variables: since(sink.variables, first),
    quoted: quotingOf(parts, word),
  };
}

/** Reads an assignment before a command. */
export function readAssignment(sink: WordSink, assignment: Assignment, place: Place): ShellAssignment {
  const [from, to] = spanOf(place, assignment);
  if (assignment.index) readWord(sink, assignment.index, place);
  const { value } = assignment;
  if (value.type === "ArrayValue") {
    for (const element of value.elements) readWord(sink, element, place);
    return { name: assignment.name, value: null, from, to };
  }
  return { name: assignment.name, value: readWord(sink, value, place), from, to };
}

/** Reads an assignment that stands as an argument (`export A=1`) as the word that it is. */
export function readAssignmentWord(sink: WordSink, assignment: Assignment, place: Place): ShellWord {
  const first = sink.variables.length;
  const { from, to, value } = readAssignment(sink, assignment, place);
  const text = sink.text.slice(from, to);
  const known = value !== null && value.value !== null;
  return {
    text,
    value: known ? sink.text.slice(from, value.from) + value.value : null,
    from,
    to,
    variables: since(sink.variables, first),
    quoted: value === null || value.quoted === "none" ? "none" : "mixed",
  };
}

/** Reads a redirection; a here-document's body is read for variables and commands unless its mark is quoted. */
export function readRedirection(sink: WordSink, redirection: Redirection, place: Place): ShellRedirection {
  const [from, to] = spanOf(place, redirection);
  const descriptor = redirection.descriptor?.type === "FileDescriptor" ? redirection.descriptor.value : null;
  if (redirection.type !== "HereDoc") {
    const target = redirection.target ? readWord(sink, redirection.target, place) : null;
    return { operator: redirection.operator, descriptor, target, from, to, heredoc: null };
  }
  const { body } = redirection;
  readParts(sink, body.parts ?? [], place, true);
  const [bodyFrom, bodyTo] = spanOf(place, body);
  const quoted = redirection.delimiter?.quoted ?? false;
  const heredoc = { text: sink.text.slice(bodyFrom, bodyTo), from: bodyFrom, to: bodyTo, quoted };
  return { operator: redirection.operator, descriptor, target: null, from, to, heredoc };
}

/** Reads the variables and commands of an arithmetic expression, where a bare name is a variable too. */
export function readArithmetic(sink: WordSink, expression: ArithmeticExpression | undefined, place: Place): void {
  switch (expression?.type) {
    case "ArithmeticBinary":
      readArithmetic(sink, expression.left, place);
      readArithmetic(sink, expression.right, place);
      return;
    case "ArithmeticUnary":
      readArithmetic(sink, expression.operand, place);
      return;
    case "ArithmeticTernary":
      readArithmetic(sink, expression.test, place);
      readArithmetic(sink, expression.consequent, place);
      readArithmetic(sink, expression.alternate, place);
      return;
    case "ArithmeticGroup":
      readArithmetic(sink, expression.expression, place);
      return;
    case "ArithmeticCommandExpansion":
      readSubstitution(sink, expression, place);
      return;
    case "ArithmeticWord":
      if (expression.parts) readParts(sink, expression.parts, place, true);
      else readBareVariable(sink, expression, place);
      return;
    case undefined:
      return;
  }
}

/** Start and end of a parser's node in the script; never reversed, also where the parser recovered from an error. */
export function spanOf(place: Place, node: { readonly pos: number; readonly end: number }): [number, number] {
  const from = startOf(place, node.pos);
  return [from, Math.max(from, endOf(place, node.end))];
}

function readParts(sink: WordSink, parts: readonly WordPart[], place: Place, quoted: boolean): void {
  for (const part of parts) readPart(sink, part, place, quoted);
}

function readPart(sink: WordSink, part: WordPart, place: Place, quoted: boolean): void {
  switch (part.type) {
    case "DoubleQuoted":
    case "LocaleString":
      readParts(sink, part.parts, place, true);
      return;
    case "SimpleExpansion":
      sink.variables.push(simpleVariable(part, place, quoted));
      return;
    case "ParameterExpansion":
      sink.variables.push(bracedVariable(part, place, quoted));
      readOperands(sink, part, place);
      return;
    case "CommandExpansion":
    case "ProcessSubstitution":
      readSubstitution(sink, part, place);
      return;
    case "ArithmeticExpansion":
      readArithmetic(sink, part.expression, place);
      return;
    case "Glob":
    case "ExtendedGlob":
    case "BraceExpansion":
      readParts(sink, part.parts ?? [], place, quoted);
      return;
    case "Literal":
    case "SingleQuoted":
    case "AnsiCQuoted":
      return;
  }
}

function readOperands(sink: WordSink, part: ParameterExpansionPart, place: Place): void {
  if (part.index) readWord(sink, part.index, place);
  const { operation } = part;
  switch (operation?.type) {
    case "Default":
    case "Remove":
    case "Transform":
      readWord(sink, operation.operand, place);
      return;
    case "CaseModification":
      if (operation.operand) readWord(sink, operation.operand, place);
      return;
    case "Replace":
      readWord(sink, operation.pattern, place);
      readWord(sink, operation.replacement, place);
      return;
    case "Slice":
      readWord(sink, operation.offset, place);
      if (operation.length) readWord(sink, operation.length, place);
      return;
    default:
      return;
  }
}

function readSubstitution(
  sink: WordSink,
  part: { readonly pos: number; readonly text: string; readonly script: Script | undefined },
  place: Place,
): void {
  const { script } = part;
  if (!script) return;
  const inner = within(place, "substitution");
  if (script.source === undefined || script.source === place.source) {
    sink.readNested(script, inner);
    return;
  }
  // Positions refer to the text between the backticks with its backslashes taken away.
  const offsets = decodedOffsets(place, part.pos, part.text, script.source);
  if (offsets) sink.readNested(script, { ...inner, source: script.source, offsets });
}

function simpleVariable(part: SimpleExpansionPart, place: Place, quoted: boolean): ShellVariable {
  const [from, to] = spanOf(place, part);
  const name = part.text.slice(1);
  return { name, from, to, nameFrom: from + 1, nameTo: to, braced: false, quoted, operator: null, defaultValue: null };
}

function bracedVariable(part: ParameterExpansionPart, place: Place, quoted: boolean): ShellVariable {
  const [from, to] = spanOf(place, part);
  const { operation, prefix } = part;
  const operator =
    prefix === "#" ? "length" : prefix === "!" ? "indirect" : operation === undefined ? null : operation.operator;
  const gives = operation?.type === "Default" && /^:?[-=]$/.test(operation.operator) ? operation.operand : null;
  return {
    name: part.parameter,
    from,
    to,
    nameFrom: startOf(place, part.parameterPos),
    nameTo: endOf(place, part.parameterEnd),
    braced: true,
    quoted,
    operator,
    defaultValue: gives === null ? null : gives.parts ? staticValue(gives.parts) : gives.value,
  };
}

function readBareVariable(
  sink: WordSink,
  word: { readonly pos: number; readonly end: number; readonly value: string },
  place: Place,
): void {
  const match = /^\$?([A-Za-z_]\w*)$/.exec(word.value);
  if (!match?.[1]) return;
  const [from, to] = spanOf(place, word);
  const nameFrom = to - match[1].length;
  const rest = { braced: false, quoted: true, operator: null, defaultValue: null };
  sink.variables.push({ name: match[1], from, to, nameFrom, nameTo: to, ...rest });
}

/** The value of a word's parts when it is always the same one, else null. */
function staticValue(parts: readonly WordPart[]): string | null {
  let value = "";
  for (const part of parts) {
    const piece = staticPart(part);
    if (piece === null) return null;
    value += piece;
  }
  return value;
}

function staticPart(part: WordPart): string | null {
  switch (part.type) {
    case "Literal":
    case "SingleQuoted":
    case "AnsiCQuoted":
      return part.value;
    case "DoubleQuoted":
    case "LocaleString":
      return staticValue(part.parts);
    case "Glob":
      return part.parts && staticValue(part.parts) === null ? null : part.value;
    case "ExtendedGlob":
      return part.parts && staticValue(part.parts) === null ? null : part.text;
    default:
      return null;
  }
}

function quotingOf(parts: readonly WordPart[], word: Word): ShellWord["quoted"] {
  const [only] = parts;
  if (parts.length === 1 && only && only.pos === word.pos && only.end === word.end) {
    if (only.type === "SingleQuoted") return "single";
    if (only.type === "DoubleQuoted") return "double";
  }
  return parts.some(isQuotedPart) ? "mixed" : "none";
}

function isQuotedPart(part: WordPart): boolean {
  return (
    part.type === "SingleQuoted" ||
    part.type === "DoubleQuoted" ||
    part.type === "AnsiCQuoted" ||
    part.type === "LocaleString"
  );
}

const none: readonly ShellVariable[] = [];

/** The variables pushed since `first`; most words have none and share one empty list. */
function since(variables: readonly ShellVariable[], first: number): readonly ShellVariable[] {
  return variables.length === first ? none : variables.slice(first);
}
