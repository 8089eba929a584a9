import { hasTemplate } from "../../fixes/mount";
import type { Instruction, Model, Stage } from "../../model/types";
import { defineRule, type Fix } from "../../rule";
import type { Edit } from "../../text";

export default defineRule({
  id: "epilogue-order",
  theme: "layout",
  category: "style",
  severity: "hint",
  recommended: false,
  since: "0.1.0",
  summary: "STOPSIGNAL, HEALTHCHECK, ENTRYPOINT and CMD are not at the end of the stage in that order.",
  why: "These four say how a container starts, is watched and stops. At the end of the stage, in one order, they are found at a glance; in the middle they are read past. Off by default: a matter of taste.",
  aliases: { tally: ["tally/epilogue-order"] },
  fixable: "safe",
  examples: [
    {
      title: "CMD before a step",
      code: 'FROM alpine:3.24\n[|CMD|] ["app"]\nCOPY app /usr/bin/\n',
      fixed: 'FROM alpine:3.24\nCOPY app /usr/bin/\nCMD ["app"]\n',
    },
    {
      title: "Another order",
      code: 'FROM alpine:3.24\nCOPY app /usr/bin/\n[|CMD|] ["serve"]\nENTRYPOINT ["app"]\n',
      fixed: 'FROM alpine:3.24\nCOPY app /usr/bin/\nENTRYPOINT ["app"]\nCMD ["serve"]\n',
    },
    {
      title: "In order",
      code: 'FROM alpine:3.24\nSTOPSIGNAL SIGQUIT\nHEALTHCHECK NONE\nENTRYPOINT ["app"]\nCMD ["serve"]\n',
    },
    { title: "Two of a kind are another fault", code: 'FROM alpine:3.24\nCMD ["a"]\nRUN true\nCMD ["b"]\n' },
    { title: "The shell changes in between", code: 'FROM alpine:3.24\nCMD app\nSHELL ["/bin/ash", "-c"]\nRUN true\n' },
  ],
  *check({ model }) {
    for (const stage of model.stages) {
      const own = stage.instructions.slice(1);
      const epilogue = own.filter(({ keyword }) => order.includes(keyword));
      if (epilogue.length === 0 || new Set(epilogue.map(({ keyword }) => keyword)).size < epilogue.length) continue;
      // The shell form and a variable mean what they mean in their place.
      if (epilogue.some((one) => !canMove(one, own))) continue;
      const wanted = [
        ...own.filter(({ keyword }) => !order.includes(keyword)),
        ...[...epilogue].sort((a, b) => order.indexOf(a.keyword) - order.indexOf(b.keyword)),
      ];
      const misplaced = own.find(
        (instruction, at) => order.includes(instruction.keyword) && wanted[at] !== instruction,
      );
      if (!misplaced) continue;
      yield {
        message: `${misplaced.keyword} is easier to find at the end of the stage, in the order STOPSIGNAL, HEALTHCHECK, ENTRYPOINT, CMD. Move it there.`,
        range: misplaced.keywordSpan,
        fixes: () => moveFix(model, stage, epilogue),
      };
    }
  },
});

const order: readonly string[] = ["STOPSIGNAL", "HEALTHCHECK", "ENTRYPOINT", "CMD"];

function canMove(instruction: Instruction, own: readonly Instruction[]): boolean {
  const later = own.filter(({ index }) => index > instruction.index);
  if (instruction.keyword === "STOPSIGNAL") {
    return (
      !instruction.parsed.body.text.includes("$") ||
      !later.some(({ keyword }) => keyword === "ENV" || keyword === "ARG")
    );
  }
  return instruction.parsed.json !== null || !later.some(({ keyword }) => keyword === "SHELL");
}

function moveFix(model: Model, stage: Stage, epilogue: readonly Instruction[]): readonly Fix[] {
  const last = stage.instructions.at(-1);
  // Comments above one of them would have to move along; which of them belong to it is for a person to say.
  if (
    !last ||
    epilogue.some((one) => hasTemplate(model, one.span) || model.comments.some(({ above }) => above === one))
  )
    return [];
  const { text, lineEnding } = model;
  const sorted = [...epilogue].sort((a, b) => order.indexOf(a.keyword) - order.indexOf(b.keyword));
  const moved = sorted.map(({ span }) => text.slice(span.start, span.end));
  const tail = tailOf(stage, epilogue);
  const edits: Edit[] = [];
  if (tail.length === epilogue.length) {
    // All stand at the end already, in another order: they change places.
    for (const [at, { span }] of tail.entries()) edits.push({ span, newText: moved[at] ?? "" });
  } else {
    for (const { span } of epilogue) edits.push(lineOf(text, span.start, span.end));
    const end = last.span.end;
    if (epilogue.includes(last)) {
      edits.pop();
      edits.push({ span: last.span, newText: moved.join(lineEnding) });
    } else edits.push({ span: { start: end, end }, newText: `${lineEnding}${moved.join(lineEnding)}` });
  }
  return [{ title: "Move them to the end of the stage", applicability: "safe", edits }];
}

/** The instructions of the epilogue that already end the stage. */
function tailOf(stage: Stage, epilogue: readonly Instruction[]): readonly Instruction[] {
  const tail: Instruction[] = [];
  for (let i = stage.instructions.length - 1; i > 0; i--) {
    const instruction = stage.instructions[i] as Instruction;
    if (!epilogue.includes(instruction)) break;
    tail.unshift(instruction);
  }
  return tail;
}

/** Takes whole lines out, with the line end behind them. */
function lineOf(text: string, from: number, to: number): Edit {
  let start = from;
  while (start > 0 && text[start - 1] !== "\n") start--;
  const newline = text.indexOf("\n", to);
  return { span: { start, end: newline < 0 ? text.length : newline + 1 }, newText: "" };
}
