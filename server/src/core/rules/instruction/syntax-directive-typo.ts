/** `# syntx=…` is a comment, and `# syntax=docker/dokerfile` names an image that does not exist. */
import type { Model } from "../../model/types";
import { nearest } from "../../nearest";
import type { Finding } from "../../rule";
import { defineRule } from "../../rule";
import type { Span } from "../../text";

export default defineRule({
  id: "syntax-directive-typo",
  theme: "instruction",
  category: "correctness",
  severity: "error",
  recommended: true,
  since: "0.1.0",
  summary: "The name of a directive, or the frontend of the syntax directive, is misspelt.",
  why: "A directive whose name the builder does not know is a comment, and nobody hears of it. A frontend that does not exist stops the build, since the builder pulls it as an image.",
  aliases: { tally: ["tally/syntax-directive-typo"] },
  fixable: "unsafe",
  examples: [
    {
      title: "The name",
      code: "# [|sytnax|]=docker/dockerfile:1\nFROM alpine:3.24\n",
      fixed: "# syntax=docker/dockerfile:1\nFROM alpine:3.24\n",
    },
    {
      title: "The frontend",
      code: "# syntax=[|docker/dokerfile|]:1.7\nFROM alpine:3.24\n",
      fixed: "# syntax=docker/dockerfile:1.7\nFROM alpine:3.24\n",
    },
    {
      title: "The escape character",
      code: "# [|ecsape|]=`\nFROM alpine:3.24\n",
      fixed: "# escape=`\nFROM alpine:3.24\n",
    },
    { title: "As it should be", code: "# syntax=docker/dockerfile:1\nFROM alpine:3.24\n" },
    { title: "A frontend of somebody else", code: "# syntax=mycompany/dockerfile-frontend:1\nFROM alpine:3.24\n" },
    { title: "A mirror", code: "# syntax=registry.example.com/docker/dockerfile:1\nFROM alpine:3.24\n" },
    { title: "A comment that looks alike", code: "# scope=build\n# tax=19\nFROM alpine:3.24\n" },
    { title: "Not at the top, where it would be a comment in any case", code: "FROM alpine:3.24\n# sytnax=x/y\n" },
  ],
  *check({ model }) {
    yield* misspeltNames(model);
    const directive = model.directives.find(({ name }) => name === "syntax");
    const image = directive && /^[^:@\s]+/.exec(directive.value)?.[0];
    if (!directive || !image || known.includes(image)) return;
    // One slash: another registry or another owner may have anything.
    const near = image.split("/").length === 2 ? nearest(image, known) : null;
    if (!near || !/^dock/i.test(image)) return;
    const range = { start: directive.valueStart, end: directive.valueStart + image.length };
    yield misspelt(range, image, near, `There is no frontend ${image}. Did you mean ${near}?`);
  },
});

const known = ["docker/dockerfile", "docker/dockerfile-upstream"];

/** Comments where directives stand that are nearly one. */
function* misspeltNames(model: Model): Iterable<Finding> {
  const end = model.instructions[0]?.span.start ?? model.text.length;
  let next = model.text.charCodeAt(0) === 0xfeff ? 1 : 0;
  const behind = model.comments.findIndex(({ span }) => span.start >= end);
  const comments = behind < 0 ? model.comments : model.comments.slice(0, behind);
  for (const comment of [...comments, ...model.directives.map((span) => ({ span }))].sort(byStart)) {
    const { span } = comment;
    // Directives stand in the first lines, without a gap; another comment ends them.
    if (span.start !== next) return;
    const line = model.text.slice(span.start, span.end);
    const match = /^(#\s*)([a-z]+)\s*=\s*(\S+)\s*$/i.exec(line);
    if (!match) return;
    const [, lead = "", name = "", value = ""] = match;
    const near = directiveNear(name, value);
    if (near) {
      const start = span.start + lead.length;
      const message = `${name} is no directive, so this line is only a comment. Did you mean ${near}?`;
      yield misspelt({ start, end: start + name.length }, name, near, message);
    }
    const newline = model.text.indexOf("\n", span.end);
    if (newline < 0) return;
    next = newline + 1;
  }
}

function byStart(a: { readonly span: Span }, b: { readonly span: Span }): number {
  return a.span.start - b.span.start;
}

/** The directive that is meant, judged by name and value together. */
function directiveNear(name: string, value: string): string | null {
  const near = nearest(name, ["syntax", "escape", "check"]);
  if (near === null || near === name.toLowerCase()) return null;
  if (near === "syntax") return /dock[a-z]*\/|\/|dockerfile/i.test(value) ? near : null;
  if (near === "escape") return value === "`" || value === "\\" ? near : null;
  return /^(?:skip|error|experimental)=/.test(value) ? near : null;
}

function misspelt(range: Span, word: string, near: string, message: string): Finding {
  return {
    message,
    range,
    fixes: () => [
      {
        title: `Replace ${word} by ${near}`,
        applicability: "unsafe",
        reason: "The builder may then read the file in another way.",
        edits: [{ span: range, newText: near }],
      },
    ],
  };
}
