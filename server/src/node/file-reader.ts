/** The port to files, over Node's file system. */
import { readdir, readFile } from "node:fs/promises";
import type { FileReader } from "../core/index";

/** Reads from the disk; paths are absolute, with forward slashes (which Windows takes as well). */
export const diskReader: FileReader = {
  async read(path) {
    try {
      return await readFile(path, "utf8");
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
