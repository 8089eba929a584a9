import { defineRule } from "../../rule";
import type { ShellWord } from "../../shell/ast";
import { canEdit, isPlain, runsOf, wordSpan } from "./calls";

export default defineRule({
  id: "shell-glob-as-option",
  theme: "shell",
  category: "correctness",
  severity: "hint",
  recommended: true,
  since: "0.1.0",
  summary: "A bare glob can expand to names that look like options.",
  why: "A file called `-rf` in the folder becomes an option of the command. `./*` means the same files and can never begin with a dash. Only commands that change files are reported, and not behind `--`.",
  aliases: { hadolint: ["SC2035"], sonar: ["S6573"] },
  scope: "instruction",
  fixable: "safe",
  examples: [
    {
      title: "All files here",
      code: "FROM alpine:3.24\nRUN rm -rf [|*|]\n",
      fixed: "FROM alpine:3.24\nRUN rm -rf ./*\n",
    },
    {
      title: "An ending",
      code: "FROM alpine:3.24\nRUN cd /scripts && chmod +x [|*.sh|]\n",
      fixed: "FROM alpine:3.24\nRUN cd /scripts && chmod +x ./*.sh\n",
    },
    { title: "Behind --", code: "FROM alpine:3.24\nRUN rm -rf -- *\n" },
    {
      title: "A path in front",
      code: "FROM alpine:3.24\nRUN rm -rf /tmp/* ./*.log && find . -name '*.c'\n",
    },
    { title: "Quoted, so no glob", code: "FROM alpine:3.24\nRUN rm '*'\n" },
    {
      title: "A pattern that the program itself reads",
      code: "FROM alpine:3.24\nRUN ls * && zip -r a.zip * && unzip a.zip *.txt\n",
    },
  ],
  *check({ model }) {
    for (const run of runsOf(model)) {
      for (const script of run.scripts) {
        for (const command of script.commands) {
          if (command.name === null || !changesFiles.has(command.name)) continue;
          const call = { run, script, command };
          for (const word of globs(command.words)) {
            if (!isPlain(model, call)) continue;
            yield {
              message: `A file whose name begins with a dash would be taken for an option of ${command.name}. Write ./${word.text}.`,
              range: wordSpan(call, word),
              fixes: () => {
                const { start } = wordSpan(call, word);
                return canEdit(model, call)
                  ? [
                      {
                        title: `Write ./${word.text}`,
                        applicability: "safe",
                        edits: [{ span: { start, end: start }, newText: "./" }],
                      },
                    ]
                  : [];
              },
            };
          }
        }
      }
    }
  },
});

const changesFiles: ReadonlySet<string> = new Set(["rm", "chmod", "chown", "chgrp", "mv", "cp", "touch", "ln"]);

function* globs(words: readonly ShellWord[]): Iterable<ShellWord> {
  for (const word of words.slice(1)) {
    if (word.value === "--") return;
    if (word.quoted === "none" && /^[*?]/.test(word.text)) yield word;
  }
}
