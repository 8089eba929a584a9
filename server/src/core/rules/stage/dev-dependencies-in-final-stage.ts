import { imageUnder } from "../../catalogue/stage";
import { instructionsNamed } from "../../model/index-of";
import type { Model, Stage } from "../../model/types";
import { locate } from "../../model/types";
import { readCopy } from "../../multistage/copies";
import {
  arrival,
  type DevelopmentTree,
  developmentTrees,
  type TreeInstall,
  type TreesByStage,
} from "../../multistage/dependency-trees";
import { readSite } from "../../multistage/node/site";
import { resolvePath } from "../../multistage/paths";
import { isNamedForDevelopment, startKind } from "../../multistage/purpose";
import { startOf } from "../../multistage/start";
import { defineRule, type Facts, type Fix } from "../../rule";
import type { Span } from "../../text";

export default defineRule({
  id: "dev-dependencies-in-final-stage",
  theme: "stage",
  category: "size",
  severity: "warning",
  recommended: true,
  since: "0.1.0",
  summary: "The shipped stage receives a dependency tree that was installed with development packages.",
  why: "Test runners, bundlers and type checkers are often the larger half of a dependency tree, and scanners report their weaknesses although they never run. Install without them where the tree is made, or take them away once the build is done.",
  aliases: {},
  reads: ["ADD", "CMD", "COPY", "ENTRYPOINT", "HEALTHCHECK", "RUN"],
  fixable: "unsafe",
  examples: [
    {
      title: "node_modules of an ordinary install",
      code: 'FROM node:24 AS deps\nWORKDIR /app\nCOPY package*.json ./\nRUN npm ci\nFROM node:24-slim\nWORKDIR /app\nCOPY --from=deps [|/app/node_modules|] ./node_modules\nCOPY . .\nCMD ["node", "server.js"]\n',
      fixed:
        'FROM node:24 AS deps\nWORKDIR /app\nCOPY package*.json ./\nRUN npm ci --omit=dev\nFROM node:24-slim\nWORKDIR /app\nCOPY --from=deps /app/node_modules ./node_modules\nCOPY . .\nCMD ["node", "server.js"]\n',
    },
    {
      title: "The build needs them, the image does not",
      code: 'FROM node:24 AS build\nWORKDIR /app\nCOPY . .\nRUN npm ci\nRUN npm run build\nFROM node:24-slim\nWORKDIR /app\nCOPY --from=build [|/app|] .\nCMD ["node", "dist/main.js"]\n',
      fixed:
        'FROM node:24 AS build\nWORKDIR /app\nCOPY . .\nRUN npm ci\nRUN npm run build\nRUN npm prune --omit=dev\nFROM node:24-slim\nWORKDIR /app\nCOPY --from=build /app .\nCMD ["node", "dist/main.js"]\n',
    },
    {
      title: "Installed in the shipped stage itself",
      code: 'FROM node:24-slim\nWORKDIR /app\nCOPY package*.json ./\nRUN [|npm ci|]\nCOPY . .\nCMD ["node", "server.js"]\n',
      fixed:
        'FROM node:24-slim\nWORKDIR /app\nCOPY package*.json ./\nRUN npm ci --omit=dev\nCOPY . .\nCMD ["node", "server.js"]\n',
    },
    {
      title: "Composer's vendor folder",
      code: "FROM composer:2 AS vendor\nWORKDIR /app\nCOPY composer.* ./\nRUN composer install --no-scripts\nFROM php:8.5-apache\nCOPY --from=vendor [|/app/vendor/|] /var/www/html/vendor/\n",
      fixed:
        "FROM composer:2 AS vendor\nWORKDIR /app\nCOPY composer.* ./\nRUN composer install --no-dev --no-scripts\nFROM php:8.5-apache\nCOPY --from=vendor /app/vendor/ /var/www/html/vendor/\n",
    },
    {
      title: "Production packages only",
      code: 'FROM node:24 AS deps\nWORKDIR /app\nRUN npm ci --omit=dev\nFROM node:24-slim\nCOPY --from=deps /app/node_modules /app/node_modules\nCMD ["node", "server.js"]\n',
    },
    {
      title: "NODE_ENV says so",
      code: 'FROM node:24-slim\nENV NODE_ENV=production\nWORKDIR /app\nCOPY . .\nRUN npm ci\nCMD ["node", "server.js"]\n',
    },
    {
      title: "Only what was built is copied",
      code: "FROM node:24 AS build\nWORKDIR /app\nRUN npm ci && npm run build\nFROM nginx:1.30\nCOPY --from=build /app/dist /usr/share/nginx/html\n",
    },
    {
      title: "Pruned after the build",
      code: 'FROM node:24 AS build\nWORKDIR /app\nRUN npm ci && npm run build && npm prune --omit=dev\nFROM node:24-slim\nCOPY --from=build /app /app\nCMD ["node", "/app/dist/main.js"]\n',
    },
    {
      title: "There are no development packages",
      files: { "package.json": '{ "dependencies": { "express": "^5.0.0" } }' },
      code: 'FROM node:24-slim\nWORKDIR /app\nCOPY . .\nRUN npm ci\nCMD ["node", "server.js"]\n',
    },
    {
      title: "uv installs into the environment that VIRTUAL_ENV names",
      code: 'FROM python:3.14 AS build\nENV VIRTUAL_ENV=/venv\nRUN uv venv $VIRTUAL_ENV\nCOPY server server\nRUN cd server && uv sync --active\nFROM python:3.14-slim\nCOPY --from=build [|/venv|] /venv\nCOPY --from=build server server\nCMD ["/venv/bin/server"]\n',
      fixed:
        'FROM python:3.14 AS build\nENV VIRTUAL_ENV=/venv\nRUN uv venv $VIRTUAL_ENV\nCOPY server server\nRUN cd server && uv sync --no-dev --active\nFROM python:3.14-slim\nCOPY --from=build /venv /venv\nCOPY --from=build server server\nCMD ["/venv/bin/server"]\n',
    },
    {
      title: "A development server",
      code: 'FROM node:24\nWORKDIR /app\nCOPY . .\nRUN npm ci\nCMD ["npm", "run", "dev"]\n',
    },
    {
      title: "Tilt is for developing",
      path: "Dockerfile.ui.tilt",
      code: 'FROM node:24\nWORKDIR /app\nCOPY . .\nRUN npm ci\nCMD ["node", "server.js"]\n',
    },
  ],
  *check({ model, catalogue, facts, path }) {
    const final = model.finalStage;
    if (!final || isNamedForDevelopment(path, final)) return;
    if (instructionsNamed(model, "ONBUILD").some(({ stage }) => stage !== null)) return;
    const start = startOf(final);
    if (start && (startKind(start) === "develops" || readSite(start, facts) === "develops")) return;
    const imageOf = (stage: Stage) => imageUnder(stage, catalogue)?.repository.name ?? null;
    const trees = developmentTrees(model, imageOf);
    for (const tree of trees.get(final) ?? []) {
      const { install } = tree;
      const brings = bringsAny(install, facts);
      if (brings === "no") continue;
      const severity = brings === "unknown" ? { severity: "info" as const } : {};
      // A build shows that there are some; else only the manifest knows.
      const isSure = brings === "yes" || install.isUsedByBuild;
      const packages = isSure ? "the development packages" : "development packages";
      const proviso = isSure ? "" : `, if ${manifestOf(install)} lists any`;
      if (install.stage.ships) {
        // Where the same stage builds, missing-multi-stage tells what to do; PHP and Ruby have rules of their own.
        if (!start || install.isUsedByBuild || /^(?:composer|bundle)$/.test(install.operation.manager)) continue;
        yield {
          message: `\`${shown(install)}\` puts ${packages} into the image${proviso}. ${advice(install)}`,
          range: installSpan(install),
          ...severity,
          cause: `development:${install.instruction.index}`,
          fixes: () => fixesFor(model, install, imageUnder(install.stage, catalogue)?.line ?? null),
        };
        continue;
      }
      // The shipped stage builds with them itself.
      if (install.users.some((stage) => stage.ships)) continue;
      const copied = copyOf(model, final, tree, trees, imageOf);
      if (!copied) continue;
      yield {
        message: `\`${copied.tree}\` holds ${packages} of \`${shown(install)}\` too${proviso}. ${advice(install)}`,
        range: copied.span,
        ...severity,
        related: [{ message: "Development packages are installed here.", range: installSpan(install) }],
        cause: `development:${install.instruction.index}`,
        fixes: () => fixesFor(model, install, imageUnder(install.stage, catalogue)?.line ?? null),
      };
    }
  },
});

