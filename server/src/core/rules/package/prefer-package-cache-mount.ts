import { userAt } from "../../catalogue/stage";
import type { Catalogue } from "../../catalogue/types";
import { cannotMount, insertFlag, mountSupport } from "../../fixes/mount";
import { canEditRun, removeWord } from "../../fixes/shell-list";
import { instructionsOf } from "../../model/index-of";
import { stageState } from "../../model/scope";
import type { Model, Stage } from "../../model/types";
import type { Fix } from "../../rule";
import { defineRule } from "../../rule";
import { findFlag } from "../../shell/arguments";
import type { PackageOperation } from "../../shell/packages";
import type { Edit } from "../../text";
import { aptCaches } from "./apt-cache-mount";
import {
  type CacheFolders,
  cacheFolders,
  cacheMounts,
  imageOf,
  isCovered,
  isTakenOrFilled,
  targetsOf,
} from "./cache-mounts";
import { callName, callSpan, type PackageCall, type RunStep, runSteps, stepsAfter } from "./calls";

export default defineRule({
  id: "prefer-package-cache-mount",
  theme: "package",
  category: "performance",
  severity: "hint",
  recommended: false,
  since: "0.1.0",
  summary: "A step that installs packages could keep its downloads in a cache mount.",
  why: "With a cache mount the next build of the step downloads only what is new, and no download is in any layer. It is off by default: it helps where builds run on one machine, and hardly where each starts empty. For apt, the fix first stops the official images of Debian and Ubuntu from deleting what was downloaded. apk is left alone: it needs a link before it keeps anything.",
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
      title: "Beside another mount",
      code: "FROM node:26\nRUN --mount=type=secret,id=T,env=T [|npm ci|]\n",
      fixed: "FROM node:26\nRUN --mount=type=secret,id=T,env=T --mount=type=cache,target=/root/.npm npm ci\n",
    },
    {
      title: "A cache that two builds must not use at once",
      code: "FROM rust:1.97 AS build\nRUN [|cargo build|] --release\nFROM debian:trixie\nCOPY --from=build /app/target/release/app /app\n",
      fixed:
        "FROM rust:1.97 AS build\nRUN --mount=type=cache,target=/usr/local/cargo/registry,sharing=locked --mount=type=cache,target=/usr/local/cargo/git/db,sharing=locked cargo build --release\nFROM debian:trixie\nCOPY --from=build /app/target/release/app /app\n",
    },
    {
      title: "uv is told that a mount is no place for links",
      code: "FROM python:3.14\nRUN [|uv sync|] --locked\n",
      fixed: "FROM python:3.14\nRUN --mount=type=cache,target=/root/.cache/uv UV_LINK_MODE=copy uv sync --locked\n",
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
    {
      title: "A later stage takes a folder above",
      code: "FROM golang:1.27 AS modules\nRUN go mod download\nFROM golang:1.27 AS build\nCOPY --from=modules /go /go\nRUN go build -o /app .\nFROM debian:trixie\nCOPY --from=build /app /app\n",
    },
    { title: "An old frontend", code: "# syntax=docker/dockerfile:1.1\nFROM node:26\nRUN npm ci\n" },
    {
      title: "apt",
      code: "FROM debian:trixie\nRUN apt-get update && \\\n    [|apt-get install|] -y curl && \\\n    rm -rf /var/lib/apt/lists/*\n",
      fixed:
        "FROM debian:trixie\nRUN rm -f /etc/apt/apt.conf.d/docker-clean && echo 'Binary::apt::APT::Keep-Downloaded-Packages \"true\";' > /etc/apt/apt.conf.d/keep-cache\nRUN --mount=type=cache,target=/var/cache/apt,sharing=locked --mount=type=cache,target=/var/lib/apt,sharing=locked apt-get update && \\\n    apt-get install -y curl\n",
    },
    { title: "Installed without dependencies", code: "FROM alpine:3.24\nRUN apk add --no-cache curl\n" },
  ],
  *check({ model, catalogue, facts, path }) {
    // Kaniko, which some files say they are for, knows no cache mounts.
    if (mountSupport(model) === "none" || /kaniko/i.test(model.text + path)) return;
    yield* aptCaches(model, catalogue);
    const started = new Map<string, ReadonlySet<Stage>>();
    const isStarted = (stage: Stage, manager: string): boolean => {
      const stages = started.get(manager) ?? startedBy(model, manager);
      started.set(manager, stages);
      return stages.has(stage);
    };
    const told = new Set<string>();
    const hidden = new Map<string, boolean>();
    for (const step of runSteps(model)) {
      if (!step.stage.reachesFinal || step.isTrigger || step.run.parsed.json) continue;
      const call = step.calls.find(({ operation }) => downloads(operation));
      const cache = call && cacheFolders(call.operation, imageOf(step, catalogue), facts);
      if (!call || !cache || cannotMount(step.stage, catalogue)) continue;
      const { manager } = call.operation;
      if (shared.has(manager)) {
        // One finding for all steps of the stage: what one of them downloads, the others need.
        const key = `${step.stage.index} ${manager}`;
        if (told.has(key) || step.stage.ships || isStarted(step.stage, manager)) continue;
        told.add(key);
      }
      if (cache.variables.some((name) => isSet(step, call, name)) || !hasUsualFolders(step, call, catalogue)) continue;
      const targets = targetsOf(step, cache.folders, catalogue);
      if (cache.folders.some((folder) => isCovered(step, folder.replace(/^~/, "/root")))) continue;
      if (targets?.every((target) => isCovered(step, target))) continue;
      const key = (targets ?? cache.folders).join();
      const isHidden =
        hidden.get(key) ??
        (cache.folders.some((folder) => namesFolder(model, folder)) || isTakenOrFilled(model, targets ?? []));
      hidden.set(key, isHidden);
      if (isHidden) continue;
      yield {
        message: `\`${callName(call)}\` downloads everything again whenever this step is built. Keep the downloads in a cache mount.`,
        range: callSpan(call),
        fixes: () => mount(model, step, call, cache, catalogue),
      };
    }
  },
});

