/** All values of one ENV are worked out before any of them is set. */
import type { Catalogue } from "../../catalogue/types";
import type { Instruction, Model } from "../../model/types";
import { locate } from "../../model/types";
import type { Fix } from "../../rule";
import { defineRule } from "../../rule";
import type { Pair, Variable } from "../../syntax/types";
import { baseVariables } from "./base-variables";

export default defineRule({
  id: "env-self-reference",
  theme: "instruction",
  category: "correctness",
  severity: "error",
  recommended: true,
  since: "0.1.0",
  summary: "An ENV uses a variable that the same instruction defines.",
  why: "The builder works out all values of one ENV before it sets any of them. The variable is therefore empty, or has the value it had before. A name that was set further up, or that the base image may bring (`PATH=/x:$PATH`), is left alone.",
  aliases: { hadolint: ["DL3044"], tally: ["hadolint/DL3044"] },
  scope: "instruction",
  fixable: "unsafe",
  examples: [
    {
      title: "One pair builds on another",
      code: "FROM alpine:3.24\nENV HOME_DIR=/app BIN_DIR=[|$HOME_DIR|]/bin\n",
      fixed: "FROM alpine:3.24\nENV HOME_DIR=/app\nENV BIN_DIR=$HOME_DIR/bin\n",
    },
    {
      title: "Over several lines",
      code: "FROM alpine:3.24\nENV A=1 \\\n    B=2 \\\n    C=[|${A}|]x \\\n    D=4\n",
      fixed: "FROM alpine:3.24\nENV A=1 \\\n    B=2\nENV C=${A}x \\\n    D=4\n",
    },
    { title: "Nothing gives it a value", code: "FROM scratch\nENV LIST=[|$LIST|]:x\n" },
    { title: "The base image has a PATH", code: "FROM alpine:3.24\nENV PATH=/app/bin:$PATH\n" },
    { title: "It may come from the base", code: "FROM registry.example.com/base:1\nENV LIBS=/x:$LIBS\n" },
    { title: "It was set before", code: "FROM alpine:3.24\nENV A=1\nENV A=2 B=$A\n" },
    { title: "An ARG was declared before", code: "FROM alpine:3.24\nARG A=1\nENV A=$A\n" },
    { title: "Another variable of a similar name", code: "FROM alpine:3.24\nENV A=1 B=$AB\n" },
    { title: "A default of its own", code: "FROM alpine:3.24\nENV A=1 B=${A:-1}\n" },
  ],
  *check({ model, catalogue }) {
    for (const instruction of model.instructions) {
      if (instruction.keyword !== "ENV" || instruction.parsed.pairs.length === 0) continue;
      if (!instruction.parsed.text.includes("$")) continue;
      for (const { pair, variable, own, sure } of selfReferences(instruction, catalogue)) {
        const { name } = variable;
        yield {
          message: own
            ? `${name} is not set before this ENV, so $${name} is empty here. Set it in an instruction above.`
            : `${name} is set by this same ENV, so $${name} does not have that value yet. Set it in an ENV of its own above.`,
          range: locate(instruction, variable),
          // An unknown base may have set the name before, to the same value even. A pair that only continues its own
          // name is an idiom, and does little harm.
          ...(own ? { severity: "info" as const } : sure ? {} : { severity: "warning" as const }),
          fixes: () => (own ? [] : split(model, instruction, pair)),
        };
      }
    }
  },
});

interface SelfReference {
  readonly pair: Pair;
  readonly variable: Variable;
  /** The pair reads the very name that it sets. */
  readonly own: boolean;
  /** The base image is known not to set the name. */
  readonly sure: boolean;
}

function selfReferences(instruction: Instruction, catalogue: Catalogue): readonly SelfReference[] {
  const { pairs } = instruction.parsed;
  const { stage } = instruction;
  if (!stage) return [];
  const names = new Set(pairs.map((pair) => pair.name));
  const found: SelfReference[] = [];
  for (const pair of pairs) {
    for (const variable of pair.value?.variables ?? []) {
      if (!names.has(variable.name) || !/^(?:|##?|%%?|\/\/?)$/.test(variable.modifier)) continue;
      if (stage.scope.lookup(variable.name, instruction.index)) continue;
      const base = baseVariables(stage, catalogue);
      const own = variable.name === pair.name && pairs.every((other) => other === pair || other.name !== pair.name);
      // Whatever the base may bring is meant when a pair reads its own name.
      if (variable.name === "PATH" || base?.has(variable.name) || (own && base === null)) continue;
      found.push({ pair, variable, own, sure: base !== null });
    }
  }
  return found;
}

/** Ends the ENV before the pair and begins a new one with it. */
function split(model: Model, instruction: Instruction, pair: Pair): readonly Fix[] {
  const { pairs } = instruction.parsed;
  const before = pairs[pairs.indexOf(pair) - 1];
  const used = new Set(pair.value?.variables.map((variable) => variable.name));
  // The definition has to stand before the pair; one that follows it would have to move.
  const definesAll = pairs.every((other) => !used.has(other.name) || pairs.indexOf(other) < pairs.indexOf(pair));
  if (!before || !definesAll) return [];
  const from = locate(instruction, before).end;
  const to = locate(instruction, pair).start;
  const gap = model.text.slice(from, to);
  if (gap.includes("#")) return [];
  const lineStart = model.text.lastIndexOf("\n", instruction.span.start - 1) + 1;
  const indent = model.text.slice(lineStart, instruction.span.start);
  const keyword = model.text.slice(instruction.keywordSpan.start, instruction.keywordSpan.end);
  return [
    {
      title: `Set ${pair.name} in an ENV of its own`,
      applicability: "unsafe",
      reason: `${pair.name} gets another value than before.`,
      edits: [{ span: { start: from, end: to }, newText: `${model.lineEnding}${indent}${keyword} ` }],
    },
  ];
}
