import { canEditRun, insertAfter } from "../../fixes/shell-list";
import { stageState } from "../../model/scope";
import type { Model, Stage } from "../../model/types";
import type { Facts, Fix } from "../../rule";
import { defineRule } from "../../rule";
import type { ShellWord } from "../../shell/ast";
import { hasOperationFlag, obeysLock, type PackageOperation } from "../../shell/packages";
import type { Edit } from "../../text";
import { callName, callSpan, type PackageCall, packageCalls } from "./calls";
import { copiesBefore, foldersOf, installsProject, isThere } from "./manifests";

export default defineRule({
  id: "lockfile-not-enforced",
  theme: "package",
  category: "reproducibility",
  severity: "warning",
  recommended: true,
  since: "0.1.0",
  summary: "Dependencies are installed without holding to the lock file that lies beside the manifest.",
  why: "The lock file says exactly what was tested. Plain `npm install` and its like change it silently when it does not fit the manifest, so the image may hold other versions than the repository says. The strict form installs what is locked, or fails and says so. The rule speaks only where the lock file is known to be there: a COPY names it, or the build context holds it.",
  aliases: {},
  reads: ["ADD", "COPY", "RUN"],
  fixable: "unsafe",
  examples: [
    {
      title: "npm",
      code: "FROM node:26\nWORKDIR /app\nCOPY package.json package-lock.json ./\nRUN [|npm install|] --omit=dev\n",
      fixed: "FROM node:26\nWORKDIR /app\nCOPY package.json package-lock.json ./\nRUN npm ci --omit=dev\n",
    },
    {
      title: "The build context holds a lock file",
      code: "FROM node:26\nWORKDIR /app\nCOPY package*.json ./\nRUN [|npm i|]\n",
      files: { "package.json": "{}", "package-lock.json": "{}" },
      fixed: "FROM node:26\nWORKDIR /app\nCOPY package*.json ./\nRUN npm ci\n",
    },
    {
      title: "Yarn 1",
      code: "FROM node:24\nWORKDIR /app\nCOPY package.json yarn.lock ./\nRUN [|yarn|] && yarn cache clean\n",
      fixed:
        "FROM node:24\nWORKDIR /app\nCOPY package.json yarn.lock ./\nRUN yarn --frozen-lockfile && yarn cache clean\n",
    },
    {
      title: "pnpm",
      code: "FROM node:26\nWORKDIR /app\nCOPY package.json pnpm-lock.yaml ./\nRUN [|pnpm install|] --prod\n",
      fixed:
        "FROM node:26\nWORKDIR /app\nCOPY package.json pnpm-lock.yaml ./\nRUN pnpm install --frozen-lockfile --prod\n",
    },
    {
      title: "uv",
      code: "FROM python:3.14\nWORKDIR /app\nCOPY pyproject.toml uv.lock ./\nRUN [|uv sync|] --no-dev\n",
      fixed: "FROM python:3.14\nWORKDIR /app\nCOPY pyproject.toml uv.lock ./\nRUN uv sync --locked --no-dev\n",
    },
    {
      title: "An update is no installation",
      code: "FROM php:8.5\nWORKDIR /app\nCOPY composer.json composer.lock ./\nRUN [|composer update|] --no-dev\n",
      fixed: "FROM php:8.5\nWORKDIR /app\nCOPY composer.json composer.lock ./\nRUN composer install --no-dev\n",
    },
    {
      title: "The strict form",
      code: "FROM node:26\nWORKDIR /app\nCOPY package.json package-lock.json ./\nRUN npm ci\n",
    },
    {
      title: "No lock file is known",
      code: "FROM node:26\nWORKDIR /app\nCOPY package*.json ./\nRUN npm install\n",
    },
    {
      title: "There is none",
      code: "FROM node:26\nWORKDIR /app\nCOPY . .\nRUN npm install\n",
      files: { "package.json": "{}" },
    },
    {
      title: "Another folder",
      code: "FROM node:26\nWORKDIR /app\nCOPY package.json package-lock.json ./\nRUN cd /tool && npm install\n",
    },
    {
      title: "A package is added",
      code: "FROM node:26\nWORKDIR /app\nCOPY package.json package-lock.json ./\nRUN npm install -g pm2 && npm install express && npm ci\n",
    },
    {
      title: "The lock file is not wanted",
      code: "FROM node:26\nWORKDIR /app\nCOPY package.json package-lock.json ./\nRUN npm install --no-package-lock\n",
    },
    {
      title: "It is deleted",
      code: "FROM node:26\nWORKDIR /app\nCOPY package.json package-lock.json ./\nRUN rm package-lock.json && npm install\n",
    },
    {
      title: "A variable asks for it",
      code: "FROM node:26\nENV CI=true\nWORKDIR /app\nCOPY package.json pnpm-lock.yaml ./\nRUN pnpm install\n",
    },
  ],
  *check({ model, catalogue, facts }) {
    const looked = new Map<Stage, number>();
    for (const call of packageCalls(model)) {
      const { operation, step } = call;
      const kind = kinds[operation.manager];
      if (!kind || !step.stage.reachesFinal || step.isTrigger || !kind.verbs.test(operation.verb)) continue;
      if (!kind.applies(operation) || !installsProject(call) || obeysLock(operation)) continue;
      if (hasOperationFlag(operation, kind.unless) || kind.variables.some((name) => isSet(call, name))) continue;
      const before = looked.get(step.stage) ?? 0;
      if (before === mostCalls) continue;
      looked.set(step.stage, before + 1);
      const folder = foldersOf(step.stage, catalogue)(operation.command);
      if (folder === null) continue;
      const copies = copiesBefore(model, step.stage, step.instruction, catalogue);
      const lock = kind.locks.find((name) => isThere(copies, name, folder, facts));
      if (!lock || isDeleted(model, lock)) continue;
      const { words } = kind.strict(model, facts);
      yield {
        message: `\`${callName(call)}\` does not hold to ${lock}. Use \`${words}\`, which installs what is locked or fails.`,
        range: callSpan(call),
        fixes: () => enforce(model, call, kind.strict(model, facts)),
      };
    }
  },
});

