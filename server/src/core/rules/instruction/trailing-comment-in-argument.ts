/** A number sign behind a value is part of the value: comments need a line of their own. */

import { instructionAt } from "../../model/at";
import { instructionsNamed } from "../../model/index-of";
import type { Instruction, Model } from "../../model/types";
import { locate } from "../../model/types";
import type { Finding } from "../../rule";
import { defineRule } from "../../rule";
import type { Span } from "../../text";
import { faultCause, faultsOf } from "./faults";

export default defineRule({
  id: "trailing-comment-in-argument",
  theme: "instruction",
  category: "correctness",
  severity: "error",
  recommended: true,
  since: "0.1.0",
  summary: "A `#` behind an argument is taken as part of it, not as a comment.",
  why: "The builder knows comments only at the beginning of a line. Behind USER or WORKDIR the comment becomes part of the name; behind COPY, its words become files to copy. Only the commands of RUN may carry comments, for there a shell reads them.",
  aliases: {},
  fixable: "unsafe",
  examples: [
    {
      title: "A user of a strange name",
      code: "FROM node:26\nUSER node [|# not root|]\n",
      fixed: "FROM node:26\n# not root\nUSER node\n",
    },
    {
      title: "A port",
      code: "FROM alpine:3.24\nEXPOSE 80 [|# web|]\n",
      fixed: "FROM alpine:3.24\n# web\nEXPOSE 80\n",
    },
    {
      title: "Words that the builder would copy",
      code: "FROM alpine:3.24\n  COPY a /b [|# the app|]\n",
      fixed: "FROM alpine:3.24\n  # the app\n  COPY a /b\n",
    },
    {
      title: "Behind pairs",
      code: "FROM alpine:3.24\nENV A=1 [|# one|]\n",
      fixed: "FROM alpine:3.24\n# one\nENV A=1\n",
    },
    {
      title: "The old form of ENV",
      code: "FROM alpine:3.24\nENV A 1 [|# one|]\n",
      fixed: "FROM alpine:3.24\n# one\nENV A 1\n",
    },
    {
      title: "Behind an image",
      code: "FROM alpine:3.24 [|# small|]\n",
      fixed: "# small\nFROM alpine:3.24\n",
    },
    { title: "A comment of the shell", code: "FROM alpine:3.24\nRUN make # all of it\nCMD run # it\n" },
    { title: "In quotes", code: 'FROM alpine:3.24\nLABEL note="a # b" c=1\nENV COLOR="#fff"\n' },
    { title: "Within a word", code: "FROM alpine:3.24\nENV URL=http://a/#top\nADD https://h/r.git#main /src\n" },
    { title: "A line of its own", code: "FROM alpine:3.24\nENV A=1 \\\n  # two\n  B=2\n" },
  ],
  *check({ model }) {
    for (const { span } of faultsOf(model, "trailing-comment")) {
      const instruction = instructionAt(model, span.start);
      if (instruction) yield found(model, instruction, span, faultCause(span));
    }
    for (const keyword of readers) {
      for (const instruction of instructionsNamed(model, keyword)) {
        if (!instruction.parsed.text.includes("#")) continue;
        const span = commentIn(instruction);
        if (span) yield found(model, instruction, span, null);
      }
    }
  },
});

const readers = ["USER", "WORKDIR", "STOPSIGNAL", "EXPOSE", "ENV", "LABEL", "ARG", "COPY", "ADD", "VOLUME"];

function found(model: Model, instruction: Instruction, range: Span, cause: string | null): Finding {
  const { keyword } = instruction;
  return {
    message: `A comment needs a line of its own: behind ${keyword} the # and what follows are part of its value. Move the comment above.`,
    range,
    ...(cause === null ? {} : { cause }),
    fixes: () => {
      const { text, lineEnding } = model;
      const comment = text.slice(range.start, range.end);
      if (comment.includes("\n")) return [];
      const lineStart = text.lastIndexOf("\n", instruction.span.start - 1) + 1;
      const indent = text.slice(lineStart, instruction.span.start);
      const blanks = /[ \t]*$/.exec(text.slice(instruction.span.start, range.start))?.[0].length ?? 0;
      return [
        {
          title: "Move the comment to a line of its own",
          applicability: "unsafe",
          reason: "The value was another one before: the comment belonged to it.",
          edits: [
            { span: { start: lineStart, end: lineStart }, newText: `${indent}${comment}${lineEnding}` },
            { span: { start: range.start - blanks, end: range.end }, newText: "" },
          ],
        },
      ];
    },
  };
}

/** Where the would-be comment of an instruction that the builder accepts lies. */
function commentIn(instruction: Instruction): Span | null {
  const { parsed, keyword } = instruction;
  const end = parsed.argumentsSpan && locate(instruction, parsed.argumentsSpan).end;
  if (end === null || parsed.json || parsed.problems.length > 0) return null;
  const legacy = parsed.pairs[0]?.legacy ? parsed.pairs[0].value : null;
  const whole = keyword === "USER" || keyword === "WORKDIR" || keyword === "STOPSIGNAL" ? parsed.words[0] : legacy;
  if (whole) {
    // A blank behind the sign, or a word before which nothing else is plausible: `ENV A see #1` stays.
    if (whole.quoted || whole.to - whole.from !== whole.text.length) return null;
    const at = whole.text.search(keyword === "ENV" || keyword === "LABEL" ? /\s#\s/ : /\s#/);
    return at < 0 ? null : { start: locate(instruction, whole).start + at + 1, end };
  }
  if (legacy) return null;
  const word = parsed.words.find((one, index) => index > 0 && one.text.startsWith("#"));
  if (!word) return null;
  // `COPY a #b /c` may name a file; a sign that stands alone, or the last words, cannot.
  if ((keyword === "COPY" || keyword === "ADD") && word.text !== "#" && word !== parsed.words.at(-1)) {
    const at = parsed.words.indexOf(word);
    if (at < 2) return null;
  }
  return { start: locate(instruction, word).start, end };
}
