/** All values of one ENV are worked out before any of them is set. */
import type { Catalogue } from "../../catalogue/types";
import type { Instruction, Model } from "../../model/types";
import { locate } from "../../model/types";
import type { Fix } from "../../rule";
import { defineRule } from "../../rule";
import type { Pair, Variable } from "../../syntax/types";
import type { LocalSpan } from "../../text";
import { baseVariables } from "./base-variables";

export default defineRule({
  id: "env-self-reference",
  theme: "instruction",
  category: "correctness",
  severity: "error",
  recommended: true,
  since: "0.1.0",
  summary: "An ENV uses a variable that the same instruction defines.",
  why: "The builder works out all values of one ENV before it sets any of them. The variable is therefore empty, or has the value it had before. A name that was set further up, or that the base image may bring (`PATH=/x:$PATH`), is left alone, and so is a list that only continues itself, for an entry that is empty does no harm. In `LD_LIBRARY_PATH`, `PYTHONPATH`, `CLASSPATH` and the lists of compilers it does: there it stands for the current folder.",
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
    { title: "Nothing gives it a value", code: "FROM scratch\nENV DATA=[|$DATA|]/x\n" },
    {
      title: "An empty entry, with which libraries are looked for in the current folder",
      code: 'FROM ubuntu:24.04\nENV LD_LIBRARY_PATH="/usr/local/lib:[|${LD_LIBRARY_PATH}|]"\n',
      fixed: 'FROM ubuntu:24.04\nENV LD_LIBRARY_PATH="/usr/local/lib"\n',
    },
    {
      title: "At the beginning",
      code: "FROM ubuntu:24.04\nENV CLASSPATH=[|$CLASSPATH|]:/usr/share/java/*\n",
      fixed: "FROM ubuntu:24.04\nENV CLASSPATH=/usr/share/java/*\n",
    },
    {
      title: "Lists in which an empty entry does nothing",
      code: 'FROM ubuntu:24.04\nENV PKG_CONFIG_PATH="/usr/lib/arm-linux-gnueabi/pkgconfig/:${PKG_CONFIG_PATH}" \\\n    LD_PRELOAD=/usr/lib/libjemalloc.so.2:$LD_PRELOAD CFLAGS="-O2 $CFLAGS"\n',
    },
    {
      title: "The colon goes with the value",
      code: "FROM ubuntu:24.04\nENV LD_LIBRARY_PATH=/usr/local/lib${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}\n",
    },
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
        const entry = own ? entryOf(instruction, pair, variable) : null;
        if (entry && !emptyIsCurrentFolder.has(name)) continue;
        if (entry) {
          const written = instruction.parsed.text.slice(entry.from, entry.to);
          yield {
            message: `${name} is not set before this ENV, and the empty entry stands for the current folder. Leave \`${written}\` out.`,
            range: locate(instruction, variable),
            severity: "info",
            fixes: () => [withoutEntry(instruction, entry)],
          };
          continue;
        }
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
      if (stage.scope.lookup(variable.name, instruction.index) || isGuarded(pair, variable)) continue;
      const base = baseVariables(stage, catalogue);
      const own = variable.name === pair.name && pairs.every((other) => other === pair || other.name !== pair.name);
      // Whatever the base may bring is meant when a pair reads its own name.
      if (variable.name === "PATH" || base?.has(variable.name) || (own && base === null)) continue;
      found.push({ pair, variable, own, sure: base !== null });
    }
  }
  return found;
}

/** True inside `${X:+:$X}`, which reads the name only where it has a value. */
function isGuarded(pair: Pair, { name, from, to }: Variable): boolean {
  const variables = pair.value?.variables ?? [];
  return variables.some((one) => one.name === name && /^:?\+$/.test(one.modifier) && one.from < from && to < one.to);
}

/**
 * Lists of folders in which an empty entry is the current one. Sources: ld.so(8); the manuals of Python, Java and GCC
 * ("Environment Variables"). PATH is one, too, but every image has it.
 */
const emptyIsCurrentFolder: ReadonlySet<string> = new Set([
  ...["LD_LIBRARY_PATH", "PYTHONPATH", "CLASSPATH"],
  ...["LIBRARY_PATH", "COMPILER_PATH", "CPATH", "C_INCLUDE_PATH", "CPLUS_INCLUDE_PATH", "OBJC_INCLUDE_PATH"],
]);

/** A variable that is one entry of several, together with the colon or blank that divides it from the next; else null. */
function entryOf({ parsed }: Instruction, pair: Pair, variable: Variable): LocalSpan | null {
  if (!pair.value) return null;
  const before = parsed.text.slice(pair.value.from, variable.from).replace(/^["']/, "");
  const after = parsed.text.slice(variable.to, pair.value.to).replace(/["']$/, "");
  if (before === "" && after === "") return null;
  if (!/(?:^|[:\s])$/.test(before) || !/^(?:$|[:\s])/.test(after)) return null;
  return before === "" ? { from: variable.from, to: variable.to + 1 } : { from: variable.from - 1, to: variable.to };
}

function withoutEntry(instruction: Instruction, entry: LocalSpan): Fix {
  return {
    title: "Leave the empty entry out",
    applicability: "unsafe",
    reason: "What lies in the current folder is no longer found by it.",
    edits: [{ span: locate(instruction, entry), newText: "" }],
  };
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
