/** Makes the records of what the builder would refuse. */
import type { LocalSpan } from "../text";
import type { LocalProblem, ProblemCode } from "./types";

/** A fault of an instruction that the builder knows. `code` is the fault's own name, where it has one. */
export function syntax(span: LocalSpan, message: string, code: ProblemCode | null = null): LocalProblem {
  return problem("syntax", span, message, code);
}

/** A fault of the given kind. */
export function problem(
  kind: LocalProblem["kind"],
  span: LocalSpan,
  message: string,
  code: ProblemCode | null,
): LocalProblem {
  return { kind, from: span.from, to: span.to, message, code };
}

/** What the user wrote, short enough for a message. */
export function shorten(text: string): string {
  return text.length > 40 ? `${text.slice(0, 39)}…` : text;
}