function downloads(operation: PackageOperation): boolean {
  const { manager, action, verb } = operation;
  if (operation.flags.some((word) => word.value === "-mod=vendor" || word.value === "--offline")) return false;
  if (manager === "go") return action === "build" || action === "install" || verb === "mod download";
  if (manager === "cargo" || manager === "mvn" || manager === "gradle") {
    // `-o` of Maven: what is there has to do.
    if (manager === "mvn" && operation.flags.some((word) => word.value === "-o")) return false;
    return action === "build" || action === "download" || action === "install";
  }
  if (manager === "dotnet") return verb === "restore" || verb === "publish" || verb === "build";
  return action === "install" && operation.command.wrappers.every((wrapper) => wrapper !== "sudo");
}

/** Folders that official images set by ENV are known there only. */
function hasUsualFolders(step: RunStep, { operation }: PackageCall, catalogue: Catalogue): boolean {
  const image = imageOf(step, catalogue);
  switch (operation.manager) {
    case "go":
      return image === "golang";
    case "cargo":
      return image === "rust";
    case "composer":
      return image === "php" || image === "composer";
    case "yarn":
      // Where Yarn lies for other users hangs on the rights of their home.
      return image === "node" && userAt(step.run, catalogue).kind === "root";
    default:
      return true;
  }
}

function isSet({ stage, instruction }: RunStep, { operation, script }: PackageCall, name: string): boolean {
  const { kind } = stageState(stage.scope, name, instruction.index);
  if (kind === "value" || kind === "unset") return true;
  return (
    operation.command.assignments.some((one) => one.name === name) ||
    script.script.definitions.some((definition) => definition.name === name)
  );
}

/** True when any instruction names the folder other than by a mount: something is copied there, or from there, or deleted. */
function namesFolder({ text }: Model, folder: string): boolean {
  const last = folder.startsWith("~/") ? folder.slice(1) : folder;
  return text.replace(/target=\S+/g, "").includes(last);
}

/** Stages whose containers call the manager, and those they stand on: what was downloaded there is needed. */
function startedBy(model: Model, manager: string): ReadonlySet<Stage> {
  const called = new RegExp(`(?<![\\w./-])(?:\\./)?${manager}w?(?![\\w.-])`);
  const found = new Set<Stage>();
  for (const { parsed, stage } of instructionsOf(model, "CMD", "ENTRYPOINT")) {
    if (!called.test(parsed.text)) continue;
    for (let one: Stage | null = stage; one && !found.has(one); one = one.base.stage) found.add(one);
  }
  return found;
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

function mount(
  model: Model,
  step: RunStep,
  call: PackageCall,
  cache: CacheFolders,
  catalogue: Catalogue,
): readonly Fix[] {
  const edits: Edit[] = [];
  for (const one of sharers(model, step, call)) {
    const flags = cacheMounts(one, cache, catalogue);
    if (!flags || !canEditRun(model, one.run, one.isTrigger)) return [];
    if (flags.length > 0) edits.push(insertFlag(model, one.run, flags.join(" ")));
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
    if (cache.assign === undefined || operation.action !== "install") continue;
    const { command } = operation;
    const [first] = command.words;
    if (!first || command.wrappers.length > 0 || command.command !== command.outer) return [];
    const [name = ""] = cache.assign.split("=");
    if (isSet(step, { ...call, operation, script }, name)) continue;
    const { start } = script.locate(first.from, first.to);
    edits.push({ span: { start, end: start }, newText: `${cache.assign} ` });
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
