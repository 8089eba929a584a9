/** What the build context holds, as far as somebody asked. Questions are noted while checking and answered afterwards. */
import { joinPath } from "../config/index";
import type { Facts, FileReader } from "../core/index";

export interface ContextFacts extends Facts {
  /** True when a check asked something that is not known yet. */
  readonly wanting: boolean;
  /** Fetches what was asked; true when anything was learnt, so that checking again makes sense. */
  fetch(): Promise<boolean>;
  /** Asks everything again, for files may have changed; true when an answer is another than before. */
  refresh(): Promise<boolean>;
}

/**
 * Facts about the folder that a Dockerfile lies in. It is the build context most of the time, not always: what is there
 * counts in any case, but that something is missing is known only where `isContext` says that this is the folder; it may
 * ask for what the folder holds.
 */
export function createContextFacts(
  reader: FileReader,
  folder: string,
  isContext: (holds: (name: string) => boolean) => boolean,
): ContextFacts {
  const files = new Map<string, string | null | undefined>();
  const lists = new Map<string, readonly string[] | undefined>();
  const wantedFiles = new Set<string>();
  const wantedLists = new Set<string>();
  /** Answers questions; true when an answer is another than before. */
  const ask = async (paths: readonly string[], folders: readonly string[]): Promise<boolean> => {
    if (paths.length + folders.length === 0) return false;
    const names = await reader.list(folder).catch(() => null);
    // One look into the folder spares a look for each of the files that are not there, which is most of them.
    const held = new Set(names?.map((name) => name.replace(/\/$/, "")));
    const certain = isContext((name) => held.has(name));
    const mayHold = (path: string): boolean => held.has(/^(?:\.?\/)*([^/]*)/.exec(path)?.[1] ?? "");
    let changed = false;
    const answerFile = async (path: string): Promise<void> => {
      const read = mayHold(path) ? await readInside(reader, folder, path) : null;
      const text = read ?? (certain ? null : undefined);
      changed ||= text !== files.get(path);
      files.set(path, text);
    };
    const answerList = async (path: string): Promise<void> => {
      const names = certain ? await listInside(reader, folder, path) : undefined;
      changed ||= names?.join("\n") !== lists.get(path)?.join("\n");
      lists.set(path, names);
    };
    await Promise.all([...paths.map(answerFile), ...folders.map(answerList)]);
    return changed;
  };
  return {
    get wanting() {
      return wantedFiles.size + wantedLists.size > 0;
    },
    file(path) {
      if (!files.has(path)) wantedFiles.add(path);
      return files.get(path);
    },
    list(path) {
      if (!lists.has(path)) wantedLists.add(path);
      return lists.get(path);
    },
    async fetch() {
      const paths = [...wantedFiles];
      const folders = [...wantedLists];
      wantedFiles.clear();
      wantedLists.clear();
      return ask(paths, folders);
    },
    refresh: () => ask([...files.keys()], [...lists.keys()]),
  };
}

async function readInside(reader: FileReader, folder: string, path: string): Promise<string | null> {
  const place = inside(folder, path);
  return place === null ? null : reader.read(place).catch(() => null);
}

/** Names as paths relative to the context, folders with a slash at the end. */
async function listInside(reader: FileReader, folder: string, path: string): Promise<readonly string[] | undefined> {
  const place = inside(folder, path);
  const names = place === null ? null : await reader.list(place).catch(() => null);
  const prefix = path.replace(/^(?:\.?\/)+/, "").replace(/^\.$|\/+$/g, "");
  return names?.map((name) => (prefix === "" ? name : joinPath(prefix, name)));
}

/** A path of the build context below its folder; null where it would lead out of it. */
function inside(folder: string, path: string): string | null {
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "" || part === ".") continue;
    if (part !== "..") parts.push(encodeURIComponent(part));
    else if (parts.pop() === undefined) return null;
  }
  return parts.length === 0 ? folder : joinPath(folder, parts.join("/"));
}
