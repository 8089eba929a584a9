import { isRoot } from "../../catalogue/stage";
import { isWindowsBase } from "../../model/shell";
import { locate } from "../../model/types";
import { defineRule, type Finding, type RuleContext } from "../../rule";
import { accountOptions } from "./candidates";
import { adviceFor, rootFixes } from "./fixes";
import { rootCause, rootRuntime } from "./root-runtime";

export default defineRule({
  id: "final-user-root",
  theme: "user",
  category: "security",
  severity: "warning",
  recommended: true,
  since: "0.1.0",
  summary: "The shipped stage ends as root, because a USER says so.",
  why: "USER root is needed to install packages, and easily forgotten afterwards: the container then runs as root, even on an image that had taken care not to. Whoever breaks into such a process owns every file of the container.",
  aliases: {
    hadolint: ["DL3002"],
    trivy: ["DS-0002"],
    checkov: ["CKV_DOCKER_8"],
    kics: ["Last User Is 'root'"],
    semgrep: ["last-user-is-root"],
    sonar: ["S6471"],
    dockle: ["CIS-DI-0001"],
    tally: ["hadolint/DL3002"],
  },
  options: {
    ...accountOptions,
    mode: {
      type: "enum",
      values: ["smart", "hadolint"],
      default: "smart",
      description: "`hadolint` reports the last USER of every stage where it is root, whatever the image is for.",
    },
  },
  reads: ["ADD", "CMD", "COPY", "ENTRYPOINT", "HEALTHCHECK", "RUN", "VOLUME", "#"],
  fixable: "unsafe",
  examples: [
    {
      title: "Root for the packages, and nobody switches back",
      code: "FROM jenkins/jenkins:lts\nUSER [|root|]\nRUN apt-get update && apt-get install -y make\n",
      fixed: "FROM jenkins/jenkins:lts\nUSER root\nRUN apt-get update && apt-get install -y make\nUSER jenkins\n",
    },
    {
      title: "The user from before comes back",
      code: 'FROM node:26\nUSER 1000:1000\nRUN npm ci\nUSER [|0|]\nRUN apt-get update && apt-get install -y git\nCMD ["node", "server.js"]\n',
      fixed:
        'FROM node:26\nUSER 1000:1000\nRUN npm ci\nUSER 0\nRUN apt-get update && apt-get install -y git\nUSER 1000:1000\nCMD ["node", "server.js"]\n',
    },
    {
      title: "Nothing is left to do for root",
      code: 'FROM node:26\nCOPY . /app\nUSER [|root|]\nCMD ["node", "/app"]\n',
      fixed: 'FROM node:26\nCOPY . /app\nUSER node\nCMD ["node", "/app"]\n',
    },
    {
      title: "A variable holds root; its line stays",
      code: 'ARG BASE=registry.example.com/app:1\nFROM ${BASE}\nARG USER=root\nUSER [|${USER}|]\nCMD ["app"]\n',
    },
    {
      title: "Windows has accounts of its own",
      code: 'FROM mcr.microsoft.com/windows/nanoserver:ltsc2025\nUSER [|ContainerAdministrator|]\nENTRYPOINT ["cmd", "/C", "agent.exe"]\n',
    },
    {
      title: "A comment says that it has to be root: then it is information",
      code: 'FROM fluent/fluentd:v1.18\nUSER [|root|]\n# Runs as root to read /var/log\nENTRYPOINT ["tini", "--", "fluentd"]\n',
    },
    {
      title: "Root for a moment only",
      code: 'FROM node:26\nUSER root\nRUN apt-get update\nUSER node\nCMD ["node", "/app"]\n',
    },
    {
      title: "Root where nothing is shipped",
      code: 'FROM node:26 AS build\nUSER root\nRUN npm ci\n\nFROM gcr.io/distroless/nodejs24-debian13:nonroot\nCOPY --from=build /app /app\nCMD ["/app"]\n',
    },
    {
      title: "Nobody knows what the variable holds",
      code: 'FROM node:26\nARG RUN_AS\nUSER $RUN_AS\nCMD ["node", "/app"]\n',
    },
    {
      title: "The entry point of the image changes the user",
      code: "FROM postgres:18\nUSER root\nRUN apt-get update\n",
    },
    {
      title: "The start command changes the user",
      code: 'FROM debian:trixie\nUSER root\nENTRYPOINT ["gosu", "web", "server"]\n',
    },
    {
      title: "As hadolint has it",
      options: { mode: "hadolint" },
      code: "FROM postgres:18 AS base\nUSER [|root|]\n\nFROM base\nUSER root\nUSER 1000\n",
    },
  ],
  *check(context) {
    if (context.options.mode === "hadolint") return yield* lastUsers(context);
    const runtime = rootRuntime(context);
    const instruction = runtime?.user.instruction;
    if (!runtime || !instruction) return;
    const { stage, severity } = runtime;
    if (isWindowsBase(stage.base)) {
      yield {
        message:
          "This is the last USER, so the container runs with the rights of an administrator. Windows images have the account ContainerUser, unless a service needs more.",
        range: locate(instruction, instruction.parsed.argumentsSpan ?? instruction.parsed.keywordSpan),
        cause: rootCause(stage),
        severity: "info",
      };
      return;
    }
    yield {
      message: `This is the last USER, so the container runs as root. ${adviceFor(context, runtime)}`,
      range: locate(instruction, instruction.parsed.argumentsSpan ?? instruction.parsed.keywordSpan),
      cause: rootCause(stage),
      ...(severity ? { severity } : {}),
      fixes: () => rootFixes(context, runtime),
    };
  },
});

/** The last USER of each stage that is root, as hadolint sees it; fixes where the image's own user is at stake. */
function* lastUsers(context: RuleContext<typeof accountOptions>): Iterable<Finding> {
  const runtime = rootRuntime(context);
  for (const stage of context.model.stages) {
    const state = stage.userAtEnd;
    if (state.kind !== "set" || !isRoot(state.name) || state.instruction.stage !== stage) continue;
    const { instruction } = state;
    yield {
      message: "The last USER of this stage is root. Switch to an account without its rights.",
      range: locate(instruction, instruction.parsed.argumentsSpan ?? instruction.parsed.keywordSpan),
      cause: rootCause(stage),
      fixes: () => (runtime?.user.instruction === instruction ? rootFixes(context, runtime) : []),
    };
  }
}
