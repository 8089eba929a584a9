import { removeInstruction } from "../../fixes/remove";
import { canEditRun, prependCommand } from "../../fixes/shell-list";
import type { Model } from "../../model/types";
import type { Fix } from "../../rule";
import { defineRule } from "../../rule";
import { withoutLoneUpdate } from "./apk-index";
import { callName, callSpan, type PackageCall, type RunStep, runSteps } from "./calls";
import { isSystem, isUpdateAlone, nextUse, refreshesItself } from "./index-use";

export default defineRule({
  id: "package-update-alone",
  theme: "package",
  category: "reproducibility",
  severity: "warning",
  recommended: true,
  since: "0.1.0",
  summary:
    "A RUN fetches the package index and installs nothing, so a later RUN installs from an index that may be old.",
  why: "The builder keeps the layer with the index and takes it from its cache for months, while the RUN that installs is built anew whenever its text changes. Then it asks for versions that the mirrors no longer hold, and the build fails, or it installs what was current long ago. In one RUN both are always built together. apk since Alpine 3.8, dnf and yum fetch a new index by themselves where theirs is old: there such a RUN is only needless, which is said as information.",
  aliases: {
    trivy: ["DS-0017"],
    checkov: ["CKV_DOCKER_5"],
    kics: ["Update Instruction Alone"],
    sonar: ["S6595"],
    dockle: ["CIS-DI-0007"],
  },
  reads: ["RUN"],
  fixable: "safe",
  examples: [
    {
      title: "Two steps that belong together",
      code: "FROM debian:trixie\nRUN [|apt-get update|]\nRUN apt-get install -y curl && rm -rf /var/lib/apt/lists/*\n",
      fixed: "FROM debian:trixie\nRUN apt-get update && apt-get install -y curl && rm -rf /var/lib/apt/lists/*\n",
    },
    {
      title: "Laid out as the RUN that installs",
      code: "FROM debian:trixie\n# Tools\nRUN [|apt-get update|] -qq\nENV LANG=C.UTF-8\nRUN apt-get install -y curl \\\n    && curl --version\n",
      fixed:
        "FROM debian:trixie\n# Tools\nENV LANG=C.UTF-8\nRUN apt-get update -qq \\\n    && apt-get install -y curl \\\n    && curl --version\n",
    },
    {
      title: "apk fetches by itself what it needs",
      code: "FROM alpine:3.24\nWORKDIR /client\nRUN [|apk update|] \nRUN apk add g++\nRUN apk add libstdc++\n",
      fixed: "FROM alpine:3.24\nWORKDIR /client\nRUN apk add --no-cache g++\nRUN apk add --no-cache libstdc++\n",
    },
    {
      title: "An apk of old does not",
      code: "FROM alpine:3.4\nRUN [|apk update|]\nRUN apk add --no-cache git && apk add curl\n",
      fixed: "FROM alpine:3.4\nRUN apk add --no-cache git && apk update && apk add curl\n",
    },
    {
      title: "With `--no-cache` an index is fetched anew and this one is not read",
      code: "FROM alpine:3.24 AS build\nRUN [|apk update|]\nRUN apk add --no-cache curl\nRUN apk add -U git\n",
      fixed: "FROM alpine:3.24 AS build\nRUN apk add --no-cache curl\nRUN apk add -U git\n",
    },
    {
      title: "So does dnf",
      code: "FROM fedora:44\nRUN [|dnf makecache|]\nRUN dnf install -y git\n",
      fixed: "FROM fedora:44\nRUN dnf install -y git\n",
    },
    {
      title: "Sources are added in the same step, which cannot be merged blindly",
      code: 'FROM debian:trixie\nRUN echo "deb https://example.com/debian trixie main" > /etc/apt/sources.list.d/a.list && [|apt-get update|]\nRUN apt-get install -y a\n',
    },
    {
      title: "Another step in between changes the sources",
      code: 'FROM debian:trixie\nRUN [|apt-get update|]\nRUN echo "deb https://example.com/debian trixie main" > /etc/apt/sources.list.d/a.list\nRUN apt-get install -y a\n',
    },
    {
      title: "Nothing is installed at all",
      code: "FROM debian:trixie\nRUN [|apt-get update|]\nCOPY . /app\n",
      fixed: "FROM debian:trixie\nCOPY . /app\n",
    },
    { title: "Removing is enough", code: "FROM debian:trixie\nRUN apt-get update && apt-get purge -y curl\n" },
    { title: "Together", code: "FROM debian:trixie\nRUN apt-get update && apt-get install -y curl\n" },
    { title: "It upgrades", code: "FROM debian:trixie\nRUN apt-get update && apt-get upgrade -y\n" },
    {
      title: "A script may install",
      code: "FROM debian:trixie\nCOPY install.sh /\nRUN apt-get update && /install.sh\n",
    },
    {
      title: "A program that nobody here knows may install",
      code: "FROM node:26\nRUN apt-get update && npx playwright install-deps\n",
    },
    {
      title: "The lists are kept in a cache that is never old",
      code: "FROM debian:trixie\nRUN --mount=type=cache,target=/var/lib/apt apt-get update\nRUN --mount=type=cache,target=/var/lib/apt apt-get install -y curl\n",
    },
  ],
  *check({ model, catalogue }) {
    for (const step of runSteps(model)) {
      const call = step.calls.find(({ operation }) => operation.action === "update" && isSystem(operation.tool.family));
      if (!call || !isUpdateAlone(step)) continue;
      const { family } = call.operation.tool;
      const use = nextUse(model, step, family);
      const target = use.install;
      const isUnused = target === null && !use.isUnknown;
      const isNeedless = refreshesItself(call, use, catalogue);
      yield {
        message: message(call, target, isUnused, isNeedless),
        range: callSpan(call),
        ...(isNeedless ? { severity: "info" as const } : {}),
        cause: `${family === "apk" ? "apk" : "apt"}-update:${step.instruction.index}`,
        ...(target ? { related: [{ message: "Here the index is used.", range: callSpan(target) }] } : {}),
        fixes: () => {
          if (isUnused || isNeedless) return remove(model, call, isNeedless);
          return target ? merge(model, call, target) : [];
        },
      };
    }
  },
});

