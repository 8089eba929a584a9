import { defineRule } from "../../rule";

export default defineRule({
  id: "todo-comment",
  theme: "layout",
  category: "maintainability",
  severity: "hint",
  recommended: false,
  since: "0.1.0",
  summary: "A comment holds TODO or FIXME.",
  why: "A list of what is left to do belongs where it is looked at. Off by default: many projects keep it in comments on purpose.",
  aliases: { sonar: ["S1135"] },
  options: {
    words: { type: "strings", default: ["TODO", "FIXME"], description: "The words that are looked for, in this case." },
  },
  fixable: "none",
  examples: [
    { title: "A task", code: "FROM alpine:3.24\n# [|TODO|]: pin the version\nRUN true\n" },
    { title: "Inside an instruction", code: "FROM alpine:3.24\nRUN a \\\n    # [|FIXME|] slow\n    && b\n" },
    { title: "Part of another word", code: "FROM alpine:3.24\n# TODOS.md and todo lists\nRUN true\n" },
    { title: "No comment", code: "FROM alpine:3.24\nRUN echo TODO\n" },
  ],
  *check({ model, options }) {
    for (const comment of model.comments) {
      const text = model.text.slice(comment.span.start, comment.span.end);
      for (const word of options.words) {
        const at = wordAt(text, word);
        if (at < 0) continue;
        const start = comment.span.start + at;
        yield {
          message: `A ${word} is left here. Do it, or note it where tasks are kept.`,
          range: { start, end: start + word.length },
        };
        break;
      }
    }
  },
});

/** Where a word stands by itself in a text, or -1. */
function wordAt(text: string, word: string): number {
  if (word === "") return -1;
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + word.length)) {
    if (!/\w/.test(text[at - 1] ?? "") && !/\w/.test(text[at + word.length] ?? "")) return at;
  }
  return -1;
}
