/** Blank lines between the lines of one instruction. */
import type { Instruction } from "../../model/types";
import { defineRule } from "../../rule";
import type { Span } from "../../text";

export default defineRule({
  id: "empty-continuation-line",
  theme: "instruction",
  category: "correctness",
  severity: "warning",
  recommended: true,
  since: "0.1.0",
  summary: "An empty line stands inside a continued instruction.",
  why: "The builder skips the empty line and goes on with the instruction, so what looks like the next instruction is still part of this one. It warns today and announces that a later version will stop here.",
  aliases: {
    buildkit: ["NoEmptyContinuation"],
    "dockerfile-utils": ["EMPTY_CONTINUATION_LINE"],
    tally: ["buildkit/NoEmptyContinuation"],
  },
  scope: "instruction",
  fixable: "safe",
  examples: [
    {
      title: "An empty line between two commands",
      code: "FROM alpine:3.24\nRUN apk add --no-cache \\\n    curl \\\n[|\n|]    git\n",
      fixed: "FROM alpine:3.24\nRUN apk add --no-cache \\\n    curl \\\n    git\n",
    },
    {
      title: "Several, one of them with blanks",
      code: "FROM alpine:3.24\nRUN a && \\\n[|\n|]  \n  b && \\\n\n  c\n",
      fixed: "FROM alpine:3.24\nRUN a && \\\n  b && \\\n  c\n",
    },
    { title: "A comment is no empty line", code: "FROM alpine:3.24\nRUN a && \\\n  # then\n  b\n" },
    { title: "A mark alone on its line", code: "FROM alpine:3.24\nRUN a && \\\n  \\\n  b\n" },
    { title: "An empty line in a heredoc", code: "FROM alpine:3.24\nRUN <<EOF\na\n\nb\nEOF\n" },
    { title: "Behind the instruction", code: "FROM alpine:3.24\nRUN a \\\n\n" },
  ],
  *check({ model }) {
    for (const instruction of model.instructions) {
      const [first, ...others] = emptyLines(instruction);
      if (!first) continue;
      yield {
        message: `An empty line stands inside this ${instruction.keyword}, which goes on below it. Delete the line, or the continuation mark before it if the instruction ends there.`,
        range: first,
        fixes: () => [
          {
            title: others.length > 0 ? "Delete the empty lines" : "Delete the empty line",
            applicability: "safe",
            edits: [first, ...others].map((span) => ({ span, newText: "" })),
          },
        ],
      };
    }
  },
});

/** The empty lines of an instruction's own lines, heredocs left out, each with its line end. */
function emptyLines({ parsed, blockStart }: Instruction): readonly Span[] {
  const { text } = parsed;
  // A line end that only blanks separate from the one before: most instructions have none.
  if (!/\n[ \t\r]*\n/.test(text)) return [];
  const end = parsed.heredocs[0]?.bodySpan.from ?? parsed.span.to;
  const found: Span[] = [];
  for (let at = text.indexOf("\n", parsed.span.from) + 1; at > 0 && at < end; ) {
    const newline = text.indexOf("\n", at);
    if (newline < 0 || newline >= end) break;
    if (text.slice(at, newline).trim() === "") {
      found.push({ start: blockStart + at, end: blockStart + newline + 1 });
    }
    at = newline + 1;
  }
  return found;
}
