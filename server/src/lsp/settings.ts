/** The editor's settings (`plimsoll.*`): the keys of the config file, and a few that only an editor can have. */
import type { ConfigFile } from "../config/types";
import type { AnyRule } from "../core/index";
import { defaultFeatures, type FeatureSettings, readFeatureSettings } from "./feature-settings";

export interface Settings {
  /** `plimsoll.enable`: false silences everything. */
  readonly enabled: boolean;
  /** `plimsoll.configPath`: a config file to use instead of looking for one; relative to the workspace folder. */
  readonly configPath: string | null;
  /** `plimsoll.shellcheck`: `auto` asks ShellCheck where it is on the PATH. */
  readonly shellcheck: boolean;
  /** `plimsoll.inlayHints`, `plimsoll.codeLens`. */
  readonly features: FeatureSettings;
  /** The keys that a config file has as well, read by the same reader; null when none is set. */
  readonly file: ConfigFile | null;
}

/** What holds while the editor said nothing. */
export const defaultSettings: Settings = {
  enabled: true,
  configPath: null,
  shellcheck: false,
  features: defaultFeatures,
  file: null,
};

/** Reads a settings section, as it came over the wire. Wrong values are left out, never thrown. */
export async function readSettings(raw: unknown, rules: readonly AnyRule[]): Promise<Settings> {
  if (!isRecord(raw)) return defaultSettings;
  const shared = sharedKeys(raw);
  return {
    enabled: raw.enable !== false,
    configPath: typeof raw.configPath === "string" && raw.configPath !== "" ? raw.configPath : null,
    shellcheck: raw.shellcheck === "auto",
    features: readFeatureSettings(raw),
    file: shared === null ? null : await parseShared(shared, rules),
  };
}

/** The part of the settings that a config file could say too, in its words; null when there is nothing. */
function sharedKeys(raw: Record<string, unknown>): Record<string, unknown> | null {
  const shared: Record<string, unknown> = {};
  const preset = raw.preset;
  // `recommended` is what holds anyway, and the default that an editor sends.
  if (preset !== undefined && preset !== null && preset !== "" && preset !== "recommended") shared.extends = preset;
  if (isRecord(raw.rules) && Object.keys(raw.rules).length > 0) shared.rules = raw.rules;
  if (isRecord(raw.buildArgs) && Object.keys(raw.buildArgs).length > 0) shared.buildArgs = raw.buildArgs;
  if (typeof raw.target === "string" && raw.target !== "") shared.target = raw.target;
  const registry = isRecord(raw.registry) ? Object.entries(raw.registry).filter(([, value]) => !isEmpty(value)) : [];
  if (registry.length > 0) shared.registry = Object.fromEntries(registry);
  if (raw.inlineConfig === false) shared.inlineConfig = false;
  return Object.keys(shared).length === 0 ? null : shared;
}

async function parseShared(shared: Record<string, unknown>, rules: readonly AnyRule[]): Promise<ConfigFile> {
  // The reader brings a YAML parser; JSON is YAML, and most editors never set one of these keys.
  const { parseConfig } = await import("../config/read");
  return parseConfig(JSON.stringify(shared), "settings", rules);
}

/** True for the defaults that an editor sends. */
function isEmpty(value: unknown): boolean {
  return value === false || value === null || (typeof value === "object" && Object.keys(value).length === 0);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
