/** Puts what was mended back where it came from. */
import { mkdirSync, readFileSync } from "node:fs";
import path from "node:path";
import type { OtherFile } from "../core/index";
import { type Decoded, decode, encode } from "./decode";
import { readBytes } from "./files";
import { appendTo } from "./reporters/json";
import { writeWhole } from "./write";

/**
 * Writes a mended Dockerfile and the files that change with it. Throws the file system's error, and an Error when the
 * file has changed since it was read.
 */
export function saveFixes(absolute: string, before: Decoded, text: string, others: readonly OtherFile[]): void {
  const now = readBytes(absolute);
  const same =
    !("fault" in now) && Buffer.compare(Buffer.from(now), Buffer.from(encode(before.text, before.mark))) === 0;
  if (!same) throw new Error("it changed while it was being read");
  writeWhole(absolute, encode(text, before.mark));
  for (const other of others) saveOther(absolute, other);
}

/** Reads files that lie beside a Dockerfile, by their path from its folder. */
export function siblingReader(absolute: string): (relative: string) => string | null {
  return (relative) => {
    try {
      const decoded = decode(readFileSync(beside(absolute, relative)));
      return "fault" in decoded ? null : decoded.text;
    } catch {
      return null;
    }
  };
}

function saveOther(absolute: string, other: OtherFile): void {
  const text = siblingReader(absolute)(other.path) ?? "";
  const present = new Set(text.split(/\r?\n/));
  // What stands there already is not written a second time.
  const missing = other.append.split(/\r?\n/).filter((line) => line === "" || !present.has(line));
  if (missing.every((line) => line === "")) return;
  const file = beside(absolute, other.path);
  mkdirSync(path.dirname(file), { recursive: true });
  writeWhole(file, appendTo(text, missing.join("\n")));
}

function beside(absolute: string, relative: string): string {
  return path.resolve(path.dirname(absolute), relative);
}