/** More calls of one stage are not looked at: each is compared with every COPY before it. */
const mostCalls = 10;

/** What to write: `replace` the subcommand, or add a flag behind it. */
interface Strict {
  readonly words: string;
  readonly replace?: string;
  readonly flag?: string;
}

interface Kind {
  readonly locks: readonly string[];
  readonly verbs: RegExp;
  readonly applies: (operation: PackageOperation) => boolean;
  /** Flags that say the lock file is not wanted, or that nothing is installed. */
  readonly unless: readonly string[];
  /** Variables that ask for the strict form. */
  readonly variables: readonly string[];
  readonly strict: (model: Model, facts: Facts) => Strict;
}

const always = (): boolean => true;

/** Source: the managers' manuals. */
const kinds: Readonly<Record<string, Kind>> = {
  npm: {
    locks: ["package-lock.json", "npm-shrinkwrap.json"],
    verbs: /^(?:install|i|in|ins|inst|insta|add)$/,
    applies: always,
    unless: ["--no-package-lock", "--package-lock=false", "--package-lock-only", "--dry-run", "--ignore-lockfile"],
    variables: [],
    strict: () => ({ words: "npm ci", replace: "ci" }),
  },
  yarn: {
    locks: ["yarn.lock"],
    verbs: /^(?:install)?$/,
    applies: always,
    unless: ["--no-lockfile", "--pure-lockfile", "--no-immutable", "--immutable-cache", "--mode"],
    variables: [],
    strict: (model, facts) =>
      isNewYarn(model, facts)
        ? { words: "yarn install --immutable", flag: "--immutable" }
        : { words: "yarn install --frozen-lockfile", flag: "--frozen-lockfile" },
  },
  pnpm: {
    locks: ["pnpm-lock.yaml"],
    verbs: /^(?:install|i)$/,
    applies: always,
    unless: ["--no-frozen-lockfile", "--no-lockfile", "--lockfile-only", "--fix-lockfile", "--offline"],
    variables: ["CI"],
    strict: () => ({ words: "pnpm install --frozen-lockfile", flag: "--frozen-lockfile" }),
  },
  bun: {
    locks: ["bun.lock", "bun.lockb"],
    verbs: /^(?:install|i)$/,
    applies: always,
    unless: ["--no-save", "--lockfile-only"],
    variables: [],
    strict: () => ({ words: "bun install --frozen-lockfile", flag: "--frozen-lockfile" }),
  },
  pipenv: {
    locks: ["Pipfile.lock"],
    verbs: /^install$/,
    applies: always,
    unless: ["--skip-lock", "-r", "--requirements"],
    variables: [],
    strict: () => ({ words: "pipenv install --deploy", flag: "--deploy" }),
  },
  uv: {
    locks: ["uv.lock"],
    verbs: /^sync$/,
    applies: always,
    unless: ["--upgrade", "-U", "--dry-run"],
    variables: ["UV_LOCKED", "UV_FROZEN"],
    strict: () => ({ words: "uv sync --locked", flag: "--locked" }),
  },
  composer: {
    locks: ["composer.lock"],
    verbs: /^(?:update|u|upgrade)$/,
    applies: always,
    unless: ["--lock", "--dry-run", "--no-install"],
    variables: [],
    strict: () => ({ words: "composer install", replace: "install" }),
  },
  cargo: {
    locks: ["Cargo.lock"],
    verbs: /^install$/,
    applies: (operation) => hasOperationFlag(operation, ["--path"]),
    unless: ["--offline"],
    variables: [],
    strict: () => ({ words: "cargo install --locked", flag: "--locked" }),
  },
};

function isNewYarn(model: Model, facts: Facts): boolean {
  if (/\.yarnrc\.yml|\.yarn\/|--immutable|yarn set version|workspaces focus/.test(model.text)) return true;
  if (typeof facts.file(".yarnrc.yml") === "string") return true;
  return /"packageManager"\s*:\s*"yarn@(?!1\.)/.test(facts.file("package.json") ?? "");
}

function isSet({ operation, step }: PackageCall, name: string): boolean {
  if (operation.command.assignments.some((one) => one.name === name)) return true;
  return stageState(step.stage.scope, name, step.instruction.index).kind === "value";
}

function isDeleted(model: Model, lock: string): boolean {
  return (
    model.text.includes(`rm ${lock}`) || new RegExp(`\\brm\\b[^&;|\\n]*${lock.replaceAll(".", "\\.")}`).test(model.text)
  );
}

function enforce(model: Model, { operation, step, script }: PackageCall, strict: Strict): readonly Fix[] {
  if (!canEditRun(model, step.run, step.isTrigger)) return [];
  const behind: ShellWord | undefined = operation.subcommand ?? operation.command.words[0];
  if (!behind) return [];
  const edit: Edit = strict.replace
    ? { span: script.locate(behind.from, behind.to), newText: strict.replace }
    : insertAfter(script, behind, ` ${strict.flag ?? ""}`);
  return [
    {
      title: `Use ${strict.words}`,
      applicability: "unsafe",
      reason: "The build fails when the lock file does not fit the manifest.",
      edits: [edit],
    },
  ];
}
