import { instructionsNamed } from "../../model/index-of";
import { stageState } from "../../model/scope";
import type { Stage } from "../../model/types";
import { defineRule } from "../../rule";
import type { ShellWord } from "../../shell/ast";
import { callsOf, canEdit, definedNames, isPlain, type Run, wordSpan } from "./calls";

export default defineRule({
  id: "shell-unquoted-expansion",
  theme: "shell",
  category: "correctness",
  severity: "warning",
  recommended: true,
  since: "0.1.0",
  summary: "A test compares a variable without quotes that may well be empty.",
  why: "Where the variable is empty, the word is gone: `[ $X = yes ]` becomes `[ = yes ]`, which is an error and counts as no, and `[ -n $X ]` becomes `[ -n ]`, which is always true. ShellCheck asks for quotes at every expansion; here only tests are reported, and only where an ARG or ENV of this file really leaves the variable empty or gives it blanks. Elsewhere a variable may be meant to be split, as in `apt-get install $PACKAGES`.",
  aliases: { hadolint: ["SC2086", "SC2046"], sonar: ["S6570"] },
  reads: ["RUN"],
  fixable: "safe",
  examples: [
    {
      title: "An ARG without a default",
      code: 'FROM alpine:3.24\nARG DEBUG\nRUN if [ [|$DEBUG|] = "yes" ]; then apk add --no-cache gdb; fi\n',
      fixed: 'FROM alpine:3.24\nARG DEBUG\nRUN if [ "$DEBUG" = "yes" ]; then apk add --no-cache gdb; fi\n',
    },
    {
      title: "Always true",
      code: "FROM alpine:3.24\nARG PROXY\nRUN [ -n [|$PROXY|] ] && echo proxy\n",
      fixed: 'FROM alpine:3.24\nARG PROXY\nRUN [ -n "$PROXY" ] && echo proxy\n',
    },
    { title: "Quoted", code: 'FROM alpine:3.24\nARG DEBUG\nRUN if [ "$DEBUG" = "yes" ]; then true; fi\n' },
    {
      title: "A default stands behind it",
      code: "FROM alpine:3.24\nARG DEBUG=no\nRUN if [ $DEBUG = yes ]; then true; fi\n",
    },
    {
      title: "The double bracket of bash does not split",
      code: 'FROM debian:13\nSHELL ["/bin/bash", "-c"]\nARG DEBUG\nRUN [[ $DEBUG = yes ]] || true\n',
    },
    { title: "Meant to be split", code: "FROM alpine:3.24\nARG PACKAGES\nRUN apk add --no-cache $PACKAGES\n" },
    {
      title: "A variable that the base image may set",
      code: "FROM alpine:3.24\nRUN if [ $HOME = /root ]; then true; fi\n",
    },
    { title: "A variable of the script", code: "FROM alpine:3.24\nARG X\nRUN X=1; if [ $X = 1 ]; then true; fi\n" },
  ],
  *check({ model }) {
    // The scripts need not be looked through for this where nothing is tested.
    if (!instructionsNamed(model, "RUN").some(({ parsed }) => /\[|test/.test(parsed.text))) return;
    for (const name of ["[", "test"]) {
      for (const call of callsOf(model, name)) {
        const { run, command } = call;
        const { stage } = run.instruction;
        if (!stage || run.isTrigger || !isPlain(model, call)) continue;
        const words = name === "[" ? command.words.slice(1, -1) : command.words.slice(1);
        for (const { word, always } of fragile(words)) {
          const [variable] = word.variables;
          if (!variable || !breaks(variable.name, stage, run)) continue;
          yield {
            message: always
              ? `This is true also when ${variable.name} is empty, because the empty word disappears. Write "${word.text}".`
              : `This test breaks when ${variable.name} is empty or has blanks. Write "${word.text}".`,
            range: wordSpan(call, word),
            fixes: () =>
              canEdit(model, call)
                ? [
                    {
                      title: `Put ${word.text} in quotes`,
                      applicability: "safe",
                      edits: [{ span: wordSpan(call, word), newText: `"${word.text}"` }],
                    },
                  ]
                : [],
          };
        }
      }
    }
  },
});

interface Fragile {
  readonly word: ShellWord;
  /** True for `-n`, which without its operand is always true. */
  readonly always: boolean;
}

const comparisons: ReadonlySet<string> = new Set(["=", "==", "!=", "-eq", "-ne", "-lt", "-le", "-gt", "-ge"]);

/** The lone unquoted variables that a comparison or `-n` looks at. */
function* fragile(words: readonly ShellWord[]): Iterable<Fragile> {
  for (let i = 0; i < words.length; i++) {
    const word = words[i] as ShellWord;
    if (word.quoted !== "none" || !/^\$(?:\w+|\{\w+\})$/.test(word.text)) continue;
    const before = words[i - 1]?.value ?? "";
    const after = words[i + 1]?.value ?? "";
    if (before === "-n") yield { word, always: true };
    else if (comparisons.has(before) || comparisons.has(after)) yield { word, always: false };
  }
}

/** True where the file itself leaves the variable empty, or gives it a value with blanks. */
function breaks(name: string, stage: Stage, run: Run): boolean {
  if (definedNames(run).has(name)) return false;
  const binding = stage.scope.lookup(name, run.instruction.index);
  // Platform values and build arguments come from outside and are never empty when they come.
  if (!binding || (binding.kind !== "arg" && binding.kind !== "env")) return false;
  const state = stageState(stage.scope, name, run.instruction.index);
  if (state.kind === "unset") return true;
  return state.kind === "value" && (state.value === "" || /\s/.test(state.value));
}
