import { cannotMount, insertFlag, mountSupport } from "../../fixes/mount";
import { canEditRun } from "../../fixes/shell-list";
import type { Facts } from "../../rule";
import { defineRule } from "../../rule";
import { cacheMounts } from "./cache-mounts";
import { callName, callSpan, isMounted, packageCalls } from "./calls";

export default defineRule({
  id: "node-gyp-cache-mount",
  theme: "package",
  category: "performance",
  severity: "hint",
  recommended: false,
  since: "0.1.0",
  summary: "Native parts of Node.js packages are compiled, and the headers for that are downloaded on each build.",
  why: "node-gyp fetches the headers of Node.js before it compiles anything. A cache mount keeps them for the next build. The rule speaks where the lock file or the manifest of the project says that node-gyp is used; it is off by default, since the headers are small.",
  aliases: { tally: ["tally/js/node-gyp-cache-mounts"] },
  fixable: "unsafe",
  examples: [
    {
      title: "The lock file names node-gyp",
      code: "FROM node:26\nWORKDIR /app\nCOPY package.json package-lock.json ./\nRUN [|npm ci|]\n",
      files: { "package.json": "{}", "package-lock.json": '{ "packages": { "node_modules/node-gyp": {} } }' },
      fixed:
        "FROM node:26\nWORKDIR /app\nCOPY package.json package-lock.json ./\nRUN --mount=type=cache,target=/root/.cache/node-gyp npm ci\n",
    },
    {
      title: "Beside another mount",
      code: "FROM node:26\nRUN --mount=type=cache,target=/root/.npm [|npm ci|]\n",
      files: { "package.json": '{ "gypfile": true }' },
      fixed:
        "FROM node:26\nRUN --mount=type=cache,target=/root/.npm --mount=type=cache,target=/root/.cache/node-gyp npm ci\n",
    },
    {
      title: "There is one",
      code: "FROM node:26\nRUN --mount=type=cache,target=/root/.cache/node-gyp npm ci\n",
      files: { "package.json": '{ "gypfile": true }' },
    },
    {
      title: "Nothing is compiled",
      code: "FROM node:26\nRUN npm ci\n",
      files: { "package.json": "{}", "package-lock.json": "{}" },
    },
    { title: "Nobody knows the project", code: "FROM node:26\nRUN npm ci\n" },
  ],
  *check({ model, catalogue, facts }) {
    if (mountSupport(model) === "none") return;
    let isNative: boolean | null = null;
    for (const call of packageCalls(model)) {
      const { operation, step } = call;
      if (operation.tool.family !== "node" || operation.action !== "install" || operation.manager === "bun") continue;
      if (!step.stage.reachesFinal || step.isTrigger || operation.packages.length > 0) continue;
      if (isMounted(step, (target) => /node-gyp|\/\.cache\/?$|^\/root\/?$/.test(target))) continue;
      isNative ??= usesNodeGyp(facts);
      if (!isNative) return;
      if (cannotMount(step.stage, catalogue)) continue;
      yield {
        message: `\`${callName(call)}\` compiles native parts and downloads the headers of Node.js for that on each build. Keep them in a cache mount.`,
        range: callSpan(call),
        fixes: () => {
          if (!canEditRun(model, step.run, step.isTrigger)) return [];
          const flags = cacheMounts(step, { folders: ["~/.cache/node-gyp"] }, catalogue);
          const [flag] = flags ?? [];
          if (!flag) return [];
          const reason = "Headers in the cache are not in the image, so a container cannot compile with them.";
          const edits = [insertFlag(model, step.run, flag)];
          return [{ title: "Keep the headers in a cache mount", applicability: "unsafe", reason, edits }];
        },
      };
    }
  },
});

function usesNodeGyp(facts: Facts): boolean {
  const pattern = /"gypfile"\s*:\s*true|node-gyp(?![-\w])|"binding\.gyp"/;
  return ["package-lock.json", "yarn.lock", "pnpm-lock.yaml", "package.json"].some((path) =>
    pattern.test(facts.file(path) ?? ""),
  );
}
