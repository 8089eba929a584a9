/** Selection that grows: from a variable to its word, its command, its instruction, its stage, the file. */
import { instructionAt } from "../model/at";
import { scriptsOf } from "../model/scripts";
import type { Instruction, Model } from "../model/types";
import { locate } from "../model/types";
import { readMount } from "../syntax/flags";
import type { LocalSpan, Span } from "../text";
import { spanOfStage } from "./names";
import { variableUses } from "./variable-uses";

/** The spans around an offset, the smallest first; each lies within the next. There is always one: the file. */
export function selectionsAt(model: Model, offset: number): readonly Span[] {
  const spans: Span[] = [{ start: 0, end: model.text.length }];
  const instruction = instructionAt(model, offset);
  if (instruction) {
    if (instruction.stage) spans.push(spanOfStage(instruction.stage));
    spans.push(instruction.span);
    addParts(spans, instruction);
  }
  const comment = model.comments.find(({ span }) => span.start <= offset && offset <= span.end);
  if (comment) spans.push(comment.span);
  const around = spans.filter(({ start, end }) => start <= offset && offset <= end && end > start);
  around.sort((a, b) => a.end - a.start - (b.end - b.start));
  const nested: Span[] = [];
  for (const span of around) {
    const inner = nested[nested.length - 1];
    if (inner && (span.start > inner.start || span.end < inner.end)) continue;
    if (inner && span.start === inner.start && span.end === inner.end) continue;
    nested.push(span);
  }
  return nested.length > 0 ? nested : [{ start: 0, end: model.text.length }];
}

function addParts(spans: Span[], instruction: Instruction): void {
  const { parsed } = instruction;
  const add = (local: LocalSpan | null): void => {
    if (local) spans.push(locate(instruction, local));
  };
  add(parsed.keywordSpan);
  add(parsed.argumentsSpan);
  for (const flag of parsed.flags) {
    add(flag);
    add(flag.value);
    for (const field of readMount(flag)?.fields ?? []) add(field);
  }
  for (const word of parsed.words) add(word);
  for (const pair of parsed.pairs) {
    add(pair);
    add(pair.nameSpan);
    add(pair.value);
  }
  for (const item of parsed.json ?? []) {
    add(item);
    add({ from: item.from + 1, to: item.to - 1 });
  }
  for (const heredoc of parsed.heredocs) add(heredoc.bodySpan);
  for (const { span, whole } of variableUses(instruction)) spans.push(span, whole);
  for (const { script, locate: place } of scriptsOf(instruction)) {
    for (const { from, to } of script.topLevel) spans.push(place(from, to));
    for (const { from, to } of script.pipelines) spans.push(place(from, to));
    for (const command of script.commands) {
      spans.push(place(command.from, command.to));
      for (const word of command.words) spans.push(place(word.from, word.to));
    }
  }
}
