/** From what a file says, and what the command line or the editor's settings add, to the config that `lint` takes. */
import { type AnyRule, type Config, type RuleOverride, resolveConfig } from "../core/index";
import { applyRegistries, applySignatures } from "./lists";
import type { ConfigFile } from "./types";

/** What stands above the file: options of the command line, settings of the editor. */
export interface ExtraConfig {
  /** Replace those of the file. */
  readonly presets?: readonly string[];
  /** Applied after the file's, in order. */
  readonly overrides?: readonly ReadonlyMap<string, RuleOverride>[];
  readonly inlineConfig?: boolean;
  readonly target?: string;
  /** Win over those of the file, name by name. */
  readonly buildArgs?: ReadonlyMap<string, string>;
}

/** Resolves a file (null: there is none) and what stands above it. Unknown presets are skipped. */
export function toConfig(file: ConfigFile | null, rules: readonly AnyRule[], extra: ExtraConfig = {}): Config {
  const registries = new Map<string, RuleOverride>();
  // hadolint's file has put them into its rules already.
  if (file?.kind === "plimsoll") applyRegistries(rules, registries, file.registry?.trusted ?? []);
  applySignatures(rules, registries, file?.signatures ?? null);
  const presets = extra.presets ?? file?.extends;
  const target = extra.target ?? file?.target ?? null;
  return resolveConfig(rules, {
    ...(presets ? { presets } : {}),
    overrides: [registries, ...(file ? [file.rules] : []), ...(extra.overrides ?? [])],
    inlineConfig: extra.inlineConfig ?? file?.inlineConfig ?? true,
    target,
    buildArgs: new Map([...(file?.buildArgs ?? []), ...(extra.buildArgs ?? [])]),
  });
}
