import { removeInstruction } from "../../fixes/remove";
import { canEditRun, prependCommand } from "../../fixes/shell-list";
import type { Model } from "../../model/types";
import type { Fix } from "../../rule";
import { defineRule } from "../../rule";
import type { PackageAction, PackageFamily } from "../../shell/managers";
import { runsScript } from "./apt-lists";
import { callName, callSpan, isBuiltOn, type PackageCall, type RunStep, runSteps } from "./calls";

export default defineRule({
  id: "package-update-alone",
  theme: "package",
  category: "reproducibility",
  severity: "warning",
  recommended: true,
  since: "0.1.0",
  summary:
    "A RUN fetches the package index and installs nothing, so a later RUN installs from an index that may be old.",
  why: "The builder keeps the layer with the index and takes it from its cache for months, while the RUN that installs is built anew whenever its text changes. Then it asks for versions that the mirrors no longer hold, and the build fails, or it installs what was current long ago. In one RUN both are always built together.",
  aliases: {
    trivy: ["DS-0017"],
    checkov: ["CKV_DOCKER_5"],
    kics: ["Update Instruction Alone"],
    sonar: ["S6595"],
    dockle: ["CIS-DI-0007"],
  },
  reads: ["RUN"],
  fixable: "unsafe",
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
      title: "Alpine",
      code: "FROM alpine:3.24\nRUN [|apk update|]\nRUN apk add curl\n",
      fixed: "FROM alpine:3.24\nRUN apk update && apk add curl\n",
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
  *check({ model }) {
    for (const step of runSteps(model)) {
      const call = step.calls.find(({ operation }) => operation.action === "update" && isSystem(operation.tool.family));
      if (!call || step.run.parsed.flags.some((flag) => flag.name === "mount")) continue;
      if (!step.scripts.every((script) => script.commands.every((command) => isHarmless(command.name)))) continue;
      if (step.calls.some(({ operation }) => !isSystem(operation.tool.family) || usesIndex(operation.action))) continue;
      // A subcommand that is not known may install as well.
      if (step.calls.some(({ operation }) => operation.action === "other")) continue;
      const { family } = call.operation.tool;
      const use = nextUse(model, step, family);
      const target = use.install;
      const isUnused = target === null && !use.isUnknown;
      const install = target ? `the \`${callName(target)}\`` : "a script";
      yield {
        message: isUnused
          ? `Nothing in this file installs from the index that \`${callName(call)}\` fetches. Leave it out.`
          : `\`${callName(call)}\` has a RUN of its own, so ${install} of a later RUN may use an index that is months old. Put both into one RUN.`,
        range: callSpan(call),
        cause: `${family === "apk" ? "apk" : "apt"}-update:${step.instruction.index}`,
        ...(target ? { related: [{ message: "Here the index is used.", range: callSpan(target) }] } : {}),
        fixes: () => (target ? merge(model, call, target) : isUnused ? remove(model, call) : []),
      };
    }
  },
});

function isSystem(family: PackageFamily): boolean {
  return family === "apt" || family === "apk" || family === "rpm" || family === "pacman" || family === "opkg";
}

/** A RUN that removes packages is no mistake of this kind either. */
function usesIndex(action: PackageAction): boolean {
  return changes(action) || action === "remove";
}

function changes(action: PackageAction): boolean {
  return action === "install" || action === "upgrade" || action === "download" || action === "build";
}

/** Programs that install nothing. Any other one may. */
const harmless: ReadonlySet<string> = new Set([
  ...["apt-get", "apt", "aptitude", "apk", "yum", "dnf", "microdnf", "tdnf", "zypper", "pacman", "opkg"],
  ...["apt-key", "add-apt-repository", "apt-add-repository", "dpkg", "rpm", "gpg", "apt-mark", "apt-cache"],
  ...["set", "echo", "printf", "cat", "tee", "sed", "grep", "awk", "true", ":", "export", "test", "[", "[[", "cd"],
  ...["rm", "mkdir", "touch", "mv", "cp", "ln", "chmod", "chown", "ls", "install", "rmdir", "find", "sleep", "tr"],
  ...["curl", "wget", "lsb_release", "uname", "which", "dpkg-divert", "update-ca-certificates", "locale-gen"],
  ...[
    "useradd",
    "groupadd",
    "adduser",
    "addgroup",
    "usermod",
    "unset",
    "exit",
    "cut",
    "head",
    "tail",
    "dpkg-reconfigure",
  ],
]);

function isHarmless(name: string | null): boolean {
  return name !== null && harmless.has(name);
}

/** What installs from an index: a call, something that nobody here can see, or nothing. */
interface Use {
  readonly install: PackageCall | null;
  readonly isUnknown: boolean;
}

/** Steps that are looked at for the use of an index. */
const mostSteps = 100;

/** Who installs next, in the same stage or one that is built on it, before the index is fetched anew. */
function nextUse(model: Model, step: RunStep, family: PackageFamily): Use {
  const steps = runSteps(model);
  const from = positionOf(steps, step) + 1;
  let isUnknown = false;
  for (const later of steps.slice(from, from + mostSteps)) {
    if (later.stage !== step.stage && !isBuiltOn(later.stage, step.stage)) continue;
    isUnknown ||= later.isTrigger || runsScript(later);
    const first = later.calls.find(
      ({ operation }) =>
        operation.tool.family === family && (changes(operation.action) || operation.action === "update"),
    );
    if (first) return { install: first.operation.action === "update" ? null : first, isUnknown };
  }
  return { install: null, isUnknown: isUnknown || steps.length > from + mostSteps };
}

/** Place of a step in the list, which is in the order of the file. */
function positionOf(steps: readonly RunStep[], step: RunStep): number {
  let low = 0;
  let high = steps.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((steps[middle] as RunStep).instruction.index < step.instruction.index) low = middle + 1;
    else high = middle;
  }
  return low;
}

function remove(model: Model, { step, script }: PackageCall): readonly Fix[] {
  if (script.script.topLevel.length !== 1 || !canEditRun(model, step.run, step.isTrigger)) return [];
  const reason = "An image that is built on this one may install from the index.";
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
