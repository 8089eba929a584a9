/** LABELs that follow each other. One instruction or several make the same image; this is taste. */
import type { Instruction, Model } from "../../model/types";
import { locate } from "../../model/types";
import { defineRule } from "../../rule";
import type { Edit } from "../../text";

export default defineRule({
  id: "label-group",
  theme: "label",
  category: "style",
  severity: "hint",
  recommended: false,
  since: "0.1.0",
  summary: "LABEL instructions that follow each other could be one.",
  why: "One block is easier to read than a column of LABELs. It changes nothing in the image: labels make no layers. Off by default, because it is taste.",
  aliases: { tally: ["tally/labels/prefer-grouped"] },
  fixable: "safe",
  examples: [
    {
      title: "A column of labels",
      code: "FROM alpine:3.24\n[|LABEL|] a=1\nLABEL b=2\n\nLABEL c=3 d=4\nRUN make\n",
      fixed: "FROM alpine:3.24\nLABEL a=1 \\\n      b=2 \\\n      c=3 d=4\nRUN make\n",
    },
    {
      title: "As the block itself is indented",
      code: "FROM alpine:3.24\n[|LABEL|] a=1 \\\n  b=2\nLABEL c=3\n",
      fixed: "FROM alpine:3.24\nLABEL a=1 \\\n  b=2 \\\n  c=3\n",
    },
    { title: "A comment between", code: "FROM alpine:3.24\nLABEL a=1\n# and\nLABEL b=2\n" },
    { title: "The old form takes the whole line", code: "FROM alpine:3.24\nLABEL a 1\nLABEL b 2\n" },
    { title: "Something between", code: "FROM alpine:3.24\nLABEL a=1\nRUN make\nLABEL b=2\n" },
  ],
  *check({ model }) {
    let run: Instruction[] = [];
    for (const instruction of model.instructions) {
      const previous = run.at(-1);
      if (previous && isGroupable(instruction) && isNext(model, previous, instruction)) {
        run.push(instruction);
        continue;
      }
      if (run.length > 1) yield finding(model, run);
      run = isGroupable(instruction) ? [instruction] : [];
    }
    if (run.length > 1) yield finding(model, run);
  },
});

function isGroupable({ keyword, parsed }: Instruction): boolean {
  return keyword === "LABEL" && parsed.problems.length === 0 && parsed.pairs.every((pair) => !pair.legacy);
}

function isNext(model: Model, before: Instruction, after: Instruction): boolean {
  return model.text.slice(before.span.end, after.span.start).trim() === "";
}

function finding(model: Model, run: readonly Instruction[]) {
  const [first, ...others] = run as [Instruction, ...Instruction[]];
  return {
    message: `${run.length} LABELs follow each other. Write them as one.`,
    range: first.keywordSpan,
    fixes: () => {
      const edits = others.flatMap((one, index): readonly Edit[] => {
        const before = run[index] as Instruction;
        const start = locate(one, one.parsed.argumentsSpan ?? one.parsed.keywordSpan).start;
        const gap = ` ${model.escape}${model.lineEnding}${indentOf(first)}`;
        return [{ span: { start: before.span.end, end: start }, newText: gap }];
      });
      return [{ title: "Write one LABEL", applicability: "safe" as const, edits }];
    },
  };
}

/** The indentation of the first instruction's own continued lines, else below its first pair. */
function indentOf({ parsed }: Instruction): string {
  return /\n([ \t]+)[^\s#]/.exec(parsed.text)?.[1] ?? "      ";
}
