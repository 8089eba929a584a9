/** `${NAME^^}` and `${NAME:0:3}` are bash; the builder stops at them. */
import { hasTemplate } from "../../fixes/mount";
import type { Instruction } from "../../model/types";
import { locate } from "../../model/types";
import { defineRule } from "../../rule";
import type { Word } from "../../syntax/types";
import type { Span } from "../../text";

export default defineRule({
  id: "unsupported-variable-modifier",
  theme: "instruction",
  category: "correctness",
  severity: "error",
  recommended: true,
  since: "0.1.0",
  summary: "A `${NAME…}` uses a modifier that the builder does not know.",
  why: "In instructions other than RUN, CMD and ENTRYPOINT the builder itself replaces variables, and it knows less than a shell: `:-`, `:+`, `:?`, the same without the colon, `#`, `%` and `/`. Anything else stops the build.",
  aliases: { "dockerfile-utils": ["UNSUPPORTED_MODIFIER"] },
  scope: "instruction",
  fixable: "none",
  examples: [
    { title: "Upper case", code: "FROM alpine:3.24\nARG NAME=app\nENV TITLE=[|${NAME^^}|]\n" },
    { title: "A part of the value", code: "FROM alpine:3.24\nARG VERSION=1.2.3\nWORKDIR /app/[|${VERSION:0:1}|]\n" },
    { title: "In FROM", code: "ARG TAG=3\nFROM alpine:[|${TAG,,}|]\n" },
    {
      title: "What the builder knows",
      code: "FROM alpine:3.24\nARG A\nENV B=${A:-x} C=${A#v} D=${A//./-} E=${A:+y}\n",
    },
    { title: "RUN is read by a shell", code: 'FROM alpine:3.24\nSHELL ["/bin/bash", "-c"]\nRUN echo ${A^^}\n' },
    {
      title: "The mark of a template",
      code: 'ARG BASE=1\nFROM alpine:$BASE\nARG INSTALL_ZSH="${templateOption:installZsh}"\nENV A=${localEnv:A}\n',
    },
    { title: "Single quotes keep it as it is", code: "FROM alpine:3.24\nENV A='${B^^}' C=\\${D^^}\n" },
  ],
  *check({ model }) {
    for (const instruction of model.instructions) {
      if (!expanding.has(instruction.keyword) || !instruction.parsed.text.includes("${")) continue;
      for (const { span, modifier } of unsupported(instruction)) {
        if (hasTemplate(model, span)) continue;
        yield {
          message: `The builder does not know the modifier ${modifier} of a variable. Work the value out in a RUN, or pass it as an argument of its own.`,
          range: span,
        };
      }
    }
  },
});

const expanding: ReadonlySet<string> = new Set([
  ...["ADD", "ARG", "COPY", "ENV", "EXPOSE", "FROM", "LABEL", "STOPSIGNAL", "USER", "VOLUME", "WORKDIR"],
]);

interface Modifier {
  readonly span: Span;
  readonly modifier: string;
}

function unsupported(instruction: Instruction): readonly Modifier[] {
  const { parsed } = instruction;
  const flagWords = parsed.flags.flatMap((flag) => (flag.value ? [flag.value] : []));
  return [...parsed.words, ...flagWords].flatMap((word) => inWord(instruction, word));
}

function inWord(instruction: Instruction, word: Word): readonly Modifier[] {
  const { text } = word;
  if (!text.includes("${") || word.to - word.from !== text.length) return [];
  const found: Modifier[] = [];
  let quote = "";
  for (let at = 0; at < text.length; at++) {
    const char = text[at] as string;
    if (quote === "'") {
      if (char === "'") quote = "";
    } else if (char === instruction.parsed.escape) at++;
    else if (char === quote) quote = "";
    else if (quote === "" && (char === "'" || char === '"')) quote = char;
    else if (char === "$") {
      modifierPattern.lastIndex = at;
      const match = modifierPattern.exec(text);
      const modifier = match?.[1] ?? match?.[2];
      if (!match || modifier === undefined) continue;
      const start = locate(instruction, word).start + at;
      found.push({ span: { start, end: start + match[0].length }, modifier });
    }
  }
  return found;
}

// What bash knows and the builder does not: parts, letter cases, transformations, assignments, arrays. A colon and a letter
// (`${option:name}`) are neither's: some template's.
const modifierPattern = /\$\{[A-Za-z_][A-Za-z0-9_]*(?:(:[=0-9 (])|(\^\^?|,,?|@[A-Za-z]|=|\[))[^}]*\}/y;
