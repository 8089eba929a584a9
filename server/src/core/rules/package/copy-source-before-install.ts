import { imageUnder } from "../../catalogue/stage";
import { removeInstruction } from "../../fixes/remove";
import { canEditRun } from "../../fixes/shell-list";
import { insertAfter as insertInstruction } from "../../fixes/user";
import type { Model } from "../../model/types";
import { locate } from "../../model/types";
import { bringsEverything, type Copy, readCopy } from "../../multistage/copies";
import { isWithin } from "../../multistage/paths";
import { isNamedForDevelopment } from "../../multistage/purpose";
import type { Facts, Fix } from "../../rule";
import { defineRule } from "../../rule";
import { flagValue } from "../../shell/arguments";
import type { PackageOperation } from "../../shell/packages";
import { hasOperationFlag } from "../../shell/packages";
import type { Edit } from "../../text";
import { callName, callSpan, mountsOf, type PackageCall, type RunStep, runSteps } from "./calls";
import { copiesBefore, folderOf, foldersOf, installsProject } from "./manifests";

export default defineRule({
  id: "copy-source-before-install",
  theme: "package",
  category: "performance",
  severity: "warning",
  recommended: true,
  since: "0.1.0",
  summary: "The whole source is copied before the dependencies are installed, so every edit installs them anew.",
  why: "The builder takes a step from its cache as long as nothing before it has changed. When the manifests are copied first, the dependencies stay in the cache until a manifest changes; when everything is copied first, changing one line of code downloads them all again. Nothing is said where a cache mount keeps the downloads.",
  aliases: {},
  reads: ["ADD", "COPY", "RUN"],
  fixable: "unsafe",
  examples: [
    {
      title: "npm",
      code: 'FROM node:26\nWORKDIR /app\nCOPY [|. .|]\nRUN npm ci\nCMD ["node", "server.js"]\n',
      fixed: 'FROM node:26\nWORKDIR /app\nCOPY package*.json ./\nRUN npm ci\nCOPY . .\nCMD ["node", "server.js"]\n',
    },
    {
      title: "A list of packages for pip",
      code: "FROM python:3.14\nWORKDIR /app\nCOPY [|. /app|]\nRUN pip install --no-cache-dir -r requirements.txt\n",
      fixed:
        "FROM python:3.14\nWORKDIR /app\nCOPY requirements.txt /app/\nRUN pip install --no-cache-dir -r requirements.txt\nCOPY . /app\n",
    },
    {
      title: "Modules of Go, with the owner that the files have",
      code: "FROM golang:1.27 AS build\nWORKDIR /src\nCOPY --chown=app [|. ./|]\nRUN go mod download\nRUN go build -o /app .\nFROM debian:trixie\nCOPY --from=build /app /app\n",
      fixed:
        "FROM golang:1.27 AS build\nWORKDIR /src\nCOPY --chown=app go.mod go.sum* ./\nRUN go mod download\nCOPY --chown=app . ./\nRUN go build -o /app .\nFROM debian:trixie\nCOPY --from=build /app /app\n",
    },
    {
      title: "The same RUN builds, so it would have to be split by hand",
      code: "FROM node:26\nWORKDIR /app\nCOPY [|. .|]\nRUN npm ci && npm run build\n",
    },
    {
      title: "Workspaces have manifests in many folders",
      code: "FROM node:26\nWORKDIR /app\nCOPY [|. .|]\nRUN npm ci\n",
      files: { "package.json": '{ "workspaces": ["packages/*"] }' },
    },
    {
      title: "Manifests first",
      code: "FROM node:26\nWORKDIR /app\nCOPY package*.json ./\nRUN npm ci\nCOPY . .\nRUN npm run build\n",
    },
    {
      title: "Installed once more with the sources",
      code: "FROM python:3.14\nWORKDIR /app\nCOPY requirements.txt .\nRUN pip install -r requirements.txt\nCOPY . .\nRUN pip install -r extra.txt\n",
    },
    {
      title: "A cache mount keeps the downloads",
      code: "FROM node:26\nWORKDIR /app\nCOPY . .\nRUN --mount=type=cache,target=/root/.npm npm ci\n",
    },
    { title: "A program for all", code: "FROM node:26\nWORKDIR /app\nCOPY . .\nRUN npm install -g serve\n" },
    { title: "The project itself", code: "FROM python:3.14\nWORKDIR /app\nCOPY . .\nRUN pip install .\n" },
    {
      title: "Another folder",
      code: "FROM node:26\nCOPY . /site\nWORKDIR /app\nRUN npm ci\n",
    },
    {
      title: "An image to develop in",
      code: "FROM node:26\nWORKDIR /app\nCOPY . .\nRUN npm ci\n",
      path: ".devcontainer/Dockerfile",
    },
  ],
  *check(context) {
    const { model, catalogue, facts, path } = context;
    const told = new Set<number>();
    for (const step of runSteps(model)) {
      const { stage } = step;
      if (!stage.reachesFinal || step.isTrigger || told.has(stage.index)) continue;
      const call = step.calls.find(isDependencyInstall);
      if (!call) continue;
      told.add(stage.index);
      if (isNamedForDevelopment(path, stage) || mountsOf(step).some(({ type }) => type === "cache" || type === "bind"))
        continue;
      const image = imageUnder(stage, catalogue)?.repository.name ?? null;
      const folder = foldersOf(stage, catalogue)(call.operation.command);
      if (folder === null) continue;
      const copy = stage.instructions
        .filter(({ keyword, index }) => (keyword === "COPY" || keyword === "ADD") && index < step.instruction.index)
        .map((instruction) => readCopy(model, instruction, image))
        .find((one) => one !== null && bringsEverything(one) && isWithin(folder, folderOf(one)));
      if (!copy) continue;
      const { instruction } = copy;
      const first = instruction.parsed.words[0];
      yield {
        message: `The whole source is copied before \`${callName(call)}\`, so each edit of any file installs all dependencies anew. Copy ${manifestWords(call.operation)} first, install, then copy the rest.`,
        range:
          first && instruction.parsed.argumentsSpan
            ? locate(instruction, instruction.parsed.argumentsSpan)
            : instruction.span,
        related: [{ message: "Here the dependencies are installed.", range: callSpan(call) }],
        fixes: () =>
          reorder(model, step, call, copy, folder, facts, copiesBefore(model, stage, step.instruction, catalogue)),
      };
    }
  },
});

