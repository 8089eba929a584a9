import { appendCommand, canEditRun, isTopLevel } from "../../fixes/shell-list";
import type { Model } from "../../model/types";
import type { Facts } from "../../rule";
import { defineRule } from "../../rule";
import { hasOperationFlag } from "../../shell/packages";
import { callName, callSpan, isCleanedAfter, isMounted, type PackageCall, runSteps } from "./calls";

export default defineRule({
  id: "yarn-cache-left",
  theme: "package",
  category: "size",
  severity: "info",
  recommended: true,
  since: "0.1.0",
  summary: "`yarn install` keeps its downloads in the layer, because no `yarn cache clean` follows.",
  why: "Yarn 1 keeps a copy of every package outside of node_modules, so the image holds each of them twice. The rule is about Yarn 1: newer ones keep a cache that the program itself may need, so it is silent where the file or the project speaks of them.",
  aliases: { hadolint: ["DL3060"], sonar: ["S6587"] },
  reads: ["RUN"],
  fixable: "unsafe",
  examples: [
    {
      title: "Nothing is cleaned",
      code: "FROM node:24\nCOPY package.json yarn.lock ./\nRUN [|yarn install|] --frozen-lockfile\n",
      fixed: "FROM node:24\nCOPY package.json yarn.lock ./\nRUN yarn install --frozen-lockfile && yarn cache clean\n",
    },
    {
      title: "A program for all",
      code: "FROM node:24\nRUN [|yarn global add|] serve\n",
      fixed: "FROM node:24\nRUN yarn global add serve && yarn cache clean\n",
    },
    { title: "Cleaned", code: "FROM node:24\nRUN yarn install --frozen-lockfile && yarn cache clean\n" },
    {
      title: "The cache is a mount",
      code: "FROM node:24\nRUN --mount=type=cache,target=/usr/local/share/.cache/yarn yarn install\n",
    },
    {
      title: "The cache is deleted by hand",
      code: "FROM node:24\nRUN yarn install && rm -rf /usr/local/share/.cache\n",
    },
    {
      title: "A newer Yarn",
      code: "FROM node:24\nCOPY package.json yarn.lock ./\nRUN yarn install\n",
      files: { "package.json": '{ "packageManager": "yarn@4.9.2" }', "yarn.lock": "" },
    },
    { title: "A newer Yarn, as its flags tell", code: "FROM node:24\nRUN yarn install --immutable\n" },
    {
      title: "A stage that does not ship",
      code: "FROM node:24 AS build\nRUN yarn install\nFROM nginx:1.31\nCOPY --from=build /app/dist /usr/share/nginx/html\n",
    },
  ],
  *check({ model, facts }) {
    for (const step of runSteps(model)) {
      if (!step.stage.ships) continue;
      const calls = step.calls.filter(({ operation }) => operation.manager === "yarn");
      const call = calls.filter(({ operation }) => operation.action === "install").at(-1);
      if (!call || isMounted(step, isYarnCache) || hasOperationFlag(call.operation, ["--cache-folder", "--mode"]))
        continue;
      if (calls.slice(calls.indexOf(call) + 1).some(({ operation }) => operation.action === "clean")) continue;
      if (step.scripts.some((script) => isCleanedAfter(script, call.operation.command, cacheFolders))) continue;
      if (isNewer(model, facts)) return;
      yield {
        message: `\`${callName(call)}\` keeps a second copy of every package in this layer. End the RUN with \`yarn cache clean\`.`,
        range: callSpan(call),
        fixes: () => cleanBehind(model, call),
      };
    }
  },
});

const cacheFolders = ["/usr/local/share/.cache/yarn", "/root/.cache/yarn", "/root/.yarn"];

function isYarnCache(target: string): boolean {
  return /yarn|\.cache(?:\/|$)/.test(target) || /^\/(?:root|home\/[^/]+)\/?$/.test(target);
}

/** True where something speaks of Yarn 2 or later, or of a cache that somebody set up. */
function isNewer(model: Model, facts: Facts): boolean {
  if (
    /\.yarnrc\.yml|\.yarn\/|\bcorepack\b|--immutable|yarn set version|workspaces focus|YARN_CACHE_FOLDER/.test(
      model.text,
    )
  ) {
    return true;
  }
  if (typeof facts.file(".yarnrc.yml") === "string") return true;
  return /"packageManager"\s*:\s*"yarn@(?!1\.)/.test(facts.file("package.json") ?? "");
}

function cleanBehind(model: Model, { step, script, operation }: PackageCall) {
  const { command } = operation;
  if (!canEditRun(model, step.run, step.isTrigger) || !isTopLevel(command) || command.wrappers.length > 0) return [];
  const edit = appendCommand(model, step.run, script, command.command.item, "yarn cache clean");
  if (!edit) return [];
  const reason = "With Yarn 2 or later this may delete packages that the program needs.";
  return [{ title: "Add yarn cache clean", applicability: "unsafe" as const, reason, edits: [edit] }];
}
