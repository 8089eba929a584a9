import { execForm } from "../../fixes/exec-form";
import { canEditPlaced } from "../../fixes/placed";
import { insertAfter, keywordLike } from "../../fixes/user";
import { instructionsNamed } from "../../model/index-of";
import { type Instruction, locate, type Model, type Stage } from "../../model/types";
import { baseName } from "../../multistage/paths";
import { defineRule, type Fix } from "../../rule";
import { isShellForm, lastOwn } from "./starts";

export default defineRule({
  id: "cmd-ignored-by-entrypoint",
  theme: "runtime",
  category: "correctness",
  severity: "warning",
  recommended: true,
  since: "0.1.0",
  summary: "CMD has no effect, since ENTRYPOINT is in shell form, or resets it.",
  why: "CMD gives arguments to ENTRYPOINT only when that is a JSON list: a shell form drops CMD, and the arguments of `docker run` as well. And an ENTRYPOINT in a stage that builds on another one forgets the CMD of that one, so that a wrapper such as tini has nothing to start. Nobody is told of either.",
  aliases: {},
  fixable: "unsafe",
  examples: [
    {
      title: "The shell form takes no arguments",
      code: 'FROM node:26\nUSER node\nENTRYPOINT node server.js\n[|CMD|] ["--port", "8080"]\n',
      fixed: 'FROM node:26\nUSER node\nENTRYPOINT ["node", "server.js"]\nCMD ["--port", "8080"]\n',
    },
    {
      title: "The CMD of the stage below is forgotten",
      code: 'FROM node:26 AS app\nUSER node\nCMD ["node", "server.js"]\n\nFROM app\n[|ENTRYPOINT|] ["tini", "--"]\n',
      fixed:
        'FROM node:26 AS app\nUSER node\nCMD ["node", "server.js"]\n\nFROM app\nENTRYPOINT ["tini", "--"]\nCMD ["node", "server.js"]\n',
    },
    { title: "Arguments of a JSON list", code: 'FROM node:26\nUSER node\nENTRYPOINT ["node"]\nCMD ["server.js"]\n' },
    {
      title: "An empty CMD resets on purpose",
      code: "FROM node:26\nUSER node\nENTRYPOINT exec node server.js\nCMD []\n",
    },
    {
      title: "A stage that starts something else altogether",
      code: 'FROM node:26 AS app\nUSER node\nCMD ["node", "server.js"]\n\nFROM app\nENTRYPOINT ["node", "worker.js"]\n',
    },
    {
      title: "Said again",
      code: 'FROM node:26 AS app\nUSER node\nCMD ["a"]\n\nFROM app\nENTRYPOINT ["tini", "--"]\nCMD ["b"]\n',
    },
    { title: "Nobody knows the base", code: 'FROM registry.example.com/app:1\nENTRYPOINT ["tini", "--"]\n' },
  ],
  *check({ model }) {
    if (instructionsNamed(model, "ENTRYPOINT").length === 0) return;
    for (const stage of model.stages) {
      if (stage.reachesFinal && !stage.ships) continue;
      const entrypoint = lastOwn(stage, "ENTRYPOINT");
      const command = lastOwn(stage, "CMD");
      if (command && hasWords(command)) {
        const deciding = entrypoint ?? inherited(stage, "ENTRYPOINT");
        if (!deciding || !isShellForm(deciding) || deciding.shell.kind !== "posix") continue;
        const line = model.lines.positionAt(deciding.span.start).line + 1;
        yield {
          message: `This CMD has no effect: ENTRYPOINT in line ${line} is in shell form, which takes no arguments. Write ENTRYPOINT as a JSON list, or delete CMD.`,
          range: command.keywordSpan,
          related: [{ message: "This ENTRYPOINT is in shell form.", range: locate(deciding, deciding.parsed.span) }],
          fixes: () => rewrite(model, deciding),
        };
      } else if (!command && entrypoint && wantsCommand(entrypoint)) {
        const lost = inherited(stage, "CMD");
        if (!lost?.parsed.argumentsSpan || !hasWords(lost)) continue;
        const line = model.lines.positionAt(lost.span.start).line + 1;
        yield {
          message: `ENTRYPOINT forgets the CMD in line ${line}, so that nothing is left to start. Repeat that CMD behind it.`,
          range: entrypoint.keywordSpan,
          related: [{ message: "This CMD is forgotten.", range: lost.keywordSpan }],
          fixes: () => repeat(model, stage, entrypoint, lost),
        };
      }
    }
  },
});

function hasWords({ parsed }: Instruction): boolean {
  return parsed.json ? parsed.json.length > 0 : parsed.argumentsSpan !== null;
}

function inherited(stage: Stage, keyword: string): Instruction | null {
  for (let link = stage.base.stage; link; link = link.base.stage) {
    const found = lastOwn(link, keyword);
    if (found) return found;
    // An ENTRYPOINT on the way has forgotten the CMD already, and that is told there.
    if (keyword === "CMD" && lastOwn(link, "ENTRYPOINT")) return null;
  }
  return null;
}

const wrappers = /^(?:tini|tini-static|dumb-init|catatonit|su-exec|gosu|.*entrypoint.*|docker-init)$/;

/** True for an entry point that starts what CMD names, and nothing by itself. */
function wantsCommand({ parsed }: Instruction): boolean {
  const words = parsed.json?.map(({ value }) => value) ?? [];
  const [program] = words;
  if (program === undefined || !wrappers.test(baseName(program))) return false;
  return words.slice(1).every((word) => word.startsWith("-"));
}

function rewrite(model: Model, entrypoint: Instruction): readonly Fix[] {
  const form = canEditPlaced(model, { instruction: entrypoint, isTrigger: false }) ? execForm(entrypoint) : null;
  const span = entrypoint.parsed.argumentsSpan;
  if (!form || form.needsShell || !span) return [];
  return [
    {
      title: "Write ENTRYPOINT as a JSON list",
      applicability: "unsafe",
      reason: "The words of CMD reach the program as arguments for the first time.",
      edits: [{ span: locate(entrypoint, span), newText: form.json }],
    },
  ];
}

function repeat(model: Model, stage: Stage, entrypoint: Instruction, lost: Instruction): readonly Fix[] {
  const span = lost.parsed.argumentsSpan;
  const argument = span ? lost.parsed.text.slice(span.from, span.to) : "";
  if (argument === "" || argument.includes("\n") || lost.shell.words !== null) return [];
  if (!canEditPlaced(model, { instruction: entrypoint, isTrigger: false })) return [];
  return [
    {
      title: "Repeat CMD behind ENTRYPOINT",
      applicability: "unsafe",
      reason: "The container starts that command again.",
      edits: [insertAfter(model, entrypoint, `${keywordLike(stage, "CMD")} ${argument}`)],
    },
  ];
}