/** Whether the project's manifest lists development packages; `unknown` while nobody has read it. */
function bringsAny({ operation, folder, instruction }: TreeInstall, facts: Facts): "yes" | "no" | "unknown" {
  // The manifest of the context's top is the project's where the project is installed in the working folder.
  if (instruction.workdir !== folder) return "unknown";
  switch (operation.tool.family) {
    case "node":
      return lists(facts.file("package.json"), "devDependencies");
    case "php":
      return lists(facts.file("composer.json"), "require-dev");
    case "python":
      return mentions(facts.file("pyproject.toml"), /dependency-groups|dev-dependencies|tool\.poetry\.group/);
    case "ruby":
      return mentions(facts.file("Gemfile"), /groups?[ :(].*(?:development|test)/);
    default:
      return "unknown";
  }
}

function manifestOf({ operation }: TreeInstall): string {
  const names: Readonly<Record<string, string>> = {
    node: "package.json",
    php: "composer.json",
    python: "pyproject.toml",
    ruby: "Gemfile",
  };
  return names[operation.tool.family] ?? "the manifest";
}

function mentions(file: string | null | undefined, pattern: RegExp): "yes" | "no" | "unknown" {
  return typeof file !== "string" ? "unknown" : pattern.test(file) ? "yes" : "no";
}

function lists(file: string | null | undefined, section: string): "yes" | "no" | "unknown" {
  if (typeof file !== "string") return "unknown";
  try {
    const value = (JSON.parse(file) as Record<string, unknown> | null)?.[section];
    return typeof value === "object" && value !== null && Object.keys(value).length > 0 ? "yes" : "no";
  } catch {
    return "unknown";
  }
}

function shown({ operation }: TreeInstall): string {
  return operation.verb === "" ? `${operation.manager} install` : `${operation.manager} ${operation.verb}`;
}

function advice(install: TreeInstall): string {
  const { operation, isUsedByBuild } = install;
  const prune = pruneCommand(install);
  if (install.users.length > 0) return "Install the others in a stage of their own, and copy those.";
  if (isUsedByBuild) return prune ? `Remove them behind the build with \`${prune}\`.` : "Remove them behind the build.";
  const flag = productionFlag(operation.manager);
  return flag
    ? `Leave them out with \`${flag}\`.`
    : "Leave them out with `bundle config set without development:test`.";
}

const needed = "What the program loads must not be a development package.";

/** Edits at the install, or a RUN behind the last step of its stage. */
function fixesFor(model: Model, install: TreeInstall, line: string | null): readonly Fix[] {
  const { operation, script, stage, isUsedByBuild } = install;
  const { manager, subcommand } = operation;
  // Yarn 2 and later know no --production; which yarn it is, nothing here says for sure once corepack is in play.
  const isModernYarn =
    manager === "yarn" && (operation.flags.some((flag) => flag.value === "--immutable") || usesCorepack(stage));
  if (isModernYarn || install.users.length > 0 || model.templates.length > 0) return [];
  if (!isUsedByBuild) {
    const flag = productionFlag(manager);
    const at = subcommand ?? operation.command.words[0];
    if (!flag || !at || (manager === "npm" && line !== null && Number(line.split(".")[0]) < 15)) return [];
    const { end } = script.locate(at.from, at.to);
    return [
      {
        title: `Add ${flag} to ${shown(install)}`,
        applicability: "unsafe",
        reason: needed,
        edits: [{ span: { start: end, end }, newText: ` ${flag}` }],
      },
    ];
  }
  const command = pruneCommand(install);
  const last = stage.instructions.filter(({ keyword }) => keyword === "RUN" || keyword === "COPY").at(-1);
  const isLast = last?.stage === stage && last.workdir === install.folder && stage.workdirAtEnd === install.folder;
  const next = model.instructions[(stage.instructions.at(-1)?.index ?? 0) + 1];
  if (!command || !last || !isLast || !next || next.stage === stage || last.keyword !== "RUN") return [];
  const at = lineEnd(model.text, last.span.end);
  const keyword = model.text.slice(last.keywordSpan.start, last.keywordSpan.end);
  const indent = /^[ \t]*/.exec(model.text.slice(last.blockStart))?.[0] ?? "";
  return [
    {
      title: `Add ${keyword} ${command} behind the build`,
      applicability: "unsafe",
      reason: needed,
      edits: [{ span: { start: at, end: at }, newText: `${model.lineEnding}${indent}${keyword} ${command}` }],
    },
  ];
}

function productionFlag(manager: string): string | null {
  const flags: Readonly<Record<string, string>> = {
    npm: "--omit=dev",
    yarn: "--production",
    pnpm: "--prod",
    bun: "--production",
    composer: "--no-dev",
    uv: "--no-dev",
  };
  return Object.hasOwn(flags, manager) ? (flags[manager] ?? null) : null;
}

function pruneCommand({ operation }: TreeInstall): string | null {
  const commands: Readonly<Record<string, string>> = {
    npm: "npm prune --omit=dev",
    pnpm: "pnpm prune --prod",
  };
  return Object.hasOwn(commands, operation.manager) ? (commands[operation.manager] ?? null) : null;
}

function usesCorepack(stage: Stage): boolean {
  return stage.instructions.some(({ parsed }) => parsed.keyword === "RUN" && /\bcorepack\b|\.yarn\b/.test(parsed.text));
}

function installSpan({ operation, script }: TreeInstall): Span {
  const first = operation.command.words[0];
  const last = operation.subcommand ?? first;
  return script.locate(first?.from ?? 0, last?.to ?? 0);
}

/** The COPY of a shipped stage that brings a tree, and the word that names it there. */
function copyOf(
  model: Model,
  final: Stage,
  tree: DevelopmentTree,
  trees: TreesByStage,
  imageOf: (stage: Stage) => string | null,
): { readonly span: Span; readonly tree: string } | null {
  for (let stage: Stage | null = final; stage; stage = stage.base.stage) {
    for (const use of stage.copiesFrom) {
      const copy = use.stage && readCopy(model, use.instruction, imageOf(stage));
      if (!copy || !use.stage) continue;
      const words = use.instruction.parsed.json ?? use.instruction.parsed.words;
      for (const [index, source] of copy.sources.entries()) {
        const from = resolvePath(source, "/") ?? source;
        const found = (trees.get(use.stage) ?? []).find(
          (one) => arrival(one.path, from, copy.destination) === tree.path,
        );
        const word = words[index];
        if (found && word) return { span: locate(use.instruction, word), tree: found.path };
      }
    }
  }
  return null;
}

function lineEnd(text: string, at: number): number {
  const newline = text.indexOf("\n", at);
  if (newline < 0) return text.length;
  return text[newline - 1] === "\r" ? newline - 1 : newline;
}
