/** More words than an instruction takes: those that stop the build, and those that the builder takes for part of a value. */

import { instructionAt } from "../../model/at";
import { instructionsOf } from "../../model/index-of";
import type { Instruction } from "../../model/types";
import { locate } from "../../model/types";
import type { Finding } from "../../rule";
import { defineRule } from "../../rule";
import type { Span } from "../../text";
import { faultCause, faultsOf } from "./faults";

export default defineRule({
  id: "extra-argument",
  theme: "instruction",
  category: "correctness",
  severity: "error",
  recommended: true,
  since: "0.1.0",
  summary: "An instruction has more arguments than it takes.",
  why: "`FROM` and `HEALTHCHECK NONE` make the builder stop. `STOPSIGNAL` and `USER` take the rest of the line as one value, which then names no signal and no user, so that the build or the container fails.",
  aliases: { "dockerfile-utils": ["ARGUMENT_EXTRA", "ARGUMENT_UNNECESSARY"] },
  fixable: "safe",
  examples: [
    {
      title: "NONE stands alone",
      code: "FROM alpine:3.24\nHEALTHCHECK NONE [|CMD /check|]\n",
      fixed: "FROM alpine:3.24\nHEALTHCHECK NONE\n",
    },
    {
      title: "A stage has one name",
      code: "FROM alpine:3.24 AS build [|stage|]\n",
      fixed: "FROM alpine:3.24 AS build\n",
    },
    {
      title: "Two signals",
      code: "FROM alpine:3.24\nSTOPSIGNAL SIGTERM [|SIGQUIT|]\n",
      fixed: "FROM alpine:3.24\nSTOPSIGNAL SIGTERM\n",
    },
    { title: "An image with flags and a name", code: "FROM --platform=linux/amd64 alpine:3.24 AS build\n" },
    { title: "A folder may have blanks in its name", code: "FROM alpine:3.24\nWORKDIR /my files\n" },
    { title: "Names of Windows users have blanks", code: 'FROM alpine:3.24\nUSER "NT AUTHORITY\\\\System"\n' },
  ],
  *check({ model }) {
    for (const { span } of faultsOf(model, "extra-argument")) {
      const instruction = instructionAt(model, span.start);
      if (!instruction) continue;
      if (instruction.keyword === "HEALTHCHECK") {
        const end = instruction.span.end;
        yield surplus(model.text, instruction, { start: span.start, end }, "HEALTHCHECK NONE", faultCause(span));
        continue;
      }
      const fourth = instruction.parsed.words[3];
      const named = instruction.parsed.words[1]?.text.toUpperCase() === "AS";
      if (!fourth) continue;
      yield {
        ...surplus(
          model.text,
          instruction,
          named ? { start: locate(instruction, fourth).start, end: span.end } : span,
          "FROM image AS name",
          faultCause(span),
        ),
        ...(named ? {} : { fixes: () => [] }),
      };
    }
    for (const instruction of instructionsOf(model, "STOPSIGNAL", "USER")) {
      const span = secondWord(instruction);
      if (span) yield surplus(model.text, instruction, span, instruction.keyword, null);
    }
  },
});

function surplus(text: string, instruction: Instruction, span: Span, what: string, cause: string | null): Finding {
  const start = span.start - (/\s*$/.exec(text.slice(instruction.span.start, span.start))?.[0].length ?? 0);
  const stops = instruction.keyword === "HEALTHCHECK";
  const outcome = cause === null ? "the builder takes all of it as one value" : "the builder stops here";
  return {
    message: `${what} takes nothing more, and ${outcome}. Delete what is too much.`,
    range: span,
    ...(cause === null ? {} : { cause }),
    fixes: () => [
      {
        title: "Delete what is too much",
        applicability: stops ? "safe" : "unsafe",
        ...(stops ? {} : { reason: "It assumes that the first words are the ones that were meant." }),
        edits: [{ span: { start, end: span.end }, newText: "" }],
      },
    ],
  };
}

// A comment behind the value is another rule's; a quoted value may hold blanks, and so may a variable's default.
function secondWord(instruction: Instruction): Span | null {
  const word = instruction.parsed.words[0];
  if (!word || word.quoted || word.to - word.from !== word.text.length) return null;
  const match = /^([^\s$\\`]+)\s+([^\s#$\\`][^#$\\`]*)$/.exec(word.text);
  const second = match?.[2];
  if (second === undefined) return null;
  const span = locate(instruction, word);
  return { start: span.end - second.length, end: span.end };
}
