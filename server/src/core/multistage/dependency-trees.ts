/** Trees of installed packages (node_modules, vendor …): where they lie, and whether development packages are in them. */
import { instructionsIn } from "../model/index-of";
import { stageState } from "../model/scope";
import { type Script, scriptsOf } from "../model/scripts";
import type { Instruction, Model, Stage } from "../model/types";
import type { EffectiveCommand } from "../shell/commands";
import { hasOperationFlag, type PackageOperation, packageOperation, skipsDevelopment } from "../shell/packages";
import type { ParsedInstruction } from "../syntax/types";
import { readCopy } from "./copies";
import { isWithin, joinPath, resolvePath } from "./paths";
import { commandsOfRun, type RunCommand } from "./run-commands";
import { settingOf } from "./settings";

/** A tree with development packages in it. */
export interface DevelopmentTree {
  /** Absolute path: `/app/node_modules`. */
  readonly path: string;
  /** The install that brought them. */
  readonly install: TreeInstall;
}

/** The install of a project's own packages. */
export interface TreeInstall {
  readonly instruction: Instruction;
  readonly script: Script;
  readonly operation: PackageOperation;
  readonly stage: Stage;
  /** The folder with the project's manifest. */
  readonly folder: string;
  /** Package tools of Node.js run in the same stage behind it: build scripts may need what it installs. */
  readonly isUsedByBuild: boolean;
  /** Stages that receive the tree and run such tools themselves. */
  readonly users: readonly Stage[];
}

/** Managers whose tree is known, with the folder's name below the project. */
const treeNames: Readonly<Record<string, string>> = {
  npm: "node_modules",
  yarn: "node_modules",
  pnpm: "node_modules",
  bun: "node_modules",
  composer: "vendor",
  uv: ".venv",
};

/** Bundler installs into one place for the whole image. Source: GEM_HOME of docker-library/ruby. */
const bundlePath = "/usr/local/bundle";

/** More trees than this are not followed: a stage has one or two. */
const mostTrees = 20;

/** The trees with development packages that each stage holds when it ends; stages without any are left out. */
export type TreesByStage = ReadonlyMap<Stage, readonly DevelopmentTree[]>;

/**
 * Follows the trees through all stages: made, inherited by FROM, brought by COPY --from, removed. `image` gives the
 * catalogue's name of a stage's base image, or null.
 */
export function developmentTrees(model: Model, image: (stage: Stage) => string | null): TreesByStage {
  const known = new Map<Stage, readonly GrowingTree[]>();
  // A stage only refers to stages above it, so one pass in the order of the file sees everything.
  for (const stage of model.stages) {
    const trees = treesOf(model, stage, image(stage), known);
    if (trees.length > 0) known.set(stage, trees);
  }
  return known;
}

function treesOf(
  model: Model,
  stage: Stage,
  image: string | null,
  known: ReadonlyMap<Stage, readonly GrowingTree[]>,
): readonly GrowingTree[] {
  const inherited = (stage.base.stage && known.get(stage.base.stage)) ?? [];
  const sources = new Map<Instruction, Stage>();
  for (const { instruction, stage: source } of stage.copiesFrom) {
    if (source && known.has(source)) sources.set(instruction, source);
  }
  const runs: Instruction[] = [];
  let makesTrees = false;
  for (const run of instructionsIn(stage, "RUN")) {
    const concern = concernOf(run);
    if (concern !== "none") runs.push(run);
    if (concern === "makes") makesTrees = true;
  }
  // Most stages of a long file have nothing to do with any tree.
  if (inherited.length === 0 && sources.size === 0 && !makesTrees) return [];
  const trees = new Map(inherited.map((tree) => [tree.path, tree]));
  const commands = runs.flatMap((run) => commandsOfRun(run, image));
  const uses = commands.filter(usesPackages).at(-1) ?? null;
  if (uses) for (const { install } of inherited) addUser(install, stage);
  const bundler = commands.find(configuresBundler) ?? null;
  let at = 0;
  for (const instruction of inOrder(runs, [...sources.keys()])) {
    for (; commands[at]?.instruction === instruction; at++) {
      applyCommand(commands[at] as RunCommand, stage, trees, { uses, bundler });
    }
    const source = sources.get(instruction);
    const arriving = (source && known.get(source)) ?? [];
    const copy = instruction.keyword === "COPY" && arriving.length > 0 ? readCopy(model, instruction, image) : null;
    for (const tree of arriving) {
      for (const from of copy?.sources ?? []) {
        const path = arrival(tree.path, resolvePath(from, "/") ?? from, copy?.destination ?? "/");
        if (path === null || trees.size >= mostTrees) continue;
        trees.set(path, { path, install: tree.install });
        if (uses && uses.instruction.index > instruction.index) addUser(tree.install, stage);
      }
    }
  }
  return [...trees.values()];
}

