/** Pairs of ENV, LABEL and ARG that lack their equals sign, their name or a quote. */

import { instructionAt } from "../../model/at";
import type { Instruction, Model } from "../../model/types";
import { locate } from "../../model/types";
import type { Aliases, Fix } from "../../rule";
import { defineRule } from "../../rule";
import type { Pair } from "../../syntax/types";
import { faultCause, faultsOf, shorten } from "./faults";

export default defineRule({
  id: "key-value-syntax",
  theme: "instruction",
  category: "correctness",
  severity: "error",
  recommended: true,
  since: "0.1.0",
  summary: "A `name=value` pair lacks its equals sign, its name or a closing quote.",
  why: "A blank ends a value unless it stands in quotes, and what follows has to be a pair of its own. The builder stops at the first one that is none.",
  aliases: {
    "dockerfile-utils": [
      "SYNTAX_MISSING_EQUALS",
      "SYNTAX_MISSING_NAMES",
      "SYNTAX_MISSING_SINGLE_QUOTE",
      "SYNTAX_MISSING_DOUBLE_QUOTE",
    ],
  },
  fixable: "unsafe",
  examples: [
    {
      title: "A value with blanks",
      code: "FROM alpine:3.24\nENV GREETING=hello [|world|]\n",
      fixed: 'FROM alpine:3.24\nENV GREETING="hello world"\n',
    },
    {
      title: "A quote that never closes",
      code: 'FROM alpine:3.24\nLABEL [|title="My image|]\n',
      fixed: 'FROM alpine:3.24\nLABEL title="My image"\n',
    },
    {
      title: "A name alone",
      code: "FROM alpine:3.24\nENV [|DEBUG|]\n",
      fixed: "FROM alpine:3.24\nENV DEBUG=\n",
    },
    { title: "No name", code: "FROM alpine:3.24\nENV A=1 [|=2|]\n" },
    { title: "Quotes hold a value together", code: 'FROM alpine:3.24\nENV GREETING="hello world" A=1\n' },
    { title: "An escaped blank does, too", code: "FROM alpine:3.24\nENV GREETING=hello\\ world\n" },
    { title: "The old form takes the rest of the line", code: "FROM alpine:3.24\nENV GREETING hello world\n" },
  ],
  *check({ model }) {
    for (const { span, message } of faultsOf(model, "key-value")) {
      const instruction = instructionAt(model, span.start);
      const at = instruction?.parsed.pairs.findIndex((one) => locate(instruction, one).start === span.start) ?? -1;
      const pair = instruction?.parsed.pairs[at];
      if (!instruction || !pair) continue;
      yield {
        message,
        range: span,
        cause: faultCause(span),
        aliases: aliasesOf(pair),
        fixes: () => fixesOf(model, instruction, pair, at),
      };
    }
  },
});

function aliasesOf(pair: Pair): Aliases {
  if (pair.value === null) return { "dockerfile-utils": ["SYNTAX_MISSING_EQUALS"] };
  if (pair.name === "") return { "dockerfile-utils": ["SYNTAX_MISSING_NAMES"] };
  const single = pair.value.text.indexOf("'");
  const double = pair.value.text.indexOf('"');
  const isSingle = single >= 0 && (double < 0 || single < double);
  return { "dockerfile-utils": [isSingle ? "SYNTAX_MISSING_SINGLE_QUOTE" : "SYNTAX_MISSING_DOUBLE_QUOTE"] };
}

function fixesOf(model: Model, instruction: Instruction, pair: Pair, at: number): readonly Fix[] {
  const span = locate(instruction, pair);
  if (model.text.slice(span.start, span.end).includes("\n")) return [];
  if (pair.value) return pair.name === "" ? [] : closeQuote(pair, span.end);
  if (pair.legacy) {
    return [
      {
        title: `Give ${shorten(pair.name)} an empty value`,
        applicability: "unsafe",
        reason: "It assumes that an empty value was meant.",
        edits: [{ span: { start: span.end, end: span.end }, newText: "=" }],
      },
    ];
  }
  return quoteTogether(model, instruction, at);
}

function closeQuote(pair: Pair, end: number): readonly Fix[] {
  const text = pair.value?.text ?? "";
  const quote = text[0];
  if ((quote !== '"' && quote !== "'") || text.indexOf(quote, 1) >= 0) return [];
  return [
    {
      title: "Close the quote at the end of the line",
      applicability: "unsafe",
      reason: "It assumes that the value goes on to the end of the line.",
      edits: [{ span: { start: end, end }, newText: quote }],
    },
  ];
}

/** Quotes around a value and the words behind it that are no pairs. */
function quoteTogether(model: Model, instruction: Instruction, at: number): readonly Fix[] {
  const { pairs } = instruction.parsed;
  const before = pairs[at - 1];
  if (!before?.value || before.value.quoted || before.value.text === "") return [];
  let last = at;
  while (pairs[last + 1]?.value === null) last++;
  const start = locate(instruction, before.value).start;
  const { end } = locate(instruction, pairs[last] as Pair);
  const text = model.text.slice(start, end);
  if (/["'\n`\\]/.test(text)) return [];
  return [
    {
      title: `Put the value of ${shorten(before.name)} in quotes`,
      applicability: "unsafe",
      reason: "It assumes that all of these words are the value.",
      edits: [{ span: { start, end }, newText: `"${text}"` }],
    },
  ];
}
