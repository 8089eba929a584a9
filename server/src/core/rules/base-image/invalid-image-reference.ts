/** The grammar of references decides; the bad part is what gets the squiggle. */
import { explainReference, parseReference } from "../../image/reference";
import { defineRule } from "../../rule";
import type { Word } from "../../syntax/types";

export default defineRule({
  id: "invalid-image-reference",
  theme: "base-image",
  category: "correctness",
  severity: "error",
  recommended: true,
  since: "0.1.0",
  summary: "A FROM names an image in a way that no registry accepts.",
  why: "Repositories are lower case, tags hold letters, digits, `_`, `.` and `-`, digests are `sha256:` and 64 hexadecimal digits. The build stops at anything else. Where the default of an ARG is to blame it is a warning, since builds that set the argument are fine.",
  aliases: { "dockerfile-utils": ["INVALID_REFERENCE_FORMAT"] },
  reads: [],
  fixable: "unsafe",
  examples: [
    { title: "Upper case", code: "FROM [|Node|]:24\n", fixed: "FROM node:24\n" },
    { title: "A tag with a plus sign", code: "FROM node:24[|+|]build\n" },
    { title: "A digest that is cut off", code: "FROM node:24@sha256:[|0123|]\n" },
    { title: "A default that waits for an argument", code: "ARG SHA=none\nFROM [|alpine@sha256:${SHA}|]\n" },
    { title: "A word that a script replaces", code: "FROM TO_BE_REPLACED\n" },
    { title: "A host may be upper case", code: "FROM REGISTRY.example.com/app:1\n" },
    { title: "A variable without a value says nothing", code: "ARG NAME\nFROM $NAME:Tag\n" },
    { title: "Stages may have any case", code: "FROM alpine:3.22 AS Build\nFROM Build\n" },
  ],
  *check({ model }) {
    for (const stage of model.stages) {
      const { word, span, resolved, reference, scratch } = stage.base;
      if (!word || !span || !resolved || reference || stage.base.stage || scratch) continue;
      const problem = explainReference(resolved);
      if (!problem || isPlaceholder(resolved)) continue;
      const lower = resolved.toLowerCase();
      const literal = isLiteral(word);
      const start = span.start + problem.at;
      yield {
        message: problem.message,
        ...(word.variables.length > 0 ? { severity: "warning" as const } : {}),
        range: literal ? { start, end: Math.min(span.end, start + problem.length) } : span,
        fixes: () =>
          literal && parseReference(lower)
            ? [
                {
                  title: `Write ${lower}`,
                  applicability: "unsafe",
                  reason: "The lower-case image may be another one than you had in mind.",
                  edits: [{ span, newText: lower }],
                },
              ]
            : [],
      };
    }
  },
});

/** True for a name that is there to be replaced before the build, such as `REPLACE-ME`. */
function isPlaceholder(text: string): boolean {
  return /^[A-Z_-]*(?:REPLACE|PLACEHOLDER|CHANGE_?-?ME|FIX_?-?ME)[A-Z_-]*$/.test(text);
}

/** True when the word in the file is the reference itself: no variables, quotes or continuations. */
function isLiteral(word: Word): boolean {
  return (
    word.variables.length === 0 && !word.quoted && word.to - word.from === word.text.length && word.value === word.text
  );
}
