/** Finds the configuration that governs a file. Works through the port, so the editor, the browser and the CLI share it. */
import type { AnyRule, FileReader } from "../core/index";
import { joinPath, nameOf, parentOf } from "./paths";
import type { ConfigFile } from "./types";

/** Our own names, in order of preference. */
export const configNames: readonly string[] = [".plimsoll.yaml", ".plimsoll.yml"];

/** Names of hadolint's file, read where there is none of ours. */
export const hadolintNames: readonly string[] = [".hadolint.yaml", ".hadolint.yml"];

/** True for a file that this product reads its configuration from. */
export function isConfigName(path: string): boolean {
  const name = nameOf(path);
  return configNames.includes(name) || hadolintNames.includes(name);
}

/** Looks configurations up and remembers what it saw. */
export interface ConfigSource {
  /** The configuration of a file by its path, or null when there is none. Never rejects: faults are its `problems`. */
  forFile(path: string): Promise<ConfigFile | null>;
  /** Reads one configuration by its path, wherever it lies. Null when it cannot be read. */
  load(path: string): Promise<ConfigFile | null>;
  /** Forgets everything: to be called when a configuration file changed. */
  clear(): void;
}

export interface ConfigSourceOptions {
  readonly reader: FileReader;
  readonly rules: readonly AnyRule[];
  /** The folder above which nobody looks; null: the first folder that holds `.git`. */
  readonly boundary: string | null;
}

/** Makes a source. Paths are absolute, or URIs, with forward slashes. */
export function createConfigSource(options: ConfigSourceOptions): ConfigSource {
  const listings = new Map<string, Promise<Listing>>();
  const folders = new Map<string, Promise<Folder>>();
  const files = new Map<string, Promise<ConfigFile | null>>();
  const list = (path: string): Promise<Listing> => remember(listings, path, () => options.reader.list(path));
  const look = (path: string): Promise<Folder> => remember(folders, path, () => lookInto(path));
  const load = (path: string): Promise<ConfigFile | null> => remember(files, path, () => read(options, path));
  const lookInto = async (path: string): Promise<Folder> => {
    const names = await list(path);
    if (names !== null) return seenAmong(names);
    // An editor may show files of a folder that is gone; the one above it knows.
    const above = path === options.boundary ? null : parentOf(path);
    const siblings = above === null ? null : await list(above);
    return siblings && isMissing(nameOf(path), siblings) ? nothing : tryInside(options.reader, path);
  };
  return {
    async forFile(path) {
      if (options.boundary !== null) setOut(path, options.boundary, list);
      let fallback: string | null = null;
      for (let folder = parentOf(path); folder !== null; folder = parentOf(folder)) {
        const seen = await look(folder);
        if (seen.own !== null) return load(joinPath(folder, seen.own));
        if (fallback === null && seen.hadolint !== null) fallback = joinPath(folder, seen.hadolint);
        if (folder === options.boundary || (options.boundary === null && seen.holdsGit)) break;
      }
      return fallback === null ? null : load(fallback);
    },
    load,
    clear() {
      listings.clear();
      folders.clear();
      files.clear();
    },
  };
}

type Listing = readonly string[] | null;

/** In the browser each listing is a journey to the editor and back, so those of all folders set out together. */
function setOut(path: string, boundary: string, list: (folder: string) => Promise<Listing>): void {
  if (!path.startsWith(`${boundary}/`)) return;
  for (let at = parentOf(path); at !== null; at = at === boundary ? null : parentOf(at)) void list(at);
}

/** What one folder holds. */
interface Folder {
  readonly own: string | null;
  readonly hadolint: string | null;
  readonly holdsGit: boolean;
}

const nothing: Folder = { own: null, hadolint: null, holdsGit: false };

function seenAmong(names: readonly string[]): Folder {
  // A folder of that name counts as well: it is reported instead of being passed over in silence.
  const held = new Set(names.map((name) => name.replace(/\/$/, "")));
  const first = (list: readonly string[]): string | null => list.find((name) => held.has(name)) ?? null;
  return { own: first(configNames), hadolint: first(hadolintNames), holdsGit: held.has(".git") };
}

/** True where a name is not in the listing. In a URI it may be written otherwise than there: then nobody knows. */
function isMissing(name: string, listing: readonly string[]): boolean {
  return !name.includes("%") && !listing.some((held) => held.replace(/\/$/, "") === name);
}

/** Some folders may be entered but not listed. */
async function tryInside(reader: FileReader, path: string): Promise<Folder> {
  return {
    own: await firstReadable(reader, path, configNames),
    hadolint: await firstReadable(reader, path, hadolintNames),
    holdsGit: false,
  };
}

async function firstReadable(reader: FileReader, folder: string, names: readonly string[]): Promise<string | null> {
  for (const name of names) if ((await reader.read(joinPath(folder, name))) !== null) return name;
  return null;
}

async function read(options: ConfigSourceOptions, path: string): Promise<ConfigFile | null> {
  const text = await options.reader.read(path);
  // Most files have no configuration beside them, so the YAML parser is loaded when the first one appears.
  const { parseConfig, unreadableConfig } = await import("./read");
  if (text !== null) return parseConfig(text, path, options.rules);
  const folder = (await options.reader.list(path)) !== null;
  return unreadableConfig(path, folder ? "It is a folder, not a file." : "It cannot be read.");
}

function remember<T>(map: Map<string, Promise<T>>, key: string, make: () => Promise<T>): Promise<T> {
  const known = map.get(key);
  if (known) return known;
  const made = make();
  map.set(key, made);
  return made;
}
