/** The outline of a file: stages with their instructions, and what stands before the first stage. */
import type { Instruction, Model, Stage } from "../model/types";
import type { ParsedInstruction } from "../syntax/types";
import type { Span } from "../text";
import { baseAsWritten, labelOfStage, spanOfStage } from "./names";

/** One entry of the outline. */
export interface OutlineSymbol {
  readonly kind: "stage" | "directive" | "instruction";
  /** The instruction's keyword in upper case; for stages and directives empty. */
  readonly keyword: string;
  readonly name: string;
  /** What stands behind the name of a stage or directive; else empty. */
  readonly detail: string;
  /** All that belongs to it. */
  readonly span: Span;
  /** What to select when it is picked; lies within `span`. */
  readonly selection: Span;
  readonly children: readonly OutlineSymbol[];
}

/** The outline, in the order of the file. */
export function outlineOf(model: Model): readonly OutlineSymbol[] {
  const outline: OutlineSymbol[] = model.directives.map((directive) => ({
    kind: "directive",
    keyword: "",
    name: directive.name,
    detail: directive.value,
    span: { start: directive.start, end: directive.end },
    selection: { start: directive.valueStart, end: directive.valueEnd },
    children: none,
  }));
  const first = model.stages[0]?.from.index ?? model.instructions.length;
  for (let at = 0; at < first; at++) outline.push(instructionSymbol(model.instructions[at] as Instruction));
  for (const stage of model.stages) outline.push(stageSymbol(stage));
  return outline;
}

/** A stage as an entry of a list, without its instructions. */
export function stageSymbol(
  stage: Stage,
  children = stage.instructions.slice(1).map(instructionSymbol),
): OutlineSymbol {
  return {
    kind: "stage",
    keyword: "",
    name: labelOfStage(stage),
    detail: baseAsWritten(stage),
    span: spanOfStage(stage),
    selection: stage.nameSpan ?? stage.from.span,
    children,
  };
}

const none: readonly OutlineSymbol[] = [];
const longestName = 40;

function instructionSymbol(instruction: Instruction): OutlineSymbol {
  return {
    kind: "instruction",
    keyword: instruction.keyword,
    name: shortName(instruction),
    // What it does is part of the name: that is what editors search in, and all that lists and breadcrumbs show.
    detail: "",
    span: instruction.span,
    selection: instruction.keywordSpan,
    children: none,
  };
}

/** Kept with what is parsed, which one edit leaves as it is for all instructions but one. */
const shortNames = new WeakMap<ParsedInstruction, string>();

function shortName({ parsed }: Instruction): string {
  const known = shortNames.get(parsed);
  if (known !== undefined) return known;
  const made = shorten(`${parsed.keyword} ${parsed.body.text.slice(0, 4 * longestName)}`);
  shortNames.set(parsed, made);
  return made;
}

function shorten(name: string): string {
  const text = name.replace(/\s+/g, " ").trim();
  // Three dots and not one sign: a single character beyond Latin-1 doubles the cost of the whole answer.
  return text.length <= longestName ? text : `${text.slice(0, longestName - 3)}...`;
}
