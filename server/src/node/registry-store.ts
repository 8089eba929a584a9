/** Keeps what registries said in the user's cache folder, one small file for each answer. */
import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import path from "node:path";
import type { AnswerStore } from "../registry/ports";

/** Days after which an answer is thrown away; nobody would believe it then. */
const mostDays = 30;
/** Answers longer than this many characters are not kept. */
const longestText = 1_000_000;

/** The folder for a kind of machine; the variables decide, as for other programs. */
export function cacheFolder(env: NodeJS.ProcessEnv, platform: string = process.platform): string {
  if (env.PLIMSOLL_CACHE) return path.join(env.PLIMSOLL_CACHE, "registry");
  if (env.XDG_CACHE_HOME && path.isAbsolute(env.XDG_CACHE_HOME)) {
    return path.join(env.XDG_CACHE_HOME, "plimsoll", "registry");
  }
  if (platform === "win32") return path.join(env.LOCALAPPDATA ?? homedir(), "plimsoll", "registry");
  const own = platform === "darwin" ? path.join("Library", "Caches") : ".cache";
  return path.join(homedir(), own, "plimsoll", "registry");
}

/** Keeps answers below a folder, readable for the user alone. Failing costs nothing but asking again. */
export function createStore(folder: string): AnswerStore {
  let opened: Promise<void> | null = null;
  const open = (): Promise<void> => {
    opened ??= mkdir(folder, { recursive: true, mode: 0o700 }).then(() => void clean(folder));
    return opened;
  };
  const fileOf = (key: string): string => path.join(folder, `${createHash("sha256").update(key).digest("hex")}.json`);
  return {
    async read(key) {
      try {
        const [first, ...rest] = (await readFile(fileOf(key), "utf8")).split("\n");
        // The key stands in the file, so that two of one hash, or a foreign file, are never mixed up.
        return first === key ? rest.join("\n") : null;
      } catch {
        return null;
      }
    },
    async write(key, text) {
      if (text.length > longestText || key.includes("\n")) return;
      try {
        await open();
        const file = fileOf(key);
        const beside = `${file}.${process.pid}.tmp`;
        await writeFile(beside, `${key}\n${text}`, { mode: 0o600 });
        await rename(beside, file);
      } catch {
        // A cache on a full or read-only disk is none.
      }
    },
  };
}

/** Throws old answers away, once in a run. */
async function clean(folder: string): Promise<void> {
  try {
    const oldest = Date.now() - mostDays * 24 * 60 * 60_000;
    for (const name of await readdir(folder)) {
      const file = path.join(folder, name);
      if (/^[0-9a-f]{64}\.json/.test(name) && (await stat(file)).mtimeMs < oldest) await rm(file, { force: true });
    }
  } catch {
    // Another run may clean at the same time.
  }
}
