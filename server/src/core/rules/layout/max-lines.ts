import { defineRule } from "../../rule";

export default defineRule({
  id: "max-lines",
  theme: "layout",
  category: "maintainability",
  severity: "info",
  recommended: false,
  since: "0.1.0",
  summary: "The file is longer than the configured limit.",
  why: "A Dockerfile of several hundred lines is hard to review and rarely does one thing. Scripts can move to files of their own, stages to targets of a bake file. Off by default: the limit is yours to set.",
  aliases: { tally: ["tally/max-lines"] },
  options: {
    max: { type: "number", default: 200, description: "Most lines a file may have." },
    skipBlankLines: { type: "boolean", default: true, description: "Blank lines do not count." },
    skipComments: { type: "boolean", default: true, description: "Lines that hold only a comment do not count." },
  },
  fixable: "none",
  examples: [
    {
      title: "Too long",
      options: { max: 2 },
      code: "FROM alpine:3.24\n\n# A comment\nRUN a\n[|RUN b|]\nRUN c\n",
    },
    { title: "Within the limit", options: { max: 3 }, code: "FROM alpine:3.24\n# A comment\n\nRUN a\nRUN b\n" },
    { title: "The default is generous", code: "FROM alpine:3.24\nRUN a\n" },
  ],
  *check({ model, options }) {
    let count = 0;
    let first: { start: number; end: number } | null = null;
    for (let at = 0; at < model.text.length; ) {
      const newline = model.text.indexOf("\n", at);
      const end = newline < 0 ? model.text.length : newline;
      const line = model.text.slice(at, end).trim();
      const skipped = (options.skipBlankLines && line === "") || (options.skipComments && line.startsWith("#"));
      if (!skipped && ++count === options.max + 1)
        first = { start: at, end: at + model.text.slice(at, end).trimEnd().length };
      at = end + 1;
    }
    if (!first) return;
    yield {
      message: `This file has ${count} lines; the limit is ${options.max}. Move scripts or stages to files of their own.`,
      range: first,
    };
  },
});
