/** What the build context holds, read from the disk when a rule asks. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import type { Facts } from "../core/index";
import { decode } from "./decode";

/** Facts about a build context that was named. Each question goes to the disk once. */
export function contextFacts(folder: string): Facts {
  const files = new Map<string, string | null | undefined>();
  const lists = new Map<string, readonly string[] | undefined>();
  return {
    file: (name) => remember(files, name, () => readText(path.resolve(folder, name))),
    list: (name) => remember(lists, name, () => listFolder(folder, name)),
  };
}

function readText(file: string): string | null | undefined {
  try {
    const decoded = decode(readFileSync(file));
    return "fault" in decoded ? undefined : decoded.text;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    return code === "ENOENT" || code === "ENOTDIR" ? null : undefined;
  }
}

// Paths relative to the context; folders end in a slash.
function listFolder(context: string, name: string): readonly string[] | undefined {
  const folder = path.resolve(context, name);
  const prefix = path.posix.normalize(`${name || "."}/`).replace(/^\.\//, "");
  try {
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
