/** Which configuration governs a document: its nearest config file, inside its workspace folder, under the settings. */
import { URI } from "vscode-uri";
import {
  type ConfigFile,
  type ConfigSource,
  createConfigSource,
  createIgnore,
  joinPath,
  parentOf,
  relativeTo,
  toConfig,
} from "../config/index";
import type { AnyRule, Config, FileReader } from "../core/index";
import { effectiveRegistry } from "./effective-registry";
import type { FeatureSettings } from "./feature-settings";
import type { DocumentRegistry } from "./registry";
import { defaultSettings, type Settings } from "./settings";

/** The configuration of one document. */
export interface DocumentConfig {
  readonly config: Config;
  readonly enabled: boolean;
  /** ShellCheck may be asked. */
  readonly shellcheck: boolean;
  readonly features: FeatureSettings;
  readonly registry: DocumentRegistry;
  /** Left out by an `ignore` glob. */
  readonly ignored: boolean;
  /** The config file in force, or null. */
  readonly file: ConfigFile | null;
  /** URI of the workspace folder that holds the document, or null. */
  readonly folder: string | null;
  /** Path relative to the workspace folder, else the name alone; decoded, forward slashes. */
  readonly path: string;
}

export interface Configurations {
  /** The configuration of a document. Never rejects. */
  of(uri: string): Promise<DocumentConfig>;
  /** URI of the innermost workspace folder that holds a document, or null. */
  folderOf(uri: string): string | null;
  /** The workspace folders, as URIs without a slash at the end. */
  readonly folders: readonly string[];
  setFolders(folders: readonly string[]): void;
  /** Settings of a workspace folder; null: those of everything outside. */
  setSettings(folder: string | null, settings: Settings): void;
  /** Whether config files may say that registries are asked, and which. False until told otherwise. */
  setTrusted(trusted: boolean): void;
  /** Forgets what was read from config files. */
  clear(): void;
}

/** Makes the look-up. `reader` reads URIs. */
export function createConfigurations(reader: FileReader, rules: readonly AnyRule[]): Configurations {
  let folders: readonly string[] = [];
  let isTrusted = false;
  const settings = new Map<string | null, Settings>();
  const sources = new Map<string | null, ConfigSource>();
  // A config is made once for each pair of file and settings, so that a thousand documents share one.
  let configs = new WeakMap<Settings, Map<ConfigFile | null, Config>>();
  const ignores = new WeakMap<ConfigFile, (path: string) => boolean>();

  const folderOf = (uri: string): string | null => {
    let found: string | null = null;
    for (const folder of folders) {
      if (relativeTo(folder, uri) !== null && (found === null || folder.length > found.length)) found = folder;
    }
    return found;
  };
  const sourceOf = (folder: string | null): ConfigSource => {
    const known = sources.get(folder);
    if (known) return known;
    const made = createConfigSource({ reader, rules, boundary: folder });
    sources.set(folder, made);
    return made;
  };
  const configOf = (set: Settings, file: ConfigFile | null): Config => {
    const byFile = configs.get(set) ?? new Map<ConfigFile | null, Config>();
    configs.set(set, byFile);
    const known = byFile.get(file);
    if (known) return known;
    const made = combine(rules, set.file, file);
    byFile.set(file, made);
    return made;
  };
  const findFile = async (uri: string, folder: string | null, set: Settings): Promise<ConfigFile | null> => {
    const source = sourceOf(folder);
    if (set.configPath !== null) {
      const path = locateConfig(set.configPath, folder);
      if (path !== null) return source.load(path);
    }
    // A document that lies nowhere has no folder to look into.
    return uri.startsWith("untitled:") || parentOf(uri) === null ? null : source.forFile(uri);
  };
  const isIgnored = (file: ConfigFile | null, uri: string): boolean => {
    if (!file || file.ignore.length === 0) return false;
    const path = relativeTo(parentOf(file.path) ?? "", uri);
    if (path === null) return false;
    const test = ignores.get(file) ?? createIgnore(file.ignore);
    ignores.set(file, test);
    return test(decoded(path));
  };

  return {
    get folders() {
      return folders;
    },
    folderOf,
    async of(uri) {
      const folder = folderOf(uri);
      const set = settings.get(folder) ?? settings.get(null) ?? defaultSettings;
      const file = await findFile(uri, folder, set).catch(() => null);
      const path = folder === null ? uri.slice(uri.lastIndexOf("/") + 1) : (relativeTo(folder, uri) ?? "");
      return {
        config: configOf(set, file),
        enabled: set.enabled,
        shellcheck: set.shellcheck,
        features: set.features,
        registry: effectiveRegistry(set.file, file, folder, isTrusted),
        ignored: isIgnored(file, uri),
        file,
        folder,
        path: uri.startsWith("untitled:") ? "Dockerfile" : decoded(path) || "Dockerfile",
      };
    },
    setFolders(list) {
      folders = list.map((folder) => folder.replace(/\/$/, ""));
      sources.clear();
    },
    setSettings(folder, set) {
      settings.set(folder === null ? null : folder.replace(/\/$/, ""), set);
    },
    setTrusted(trusted) {
      isTrusted = trusted;
    },
    clear() {
      for (const source of sources.values()) source.clear();
      configs = new WeakMap();
    },
  };
}

/**
 * The settings of the editor stand above the file, as options do on the command line; but which rules are on at all is
 * the file's to say, where it says it, so that editor and pipeline of a project agree.
 */
function combine(rules: readonly AnyRule[], settings: ConfigFile | null, file: ConfigFile | null): Config {
  if (!settings) return toConfig(file, rules);
  return toConfig(file, rules, {
    ...(settings.extends && !file?.extends ? { presets: settings.extends } : {}),
    overrides: [settings.rules],
    ...(settings.inlineConfig === null ? {} : { inlineConfig: settings.inlineConfig }),
    ...(settings.target === null ? {} : { target: settings.target }),
    buildArgs: settings.buildArgs,
  });
}

function locateConfig(path: string, folder: string | null): string | null {
  if (/^[a-z][a-z0-9+.-]+:\/\//i.test(path)) return path;
  if (/^(?:\/|[A-Za-z]:[\\/])/.test(path)) return URI.file(path).toString();
  return folder === null ? null : joinPath(folder, path.replace(/\\/g, "/").replace(/^\.\//, ""));
}

export function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
