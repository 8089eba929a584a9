/** Reads files for the language server in Node. Paths are `file:` URIs. */
import { readdir, readFile, stat } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { FileReader } from "../core/index";

/** Files beyond this many bytes are not read: nothing that the server looks at comes near. */
const mostBytes = 8_000_000;

/** Reads the local disk. Never rejects: what cannot be read is null. */
export const diskReader: FileReader = {
  async read(uri) {
    try {
      const path = fileURLToPath(uri);
      const info = await stat(path);
      // A pipe or a device would be read for ever.
      return info.isFile() && info.size <= mostBytes ? await readFile(path, "utf8") : null;
    } catch {
      return null;
    }
  },
  async list(uri) {
    try {
      const entries = await readdir(fileURLToPath(uri), { withFileTypes: true });
      return entries.map((entry) => (entry.isDirectory() ? `${entry.name}/` : entry.name));
    } catch {
      return null;
    }
  },
};