function inOrder(runs: readonly Instruction[], copies: readonly Instruction[]): readonly Instruction[] {
  if (copies.length === 0) return runs;
  return [...new Set([...runs, ...copies])].sort((a, b) => a.index - b.index);
}

/** What a RUN has to do with trees: it may make one, it removes or uses them, or nothing. */
type Concern = "makes" | "other" | "none";

/** By the text of the RUN, where a POSIX shell runs it. */
const concerns = new WeakMap<ParsedInstruction, Concern>();

function concernOf(run: Instruction): Concern {
  if (run.shell.kind !== "posix") return "none";
  let concern = concerns.get(run.parsed);
  if (!concern) {
    concern = readConcern(scriptsOf(run).flatMap(({ commands }) => commands));
    concerns.set(run.parsed, concern);
  }
  return concern;
}

function readConcern(commands: readonly EffectiveCommand[]): Concern {
  let concern: Concern = "none";
  for (const command of commands) {
    const operation = packageOperation(command);
    const isManager =
      operation !== null && (operation.manager === "bundle" || Object.hasOwn(treeNames, operation.manager));
    if (isManager && operation.action === "install" && !skipsDevelopment(operation)) return "makes";
    if (isManager || command.name === "rm" || isUse(command) || isBundlerConfig(command)) concern = "other";
  }
  return concern;
}

function addUser({ operation, users }: MutableInstall, stage: Stage): void {
  if (operation.tool.family === "node" && users.at(-1) !== stage) users.push(stage);
}

/** A tree's users are found only when the stages behind it are read. */
type MutableInstall = Omit<TreeInstall, "users"> & { readonly users: Stage[] };
interface GrowingTree {
  readonly path: string;
  readonly install: MutableInstall;
}

/** What is known of a stage as a whole. */
interface StageHabits {
  /** The last command that may run a development package. */
  readonly uses: RunCommand | null;
  /** The first that tells Bundler which groups to leave out. */
  readonly bundler: RunCommand | null;
}

/** Where a tree arrives when `source` is copied to `destination`; null when it does not come along. */
export function arrival(tree: string, source: string, destination: string): string | null {
  if (!isWithin(tree, source)) return null;
  // The contents of a folder are copied, not the folder itself.
  const rest = tree.slice(source === "/" ? 1 : source.length + 1);
  const folder = destination.replace(/\/$/, "") || "/";
  return rest === "" ? folder : joinPath(folder, rest);
}

function applyCommand(
  { command, instruction, script, folder }: RunCommand,
  stage: Stage,
  trees: Map<string, GrowingTree>,
  { uses, bundler }: StageHabits,
): void {
  if (command.name === "rm") {
    for (const word of command.words.slice(1)) {
      const gone = word.value === null ? null : resolvePath(word.value, folder);
      if (gone === null) continue;
      for (const path of [...trees.keys()]) if (isWithin(path, gone)) trees.delete(path);
    }
    return;
  }
  const operation = packageOperation(command);
  if (!operation) return;
  const path = treePath(operation, instruction, folder);
  if (path === null) return;
  if (prunes(operation)) {
    trees.delete(path);
    return;
  }
  if (operation.action !== "install" || !isProjectInstall(operation)) return;
  const isConfigured =
    operation.manager === "bundle" && bundler !== null && bundler.instruction.index <= instruction.index;
  if (isConfigured || leavesOutDevelopment(operation, instruction, stage)) trees.delete(path);
  else if (folder !== null) {
    const isUsedByBuild =
      operation.tool.family === "node" && uses !== null && isBehind(uses, instruction, command.command.index);
    trees.set(path, { path, install: { instruction, script, operation, stage, folder, isUsedByBuild, users: [] } });
  }
}

function isBehind(other: RunCommand, instruction: Instruction, index: number): boolean {
  if (other.instruction !== instruction) return other.instruction.index > instruction.index;
  return other.command.command.index > index;
}

/** True for commands that may run a development package: scripts, tools of the project, other builds. */
function usesPackages({ command }: RunCommand): boolean {
  return isUse(command);
}

function isUse(command: EffectiveCommand): boolean {
  const operation = packageOperation(command);
  if (operation) return operation.action === "build" || operation.action === "run";
  return /^(?:npx|bunx|tsc|vite|webpack|ng|next|nest|node|node_modules|gulp|grunt|make|turbo|nx|prisma)$/.test(
    command.name ?? "",
  );
}

