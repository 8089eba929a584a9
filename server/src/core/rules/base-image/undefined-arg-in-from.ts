/** FROM sees only the ARGs before the first FROM, and those that the builder brings. */
import { platformArguments } from "../../model/scope";
import type { Instruction, Model } from "../../model/types";
import { locate } from "../../model/types";
import { nearest } from "../../nearest";
import type { Fix } from "../../rule";
import { defineRule } from "../../rule";
import type { Variable, Word } from "../../syntax/types";

export default defineRule({
  id: "undefined-arg-in-from",
  theme: "base-image",
  category: "correctness",
  severity: "warning",
  recommended: true,
  since: "0.1.0",
  summary: "A FROM uses a variable that no ARG before the first FROM declares.",
  why: "In FROM only the ARGs before the first FROM count. Any other name is empty, and what is left is often no valid image, or the wrong one. An ARG inside a stage does not help.",
  aliases: {
    buildkit: ["UndefinedArgInFrom"],
    "dockerfile-utils": ["BASE_NAME_EMPTY"],
    tally: ["buildkit/UndefinedArgInFrom"],
  },
  reads: [],
  fixable: "unsafe",
  examples: [
    {
      title: "A typing error",
      code: "ARG VERSION=3.22\nFROM alpine:[|${VERSOIN}|]\n",
      fixed: "ARG VERSION=3.22\nFROM alpine:${VERSION}\n",
    },
    {
      title: "Declared inside a stage, where FROM cannot see it",
      code: "FROM alpine:3.22\nARG NODE=24\nFROM node:[|$NODE|]\n",
      fixed: "ARG NODE=24\nFROM alpine:3.22\nARG NODE=24\nFROM node:$NODE\n",
    },
    {
      title: "Declared nowhere",
      code: "# the base\nFROM [|${REGISTRY}|]/app:1\n",
    },
    { title: "A variable with a default of its own", code: "FROM alpine:${VERSION:-3.22}\n" },
    { title: "The builder brings the platform", code: "FROM --platform=$BUILDPLATFORM alpine:3.22\n" },
    { title: "Declared without a default: the caller gives it", code: "ARG VERSION\nFROM alpine:$VERSION\n" },
  ],
  *check({ model }) {
    for (const { from } of model.stages) {
      const words = [from.parsed.words[0], ...from.parsed.flags.map((flag) => flag.value)];
      for (const word of words) {
        for (const variable of word ? unknownVariables(model, from, word) : []) {
          const { name } = variable;
          const declared = innerDefault(model, from, name);
          const near =
            declared === undefined
              ? nearest(
                  name,
                  model.globals.bindings.map((binding) => binding.name),
                )
              : null;
          yield {
            message: `${name} is empty here: ${
              declared === undefined ? "no ARG declares it for FROM." : "its ARG stands inside a stage."
            } ${near ? `Did you mean ${near}?` : `Declare ARG ${name} before the first FROM.`}`,
            range: locate(from, variable),
            // Declared without a default it would be as empty as before.
            fixes: () => (near ? [rename(from, variable, near)] : declared ? [declare(model, name, declared)] : []),
          };
        }
      }
    }
  },
});

function unknownVariables(model: Model, from: Instruction, word: Word): readonly Variable[] {
  return word.variables.filter(
    ({ name, modifier }) =>
      (modifier === "" || /^[#%/]/.test(modifier)) &&
      !platformArguments.has(name) &&
      !model.globals.lookup(name, from.index),
  );
}

/** The default that an ARG of a stage above gives the name; null without a default, undefined when there is none. */
function innerDefault(model: Model, from: Instruction, name: string): string | null | undefined {
  for (const stage of model.stages) {
    if (stage.from.index >= from.index) break;
    const binding = stage.scope.bindings.find(
      (candidate) => candidate.name === name && candidate.pair && candidate.kind === "arg",
    );
    if (binding) return binding.pair?.value?.variables.length === 0 ? binding.pair.value.text : null;
  }
  return undefined;
}

function rename(from: Instruction, variable: Variable, name: string): Fix {
  return {
    title: `Replace ${variable.name} by ${name}`,
    applicability: "unsafe",
    reason: `It assumes that ${name} was meant.`,
    edits: [{ span: locate(from, variable.nameSpan), newText: name }],
  };
}

function declare(model: Model, name: string, value: string): Fix {
  const first = model.instructions[0];
  const at = first ? first.blockStart : 0;
  return {
    title: `Declare ARG ${name}=${value} before the first FROM`,
    applicability: "unsafe",
    reason: "This FROM then names another image than before.",
    edits: [{ span: { start: at, end: at }, newText: `ARG ${name}=${value}${model.lineEnding}` }],
  };
}
