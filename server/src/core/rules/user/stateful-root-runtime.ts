import { expandWord, stageState } from "../../model/scope";
import { scriptsOf } from "../../model/scripts";
import type { Instruction, Model, Stage } from "../../model/types";
import { locate } from "../../model/types";
import { defineRule } from "../../rule";
import { operands } from "../../shell/commands";
import type { Span } from "../../text";
import { chainOf } from "./accounts";
import { accountOptions } from "./candidates";
import { adviceFor, rootFixes } from "./fixes";
import { rootCause, rootRuntime } from "./root-runtime";

export default defineRule({
  id: "stateful-root-runtime",
  theme: "user",
  category: "security",
  severity: "warning",
  recommended: false,
  since: "0.1.0",
  summary: "The shipped stage runs as root and keeps its state in volumes or state folders.",
  why: "Files that a container writes to a volume as root belong to root on the host as well, and outlive the container. Whoever breaks in can leave programs there that another container, or somebody on the host, runs later.",
  aliases: { tally: ["tally/stateful-root-runtime"] },
  options: accountOptions,
  fixable: "unsafe",
  examples: [
    {
      title: "A volume that root writes to",
      code: 'FROM python:3.14-slim\nCOPY . /app\nVOLUME [|/data|]\nCMD ["python", "/app/main.py"]\n',
      fixed:
        'FROM python:3.14-slim\nRUN groupadd --gid 10001 app \\\n    && useradd --uid 10001 --gid 10001 --no-log-init --create-home --home-dir /home/app --shell /usr/sbin/nologin app\nCOPY . /app\nRUN mkdir -p /data \\\n    && chown -R 10001:10001 /data\nVOLUME /data\nUSER 10001:10001\nCMD ["python", "/app/main.py"]\n',
    },
    {
      title: "A state folder that root writes to",
      code: 'FROM node:26\nRUN mkdir -p [|/var/lib/shop|]\nCOPY . /app\nUSER root\nCMD ["node", "/app"]\n',
      fixed:
        'FROM node:26\nRUN mkdir -p /var/lib/shop\nCOPY . /app\nRUN chown node:node /var/lib/shop\nUSER node\nCMD ["node", "/app"]\n',
    },
    { title: "A volume of a plain user", code: 'FROM node:26\nVOLUME /data\nUSER node\nCMD ["node", "/app"]\n' },
    { title: "Root without state", code: 'FROM node:26\nCOPY . /app\nCMD ["node", "/app"]\n' },
    { title: "The entry point of the image changes the user", code: "FROM postgres:18\nVOLUME /backup\n" },
  ],
  *check(context) {
    const runtime = rootRuntime(context);
    const state = runtime && stateOf(runtime.stage, context.model);
    if (!runtime || !state) return;
    const { severity, stage } = runtime;
    yield {
      message: `The container runs as root and keeps its state in ${state.path}. ${adviceFor(context, runtime)}`,
      range: state.span,
      cause: rootCause(stage),
      ...(severity ? { severity } : {}),
      fixes: () => rootFixes(context, runtime),
    };
  },
});

interface State {
  readonly path: string;
  readonly span: Span;
}

/** The first volume, else the first state folder that a RUN makes. */
function stateOf(stage: Stage, model: Model): State | null {
  const list = chainOf(stage).flatMap((link) => link.instructions);
  const found = first(list, (instruction) => volume(instruction, model)) ?? first(list, stateFolder);
  return found && !/^\/(?:tmp|run|var\/tmp|var\/run)(?:\/|$)/.test(found.path) ? found : null;
}

function first(list: readonly Instruction[], find: (instruction: Instruction) => State | null): State | null {
  for (const instruction of list) {
    const found = find(instruction);
    if (found) return found;
  }
  return null;
}

function volume(instruction: Instruction, model: Model): State | null {
  const { parsed, stage } = instruction;
  if (instruction.keyword !== "VOLUME" || !stage) return null;
  const item = parsed.json?.[0];
  if (item) return { path: item.value, span: locate(instruction, item) };
  const word = parsed.json ? undefined : parsed.words[0];
  if (!word) return null;
  const path = expandWord(word, model.escape, (name) => stageState(stage.scope, name, instruction.index));
  return { path: path ?? word.text, span: locate(instruction, word) };
}

const stateFolders = /^\/(?:var\/(?:lib|cache|log|spool|opt)|srv|data|state|storage|uploads)(?:\/|$)/;

// What a package manager keeps there is no state of the program.
const ofTheSystem = /^\/var\/(?:lib\/(?:apt|dpkg|rpm|pacman)|cache\/(?:apt|apk|yum|dnf|pacman|fontconfig))(?:\/|$)/;

function stateFolder(instruction: Instruction): State | null {
  if (instruction.keyword !== "RUN") return null;
  for (const { commands, locate: place } of scriptsOf(instruction)) {
    for (const command of commands) {
      if (command.name !== "mkdir" && command.name !== "install") continue;
      const flags = command.name === "mkdir" ? ["-m", "--mode"] : ["-m", "-o", "-g", "--mode", "--owner", "--group"];
      for (const { value, from, to } of operands(command, flags)) {
        if (value && stateFolders.test(value) && !ofTheSystem.test(value))
          return { path: value, span: place(from, to) };
      }
    }
  }
  return null;
}
