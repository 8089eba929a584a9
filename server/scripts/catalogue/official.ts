/** Reads the library files of docker-library/official-images: which tags are live, and which of them name one image. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** One image of a repository: all tags that name it. */
export interface OfficialEntry {
  /** Tags of this image alone, then those it shares with others (a Windows image shares `1.27` with a Linux one). */
  readonly tags: readonly string[];
  readonly architectures: readonly string[];
  readonly directory: string;
}

/** Reads every file of `<folder>/library`, by repository name, sorted. */
export function readOfficialImages(folder: string): ReadonlyMap<string, readonly OfficialEntry[]> {
  const library = join(folder, "library");
  const result = new Map<string, readonly OfficialEntry[]>();
  for (const name of readdirSync(library).sort()) {
    result.set(name, readLibraryFile(readFileSync(join(library, name), "utf8")));
  }
  return result;
}

/**
 * Reads one library file: paragraphs of `Field: value` lines, the first of which holds defaults for the others.
 * Format: https://github.com/docker-library/official-images#instruction-format
 */
export function readLibraryFile(text: string): readonly OfficialEntry[] {
  const paragraphs = readParagraphs(text);
  const defaults =
    paragraphs[0] !== undefined && !paragraphs[0].has("Tags") ? paragraphs[0] : new Map<string, string>();
  const entries: OfficialEntry[] = [];
  for (const paragraph of paragraphs) {
    const own = paragraph.get("Tags");
    if (own === undefined) continue;
    const field = (name: string): string => paragraph.get(name) ?? defaults.get(name) ?? "";
    const architectures = list(field("Architectures") === "" ? "amd64" : field("Architectures"));
    const directory = field("Directory") === "" ? field(`${architectures[0]}-Directory`) : field("Directory");
    entries.push({ tags: [...list(own), ...list(paragraph.get("SharedTags") ?? "")], architectures, directory });
  }
  return entries;
}

function readParagraphs(text: string): Map<string, string>[] {
  const paragraphs: Map<string, string>[] = [];
  let current: Map<string, string> | null = null;
  let field = "";
  for (const line of text.split(/\r?\n/)) {
    if (line.startsWith("#")) continue;
    if (line.trim() === "") {
      current = null;
      continue;
    }
    if (current === null) {
      current = new Map();
      paragraphs.push(current);
    }
    const match = /^([A-Za-z0-9-]+):\s*(.*)$/.exec(line);
    if (match !== null) {
      field = match[1] ?? "";
      current.set(field, match[2] ?? "");
    } else {
      current.set(field, `${current.get(field) ?? ""} ${line.trim()}`);
    }
  }
  return paragraphs;
}

function list(value: string): readonly string[] {
  return value
    .split(",")
    .map((item) => item.trim())
    .filter((item) => item !== "");
}
