import { readLooseList, writeJsonList } from "../../fixes/json-list";
import { canEditPlaced, faultCauseAt, placedInstructions } from "../../fixes/placed";
import { type Instruction, locate } from "../../model/types";
import { defineRule } from "../../rule";

export default defineRule({
  id: "shell-needs-json",
  theme: "runtime",
  category: "correctness",
  severity: "error",
  recommended: true,
  since: "0.1.0",
  summary: "SHELL is not a JSON list with at least one word.",
  why: "SHELL names the program that reads all shell forms from here on, with the options before the text. It has no form but a JSON list, and the builder stops at anything else.",
  aliases: { "dockerfile-utils": ["SHELL_JSON_FORM", "SHELL_REQUIRES_ONE"] },
  fixable: "unsafe",
  examples: [
    {
      title: "Plain words",
      code: "FROM debian:trixie\nSHELL [|/bin/bash -o pipefail -c|]\nRUN curl x | tee y\n",
      fixed: 'FROM debian:trixie\nSHELL ["/bin/bash", "-o", "pipefail", "-c"]\nRUN curl x | tee y\n',
    },
    {
      title: "Single quotes",
      code: "FROM debian:trixie\nSHELL [|['/bin/bash', '-c']|]\n",
      fixed: 'FROM debian:trixie\nSHELL ["/bin/bash", "-c"]\n',
    },
    {
      title: "No option that hands over the text",
      code: "FROM debian:trixie\nSHELL [|/bin/bash|]\n",
      fixed: 'FROM debian:trixie\nSHELL ["/bin/bash", "-c"]\n',
    },
    { title: "No word at all", code: "FROM debian:trixie\nSHELL [|[]|]\n" },
    { title: "A list", code: 'FROM debian:trixie\nSHELL ["/bin/bash", "-c"]\n' },
  ],
  *check({ model }) {
    for (const placed of placedInstructions(model, "SHELL")) {
      const { instruction } = placed;
      const { json, argumentsSpan } = instruction.parsed;
      if (!argumentsSpan || (json && json.length > 0)) continue;
      const span = locate(instruction, argumentsSpan);
      const words = json ? null : wordsOf(instruction);
      yield {
        message: json
          ? 'This list is empty, and the builder stops here. Name the shell and its options, such as ["/bin/bash", "-c"].'
          : `SHELL takes nothing but a JSON list, and the builder stops here. Write ${words ? writeJsonList(words) : 'a list such as ["/bin/bash", "-c"]'}.`,
        range: span,
        ...(json ? {} : { cause: faultCauseAt(span) }),
        aliases: { "dockerfile-utils": [json ? "SHELL_REQUIRES_ONE" : "SHELL_JSON_FORM"] },
        fixes: () =>
          words && canEditPlaced(model, placed) && instruction.parsed.comments.length === 0
            ? [
                {
                  title: `Write ${writeJsonList(words)}`,
                  applicability: "unsafe",
                  reason: "The shell runs the lines below for the first time.",
                  edits: [{ span, newText: writeJsonList(words) }],
                },
              ]
            : [],
      };
    }
  },
});

/** The words that were meant, with `-c` where a POSIX shell would lack it; null when nobody can tell. */
function wordsOf({ parsed }: Instruction): readonly string[] | null {
  const text = parsed.body.text.slice(parsed.argumentsFrom).trim();
  const words = text.startsWith("[") ? readLooseList(text)?.items : /["'`$#[\]]/.test(text) ? null : text.split(/\s+/);
  const [program] = words ?? [];
  if (!words || program === undefined || words.length > 8) return null;
  const isPosix = /(?:^|\/)(?:ba|da|a|z|k)?sh$/.test(program);
  return isPosix && !words.some((word) => /^-\w*c$/.test(word)) ? [...words, "-c"] : words;
}
