/** Commands that build something, and what family of tools they belong to. */

import type { Stage } from "../model/types";
import { type EffectiveCommand, flagValue, hasFlag, operands } from "../shell/commands";
import { packageOperation } from "../shell/packages";
import { type RunCommand, runCommands } from "./run-commands";

/** The families that are told apart. `make` stands for build files whose language is not known from the command. */
export type BuildFamily =
  | "go"
  | "rust"
  | "maven"
  | "gradle"
  | "dotnet"
  | "node"
  | "c"
  | "make"
  | "python"
  | "ruby"
  | "php"
  | "node-packages";

/** One command that builds. */
export interface BuildStep extends RunCommand {
  readonly family: BuildFamily;
  /** The command as it is said in a message: `go build`, `npm run build`. */
  readonly shown: string;
}

/** All building commands of a stage, in order. `image`: the catalogue's name of its base image, or null. */
export function buildSteps(stage: Stage, image: string | null): readonly BuildStep[] {
  const known = remembered.get(stage);
  if (known?.image === image) return known.steps;
  const steps = runCommands(stage, image).flatMap((command) => {
    const found = buildOf(command.command);
    return found ? [{ ...command, ...found }] : [];
  });
  remembered.set(stage, { image, steps });
  return steps;
}

const remembered = new WeakMap<Stage, { readonly image: string | null; readonly steps: readonly BuildStep[] }>();

interface Found {
  readonly family: BuildFamily;
  readonly shown: string;
}

const builds = new WeakMap<EffectiveCommand, Found | null>();

function buildOf(command: EffectiveCommand): Found | null {
  let found = builds.get(command);
  if (found === undefined) {
    found = readBuild(command);
    builds.set(command, found);
  }
  return found;
}

function readBuild(command: EffectiveCommand): Found | null {
  const { name } = command;
  if (name === null) return null;
  const words = command.words.map((word) => word.value);
  const first = words[1] ?? null;
  if (words.some((word) => word === "--version" || word === "--help" || word === "-version")) return null;
  switch (name) {
    case "go":
      return goBuild(command);
    case "cargo":
      return cargoBuild(command);
    case "rustc":
      return words.length > 1 && first !== "-V" ? { family: "rust", shown: "rustc" } : null;
    case "mvn":
    case "mvnw":
    case "mvnd":
      return goals(command, "maven");
    case "gradle":
    case "gradlew":
      return goals(command, "gradle");
    case "dotnet":
      return first === "publish" || first === "build" ? { family: "dotnet", shown: `dotnet ${first}` } : null;
    case "npm":
    case "yarn":
    case "pnpm":
    case "bun":
      return nodeScript(command);
    case "npx":
    case "bunx":
      return nodeTool(words.slice(1).find((word) => word !== null && !word.startsWith("-")) ?? null, words, name);
    case "make":
    case "gmake":
    case "ninja":
    case "meson":
    case "scons":
    case "bazel":
      return /^(?:clean|distclean|help)$/.test(first ?? "")
        ? null
        : { family: "make", shown: name === "make" && first && /^[\w-]+$/.test(first) ? `make ${first}` : name };
    case "cmake":
      return { family: "c", shown: "cmake" };
    case "configure":
    case "autoreconf":
      return { family: "c", shown: name };
    case "python":
    case "python3":
      return words.includes("setup.py") ? { family: "python", shown: `${name} setup.py` } : pythonInstall(command);
    case "docker-php-ext-install":
    case "docker-php-ext-configure":
    case "phpize":
      return { family: "php", shown: name };
    default:
      break;
  }
  if (/^(?:gcc|g\+\+|cc|c\+\+|clang|clang\+\+)(?:-\d+)?$/.test(name)) {
    return words.length > 1 ? { family: "c", shown: name } : null;
  }
  return nodeTool(name, words, null) ?? pythonInstall(command);
}

function goBuild(command: EffectiveCommand): Found | null {
  const [verb, ...rest] = operands(command, ["-C"]).map((word) => word.value);
  if (verb === "build") return { family: "go", shown: "go build" };
  // `go install tool@version` brings a tool; whether it is the program that ships is for the caller to see.
  const downloads = hasFlag(command, ["-d"]);
  return verb === "install" || (verb === "get" && rest.length > 0 && !downloads)
    ? { family: "go", shown: `go ${verb}` }
    : null;
}

