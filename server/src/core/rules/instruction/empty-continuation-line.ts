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
  why: "The builder skips the empty line and goes on with the instruction, so what looks like the next instruction is still part of this one: a `RUN` behind it becomes words of the command above. Where that happens, the fix takes away the mark that goes on too long. BuildKit warns today and announces that a later version will stop here.",
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
    {
      title: "The next instruction is swallowed",
      code: "FROM alpine:3.24\nRUN rm -rf /tmp/a \\\n[|\n|]# Say what was made\nRUN app --version\n",
      fixed: "FROM alpine:3.24\nRUN rm -rf /tmp/a\n\n# Say what was made\nRUN app --version\n",
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
      const swallowed = swallowedBehind(instruction, [first, ...others]);
      if (swallowed) {
        const { keyword, empty, mark } = swallowed;
        yield {
          message: `This ${instruction.keyword} goes on behind the empty line, so the ${keyword} below is part of it, not an instruction of its own. Delete the continuation mark before the empty line.`,
          range: empty,
          fixes: () => [
            {
              title: `End this ${instruction.keyword} before the empty line`,
              applicability: "unsafe",
              reason: `The ${keyword} below becomes an instruction of its own, as it seems to be meant.`,
              edits: [{ span: mark, newText: "" }],
            },
          ],
        };
        continue;
      }
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

/** A line that begins as an instruction does. Shell commands are not written like this. */
const instructionLine =
  /^(ADD|ARG|CMD|COPY|ENTRYPOINT|ENV|EXPOSE|FROM|HEALTHCHECK|LABEL|RUN|USER|VOLUME|WORKDIR)[ \t]+\S/;

interface Swallowed {
  readonly keyword: string;
  /** The empty line behind which it stands. */
  readonly empty: Span;
  /** The continuation mark before that line, with the blanks around it. */
  readonly mark: Span;
}

/** How far to look around an empty line, so that many of them in a long instruction cost no more than its length. */
const farthest = 1000;

/** The first instruction that an empty line hides inside this one; null without one. */
function swallowedBehind({ parsed, blockStart }: Instruction, lines: readonly Span[]): Swallowed | null {
  for (const empty of lines) {
    const from = empty.start - blockStart;
    const before = parsed.text.slice(Math.max(0, from - farthest), from);
    // Of empty lines in a row the first one counts: the mark stands before it.
    const mark = before.endsWith("\n") && new RegExp(`[ \\t]*\\${parsed.escape}[ \\t]*\\r?\\n$`).exec(before);
    const to = empty.end - blockStart;
    const below = parsed.text.slice(to, to + farthest).replace(/^(?:[ \t]*(?:#[^\n]*)?\r?\n)+/, "");
    const keyword = instructionLine.exec(below)?.[1];
    if (!mark || keyword === undefined) continue;
    const start = empty.start - before.length + mark.index;
    return { keyword, empty, mark: { start, end: start + mark[0].replace(/\r?\n$/, "").length } };
  }
  return null;
}

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