function treePath(operation: PackageOperation, instruction: Instruction, folder: string | null): string | null {
  if (operation.manager === "bundle") return bundlePath;
  const name = Object.hasOwn(treeNames, operation.manager) ? treeNames[operation.manager] : undefined;
  const moved = [
    "--prefix",
    "-C",
    "--cwd",
    "--dir",
    "-d",
    "--working-dir",
    "--modules-folder",
    "--directory",
    "--project",
  ];
  if (name === undefined || folder === null || hasOperationFlag(operation, moved)) return null;
  if (operation.manager === "uv") return environmentOf(operation, instruction, folder, name);
  return joinPath(folder, name);
}

/**
 * Where `uv sync` installs; null where that is not known. `--active` means the environment that VIRTUAL_ENV names.
 * Source: uv's page on projects.
 */
function environmentOf(
  operation: PackageOperation,
  instruction: Instruction,
  folder: string,
  name: string,
): string | null {
  if (hasOperationFlag(operation, ["--script"])) return null;
  const isActive = hasOperationFlag(operation, ["--active"]);
  const named = settingOf(isActive ? "VIRTUAL_ENV" : "UV_PROJECT_ENVIRONMENT", operation.command, instruction);
  // A script that activates one sets VIRTUAL_ENV where nobody here sees it.
  if (named === null || (isActive && named === undefined)) return null;
  return resolvePath(named ?? name, folder);
}

/** An install of what the manifest lists, not of packages named on the command line. */
function isProjectInstall(operation: PackageOperation): boolean {
  if (operation.packages.length > 0 || operation.unknown.length > 0) return false;
  if (hasOperationFlag(operation, ["-g", "--global", "--dry-run", "--lockfile-only", "--package-lock-only"]))
    return false;
  if (operation.manager === "uv") return operation.verb === "sync";
  return !/add|require|global|create|focus/.test(operation.verb);
}

function prunes(operation: PackageOperation): boolean {
  const { words } = operation.command;
  if (words[1]?.value !== "prune") return false;
  return operation.manager === "npm" || skipsDevelopment(operation);
}

/** Variables that make an install leave development packages out, by manager. */
const switches: Readonly<Record<string, readonly (readonly [string, RegExp])[]>> = {
  npm: [
    ["NODE_ENV", /^production$/],
    ["NPM_CONFIG_PRODUCTION", /^true$/],
    ["npm_config_production", /^true$/],
    ["NPM_CONFIG_OMIT", /dev/],
    ["npm_config_omit", /dev/],
  ],
  yarn: [
    ["NODE_ENV", /^production$/],
    ["YARN_PRODUCTION", /^true$/],
  ],
  pnpm: [["NODE_ENV", /^production$/]],
  bun: [["NODE_ENV", /^production$/]],
  composer: [["COMPOSER_NO_DEV", /^[^0]/]],
  bundle: [
    ["BUNDLE_WITHOUT", /development/],
    ["BUNDLE_ONLY", /./],
  ],
  uv: [
    ["UV_NO_DEV", /^(?:1|true)$/i],
    ["UV_NO_DEFAULT_GROUPS", /^(?:1|true)$/i],
  ],
};

function leavesOutDevelopment(operation: PackageOperation, instruction: Instruction, stage: Stage): boolean {
  if (skipsDevelopment(operation)) return true;
  const { command } = operation;
  const words = command.words.map((word) => word.value ?? "");
  if (operation.manager === "uv" && words.some((word) => /^--(?:only-group|no-group|no-dev|group)/.test(word)))
    return true;
  if (operation.manager === "composer" && words.includes("--no-dev")) return true;
  for (const [name, pattern] of switches[operation.manager] ?? []) {
    const own = command.assignments.find((one) => one.name === name);
    if (own) {
      if (own.value?.value === null || pattern.test(own.value?.value ?? "")) return true;
      continue;
    }
    const binding = stage.scope.lookup(name, instruction.index);
    if (!binding) continue;
    const state = stageState(stage.scope, name, instruction.index);
    // A value that nobody knows may be the one that counts.
    if (state.kind === "unknown" || (state.kind === "value" && pattern.test(state.value))) return true;
    if (state.kind === "unset") return true;
  }
  return false;
}

/** `bundle config set without development`. */
function configuresBundler({ command }: RunCommand): boolean {
  return isBundlerConfig(command);
}

function isBundlerConfig(command: EffectiveCommand): boolean {
  if (command.name !== "bundle") return false;
  const words = command.words.map((word) => word.value ?? word.text);
  return words[1] === "config" && words.some((word) => /^(?:without|only)$/.test(word));
}
