/** Which files a run is about, and reading them. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { isDockerfileName } from "./names";

/** One file to lint. */
export interface Target {
  /** As it is shown: relative to the working directory, forward slashes. */
  readonly path: string;
  /** Absolute, forward slashes. */
  readonly absolute: string;
  /** True when it was named on the command line: then it is linted whatever it is called and whatever `ignore` says. */
  readonly named: boolean;
}

export interface FileFault {
  readonly path: string;
  /** A clause that follows the name. */
  readonly message: string;
}

export interface Targets {
  readonly targets: readonly Target[];
  readonly faults: readonly FileFault[];
  /** Files of a list that were left out, since their names are no Dockerfiles'. */
  readonly passedOver: number;
}

// Folders that hold the work of others, or none at all.
const skippedFolders: ReadonlySet<string> = new Set([
  "node_modules",
  "bower_components",
  "vendor",
  ".git",
  ".hg",
  ".svn",
  ".venv",
  ".tox",
]);

/**
 * The files behind the arguments: files as they are, folders searched for Dockerfiles by name, globs. Each file once, in
 * the order of the arguments; the files of a folder sorted, before those of its folders. What does not exist becomes a fault.
 * `listed`: names that a program listed, which may be all files of a project: they are sifted by name, like a folder's.
 */
export async function findTargets(
  args: readonly string[],
  cwd: string,
  listed: readonly string[] = [],
): Promise<Targets> {
  const targets = new Map<string, Target>();
  const faults: FileFault[] = [];
  const add = (absolute: string, named: boolean): void => {
    const key = slashes(absolute);
    const before = targets.get(key);
    if (!before || (named && !before.named)) targets.set(key, { path: shownPath(cwd, absolute), absolute: key, named });
  };
  const unreadable = (folder: string, error: unknown): void => {
    faults.push({ path: shownPath(cwd, folder), message: `cannot be searched (${reason(error)})` });
  };
  for (const arg of args) {
    const absolute = path.resolve(cwd, arg);
    const kind = kindOf(absolute);
    if (kind === "file") add(absolute, true);
    else if (kind === "folder") searchFolder(absolute, (file) => add(file, false), unreadable);
    else if (kind === "missing" && isGlob(arg)) for (const file of await searchGlob(arg, cwd)) add(file, false);
    else faults.push({ path: slashes(arg), message: kind === "missing" ? "does not exist" : kind });
  }
  let passedOver = 0;
  for (const name of listed) {
    const absolute = path.resolve(cwd, name);
    const kind = kindOf(absolute);
    if (kind === "folder") searchFolder(absolute, (file) => add(file, false), unreadable);
    else if (!isDockerfileName(name)) passedOver++;
    else if (kind === "file") add(absolute, false);
    else faults.push({ path: slashes(name), message: kind === "missing" ? "does not exist" : kind });
  }
  return { targets: [...targets.values()], faults, passedOver };
}

/** The bytes of a file, or why they cannot be read: a clause that follows the name. */
export function readBytes(absolute: string): Uint8Array | { readonly fault: string; readonly missing: boolean } {
  try {
    return readFileSync(absolute);
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === "ENOENT";
    return { fault: `cannot be read (${reason(error)})`, missing };
  }
}

/** A path as it is shown: relative to the working directory where that is shorter to read, forward slashes. */
export function shownPath(cwd: string, absolute: string): string {
  const relative = path.relative(cwd, absolute);
  return slashes(relative === "" ? "." : path.isAbsolute(relative) ? absolute : relative);
}

/** Backslashes of Windows become slashes; elsewhere a backslash belongs to the name. */
export function slashes(text: string): string {
  return path.sep === "\\" ? text.replaceAll("\\", "/") : text;
}

/** What went wrong with a file, in a few words. */
export function reason(error: unknown): string {
  const code = (error as NodeJS.ErrnoException | null)?.code;
  const words: { readonly [code: string]: string } = {
    ENOENT: "it does not exist",
    EACCES: "permission denied",
    EPERM: "not permitted",
    EISDIR: "it is a folder",
    ENOTDIR: "part of its path is no folder",
    EROFS: "the file system is read-only",
    ENOSPC: "no space left",
    ELOOP: "its links go round in circles",
  };
  return (code && words[code]) || (error instanceof Error ? error.message : String(error));
}

/** `file`, `folder`, `missing`, or why it cannot be looked at. */
export function kindOf(absolute: string): string {
  try {
    const stat = statSync(absolute);
    return stat.isDirectory() ? "folder" : "file";
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    return code === "ENOENT" || code === "ENOTDIR" ? "missing" : `cannot be read (${reason(error)})`;
  }
}

// Links to files are files like any other; links to folders are not followed, since they may lead anywhere or in circles.
function searchFolder(
  folder: string,
  found: (file: string) => void,
  unreadable: (folder: string, error: unknown) => void,
): void {
  const folders = [folder];
  for (let next = folders.pop(); next !== undefined; next = folders.pop()) {
    try {
      const entries = readdirSync(next, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
      const inner: string[] = [];
      for (const entry of entries) {
        const full = path.join(next, entry.name);
        if (entry.isDirectory()) {
          if (!skippedFolders.has(entry.name)) inner.push(full);
        } else if (isDockerfileName(entry.name) && kindOf(full) !== "folder") found(full);
      }
      folders.push(...inner.reverse());
    } catch (error) {
      unreadable(next, error);
    }
  }
}

// A glob that names no names (`docker/**`) is a folder in other words; one that does is taken at its word.
async function searchGlob(glob: string, cwd: string): Promise<string[]> {
  const { glob: search } = await import("tinyglobby");
  const found = await search([slashes(glob)], {
    cwd,
    dot: true,
    absolute: true,
    onlyFiles: true,
    expandDirectories: false,
    ignore: [...skippedFolders].map((name) => `**/${name}/**`),
  });
  const vague = /^[*?]+$/.test(path.posix.basename(slashes(glob)));
  return (vague ? found.filter((file) => isDockerfileName(file)) : found).sort();
}

function isGlob(arg: string): boolean {
  return /[*?[\]{}]/.test(arg);
}
