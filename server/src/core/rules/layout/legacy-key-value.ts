import { hasTemplate } from "../../fixes/mount";
import { instructionsOf } from "../../model/index-of";
import { expandText } from "../../model/scope";
import type { Instruction } from "../../model/types";
import { locate } from "../../model/types";
import { defineRule, type Fix } from "../../rule";
import type { Escape, Pair } from "../../syntax/types";
import { hasOpenQuote, splitWords } from "../../syntax/words";

export default defineRule({
  id: "legacy-key-value",
  theme: "layout",
  category: "style",
  severity: "info",
  recommended: true,
  since: "0.1.0",
  summary: "ENV or LABEL uses a blank instead of =.",
  why: "`ENV NAME value` is the old form: it takes one variable only, and the rest of the line, other `NAME=value` included, becomes its value. BuildKit warns of it and may drop it one day. `NAME=value` says what belongs to what.",
  aliases: { buildkit: ["LegacyKeyValueFormat"], tally: ["buildkit/LegacyKeyValueFormat"] },
  scope: "instruction",
  fixable: "safe",
  examples: [
    { title: "ENV", code: "FROM alpine:3.24\n[|ENV DIR /app|]\n", fixed: "FROM alpine:3.24\nENV DIR=/app\n" },
    {
      title: "A value with blanks and a variable",
      code: "FROM alpine:3.24\n[|LABEL description The image of $TEAM|]\n",
      fixed: 'FROM alpine:3.24\nLABEL description="The image of $TEAM"\n',
    },
    {
      title: "Quotes stay",
      code: "FROM alpine:3.24\n[|ENV GREETING 'hello world'|]\n",
      fixed: "FROM alpine:3.24\nENV GREETING='hello world'\n",
    },
    {
      title: "Over several lines",
      code: "FROM alpine:3.24\n[|ENV JAVA_OPTS -Xms64m \\\n    -Xmx512m|]\n",
      fixed: 'FROM alpine:3.24\nENV JAVA_OPTS="-Xms64m \\\n    -Xmx512m"\n',
    },
    { title: "The new form", code: "FROM alpine:3.24\nENV A=b C=d\nLABEL a=b\nARG X\n" },
    { title: "A blank before =, which is another fault", code: "FROM alpine:3.24\nENV A =b\n" },
  ],
  *check({ model }) {
    for (const instruction of instructionsOf(model, "ENV", "LABEL")) {
      const [pair] = instruction.parsed.pairs;
      if (!pair?.legacy || !pair.value || pair.value.text.startsWith("=")) continue;
      const range = instruction.span;
      if (hasTemplate(model, range)) continue;
      yield {
        message: `${instruction.keyword} ${pair.name} uses the old form without =, which takes the rest of the line as one value. Write ${pair.name}=….`,
        range,
        tags: ["deprecated"],
        fixes: () => rewrite(model.text, instruction, pair),
      };
    }
  },
});

function rewrite(text: string, instruction: Instruction, pair: Pair): readonly Fix[] {
  const { value } = pair;
  const { escape, comments } = instruction.parsed;
  if (!value || comments.length > 0 || /["']/.test(pair.name)) return [];
  const name = locate(instruction, pair.nameSpan);
  const place = locate(instruction, value);
  const source = text.slice(place.start, place.end);
  // As it is; in quotes; in quotes with those within taken away, which the old form takes away as well.
  const ways: readonly ((text: string) => string)[] = [
    (old) => old,
    (old) => (old.includes('"') ? old : `"${old}"`),
    (old) => `"${old.replaceAll('"', "")}"`,
  ];
  for (const way of ways) {
    if (!isSameValue(value.text, way(value.text), escape)) continue;
    return [
      {
        title: `Write ${pair.name}=…`,
        applicability: "safe",
        edits: [{ span: { start: name.end, end: place.end }, newText: `=${way(source)}` }],
      },
    ];
  }
  return [];
}

/** True when a text is one word with the value that the old form gave: whatever its variables hold. */
function isSameValue(old: string, written: string, escape: Escape): boolean {
  if (hasOpenQuote(written, escape) || splitWords(written, 0, written.length, escape).length !== 1) return false;
  // Each variable stands for a text of its own that no quoting can produce.
  const state = (name: string) => ({ kind: "value" as const, value: `\u0001${name}\u0002` });
  const before = expandText(old, escape, state);
  return before !== null && before === expandText(written, escape, state);
}
