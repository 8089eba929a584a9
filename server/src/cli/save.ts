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
  if (text !== before.text) writeWhole(absolute, encode(text, before.mark));
  for (const other of otherTexts(absolute, others)) {
    const file = beside(absolute, other.path);
    mkdirSync(path.dirname(file), { recursive: true });
    writeWhole(file, other.text);
  }
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

/** A file beside a Dockerfile, before and after lines were put behind it. */
export interface OtherText {
  /** Path from the Dockerfile's folder. */
  readonly path: string;
  readonly old: string;
  readonly text: string;
}

/** What the files that change with a Dockerfile will hold, each once; those to which nothing comes are left out. */
export function otherTexts(absolute: string, others: readonly OtherFile[]): readonly OtherText[] {
  const texts = new Map<string, { readonly old: string; text: string }>();
  const read = siblingReader(absolute);
  for (const { path: file, append } of others) {
    const known = texts.get(file) ?? { old: read(file) ?? "", text: read(file) ?? "" };
    texts.set(file, known);
    const present = new Set(known.text.split(/\r?\n/));
    // What stands there already is not written a second time.
    const missing = append.split(/\r?\n/).filter((line) => line === "" || !present.has(line));
    if (missing.some((line) => line !== "")) known.text = appendTo(known.text, missing.join("\n"));
  }
  return [...texts].map(([file, known]) => ({ path: file, ...known })).filter(({ old, text }) => old !== text);
}

function beside(absolute: string, relative: string): string {
  return path.resolve(path.dirname(absolute), relative);
}
