/** The builder replaces a name that nobody defines by nothing, and goes on. */
import { hasTemplate } from "../../fixes/mount";
import { insertBefore, keywordLike } from "../../fixes/user";
import { platformArguments, proxyArguments } from "../../model/scope";
import type { Instruction, Model, Stage } from "../../model/types";
import { nearest } from "../../nearest";
import type { Finding, Fix } from "../../rule";
import { defineRule } from "../../rule";
import { baseVariables } from "./base-variables";
import type { VariableUse } from "./variables";
import { instructionUses, readersIn, soundsLikeBase, useCause } from "./variables";

export default defineRule({
  id: "undefined-variable",
  theme: "instruction",
  category: "correctness",
  severity: "warning",
  recommended: true,
  since: "0.1.0",
  summary: "An instruction uses a variable that no ARG, ENV or base image defines.",
  why: "The builder replaces the name by nothing and goes on: `WORKDIR $HOME/app` becomes `/app`, for the builder knows no HOME. Since a base image may define any name, only bases whose variables are known are judged; with others, only a name that is one letter off a declared one. What RUN reads is the shell's business.",
  aliases: { buildkit: ["UndefinedVar"], tally: ["buildkit/UndefinedVar"] },
  reads: ["$"],
  fixable: "unsafe",
  examples: [
    {
      title: "A typing error",
      code: "FROM registry.example.com/base:1\nARG APP_PORT=80\nEXPOSE [|$APP_PROT|]\n",
      fixed: "FROM registry.example.com/base:1\nARG APP_PORT=80\nEXPOSE $APP_PORT\n",
    },
    {
      title: "Nobody defines it",
      code: "FROM alpine:3.24\nCOPY app /opt/[|${NAME}|]/\n",
      fixed: "FROM alpine:3.24\nARG NAME\nCOPY app /opt/${NAME}/\n",
    },
    { title: "HOME is known to the shell alone", code: "FROM node:26\nWORKDIR [|$HOME|]/app\n" },
    { title: "PATH is everywhere", code: "FROM alpine:3.24\nENV PATH=/app/bin:$PATH\n" },
    { title: "The base image defines it", code: "FROM node:26\nLABEL node=$NODE_VERSION\n" },
    { title: "An unknown base may define it", code: "FROM registry.example.com/base:1\nWORKDIR $APP_FOLDER\n" },
    { title: "A default of its own", code: "FROM alpine:3.24\nWORKDIR ${DIR:-/app}\n" },
    { title: "From the stage below", code: "FROM alpine:3.24 AS a\nENV DIR=/app\nFROM a\nWORKDIR $DIR\n" },
    { title: "RUN is read by a shell", code: "FROM alpine:3.24\nRUN echo $ANYTHING\n" },
    {
      title: "It comes too late",
      code: "FROM alpine:3.24\nWORKDIR [|$DIR|]\nENV DIR=/app\n",
    },
    {
      title: "The platform chooses the stage below, which may well define it",
      code: "FROM alpine:3.24 AS base\nARG HOST=example.com\nFROM base AS base-amd64\nFROM base AS base-arm64\nFROM base-$TARGETARCH\nARG URL=https://$HOST/a\nENV HOST=$HOST\n",
    },
    {
      title: "In an ARG before the first FROM, where no image brings anything",
      code: "ARG IMAGE=registry.example.com/[|${PROJECT}|]/app:1\nFROM $IMAGE\n",
      fixed: "ARG PROJECT\nARG IMAGE=registry.example.com/${PROJECT}/app:1\nFROM $IMAGE\n",
    },
    {
      title: "An ARG above, one of the platform, and a default of its own",
      code: "ARG HOST=example.com\nARG IMAGE=$HOST/app-$TARGETARCH:${TAG:-1}\nARG NAME=$NAME\nFROM $IMAGE\n",
    },
    { title: "In single quotes", code: "FROM alpine:3.24\nENV TEMPLATE='$NAME' PRICE=\\$NAME\n" },
  ],
  *check({ model, catalogue }) {
    yield* beforeFrom(model);
    for (const stage of model.stages) {
      const readers = readersIn(model, stage);
      if (readers.length === 0) continue;
      const base = baseVariables(stage, catalogue);
      const said = new Set<string>();
      for (const { instruction, builder } of readers) {
        for (const use of builder) {
          const { name } = use;
          if (said.has(name) || stage.scope.lookup(name, instruction.index)) continue;
          if (proxyArguments.has(name) || (base ? base.has(name) : soundsLikeBase(stage, name))) continue;
          // What the same instruction defines is `env-self-reference`'s.
          if (instruction.parsed.pairs.some((pair) => pair.name === name)) continue;
          const global = platformArguments.has(name) || model.globals.lookup(name, Number.POSITIVE_INFINITY) !== null;
          const isLate = stage.scope.bindings.some((binding) => binding.name === name);
          const near = global || isLate || shellNames.has(name) ? null : nameNear(stage, name, base === null);
          if (!global && !base && !near) continue;
          said.add(name);
          yield {
            message: messageOf(name, near, global, isLate),
            range: use.span,
            cause: useCause(use),
            fixes: () =>
              shellNames.has(name) || isLate
                ? []
                : [near ? rename(use, near) : declare(model, keywordLike(stage, "ARG"), instruction, name)],
          };
        }
      }
    }
  },
});

