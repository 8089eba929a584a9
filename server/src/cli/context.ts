/** What the build context holds, read from the disk when a rule asks. */
import { existsSync, readdirSync, readFileSync, realpathSync, statSync } from "node:fs";
import path from "node:path";
import type { Facts } from "../core/index";
import { decode } from "./decode";

/** Larger files are no configuration and no entry script; they are not read. */
const mostBytes = 1_000_000;

/**
 * Facts about a folder. Each question goes to the disk once, and never outside the folder. `certain`: this is the
 * build context, so what is not there is missing; otherwise it is only the folder that the Dockerfile lies in, and what
 * is not there is not known.
 */
export function contextFacts(folder: string, certain: boolean): Facts {
  const files = new Map<string, string | null | undefined>();
  const lists = new Map<string, readonly string[] | undefined>();
  return {
    file: (name) => remember(files, name, () => readText(folder, name) ?? (certain ? null : undefined)),
    list: (name) => remember(lists, name, () => (certain ? listFolder(folder, name) : undefined)),
  };
}

/**
 * True where a folder is surely the build context of the Dockerfiles in it: the root of a repository, or a folder with a
 * `.dockerignore`. The language server holds the same of workspace folders, so that both say the same.
 */
export function isContextFolder(folder: string): boolean {
  return [".dockerignore", ".git"].some((name) => existsSync(path.join(folder, name)));
}

/** The text of a file; null when it is not there, or no text. */
function readText(folder: string, name: string): string | null {
  try {
    const file = inside(folder, name);
    if (file === null || statSync(file).size > mostBytes) return null;
    const decoded = decode(readFileSync(file));
    return "fault" in decoded ? null : decoded.text;
  } catch {
    return null;
  }
}

/** The real path of a name below the folder; null where it is not there, or where it or a link on the way leads out. */
function inside(folder: string, name: string): string | null {
  const place = path.resolve(folder, `./${name}`);
  // Most of what rules ask for is not there, and an error costs many times as much as a look.
  if (!existsSync(place)) return null;
  const root = realpathSync(folder);
  const real = realpathSync(place);
  return real === root || real.startsWith(root.endsWith(path.sep) ? root : root + path.sep) ? real : null;
}

// Paths relative to the context; folders end in a slash.
function listFolder(context: string, name: string): readonly string[] | undefined {
  const prefix = path.posix.normalize(`${name || "."}/`).replace(/^\.\//, "");
  try {
    const folder = inside(context, name || ".");
    if (folder === null) return undefined;
    return readdirSync(folder).map((item) => `${prefix}${item}${isFolder(path.join(folder, item)) ? "/" : ""}`);
  } catch {
    return undefined;
  }
}

function isFolder(file: string): boolean {
  try {
    return statSync(file).isDirectory();
  } catch {
    return false;
  }
}

function remember<T>(map: Map<string, T>, key: string, make: () => T): T {
  if (map.has(key)) return map.get(key) as T;
  const made = make();
  map.set(key, made);
  return made;
}