function cargoBuild(command: EffectiveCommand): Found | null {
  const verb = operands(command).find((word) => !word.value?.startsWith("+"))?.value;
  if (verb === "build" || verb === "b") {
    const release = command.words.some((word) => word.value === "--release" || word.value === "-r");
    return { family: "rust", shown: release ? "cargo build --release" : "cargo build" };
  }
  if (verb !== "install") return null;
  return { family: "rust", shown: flagValue(command, ["--path"]) ? "cargo install --path" : "cargo install" };
}

function goals(command: EffectiveCommand, family: "maven" | "gradle"): Found | null {
  const operation = packageOperation(command);
  if (operation?.action !== "build" || operation.verb === "compile") return null;
  return { family, shown: `${command.name} ${operation.verb}` };
}

function nodeScript(command: EffectiveCommand): Found | null {
  const words = command.words.slice(1).map((word) => word.value);
  const plain = words.filter((word) => word !== null && !word.startsWith("-")) as readonly string[];
  const [first, second] = plain;
  const isRun = first === "run" || first === "run-script";
  const script = isRun ? second : first;
  if (script && /^(?:build|compile|bundle|generate:prod|dist)(?:$|[:-])/.test(script)) {
    if (isRun || command.name === "yarn" || command.name === "pnpm") {
      return { family: "node", shown: isRun ? `${command.name} ${first} ${script}` : `${command.name} ${script}` };
    }
  }
  if (first === "exec" || command.name === "yarn" || command.name === "pnpm") {
    const tool = nodeTool((first === "exec" ? second : first) ?? null, words, `${command.name}`);
    if (tool) return tool;
  }
  const operation = packageOperation(command);
  const global = words.includes("-g") || words.includes("--global") || first === "global";
  if (operation?.action === "install" && !global) {
    return { family: "node-packages", shown: operation.verb ? `${command.name} ${operation.verb}` : `${command.name}` };
  }
  return null;
}

/** Tools of web projects that write finished files, with the subcommand that does so. */
const nodeTools: Readonly<Record<string, RegExp>> = {
  ng: /^(?:build|b)$/,
  vite: /^build$/,
  "react-scripts": /^build$/,
  "vue-cli-service": /^build$/,
  next: /^build$/,
  nuxt: /^(?:build|generate)$/,
  nuxi: /^(?:build|generate)$/,
  gatsby: /^build$/,
  nest: /^build$/,
  astro: /^build$/,
  remix: /^build$/,
  turbo: /^build$|^run$/,
  nx: /^build$|^run$/,
  ember: /^build$/,
  parcel: /^build$/,
};

function nodeTool(tool: string | null, words: readonly (string | null)[], runner: string | null): Found | null {
  if (tool === null) return null;
  const shown = (text: string) => (runner === null ? text : `${runner} ${text}`);
  if (tool === "tsc" || tool === "webpack" || tool === "rollup") {
    return words.includes("--noEmit") || words.includes("serve") ? null : { family: "node", shown: shown(tool) };
  }
  const pattern = Object.hasOwn(nodeTools, tool) ? nodeTools[tool] : undefined;
  const verb = words[words.indexOf(tool) + 1] ?? null;
  return verb !== null && pattern?.test(verb) ? { family: "node", shown: shown(`${tool} ${verb}`) } : null;
}

/** Installs of language packages that compile extensions where no finished ones fit. */
function pythonInstall(command: EffectiveCommand): Found | null {
  const operation = packageOperation(command);
  if (operation?.action !== "install" && operation?.action !== "build") return null;
  const shown = `${operation.manager} ${operation.verb}`.trim();
  switch (operation.tool.family) {
    case "python":
      return { family: "python", shown };
    case "ruby":
      return { family: "ruby", shown };
    case "php":
      return operation.manager === "pecl" ? { family: "php", shown } : null;
    default:
      return null;
  }
}
