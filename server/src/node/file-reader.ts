/** Reads files for the command line. Paths are absolute, with forward slashes (which Windows takes as well). */
import { readdir, readFile, stat } from "node:fs/promises";
import type { FileReader } from "../core/index";

/** Reads the local disk. Never rejects: what cannot be read is null. */
export const pathReader: FileReader = {
  async read(path) {
    try {
      // A pipe or a device would be read for ever.
      return (await stat(path)).isFile() ? await readFile(path, "utf8") : null;
    } catch {
      return null;
    }
  },
  async list(path) {
    try {
      const entries = await readdir(path, { withFileTypes: true });
      return entries.map((entry) => (entry.isDirectory() ? `${entry.name}/` : entry.name));
    } catch {
      return null;
    }
  },
};
