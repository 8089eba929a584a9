import { canEditRun, insertAfter } from "../../fixes/shell-list";
import type { Model } from "../../model/types";
import { defineRule } from "../../rule";
import { hasOperationFlag, type PackageOperation } from "../../shell/packages";
import { callName, callSpan, packageCalls } from "./calls";

export default defineRule({
  id: "install-scripts-enabled",
  theme: "package",
  category: "security",
  severity: "hint",
  recommended: false,
  since: "0.1.0",
  summary: "A package installation lets every dependency run its own scripts.",
  why: "A package that was taken over can run whatever it likes while it is being installed, with the secrets and the network of the build. `--ignore-scripts` forbids it. It is off by default, because packages with native parts (sharp, bcrypt, puppeteer) need their scripts.",
  aliases: { sonar: ["S6505"] },
  scope: "instruction",
  fixable: "unsafe",
  examples: [
    {
      title: "npm",
      code: "FROM node:26\nRUN [|npm ci|]\n",
      fixed: "FROM node:26\nRUN npm ci --ignore-scripts\n",
    },
    {
      title: "Yarn without a subcommand",
      code: "FROM node:24\nRUN [|yarn|] --frozen-lockfile\n",
      fixed: "FROM node:24\nRUN yarn --ignore-scripts --frozen-lockfile\n",
    },
    {
      title: "Composer",
      code: "FROM php:8.5\nRUN [|composer install|] --no-dev\n",
      fixed: "FROM php:8.5\nRUN composer install --no-scripts --no-dev\n",
    },
    { title: "Forbidden", code: "FROM node:26\nRUN npm ci --ignore-scripts\n" },
    { title: "Forbidden by a setting", code: "FROM node:26\nENV npm_config_ignore_scripts=true\nRUN npm ci\n" },
    { title: "Bun asks for permission itself", code: "FROM oven/bun:1\nRUN bun install\n" },
    { title: "No installation", code: "FROM node:26\nRUN npm run build\n" },
  ],
  *check({ model }) {
    let isForbidden: boolean | null = null;
    for (const call of packageCalls(model)) {
      const { operation, step, script } = call;
      const flag = flagFor(operation);
      if (flag === null || operation.action !== "install" || hasOperationFlag(operation, [flag, "--help"])) continue;
      isForbidden ??= isForbiddenElsewhere(model);
      if (isForbidden) return;
      yield {
        message: `\`${callName(call)}\` runs the scripts of every dependency. Add \`${flag}\` where none of them needs that.`,
        range: callSpan(call),
        aliases: operation.tool.family === "node" ? { sonar: ["S6505"] } : {},
        fixes: () => {
          const word = operation.subcommand ?? operation.command.words[0];
          if (!word || !canEditRun(model, step.run, step.isTrigger)) return [];
          const reason = "Packages with native parts may be left unfinished.";
          return [
            { title: `Add ${flag}`, applicability: "unsafe", reason, edits: [insertAfter(script, word, ` ${flag}`)] },
          ];
        },
      };
    }
  },
});

function flagFor({ manager }: PackageOperation): string | null {
  if (manager === "npm" || manager === "yarn" || manager === "pnpm") return "--ignore-scripts";
  return manager === "composer" ? "--no-scripts" : null;
}

function isForbiddenElsewhere(model: Model): boolean {
  return /ignore[_-]scripts\s*[= ]\s*["']?(?:true|1)|enableScripts:? false|YARN_ENABLE_SCRIPTS=(?:false|0)/i.test(
    model.text,
  );
}
