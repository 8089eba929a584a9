import { imageUnder } from "../../catalogue/stage";
import type { Catalogue } from "../../catalogue/types";
import { cannotMount, insertFlag, mountSupport } from "../../fixes/mount";
import { canEditRun, removeWord } from "../../fixes/shell-list";
import { stageState } from "../../model/scope";
import type { Model } from "../../model/types";
import type { Fix } from "../../rule";
import { defineRule } from "../../rule";
import { findFlag } from "../../shell/arguments";
import type { PackageOperation } from "../../shell/packages";
import type { Edit } from "../../text";
import { cacheFolders, cacheMounts } from "./cache-mounts";
import { callName, callSpan, mountsOf, type PackageCall, type RunStep, runSteps, stepsAfter } from "./calls";

export default defineRule({
  id: "prefer-package-cache-mount",
  theme: "package",
  category: "performance",
  severity: "hint",
  recommended: false,
  since: "0.1.0",
  summary: "A step that installs packages could keep its downloads in a cache mount.",
  why: "With a cache mount the next build of the step downloads only what is new, and no download is in any layer. It is off by default: it helps where builds run on one machine, and hardly where each starts empty. System packages are left out on purpose: the official Debian images throw downloads away, and apk needs a link before it keeps any.",
  aliases: { tally: ["tally/prefer-package-cache-mounts"] },
  fixable: "unsafe",
  examples: [
    {
      title: "npm",
      code: "FROM node:26\nWORKDIR /app\nRUN [|npm ci|]\n",
      fixed: "FROM node:26\nWORKDIR /app\nRUN --mount=type=cache,target=/root/.npm npm ci\n",
    },
    {
      title: "npm of another user",
      code: "FROM node:26\nUSER node\nRUN [|npm ci|]\n",
      fixed: "FROM node:26\nUSER node\nRUN --mount=type=cache,target=/home/node/.npm,uid=1000,gid=1000 npm ci\n",
    },
    {
      title: "pip, which must not be told to forget",
      code: "FROM python:3.14\nRUN [|pip install|] --no-cache-dir -r requirements.txt\n",
      fixed: "FROM python:3.14\nRUN --mount=type=cache,target=/root/.cache/pip pip install -r requirements.txt\n",
    },
    {
      title: "Go keeps modules and what was compiled",
      code: "FROM golang:1.27 AS build\nRUN [|go mod download|]\nRUN go build -o /app .\nFROM debian:trixie\nCOPY --from=build /app /app\n",
      fixed:
        "FROM golang:1.27 AS build\nRUN --mount=type=cache,target=/go/pkg/mod --mount=type=cache,target=/root/.cache/go-build go mod download\nRUN --mount=type=cache,target=/go/pkg/mod --mount=type=cache,target=/root/.cache/go-build go build -o /app .\nFROM debian:trixie\nCOPY --from=build /app /app\n",
    },
    {
      title: "Nobody knows the home of this user",
      code: "FROM node:26\nUSER 4711\nRUN [|npm ci|]\n",
    },
    { title: "There is one", code: "FROM node:26\nRUN --mount=type=cache,target=/root/.npm npm ci\n" },
    { title: "The cache lies elsewhere", code: "FROM node:26\nENV npm_config_cache=/cache\nRUN npm ci\n" },
    {
      title: "Settings lie where the mount would hide them",
      code: "FROM maven:3.9-eclipse-temurin-21\nCOPY settings.xml /root/.m2/settings.xml\nRUN mvn -B package\n",
    },
    {
      title: "A later stage takes the files from there",
      code: "FROM maven:3.9-eclipse-temurin-21 AS build\nRUN mvn -B package\nFROM debian:trixie\nCOPY --from=build /root/.m2 /root/.m2\n",
    },
    { title: "An old frontend", code: "# syntax=docker/dockerfile:1.1\nFROM node:26\nRUN npm ci\n" },
    { title: "Installed without dependencies", code: "FROM alpine:3.24\nRUN apk add --no-cache curl\n" },
  ],
  *check({ model, catalogue }) {
    if (mountSupport(model) === "none") return;
    let speaks: Map<string, boolean> | null = null;
    const told = new Set<string>();
    for (const step of runSteps(model)) {
      if (!step.stage.reachesFinal || step.isTrigger || step.run.parsed.json || mountsOf(step).length > 0) continue;
      const call = step.calls.find(({ operation }) => downloads(operation));
      const cache = call && cacheFolders(call.operation);
      if (!call || !cache || cannotMount(step.stage, catalogue)) continue;
      if (shared.has(call.operation.manager)) {
        // One finding for all steps of the stage: what one of them downloads, the others need.
        const key = `${step.stage.index} ${call.operation.manager}`;
        if (told.has(key) || step.stage.ships) continue;
        told.add(key);
      }
      if (cache.variables.some((name) => isSet(step, name)) || !hasUsualFolders(step, call, catalogue)) continue;
      speaks ??= new Map();
      const key = cache.folders.join();
      const isNamed = speaks.get(key) ?? cache.folders.some((folder) => namesFolder(model, folder));
      speaks.set(key, isNamed);
      if (isNamed) continue;
      yield {
        message: `\`${callName(call)}\` downloads everything again whenever this step is built. Keep the downloads in a cache mount.`,
        range: callSpan(call),
        fixes: () => mount(model, step, call, catalogue),
      };
    }
  },
});

