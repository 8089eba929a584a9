/** What the builder refuses, by the name of the fault, and where in the file it stands. */
import type { Model, Problem } from "../../model/types";
import type { ProblemCode } from "../../syntax/types";
import type { Span } from "../../text";

/** The faults of one name, in the order of the file. */
export function faultsOf(model: Model, code: ProblemCode): readonly Problem[] {
  return model.problems.length === 0 ? model.problems : model.problems.filter((problem) => problem.code === code);
}

/** Joins the finding about a fault to that of `syntax-error`, so that one mistake is one finding. */
export function faultCause(span: Span): string {
  return `syntax:${span.start}:${span.end}`;
}

/** A piece of the user's text, cut where it is too long for a message. */
export function shorten(text: string): string {
  return text.length > 30 ? `${text.slice(0, 29)}…` : text;
}
