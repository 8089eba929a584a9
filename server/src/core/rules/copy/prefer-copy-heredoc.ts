import { userAt } from "../../catalogue/stage";
import { mountSupport } from "../../fixes/mount";
import type { Instruction, Model } from "../../model/types";
import type { Fix } from "../../rule";
import { defineRule } from "../../rule";
import type { ShellRedirection } from "../../shell/ast";
import type { EffectiveCommand } from "../../shell/commands";
import { absolutePath } from "./copies";
import { keywordAs, mayReplace, soleItem } from "./sole-command";

export default defineRule({
  id: "prefer-copy-heredoc",
  theme: "copy",
  category: "style",
  severity: "hint",
  recommended: false,
  since: "0.1.0",
  summary: "A RUN only writes a file, which COPY with a heredoc can do.",
  why: "`COPY <<EOF /path` shows the file as it will be, without the quoting of a shell, and needs no shell in the image. It needs BuildKit and the Dockerfile frontend 1.4. Off by default, because it is taste.",
  aliases: { tally: ["tally/prefer-copy-heredoc"] },
  scope: "instruction",
  fixable: "unsafe",
  examples: [
    {
      title: "One line",
      code: "FROM alpine:3.24\nRUN [|echo 'listen 8080;' > /etc/nginx/conf.d/port.conf|]\nUSER 1000\n",
      fixed: 'FROM alpine:3.24\nCOPY <<"EOF" /etc/nginx/conf.d/port.conf\nlisten 8080;\nEOF\nUSER 1000\n',
    },
    {
      title: "A variable: no fix, the shell knows it",
      code: 'FROM alpine:3.24\nRUN [|echo "v=$HOME" > /etc/app.conf|]\n',
    },
    { title: "Added to a file", code: "FROM alpine:3.24\nRUN echo 'a' >> /etc/hosts\n" },
    { title: "With more to do", code: "FROM alpine:3.24\nRUN echo a > /a && make\n" },
    { title: "What another command says", code: "FROM alpine:3.24\nRUN date > /built\n" },
    { title: "To a device", code: "FROM alpine:3.24\nRUN echo a > /dev/null\n" },
    { title: "An older frontend", code: "# syntax=docker/dockerfile:1.0\nFROM alpine:3.24\nRUN echo 'a' > /a\n" },
  ],
  *check({ model, catalogue }) {
    if (mountSupport(model) === "none") return;
    for (const run of model.instructions) {
      if (run.keyword !== "RUN" || !run.parsed.text.includes(">") || run.parsed.heredocs.length > 0) continue;
      const sole = soleItem(run);
      const [command, second] = sole?.commands ?? [];
      const target = command && !second ? written(command) : null;
      if (!sole || !command || !target) continue;
      yield {
        message: `This RUN only writes ${target.target?.text ?? "a file"}. COPY with a heredoc shows the file as it will be.`,
        range: sole.script.locate(command.command.from, command.command.to),
        fixes: () => (userAt(run, catalogue).kind === "root" ? fixesOf(model, run, command, target) : []),
      };
    }
  },
});

/** Where echo or printf writes to; null when it does anything else. */
function written(command: EffectiveCommand): ShellRedirection | null {
  const [only, second] = command.redirections;
  if (command.name !== "echo" && command.name !== "printf") return null;
  if (!only?.target || second || only.operator !== ">" || (only.descriptor ?? 1) !== 1) return null;
  return /^["']?\/(?:dev|proc|sys)\//.test(only.target.text) ? null : only;
}

function fixesOf(
  model: Model,
  run: Instruction,
  { name, words }: EffectiveCommand,
  { target }: ShellRedirection,
): readonly Fix[] {
  const [, first, second] = words;
  const path = absolutePath(target?.value ?? null, run);
  const content = first?.value ?? null;
  if (name !== "echo" || second || path === null || content === null || !mayReplace(model, run)) return [];
  // What one echo takes for an escape sequence or a flag, another prints.
  if (/\\|^-|^EOF$/m.test(content) || /["'\s$]/.test(path) || content.includes("\r")) return [];
  const { lineEnding } = model;
  const lines = [`${keywordAs(model, run, "COPY")} <<"EOF" ${path}`, ...content.split("\n"), "EOF"];
  return [
    {
      title: "Write the file by COPY",
      applicability: "unsafe",
      reason: "A file that was there before, with a mode of its own, gets mode 644.",
      edits: [{ span: run.span, newText: lines.join(lineEnding) }],
    },
  ];
}