function downloads(operation: PackageOperation): boolean {
  const { manager, action, verb } = operation;
  if (cacheFolders(operation) === null) return false;
  if (operation.flags.some((word) => word.value === "-mod=vendor" || word.value === "--offline")) return false;
  if (manager === "go") return action === "build" || action === "install" || verb === "mod download";
  if (manager === "cargo" || manager === "mvn" || manager === "gradle")
    return action === "build" || action === "download" || action === "install";
  if (manager === "dotnet") return verb === "restore" || verb === "publish" || verb === "build";
  return action === "install" && operation.command.wrappers.every((wrapper) => wrapper !== "sudo");
}

/** Folders that official images set by ENV are known there only. */
function hasUsualFolders({ stage }: RunStep, { operation }: PackageCall, catalogue: Catalogue): boolean {
  const image = imageUnder(stage, catalogue)?.repository.name ?? null;
  if (operation.manager === "go") return image === "golang";
  if (operation.manager === "cargo") return image === "rust";
  // The image of Composer sets COMPOSER_HOME, that of Gradle a home of its own.
  if (operation.manager === "composer") return image === "php";
  if (operation.manager === "gradle") return image !== "gradle";
  return true;
}

function isSet({ stage, instruction }: RunStep, name: string): boolean {
  const { kind } = stageState(stage.scope, name, instruction.index);
  return kind === "value" || kind === "unset";
}

/** True when any instruction names the folder other than by a mount: something is copied there, or from there, or deleted. */
function namesFolder({ text }: Model, folder: string): boolean {
  const last = folder.startsWith("~/") ? folder.slice(1) : folder;
  return text.replace(/target=\S+/g, "").includes(last);
}

/** Managers whose later calls need what earlier ones downloaded: all steps get the mount, or none. */
const shared: ReadonlySet<string> = new Set(["go", "cargo", "mvn", "gradle", "dotnet"]);

/** The steps that share the cache of a call. */
function sharers(model: Model, step: RunStep, { operation }: PackageCall): readonly RunStep[] {
  if (!shared.has(operation.manager)) return [step];
  const later = stepsAfter(model, step).filter(
    ({ calls, scripts }) =>
      calls.some((call) => call.operation.manager === operation.manager) ||
      scripts.some(({ commands }) =>
        commands.some(({ name }) => name === "make" || (name !== null && /\.sh$/.test(name))),
      ),
  );
  return [step, ...later];
}

function mount(model: Model, step: RunStep, call: PackageCall, catalogue: Catalogue): readonly Fix[] {
  const cache = cacheFolders(call.operation);
  if (!cache) return [];
  const edits: Edit[] = [];
  for (const one of sharers(model, step, call)) {
    const flags = cacheMounts(one, cache.folders, catalogue);
    if (!flags || !canEditRun(model, one.run, one.isTrigger) || mountsOf(one).length > 0) return [];
    edits.push(insertFlag(model, one.run, flags.join(" ")));
  }
  for (const { operation, script } of step.calls) {
    if (operation.manager !== call.operation.manager) continue;
    const word = findFlag(operation.command, cache.noCache);
    // A flag that stands alone can go; among joined ones it has to stay.
    if (word && cache.noCache.includes(word.text)) {
      const edit = removeWord(model, script, word);
      if (!edit) return [];
      edits.push(edit);
    } else if (word) return [];
    if (operation.action === "clean") return [];
  }
  return [
    {
      title: "Keep the downloads in a cache mount",
      applicability: "unsafe",
      reason: "What is in the cache is not in the image, so nothing that runs later may look for it there.",
      edits,
    },
  ];
}