function message(call: PackageCall, target: PackageCall | null, isUnused: boolean, isNeedless: boolean): string {
  const name = `\`${callName(call)}\``;
  if (isUnused) return `Nothing in this file installs from the index that ${name} fetches. Leave it out.`;
  if (isNeedless) {
    const { manager } = (target ?? call).operation;
    if (manager === "apk") {
      return `${name} is not needed: with \`--no-cache\`, apk itself fetches the index when it installs, and keeps none. Leave it out.`;
    }
    return `${name} is not needed: ${manager} itself fetches the index when it installs and has none, or an old one. Leave it out.`;
  }
  const install = target ? `the \`${callName(target)}\`` : "a script";
  return `${name} has a RUN of its own, so ${install} of a later RUN may use an index that is months old. Put both into one RUN.`;
}

function remove(model: Model, call: PackageCall, isNeedless: boolean): readonly Fix[] {
  const { operation, step, script } = call;
  const whole = isNeedless ? withoutLoneUpdate(model, call) : null;
  if (whole) return [whole];
  if (script.script.topLevel.length !== 1 || !canEditRun(model, step.run, step.isTrigger)) return [];
  const reason =
    isNeedless && operation.manager === "apk"
      ? "Alpine before 3.8 does not fetch an index when it installs."
      : "An image that is built on this one may install from the index.";
  const edits = [removeInstruction(model, step.instruction)];
  return [{ title: "Delete the RUN", applicability: "unsafe", reason, edits }];
}

function merge(model: Model, call: PackageCall, target: PackageCall): readonly Fix[] {
  const { step, script, operation } = call;
  const { step: other } = target;
  const { items, text } = { items: script.script.topLevel, text: model.text };
  if (step.stage !== other.stage || items.length !== 1 || script.kind !== "line" || step.scripts.length !== 1)
    return [];
  if (!canEditRun(model, step.run, step.isTrigger) || !canEditRun(model, other.run, other.isTrigger)) return [];
  if (step.run.parsed.flags.length > 0 || other.run.parsed.flags.length > 0) return [];
  const user = (one: RunStep) => (one.run.user.kind === "set" ? one.run.user.name : one.run.user.kind);
  if (user(step) !== user(other) || step.run.shell.kind !== other.run.shell.kind) return [];
  // What changes between the two could be what the index depends on.
  const between = model.instructions.slice(step.instruction.index + 1, other.instruction.index);
  if (
    between.some(
      ({ keyword, span }) =>
        keyword !== "ENV" && keyword !== "LABEL" && mentionsSources(text.slice(span.start, span.end)),
    )
  ) {
    return [];
  }
  if (between.some(({ keyword }) => keyword === "SHELL" || keyword === "RUN" || keyword === "ARG")) return [];
  const { command } = target.operation;
  if (command.outer !== command.command || command.command.context.length > 0) return [];
  const written = script.locate(operation.command.command.from, operation.command.command.to);
  const update = text.slice(written.start, written.end);
  if (update.includes("\n") || operation.command.redirections.length > 0) return [];
  const edit = prependCommand(model, other.run, target.script, command.command.item, update);
  if (!edit) return [];
  return [
    {
      title: `Move ${callName(call)} into the RUN that installs`,
      applicability: "unsafe",
      reason: "The RUN that installs is built anew, with the packages of today.",
      edits: [removeInstruction(model, step.instruction), edit],
    },
  ];
}

function mentionsSources(text: string): boolean {
  return /\/etc\/(?:apt|apk|yum|dnf|zypp|pacman)|sources\.list|repositories|keyring|gpg/.test(text);
}
