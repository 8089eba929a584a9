import { instructionAt } from "../../model/at";
import { nearest } from "../../nearest";
import { defineRule } from "../../rule";
import { isKeyword, keywords } from "../../syntax/keywords";
import { shorten } from "./faults";

export default defineRule({
  id: "unknown-instruction",
  theme: "instruction",
  category: "correctness",
  severity: "error",
  recommended: true,
  since: "0.1.0",
  summary: "An instruction does not exist.",
  why: "The builder stops at a word that it does not know. Most often it is a typing error, or a line that lost the continuation mark of the line before it.",
  aliases: {
    hadolint: ["DL1000"],
    tally: ["tally/unknown-instruction"],
    "dockerfile-utils": ["UNKNOWN_INSTRUCTION"],
  },
  fixable: "unsafe",
  examples: [
    {
      title: "A typing error",
      code: "FROM alpine:3.22\n[|COPPY|] a /b\n",
      fixed: "FROM alpine:3.22\nCOPY a /b\n",
    },
    {
      title: "A lost continuation",
      code: "FROM alpine:3.22\nRUN apk add --no-cache \\\n    curl\n    [|git|]\n",
    },
    {
      title: "Several lines behind one lost continuation",
      code: "FROM alpine:3.22\nRUN apk add --no-cache\n    [|curl|] \\\n    git\n    jq\n",
    },
    {
      title: "A no-break space, as pasted from a web page, ends no keyword",
      code: 'FROM alpine:3.22\nCMD[|\u00a0|]["date"]\n',
      fixed: 'FROM alpine:3.22\nCMD ["date"]\n',
    },
    {
      title: "A command of a shell is none of ours misspelt",
      code: "FROM alpine:3.22\nRUN make\n[|export|] A=b\n",
    },
    { title: "Case does not matter", code: "FROM alpine:3.22\ncopy a /b\n" },
    { title: "The body of a heredoc is no instruction", code: "FROM alpine:3.22\nRUN <<EOF\nGIT clone\nEOF\n" },
  ],
  *check({ model }) {
    let last: number | null = null;
    for (const problem of model.problems) {
      if (problem.kind !== "unknown-instruction" || problem.code === "unknown-trigger") continue;
      const index = instructionAt(model, problem.span.start)?.index ?? 0;
      const follows = last !== null && index === last + 1;
      last = index;
      const word = model.text.slice(problem.span.start, problem.span.end);
      const blank = foreignBlank(word);
      if (blank) {
        const start = problem.span.start + blank.from;
        const span = { start, end: problem.span.start + blank.to };
        yield {
          message: `Behind ${blank.keyword} stands ${blank.shown}, which the builder does not take for a space. Write a plain space.`,
          range: span,
          fixes: () => [
            {
              title: "Write a plain space",
              applicability: "unsafe",
              reason: `It assumes that ${blank.keyword} was meant.`,
              edits: [{ span, newText: " " }],
            },
          ],
        };
        continue;
      }
      // A lower-case word deep in a line's indentation is rather the rest of a command than a misspelt instruction.
      const isCommand = commands.has(word);
      const candidate = word.length >= 3 && !isCommand ? nearest(word, Object.keys(keywords)) : null;
      // A lost continuation turns each line behind it into an unknown instruction: one cause, one finding.
      if (follows && !candidate) continue;
      yield {
        message: candidate
          ? `There is no instruction ${shorten(word)}. Did you mean ${candidate}?`
          : `There is no instruction ${shorten(word)}. If it belongs to the line before, end that line with ${model.escape}.`,
        range: problem.span,
        fixes: () =>
          candidate
            ? [
                {
                  title: `Replace ${shorten(word)} by ${candidate}`,
                  applicability: "unsafe",
                  reason: `It assumes that ${candidate} was meant.`,
                  edits: [{ span: problem.span, newText: candidate }],
                },
              ]
            : [],
      };
    }
  },
});

/** Commands of shells that look like misspelt keywords. */
const commands: ReadonlySet<string> = new Set(["export", "expr", "alias"]);

/** A keyword that ends in blanks beyond ASCII, such as no-break spaces, with the place of these in the word; else null. */
function foreignBlank(word: string): { keyword: string; shown: string; from: number; to: number } | null {
  const match = /^([A-Za-z]+)([^\S\t-\r ]+)/.exec(word);
  const [whole, keyword, blanks] = match ?? [];
  if (whole === undefined || keyword === undefined || blanks === undefined) return null;
  if (!isKeyword(keyword.toUpperCase())) return null;
  const code = blanks.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0");
  const shown = `${code === "00A0" ? "a no-break space" : "a blank"} (U+${code})`;
  return { keyword: keyword.toUpperCase(), shown, from: keyword.length, to: whole.length };
}
