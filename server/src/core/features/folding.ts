/** What can be folded: stages, instructions and heredocs of several lines, runs of comments, `#region` marks. */
import { locate, type Model } from "../model/types";
import { spanOfStage } from "./names";

/** Whole lines, zero-based, both included. */
export interface Fold {
  readonly startLine: number;
  readonly endLine: number;
  readonly kind: "code" | "comment" | "region";
}

/** The folds of a file, by their first line; of two that begin in one line the longer comes first. */
export function foldsOf(model: Model): readonly Fold[] {
  const folds: Fold[] = [];
  const line = (offset: number): number => model.lines.positionAt(offset).line;
  const add = (startLine: number, endLine: number, kind: Fold["kind"]): void => {
    if (endLine > startLine) folds.push({ startLine, endLine, kind });
  };
  for (const stage of model.stages) {
    const { start, end } = spanOfStage(stage);
    add(line(start), line(end), "code");
  }
  for (const instruction of model.instructions) {
    const { parsed } = instruction;
    if (!parsed.text.includes("\n")) continue;
    const { start, end } = instruction.span;
    const startLine = line(start);
    add(startLine, line(end), "code");
    for (const heredoc of parsed.heredocs) {
      const body = locate(instruction, heredoc.bodySpan);
      // The line before the body holds the operator, or the mark that ended the body before.
      const opening = line(body.start) - 1;
      if (opening === startLine) continue;
      add(
        opening,
        heredoc.delimiterSpan ? line(locate(instruction, heredoc.delimiterSpan).end) : line(body.end),
        "code",
      );
    }
  }
  addComments(model, line, add);
  return folds.sort((a, b) => a.startLine - b.startLine || b.endLine - a.endLine);
}

function addComments(
  model: Model,
  line: (offset: number) => number,
  add: (startLine: number, endLine: number, kind: Fold["kind"]) => void,
): void {
  const regions: number[] = [];
  let start = -1;
  let end = -1;
  for (const comment of model.comments) {
    const at = line(comment.span.start);
    const mark = /^#?(end)?region\b/i.exec(comment.text);
    if (mark) {
      if (!mark[1]) regions.push(at);
      else if (regions.length > 0) add(regions.pop() as number, at, "region");
    }
    if (!mark && at === end + 1) end = at;
    else {
      add(start, end, "comment");
      start = at;
      end = mark ? at - 1 : at;
    }
  }
  add(start, end, "comment");
}