/** True for a call that installs what manifests list, and nothing of the source itself. */
function isDependencyInstall(call: PackageCall): boolean {
  const { operation } = call;
  switch (operation.manager) {
    case "npm":
    case "yarn":
    case "pnpm":
    case "bun":
      return operation.action === "install" && !operation.verb.startsWith("global") && installsProject(call);
    case "pip":
      return operation.action === "install" && operation.packages.length === 0 && listOf(operation) !== null;
    case "bundle":
      return operation.action === "install" && installsProject(call);
    case "pipenv":
      return /^(?:install|sync)$/.test(operation.verb) && installsProject(call);
    case "poetry":
      return /^(?:install|sync)$/.test(operation.verb) && hasOperationFlag(operation, ["--no-root"]);
    case "uv":
      return (
        operation.verb === "sync" && hasOperationFlag(operation, ["--no-install-project", "--no-install-workspace"])
      );
    case "go":
      return operation.verb === "mod download";
    default:
      return false;
  }
}

/** The file that `pip install -r` reads; null where there are several, or it is not known. */
function listOf(operation: PackageOperation): string | null {
  const lists = operation.flags.filter((word) => /^(?:-r|--requirement)/.test(word.value ?? ""));
  if (lists.length !== 1) return null;
  const value = flagValue(operation.command, ["-r", "--requirement"])?.value ?? null;
  return value !== null && !/^[a-z]+:|^\/|\.\./.test(value) ? value.replace(/^\.\//, "") : null;
}

function manifestWords(operation: PackageOperation): string {
  switch (operation.manager) {
    case "pip":
      return listOf(operation) ?? "the list";
    case "go":
      return "go.mod and go.sum";
    case "bundle":
      return "the Gemfile and its lock file";
    case "pipenv":
      return "the Pipfile and its lock file";
    case "poetry":
    case "uv":
      return "pyproject.toml and the lock file";
    default:
      return "package.json and the lock file";
  }
}

/** The sources of the new COPY; null where more would be needed than can be told. */
function manifests(operation: PackageOperation, facts: Facts): readonly string[] | null {
  switch (operation.manager) {
    case "npm":
    case "yarn":
    case "pnpm":
    case "bun": {
      const text = facts.file("package.json");
      // Scripts of the project that run at installation need its files, and workspaces have manifests of their own.
      if (text === null || (text && /"workspaces"|"(?:pre|post)?install"\s*:|"prepare"\s*:|"file:|"link:/.test(text)))
        return null;
      if (typeof facts.file("pnpm-workspace.yaml") === "string" || typeof facts.file(".npmrc") === "string")
        return null;
      if (operation.manager === "npm") return ["package*.json"];
      const lock = { yarn: "yarn.lock", pnpm: "pnpm-lock.yaml", bun: "bun.lock" }[operation.manager];
      return ["package.json", `${lock}*`];
    }
    case "pip": {
      const list = listOf(operation);
      if (list === null) return null;
      const text = facts.file(list);
      return text === null || (text && /^\s*(?:-[rce]|--(?:requirement|constraint|editable)|\.|file:)/m.test(text))
        ? null
        : [list];
    }
    case "go":
      return typeof facts.file("go.work") === "string" || /^replace .*=> \./m.test(facts.file("go.mod") ?? "")
        ? null
        : ["go.mod", "go.sum*"];
    case "bundle":
      return /gemspec|path:/.test(facts.file("Gemfile") ?? "") ? null : ["Gemfile", "Gemfile.lock*"];
    case "pipenv":
      return ["Pipfile", "Pipfile.lock*"];
    default:
      return null;
  }
}

function reorder(
  model: Model,
  step: RunStep,
  call: PackageCall,
  copy: Copy,
  folder: string,
  facts: Facts,
  copies: readonly Copy[],
): readonly Fix[] {
  const { instruction } = copy;
  if (!canEditRun(model, step.run, step.isTrigger) || folder !== folderOf(copy) || copy.sources.length !== 1) return [];
  if (instruction.keyword !== "COPY" || instruction.parsed.heredocs.length > 0 || instruction.parsed.json) return [];
  // Nothing else in the RUN may need the sources.
  const own = new Set(
    step.calls
      .filter((one) => one.operation.manager === call.operation.manager)
      .map((one) => one.operation.command.command),
  );
  const isPure = step.scripts.every((script) =>
    script.commands.every((command) => own.has(command.command) || /^(?:set|true|echo|:)$/.test(command.name ?? "")),
  );
  const calls = step.calls.filter((one) => own.has(one.operation.command.command));
  if (!isPure || calls.some(({ operation }) => operation.action === "build" || operation.action === "run")) return [];
  // What stands in between must not look at the sources, nor change where they go.
  const between = model.instructions.slice(instruction.index + 1, step.instruction.index);
  const isAbsolute = instruction.parsed.words.at(-1)?.text.startsWith("/") ?? false;
  const mayStand = isAbsolute
    ? /^(?:ENV|ARG|LABEL|EXPOSE|STOPSIGNAL|WORKDIR)$/
    : /^(?:ENV|ARG|LABEL|EXPOSE|STOPSIGNAL)$/;
  if (between.some(({ keyword }) => !mayStand.test(keyword))) return [];
  const wanted = manifests(call.operation, facts);
  if (!wanted) return [];
  const [source, destination] = instruction.parsed.words;
  if (!source || !destination || instruction.parsed.words.length !== 2) return [];
  const isCopied = copies.some(
    (one) => one !== copy && one.sources.some((name) => name === wanted[0]?.replace("*", "") || name === wanted[0]),
  );
  const whole = model.text.slice(instruction.span.start, instruction.span.end);
  const edits: Edit[] = [];
  if (isCopied) edits.push(removeInstruction(model, instruction));
  else {
    const target = /\/$/.test(destination.text) ? destination.text : `${destination.text}/`;
    edits.push(
      { span: locate(instruction, source), newText: wanted.join(" ") },
      { span: locate(instruction, destination), newText: target },
    );
  }
  edits.push(insertInstruction(model, step.instruction, whole));
  return [
    {
      title: `Copy ${wanted.join(" ").replaceAll("*", "")} first and the rest after the installation`,
      applicability: "unsafe",
      reason: "An installation that needs other files of the project fails.",
      edits,
    },
  ];
}