/** The defaults of ARGs before the first FROM see only each other and what the builder brings. */
function* beforeFrom(model: Model): Iterable<Finding> {
  const { globals } = model;
  for (const instruction of model.instructions) {
    if (instruction.keyword === "FROM") return;
    if (instruction.keyword !== "ARG") continue;
    for (const use of instructionUses(instruction)) {
      const { name } = use;
      if (globals.lookup(name, instruction.index) || platformArguments.has(name) || proxyArguments.has(name)) continue;
      if (instruction.parsed.pairs.some((pair) => pair.name === name) || hasTemplate(model, use.span)) continue;
      const isLate = globals.lookup(name, Number.POSITIVE_INFINITY) !== null;
      const names = globals.bindings.map((binding) => binding.name);
      const near = isLate ? null : nearest(name, names);
      yield {
        message:
          near || isLate
            ? messageOf(name, near, false, isLate)
            : `${name} is empty here: no ARG above defines it. Write ARG ${name} above.`,
        range: use.span,
        aliases: {},
        cause: useCause(use),
        fixes: () => {
          if (isLate) return [];
          return [near ? rename(use, near) : declare(model, "ARG", instruction, name)];
        },
      };
    }
  }
}

/** Names that a shell or the runtime sets, so that people take them for granted. */
const shellNames: ReadonlySet<string> = new Set(["HOME", "USER", "PWD", "OLDPWD", "SHELL", "HOSTNAME", "TERM", "UID"]);

function messageOf(name: string, near: string | null, global: boolean, isLate: boolean): string {
  if (isLate) return `${name} is empty here: it is defined further below. Define it above.`;
  if (shellNames.has(name)) {
    return `${name} is empty here: only the shell of a RUN knows it, the builder does not. Write the value out, or set it by ENV.`;
  }
  if (global) return `${name} is empty here: this stage does not declare it. Write ARG ${name} above.`;
  const hint = near ? `Did you mean ${near}?` : `Declare it by ARG ${name} or ENV ${name}=… above.`;
  return `${name} is empty here: no ARG or ENV defines it. ${hint}`;
}

/** A declared name that is meant; where the base may bring any name, only one that is a single slip away. */
function nameNear(stage: Stage, name: string, strict: boolean): string | null {
  const names = new Set<string>();
  for (let scope: Stage["scope"] | null = stage.scope; scope && names.size < 200; scope = scope.parent) {
    for (const binding of scope.bindings) names.add(binding.name);
  }
  const near = nearest(name, names);
  return near !== null && (!strict || (name.length > 3 && isOneSlip(name, near))) ? near : null;
}

/** True when two neighbours are swapped, or one letter is too much, missing or another. Digits are no slip. */
function isOneSlip(a: string, b: string): boolean {
  let start = 0;
  while (start < a.length && a[start] === b[start]) start++;
  let end = 0;
  while (end < Math.min(a.length, b.length) - start && a.at(-1 - end) === b.at(-1 - end)) end++;
  const left = a.slice(start, a.length - end);
  const right = b.slice(start, b.length - end);
  if (/\d/.test(left + right) || left.length > 2 || right.length > 2) return false;
  if (left.length === 2 && right.length === 2) return left[0] === right[1] && left[1] === right[0];
  return left.length <= 1 && right.length <= 1;
}

function rename(use: VariableUse, near: string): Fix {
  return {
    title: `Replace ${use.name} by ${near}`,
    applicability: "unsafe",
    reason: `It assumes that ${near} was meant.`,
    edits: [{ span: use.nameSpan, newText: near }],
  };
}

function declare(model: Model, keyword: string, instruction: Instruction, name: string): Fix {
  return {
    title: instruction.stage ? `Declare ARG ${name} in this stage` : `Declare ARG ${name} above`,
    applicability: "unsafe",
    reason: `The build then needs --build-arg ${name}=…, or a default behind the name.`,
    edits: [insertBefore(model, instruction, `${keyword} ${name}`)],
  };
}
