/** What a Node.js server needs of its project's folder when it starts. */
import { effectiveCommands } from "../../shell/commands";
import { parseShell } from "../../shell/parse";
import { baseName } from "../paths";
import type { StartCommand } from "../start";
import type { NodeProject } from "./node-project";

/** How a server is started. Paths are as written. */
export type NodeStart =
  /** `node dist/main.js`; `files` are further ones that flags name (`-r ./tracing.js`). */
  | { readonly kind: "script"; readonly script: string; readonly files: readonly string[] }
  /** `next start`, with the words behind it. */
  | { readonly kind: "next"; readonly arguments: readonly string[] }
  /** Another program of a package that is needed at run time. */
  | { readonly kind: "tool"; readonly tool: string };

/** Scripts that call scripts are followed this far. */
const deepest = 4;

/**
 * How the command starts the server, through the scripts of package.json; null where that is not known: several
 * programs, a hook before the script, a program of a development package. `isGlobal`: the program is installed for all.
 */
export function readNodeStart(command: StartCommand, project: NodeProject | null, isGlobal = false): NodeStart | null {
  if (command.name === "pm2-runtime" && (isGlobal || project?.needs("pm2"))) return managed(command.arguments);
  return follow(command.name, command.arguments, project, 0);
}

function follow(
  name: string,
  words: readonly (string | null)[],
  project: NodeProject | null,
  depth: number,
): NodeStart | null {
  if (words.some((word) => word === null) || depth > deepest) return null;
  const known = words as readonly string[];
  if (name === "node" || name === "nodejs") return scriptOf(known);
  if (name === "npm" || name === "yarn" || name === "pnpm") return packageScript(name, known, project, depth);
  if (name === "cross-env" || name === "cross-env-shell") {
    const at = known.findIndex((word) => !/^\w+=/.test(word));
    if (!project?.needs("cross-env") || at < 0) return null;
    return follow(baseName(known[at] ?? ""), known.slice(at + 1), project, depth + 1);
  }
  const owner = Object.hasOwn(owners, name) ? owners[name] : name;
  if (!project || owner === undefined || !project.needs(owner) || developing.has(name)) return null;
  if (name === "next") return known[0] === "start" ? { kind: "next", arguments: known.slice(1) } : null;
  return { kind: "tool", tool: name };
}

/** Packages whose programs have another name. */
const owners: Readonly<Record<string, string>> = {
  "remix-serve": "@remix-run/serve",
  "react-router-serve": "@react-router/serve",
  strapi: "@strapi/strapi",
  nest: "@nestjs/cli",
  medusa: "@medusajs/cli",
};

/** They build when they start, or start something else that is not known. */
const developing: ReadonlySet<string> = new Set([
  ...[
    "nest",
    "concurrently",
    "npm-run-all",
    "run-s",
    "run-p",
    "dotenv",
    "env-cmd",
    "nodemon",
    "ts-node",
    "turbo",
    "nx",
  ],
]);

/** `pm2-runtime dist/main.js`; a configuration may name any program. */
function managed(words: readonly (string | null)[]): NodeStart | null {
  const [script, ...more] = words.filter((word) => word !== "start");
  if (!script || !/\.[cm]?js$/.test(script) || /(?:config|ecosystem)[^/]*$/.test(script)) return null;
  return more.length === 0 ? { kind: "script", script, files: [] } : null;
}

function packageScript(
  manager: string,
  words: readonly string[],
  project: NodeProject | null,
  depth: number,
): NodeStart | null {
  if (words.some((word) => /^(?:--prefix|-C|--cwd|--dir|-w|--workspace|--filter|-F)(?:=|$)/.test(word))) return null;
  const plain = words.filter((word) => !word.startsWith("-"));
  const isRun = plain[0] === "run" || plain[0] === "run-script";
  const script = isRun ? plain[1] : plain[0];
  if (!project || script === undefined || plain.length > (isRun ? 2 : 1)) return null;
  // npm has short forms for four scripts alone.
  if (manager === "npm" && !isRun && script !== "start") return null;
  const text = project.script(script);
  if (text === null || project.script(`pre${script}`) !== null) return null;
  const commands = effectiveCommands(parseShell(text));
  const [one] = commands;
  if (!one?.name || commands.length !== 1 || one.redirections.length > 0 || one.wrappers.length > 0) return null;
  const rest = one.words.slice(1).map((word) => word.value);
  const tool = one.name === "npx" ? rest.findIndex((word) => !word?.startsWith("-")) : -1;
  if (tool >= 0) return follow(baseName(rest[tool] ?? ""), rest.slice(tool + 1), project, depth + 1);
  return follow(one.name, rest, project, depth + 1);
}

/** Flags of `node` that load a module first. Source: the manual of Node.js. */
const loading: ReadonlySet<string> = new Set(["-r", "--require", "--import", "--loader", "--experimental-loader"]);

/** `node -r ./tracing.js dist/main.js`. */
function scriptOf(words: readonly string[]): NodeStart | null {
  const files: string[] = [];
  for (let at = 0; at < words.length; at++) {
    const word = words[at] as string;
    if (!word.startsWith("-"))
      return { kind: "script", script: word, files: [...files, ...pathsOf(words.slice(at + 1))] };
    const equals = word.indexOf("=");
    const name = equals < 0 ? word : word.slice(0, equals);
    if (/^(?:-e|--eval|-p|--print|-)$/.test(name)) return null;
    if (!loading.has(name) && name !== "--env-file" && name !== "-C" && name !== "--conditions") continue;
    const value = equals < 0 ? (words[++at] ?? "") : word.slice(equals + 1);
    // A module's name is looked up in node_modules.
    if (/^\.{0,2}\//.test(value) || name === "--env-file") files.push(value);
    else if (/tsconfig-paths/.test(value)) files.push("tsconfig.json");
  }
  return null;
}

function pathsOf(words: readonly string[]): readonly string[] {
  return words.filter((word) => !word.startsWith("-") && word.includes("/") && !word.includes("://"));
}
