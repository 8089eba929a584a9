import { canChangeRun } from "../../fixes/mount";
import type { Script } from "../../model/scripts";
import { scriptsOf } from "../../model/scripts";
import type { Instruction, Model } from "../../model/types";
import { locate } from "../../model/types";
import { defineRule, type Fix } from "../../rule";

export default defineRule({
  id: "prefer-run-heredoc",
  theme: "shell",
  category: "style",
  severity: "hint",
  recommended: false,
  since: "0.1.0",
  summary: "A long && chain would read better as a RUN heredoc.",
  why: "A heredoc is a plain script: no `&& \\` at every line, comments where they belong, and `set -e` stops at the first failure as `&&` does. It needs the Dockerfile frontend 1.4 or newer (BuildKit). Off by default: a matter of taste.",
  aliases: { tally: ["tally/prefer-run-heredoc"] },
  scope: "instruction",
  options: {
    commands: { type: "number", default: 5, description: "How many joined commands are a long chain." },
  },
  fixable: "unsafe",
  examples: [
    {
      title: "A chain over several lines",
      options: { commands: 3 },
      code: 'FROM alpine:3.24\n[|RUN|] apk add --no-cache curl \\\n    && curl -fsSLO https://example.org/a \\\n    && chmod +x a\nCMD ["/a"]\n',
      fixed:
        'FROM alpine:3.24\nRUN <<EOF\nset -e\napk add --no-cache curl\ncurl -fsSLO https://example.org/a\nchmod +x a\nEOF\nCMD ["/a"]\n',
    },
    {
      title: "Mounts stay",
      options: { commands: 2 },
      code: "FROM alpine:3.24\n[|RUN|] --mount=type=cache,target=/c a && b\n",
      fixed: "FROM alpine:3.24\nRUN --mount=type=cache,target=/c <<EOF\nset -e\na\nb\nEOF\n",
    },
    { title: "A short chain", code: "FROM alpine:3.24\nRUN a && b && c\n" },
    { title: "Failures are dealt with", options: { commands: 2 }, code: "FROM alpine:3.24\nRUN a && b || c\n" },
    { title: "A heredoc", options: { commands: 2 }, code: "FROM alpine:3.24\nRUN <<EOF\na && b && c\nEOF\n" },
    {
      title: "An old frontend",
      options: { commands: 2 },
      code: "# syntax=docker/dockerfile:1.2\nFROM alpine:3.24\nRUN a && b && c\n",
    },
  ],
  *check({ model, options }) {
    if (!knowsHeredocs(model)) return;
    for (const run of model.instructions) {
      if (run.keyword !== "RUN" || run.parsed.heredocs.length > 0) continue;
      const [script] = scriptsOf(run);
      if (!script || !isChain(script, Math.max(2, options.commands))) continue;
      yield {
        message: `This RUN joins ${script.script.topLevel.length} commands by &&. A heredoc (RUN <<EOF) would read like a script.`,
        range: run.keywordSpan,
        fixes: () => heredocFix(model, run, script),
      };
    }
  },
});

/** Heredocs came with frontend 1.4; one that is not Docker's own may know anything. */
function knowsHeredocs({ frontend }: Model): boolean {
  if (frontend === null) return true;
  const match = /^(?:docker\.io\/)?docker\/dockerfile(?:-upstream)?(?::(\d+)(?:\.(\d+))?)?(?:[-@:].*)?$/.exec(
    frontend.trim(),
  );
  if (!match) return false;
  return match[1] === undefined || Number(match[1]) > 1 || match[2] === undefined || Number(match[2]) >= 4;
}

function isChain({ script }: Script, least: number): boolean {
  const items = script.topLevel;
  return (
    script.wellFormed &&
    items.length >= least &&
    items.every(({ connector }) => connector === null || connector === "&&")
  );
}

function heredocFix(model: Model, run: Instruction, script: Script): readonly Fix[] {
  const { argumentsSpan, comments } = run.parsed;
  if (!argumentsSpan || !canChangeRun(model, run) || model.escape !== "\\" || comments.length > 0) return [];
  // The body would keep its carriage returns, and the shell take them for part of the words.
  if (model.lineEnding === "\r\n") return [];
  // With `set -e`, a negated command does not stop the script; with `&&` it does.
  if (script.script.commands.some(({ context, name }) => context.includes("negated") || name === "set")) return [];
  if (script.script.commands.some(({ redirections }) => redirections.some(({ heredoc }) => heredoc !== null)))
    return [];
  const lines = script.script.topLevel.map(({ from, to }) => {
    const { start, end } = script.locate(from, to);
    // The builder takes blanks behind a mark and empty lines for nothing; a shell would end the command there.
    return model.text
      .slice(start, end)
      .replace(/\\[ \t]+\n/g, "\\\n")
      .replace(/\n(?:[ \t]*\n)+/g, "\n");
  });
  if (lines.some((line) => /^EOF\r?$/m.test(line))) return [];
  const body = ["<<EOF", "set -e", ...lines, "EOF"].join("\n");
  const span = locate(run, argumentsSpan);
  const rest = model.text.slice(span.end, run.span.end);
  if (rest.trim() !== "") return [];
  return [
    {
      title: "Write the chain as a heredoc",
      applicability: "unsafe",
      reason:
        "Builders without BuildKit do not know heredocs, and a failure within a function or a group stops the script where && went on.",
      edits: [{ span: { start: span.start, end: run.span.end }, newText: body }],
    },
  ];
}
