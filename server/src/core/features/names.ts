/** Stages and variables by their names: what stands at a place, where it is declared, where else it is used. */
import { instructionAt } from "../model/at";
import { type StageReference, stageReferences } from "../model/stage-references";
import type { Model, Stage } from "../model/types";
import type { Edit, Span } from "../text";
import { declarationOf, isPredefined, sameVariable, type VariableUse, variableUseAt } from "./variable-uses";

/** What is named at a place. */
export type Named =
  | { readonly kind: "stage"; readonly stage: Stage; readonly span: Span; readonly byNumber: boolean }
  | { readonly kind: "variable"; readonly use: VariableUse; readonly span: Span };

/** One place of a name. `write`: it is declared or given a value there. */
export interface Occurrence {
  readonly span: Span;
  readonly access: "read" | "write";
}

/** The stage or variable named at an offset (the end of the name included), or null. */
export function nameAt(model: Model, offset: number): Named | null {
  const instruction = instructionAt(model, offset);
  if (!instruction || offset > instruction.span.end) return null;
  const use = variableUseAt(instruction, offset);
  // Behind the name, in `:-default`, one is in a text of its own.
  if (use && offset <= use.span.end) return { kind: "variable", use, span: use.span };
  const { stage } = instruction;
  if (stage?.from === instruction && stage.nameSpan && holds(stage.nameSpan, offset)) {
    return { kind: "stage", stage, span: stage.nameSpan, byNumber: false };
  }
  const reference = referenceAt(model, offset);
  if (!reference?.stage) return null;
  const { byNumber } = reference;
  return { kind: "stage", stage: reference.stage, span: reference.nameSpan ?? reference.span, byNumber };
}

/** Every place of what is named, the place of its declaration included, in the order of the file. */
export function occurrencesOf(model: Model, named: Named): readonly Occurrence[] {
  if (named.kind === "variable") {
    return sameVariable(model, named.use).map(({ span, role }) => ({
      span,
      access: role === "read" ? "read" : "write",
    }));
  }
  const { stage } = named;
  const found: Occurrence[] = stage.nameSpan ? [{ span: stage.nameSpan, access: "write" }] : [];
  for (const { nameSpan, span } of usesOf(model, stage)) found.push({ span: nameSpan ?? span, access: "read" });
  return found.sort((a, b) => a.span.start - b.span.start);
}

/** Where what is named is declared; null where that is outside of the file. A stage without a name: its FROM. */
export function definitionOf(model: Model, named: Named): Span | null {
  if (named.kind === "variable") return declarationOf(model, named.use);
  return named.stage.nameSpan ?? named.stage.from.keywordSpan;
}

/** The places that use a stage. */
export function usesOf(model: Model, stage: Stage): readonly StageReference[] {
  return stageReferences(model).filter((reference) => reference.stage === stage);
}

/** Edits that give what is named another name, or one sentence that says why that cannot be done. */
export type Renaming = { readonly edits: readonly Edit[] } | { readonly refusal: string };

/** Why what is named cannot have another name, or null when it can. */
export function refusalToRename(model: Model, named: Named): string | null {
  if (named.kind === "stage") {
    if (!named.stage.nameSpan) return "This stage has no name: give it one behind FROM … AS.";
    return named.byNumber ? "This is the number of a stage, which has no name of its own here." : null;
  }
  const { name } = named.use;
  if (isPredefined(name)) return `${name} is set by the builder: its name is fixed.`;
  const declared = sameVariable(model, named.use).some((use) => use.role !== "read");
  return declared ? null : `${name} is not declared in this file: it comes from the base image or from outside.`;
}

/** Renames a stage or a variable with all its uses. */
export function rename(model: Model, named: Named, newName: string): Renaming {
  const refusal = refusalToRename(model, named) ?? refusalOfName(model, named, newName);
  if (refusal !== null) return { refusal };
  const edits: Edit[] = [];
  for (const span of spansToRename(model, named)) {
    const written = span && model.text.slice(span.start, span.end);
    if (!span || !written || !isName(named, written)) {
      return { refusal: "One of its uses is split by a line continuation or made up of variables; rename it by hand." };
    }
    if (written !== newName) edits.push({ span, newText: newName });
  }
  return { edits };
}

function spansToRename(model: Model, named: Named): readonly (Span | null)[] {
  if (named.kind === "variable") return sameVariable(model, named.use).map((use) => use.span);
  // A stage can be meant by its number, which stays what it is.
  const byName = usesOf(model, named.stage).filter((reference) => !reference.byNumber);
  return [named.stage.nameSpan, ...byName.map((reference) => reference.nameSpan)];
}

function isName(named: Named, written: string): boolean {
  return named.kind === "variable"
    ? written === named.use.name
    : written.toLowerCase() === named.stage.name?.toLowerCase();
}

/** BuildKit takes letters, digits, `_`, `-` and `.` for a stage, a letter first (instructions/parse.go). */
function refusalOfName(model: Model, named: Named, newName: string): string | null {
  if (named.kind === "variable") {
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(newName)) {
      return "A variable is named with letters, digits and underscores, and does not start with a digit.";
    }
    if (newName === named.use.name) return null;
    const scopes = [model.globals, ...model.stages.map((stage) => stage.scope)];
    const taken = scopes.some((scope) => scope.bindings.some((binding) => binding.name === newName));
    return taken ? `There is a variable ${newName} already.` : null;
  }
  if (!/^[A-Za-z][\w.-]*$/.test(newName)) {
    return "A stage is named with letters, digits, `_`, `-` and `.`, a letter first.";
  }
  const lower = newName.toLowerCase();
  if (lower === "scratch" || lower === "context") return `${newName} has a meaning of its own as a name of a stage.`;
  const other = model.stages.find((stage) => stage.name === lower && stage !== named.stage);
  return other ? `There is a stage ${newName} already.` : null;
}

/** References come in the order of the file, mostly; the flags of one instruction are few. */
function referenceAt(model: Model, offset: number): StageReference | null {
  for (const reference of stageReferences(model)) {
    if (reference.stage && holds(reference.nameSpan ?? reference.span, offset)) return reference;
  }
  return null;
}

function holds(span: Span, offset: number): boolean {
  return span.start <= offset && offset <= span.end;
}

/** The span of a stage in the text: from its FROM to the end of its last instruction. */
export function spanOfStage(stage: Stage): Span {
  const last = stage.instructions[stage.instructions.length - 1] ?? stage.from;
  return { start: stage.from.span.start, end: last.span.end };
}

/** The name of a stage for people: its own, or `stage 0`. */
export function labelOfStage(stage: Stage): string {
  const { nameSpan, from } = stage;
  return nameSpan
    ? from.parsed.text.slice(nameSpan.start - from.blockStart, nameSpan.end - from.blockStart)
    : `stage ${stage.index}`;
}

/** What stands behind FROM as written; `?` when nothing does. */
export function baseAsWritten(stage: Stage): string {
  return stage.base.word?.text ?? "?";
}

/**
 * What a stage is for the image that ships: `ships` is that image, `part` lies under it, `needed` gives it files on the
 * way, `unused` is left out of its build.
 */
export type StageRole = "ships" | "part" | "needed" | "unused";

export function roleOfStage(model: Model, stage: Stage): StageRole {
  if (stage === model.finalStage) return "ships";
  return stage.ships ? "part" : stage.reachesFinal ? "needed" : "unused";
}

/** A role for people. */
export const roleText: { readonly [role in StageRole]: string } = {
  ships: "the image that ships",
  part: "part of the image that ships",
  needed: "needed by the image that ships",
  unused: "not needed by the image that ships",
};
