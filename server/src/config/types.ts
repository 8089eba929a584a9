/** What a configuration file says, once it is read. */
import type { SignaturePolicy } from "../core/image/signature-policy";
import type { OptionValue, Range, RuleOverride, Severity } from "../core/index";

/** From which severity on a run fails; `never`: it does not. */
export type FailOn = Severity | "never";

/** All values of `failOn`, most lenient last. */
export const failOnValues: readonly FailOn[] = ["error", "warning", "info", "hint", "never"];

/** One fault of a configuration file, or something that had to be left out of it. */
export interface ConfigProblem {
  /** `error`: the file cannot be trusted as it stands. `info`: something of another tool that has no counterpart. */
  readonly severity: "error" | "warning" | "info";
  readonly message: string;
  /** Where it stands: zero-based lines, UTF-16 characters. */
  readonly range: Range;
}

/** What may be asked of a registry. Nothing is, unless `online` is true. */
export interface RegistrySettings {
  readonly online: boolean;
  /** Registries that images may come from; empty: all. */
  readonly trusted: readonly string[];
  /** Prefixes of images, and the prefixes to ask instead, in their order. */
  readonly mirrors: ReadonlyMap<string, readonly string[]>;
  /** Hosts (with port) that may be asked without TLS. */
  readonly insecure: readonly string[];
  /** Files with certificates (PEM) of further authorities, relative to the folder of the file that names them. */
  readonly ca: readonly string[];
}

/** What holds where nothing is said of registries. */
export const noRegistrySettings: RegistrySettings = {
  online: false,
  trusted: [],
  mirrors: new Map(),
  insecure: [],
  ca: [],
};

/** A configuration file, parsed. Null marks what it does not mention. */
export interface ConfigFile {
  /** As the host names it (absolute path or URI), forward slashes. */
  readonly path: string;
  readonly kind: "plimsoll" | "hadolint";
  /** Names of presets, in order. */
  readonly extends: readonly string[] | null;
  /** By rule id of ours; ids of peers are already replaced. */
  readonly rules: ReadonlyMap<string, RuleOverride>;
  /** Globs, relative to the folder of this file. */
  readonly ignore: readonly string[];
  readonly failOn: FailOn | null;
  readonly registry: RegistrySettings | null;
  /** Paths in it are relative to the folder of this file. */
  readonly signatures: SignaturePolicy | null;
  readonly buildArgs: ReadonlyMap<string, string>;
  readonly target: string | null;
  readonly inlineConfig: boolean | null;
  readonly problems: readonly ConfigProblem[];
}

export type { OptionValue };
