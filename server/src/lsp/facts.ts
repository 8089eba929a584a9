/** What the build context holds, as far as somebody asked. Questions are noted while checking and answered afterwards. */
import { joinPath } from "../config/index";
import type { Facts, FileReader } from "../core/index";

export interface ContextFacts extends Facts {
  /** True when a check asked something that is not known yet. */
  readonly wanting: boolean;
  /** Fetches what was asked; true when anything was learnt, so that checking again makes sense. */
  fetch(): Promise<boolean>;
  /** Forgets all answers: files changed. */
  forget(): void;
}

/**
 * Facts about the folder that a Dockerfile lies in. It is the build context most of the time, not always: what is there
 * counts in any case, but that something is missing is known only where `isContext` says that this is the folder.
 */
export function createContextFacts(
  reader: FileReader,
  folder: string,
  isContext: () => Promise<boolean>,
): ContextFacts {
  const files = new Map<string, string | null | undefined>();
  const lists = new Map<string, readonly string[] | undefined>();
  const wantedFiles = new Set<string>();
  const wantedLists = new Set<string>();
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
      const certain = await isContext();
      await Promise.all([
        ...paths.map(async (path) => {
          files.set(path, (await readInside(reader, folder, path)) ?? (certain ? null : undefined));
        }),
        ...folders.map(async (path) => {
          lists.set(path, certain ? await listInside(reader, folder, path) : undefined);
        }),
      ]);
      return [...files.values(), ...lists.values()].some((answer) => answer !== undefined);
    },
    forget() {
      files.clear();
      lists.clear();
    },
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
