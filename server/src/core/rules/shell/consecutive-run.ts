import { canChangeRun } from "../../fixes/mount";
import { scriptsOf } from "../../model/scripts";
import type { Instruction, Model } from "../../model/types";
import { locate } from "../../model/types";
import { defineRule, type Fix } from "../../rule";
import { packageOperations } from "../../shell/packages";

export default defineRule({
  id: "consecutive-run",
  theme: "shell",
  category: "size",
  severity: "info",
  recommended: false,
  since: "0.1.0",
  summary: "Two RUN instructions in a row install packages with the same manager.",
  why: "Each RUN is a layer with its own copy of whatever it changes, such as the package database. hadolint asks to join any RUNs that follow each other; that is often wrong, since separate steps are cached separately, and mounts must not be joined. So only neighbours that call the same package manager and nothing else are reported here, and only in what ships. `mode: hadolint` reports every RUN of one command behind another such RUN with the same flags. Off by default: a matter of taste.",
  aliases: {
    hadolint: ["DL3059"],
    kics: ["Multiple RUN, ADD, COPY, Instructions Listed"],
    sonar: ["S7031"],
    tally: ["hadolint/DL3059"],
  },
  options: {
    mode: {
      type: "enum",
      values: ["smart", "hadolint"],
      default: "smart",
      description: "`smart`: neighbours that call the same package manager. `hadolint`: any neighbours.",
    },
  },
  fixable: "unsafe",
  examples: [
    {
      title: "Two installs",
      code: "FROM alpine:3.24\nRUN apk add --no-cache curl\n[|RUN|] apk add --no-cache git\n",
      fixed: "FROM alpine:3.24\nRUN apk add --no-cache curl \\\n    && apk add --no-cache git\n",
    },
    {
      title: "Separate steps are cached separately",
      code: "FROM node:26\nRUN npm ci\nRUN npm run build\n",
    },
    {
      title: "Another manager",
      code: "FROM python:3.14\nRUN apt-get update && apt-get install -y git\nRUN pip install flask\n",
    },
    {
      title: "A stage that does not ship",
      code: "FROM alpine:3.24 AS build\nRUN apk add go\nRUN apk add git\nFROM alpine:3.24\nCOPY --from=build /a /a\n",
    },
    {
      title: "Mounts differ",
      code: "FROM alpine:3.24\nRUN --mount=type=cache,target=/x apk add curl\nRUN apk add git\n",
    },
    {
      title: "As hadolint has it",
      options: { mode: "hadolint" },
      code: "FROM node:26\nRUN npm ci\n[|RUN|] npm run build\n",
      fixed: "FROM node:26\nRUN npm ci \\\n    && npm run build\n",
    },
    {
      title: "Several commands are left alone in either mode",
      options: { mode: "hadolint" },
      code: 'FROM node:26\nRUN a && b\nRUN c\nCOPY x /x\nRUN d "$(e)"\nRUN f\n',
    },
  ],
  *check({ model, options }) {
    const smart = options.mode !== "hadolint";
    for (let i = 1; i < model.instructions.length; i++) {
      const [before, run] = [model.instructions[i - 1], model.instructions[i]] as [Instruction, Instruction];
      if (run.keyword !== "RUN" || before.keyword !== "RUN" || run.stage !== before.stage || !run.stage) continue;
      if (flagsOf(before) !== flagsOf(run)) continue;
      if (smart ? !run.stage.ships || !sameManager(before, run) : isLong(before) || isLong(run)) continue;
      yield {
        message: smart
          ? "This RUN calls the same package manager as the one before it. Join them into one layer."
          : "This RUN follows another one. Join them into one layer where they need not be cached apart.",
        range: run.keywordSpan,
        fixes: () => joinFix(model, before, run),
      };
    }
  },
});

function flagsOf(run: Instruction): string {
  return run.parsed.flags.map((flag) => `${flag.name}=${flag.value?.text ?? ""}`).join(" ");
}

/** hadolint asks to join only RUNs of a single command each; tests and programs that a variable names do not count. */
function isLong(run: Instruction): boolean {
  let commands = 0;
  for (const { script } of scriptsOf(run)) {
    for (const { name } of script.commands) if (name !== null && name !== "[") commands++;
  }
  return commands > 1;
}

/** True when both RUNs only call one and the same package manager. */
function sameManager(a: Instruction, b: Instruction): boolean {
  const manager = onlyManager(a);
  return manager !== null && manager === onlyManager(b);
}

function onlyManager(run: Instruction): string | null {
  const scripts = scriptsOf(run);
  const [script] = scripts;
  if (!script || scripts.length > 1 || script.kind !== "line") return null;
  const operations = packageOperations(script.script).filter(
    ({ action }) => action === "install" || action === "update",
  );
  const family = operations[0]?.tool.family ?? null;
  const others = script.commands.filter(
    (command) => !operations.some((one) => one.command.command === command.command),
  );
  const isPure = others.every(({ name }) => name === "rm" || name === "set" || name === null);
  return isPure &&
    operations.some(({ packages }) => packages.length > 0) &&
    operations.every((one) => one.tool.family === family)
    ? family
    : null;
}

function joinFix(model: Model, before: Instruction, run: Instruction): readonly Fix[] {
  for (const one of [before, run]) {
    const scripts = scriptsOf(one);
    if (!canChangeRun(model, one) || one.parsed.json || scripts.length !== 1 || scripts[0]?.kind !== "line") return [];
    const { script } = scripts[0];
    const joined = script.topLevel.every(({ connector }) => connector === null || connector === "&&");
    // A `cd` or a variable of the first step would reach into the second.
    if (!script.wellFormed || !joined || script.definitions.some(({ kind }) => kind !== "prefix")) return [];
    if (script.commands.some(({ name }) => name === "cd" || name === "set" || name === "exit" || name === "umask"))
      return [];
  }
  const gap = model.text.slice(before.span.end, run.span.start);
  const rest = run.parsed.argumentsSpan && locate(run, run.parsed.argumentsSpan);
  // Comments between the two would end up inside the command; that is for a person to lay out.
  if (!rest || gap.trim() !== "") return [];
  const { escape, lineEnding } = model;
  return [
    {
      title: "Join with the RUN before it",
      applicability: "unsafe",
      reason: "The two steps are cached together from now on: a change of one runs both.",
      edits: [{ span: { start: before.span.end, end: rest.start }, newText: ` ${escape}${lineEnding}    && ` }],
    },
  ];
}
