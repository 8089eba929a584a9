import { appendCommand, canEditRun, isTopLevel } from "../../fixes/shell-list";
import { stageState } from "../../model/scope";
import type { Model } from "../../model/types";
import type { Fix } from "../../rule";
import { defineRule } from "../../rule";
import { hasOperationFlag } from "../../shell/packages";
import { callName, callSpan, isCleanedAfter, isMounted, overlaps, type PackageCall, runSteps } from "./calls";

const folders = ["/root/.npm"];

export default defineRule({
  id: "npm-cache-left",
  theme: "package",
  category: "size",
  severity: "info",
  recommended: false,
  since: "0.1.0",
  summary: "`npm install` keeps its downloads in the layer, because no `npm cache clean` follows.",
  why: "npm keeps what it downloads, packed, besides node_modules, so the image holds each package twice. It is off by default: a build in a stage of its own, or a cache mount, does better than cleaning.",
  aliases: { sonar: ["S6587"] },
  fixable: "unsafe",
  examples: [
    {
      title: "Nothing is cleaned",
      code: "FROM node:26\nRUN [|npm ci|] --omit=dev\n",
      fixed: "FROM node:26\nRUN npm ci --omit=dev && npm cache clean --force\n",
    },
    {
      title: "Behind the last call, laid out as the rest",
      code: "FROM node:26\nRUN npm ci \\\n  && [|npm i|] -g pm2 \\\n  && pm2 --version\n",
      fixed: "FROM node:26\nRUN npm ci \\\n  && npm i -g pm2 \\\n  && npm cache clean --force \\\n  && pm2 --version\n",
    },
    { title: "What may fail is not touched", code: "FROM node:26\nRUN [|npm ci|] || true\n" },
    { title: "Cleaned", code: "FROM node:26\nRUN npm ci && npm cache clean --force\n" },
    { title: "Deleted by hand", code: "FROM node:26\nRUN npm ci && rm -rf ~/.npm\n" },
    { title: "The cache is a mount", code: "FROM node:26\nRUN --mount=type=cache,target=/root/.npm npm ci\n" },
    { title: "The cache lies elsewhere", code: "FROM node:26\nENV npm_config_cache=/tmp/npm\nRUN npm ci\n" },
    {
      title: "A stage that does not ship",
      code: "FROM node:26 AS build\nRUN npm ci\nFROM node:26\nCOPY --from=build /app /app\n",
    },
  ],
  *check({ model }) {
    for (const step of runSteps(model)) {
      if (!step.stage.ships) continue;
      const calls = step.calls.filter(({ operation }) => operation.manager === "npm");
      const call = calls.filter(({ operation }) => operation.action === "install").at(-1);
      if (!call || isMounted(step, isNpmCache) || hasOperationFlag(call.operation, ["--cache", "--dry-run"])) continue;
      if (variables.some((name) => stageState(step.stage.scope, name, step.instruction.index).kind === "value"))
        continue;
      if (calls.slice(calls.indexOf(call) + 1).some(({ operation }) => operation.action === "clean")) continue;
      if (step.scripts.some((script) => isCleanedAfter(script, call.operation.command, folders))) continue;
      yield {
        message: `\`${callName(call)}\` keeps a second copy of every package in this layer. End the RUN with \`npm cache clean --force\`.`,
        range: callSpan(call),
        fixes: () => cleanBehind(model, call),
      };
    }
  },
});

const variables = ["npm_config_cache", "NPM_CONFIG_CACHE"];

function isNpmCache(target: string): boolean {
  return /npm/.test(target) || folders.some((folder) => overlaps(target, folder)) || /^\/home\/[^/]+\/?$/.test(target);
}

function cleanBehind(model: Model, { step, script, operation }: PackageCall): readonly Fix[] {
  const { command } = operation;
  if (!canEditRun(model, step.run, step.isTrigger) || !isTopLevel(command)) return [];
  const edit = appendCommand(model, step.run, script, command.command.item, "npm cache clean --force");
  if (!edit) return [];
  const reason = "A later step downloads again what it needs.";
  return [{ title: "Add npm cache clean", applicability: "unsafe", reason, edits: [edit] }];
}
