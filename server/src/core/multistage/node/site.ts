/** Static files of a web project: what serves them, from where, on which port. */
import type { Facts } from "../../rule";
import { effectiveCommands } from "../../shell/commands";
import { parseShell } from "../../shell/parse";
import { startKind } from "../purpose";
import { type Start, type StartCommand, startCommands } from "../start";

/** A server of static files, read from CMD or from the script in package.json that CMD runs. */
export interface Site {
  readonly server: "serve" | "http-server" | "vite preview" | "nginx";
  /** The folder that is served, as written; null when it is not said. */
  readonly folder: string | null;
  /** The port that is asked for; null when none is. `unknown` when it depends on a variable or is no plain number. */
  readonly port: number | "unknown" | null;
  /** True when every address that is no file answers with index.html (`serve -s`). */
  readonly singlePage: boolean;
  /** False when a flag does more than serve files (certificates, proxies, a configuration file). */
  readonly plain: boolean;
}

/**
 * The server of static files that a container starts; null when it starts something else. `develops` when package.json
 * is known and its script is a development server. Without package.json only what CMD itself says counts.
 */
export function readSite(start: Start, facts: Facts): Site | "develops" | null {
  if (start.commands.length !== 1) return null;
  const [command] = start.commands;
  if (!command) return null;
  const direct = siteOf(command);
  if (direct) return direct;
  const script = scriptName(command);
  if (script === null) return null;
  const text = scriptText(facts.file("package.json"), script);
  if (text === null) {
    return script === "preview"
      ? { server: "vite preview", folder: null, port: null, singlePage: true, plain: false }
      : null;
  }
  const commands = startCommands(effectiveCommands(parseShell(text)));
  const kind = startKind({ instructions: [], commands, words: null, needsShell: true });
  if (kind !== "runs") return "develops";
  const [one] = commands;
  return one && commands.length === 1 ? siteOf(one) : null;
}

/** The name of the package.json script that a package manager runs, or null. */
function scriptName({ name, arguments: words }: StartCommand): string | null {
  if (!/^(?:npm|yarn|pnpm|bun)$/.test(name)) return null;
  const plain = words.filter((word) => word !== null && !word.startsWith("-")) as readonly string[];
  const [first, second] = plain;
  return (first === "run" || first === "run-script" ? second : first) ?? null;
}

/** The command behind a script of package.json; null when the file or the script is not known. */
export function scriptText(file: string | null | undefined, script: string): string | null {
  if (typeof file !== "string") return null;
  try {
    const value: unknown = JSON.parse(file);
    const scripts = (value as { scripts?: Record<string, unknown> } | null)?.scripts;
    const text = scripts && Object.hasOwn(scripts, script) ? scripts[script] : undefined;
    return typeof text === "string" ? text : null;
  } catch {
    return null;
  }
}

function siteOf({ name, arguments: words }: StartCommand): Site | null {
  switch (name) {
    case "serve":
      return withFlags("serve", words, serveFlags);
    case "http-server":
      return withFlags("http-server", words, httpServerFlags);
    case "vite":
      return words[0] === "preview" ? withFlags("vite preview", words.slice(1), viteFlags) : null;
    case "nginx":
      return { server: "nginx", folder: null, port: null, singlePage: false, plain: false };
    default:
      return null;
  }
}

interface Flags {
  /** Flags that take a value, by what it means. */
  readonly values: Readonly<Record<string, "port" | "ignored" | "folder">>;
  /** Flags without a value that change nothing that nginx would not do as well. */
  readonly harmless: ReadonlySet<string>;
  readonly single: ReadonlySet<string>;
  readonly alwaysSingle: boolean;
}

// Sources: the help texts of `serve` 14, `http-server` 14 and `vite preview` 7.
const serveFlags: Flags = {
  values: { "-l": "port", "--listen": "port", "-p": "port", "--port": "port" },
  harmless: new Set(["-n", "--no-clipboard", "-L", "--no-request-logging", "-d", "--debug", "-u", "--no-compression"]),
  single: new Set(["-s", "--single"]),
  alwaysSingle: false,
};
const httpServerFlags: Flags = {
  values: { "-p": "port", "--port": "port", "-a": "ignored", "-c": "ignored" },
  harmless: new Set(["-s", "--silent", "-g", "--gzip", "-b", "--brotli", "-U", "--utc", "--log-ip", "-c-1"]),
  single: new Set(),
  alwaysSingle: false,
};
const viteFlags: Flags = {
  values: { "--port": "port", "--outDir": "folder" },
  harmless: new Set(["--host", "--host=0.0.0.0", "--strictPort"]),
  single: new Set(),
  alwaysSingle: true,
};

function withFlags(server: Site["server"], words: readonly (string | null)[], flags: Flags): Site {
  let folder: string | null = null;
  let port: Site["port"] = null;
  let singlePage = flags.alwaysSingle;
  let plain = true;
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? null;
    if (word === null) {
      plain = false;
      continue;
    }
    const equals = word.startsWith("--") ? word.indexOf("=") : -1;
    const name = equals < 0 ? word : word.slice(0, equals);
    const meaning = Object.hasOwn(flags.values, name) ? flags.values[name] : undefined;
    if (meaning) {
      const value = equals < 0 ? (words[++at] ?? null) : word.slice(equals + 1);
      if (meaning === "port") port = readPort(value);
      else if (meaning === "folder") folder = value;
    } else if (flags.single.has(word)) singlePage = true;
    else if (word.startsWith("-")) plain &&= flags.harmless.has(word) || (server === "vite preview" && isAddress(word));
    else if (folder === null && !(server === "vite preview" && isAddress(word))) folder = word;
    else if (!isAddress(word)) plain = false;
  }
  return { server, folder, port, singlePage, plain };
}

function isAddress(word: string): boolean {
  return /^(?:--host=)?(?:0\.0\.0\.0|::)$/.test(word);
}

function readPort(value: string | null): number | "unknown" {
  const digits = value === null ? null : /^(?:tcp:(?:\/\/)?(?:0\.0\.0\.0|localhost|\[?::\]?)?:)?(\d{1,5})$/.exec(value);
  const port = Number(digits?.[1] ?? 0);
  return port > 0 && port < 65_536 ? port : "unknown";
}
