/** Presets are data: which rules are on, how severe, with which options. */
import { buildkitSetting } from "./presets/buildkit";
import { hadolintSetting } from "./presets/hadolint";
import type { AnyRule, Peer, Severity } from "./rule";

export type OptionValue = boolean | number | string | readonly string[];

/** How one rule is set. */
export interface RuleSetting {
  readonly severity: Severity | "off";
  /** Only what differs from the rule's defaults. */
  readonly options: { readonly [name: string]: OptionValue };
  /** Only findings that answer to one of these tools are reported; all when absent. */
  readonly peers?: readonly Peer[];
}

/** What a config file, a preset or the command line says of one rule; missing parts come from what stood before. */
export interface RuleOverride {
  readonly severity?: Severity | "off" | "on";
  readonly options?: { readonly [name: string]: OptionValue };
  /** For presets that stand in for another tool: what our rule finds beyond it is left out. */
  readonly peers?: readonly Peer[];
}

/** Everything that decides what `lint` reports. Fully resolved: holds a setting for each rule that is on. */
export interface Config {
  readonly rules: ReadonlyMap<string, RuleSetting>;
  /** False: comments that silence findings are not heeded. */
  readonly inlineConfig: boolean;
  /** The stage that ships, where it is not the last one. */
  readonly target: string | null;
  /** Values of `--build-arg`. */
  readonly buildArgs: ReadonlyMap<string, string>;
}

/** A named set of overrides on top of "everything off". */
export interface Preset {
  readonly name: string;
  readonly summary: string;
  /** What the preset says of a rule; null leaves it off. */
  readonly setting: (rule: AnyRule) => RuleOverride | null;
}

/** All presets, in the order they are listed to users. */
export const presets: readonly Preset[] = [
  {
    name: "recommended",
    summary: "What a careful reviewer would say out loud. The default.",
    setting: (rule) => (rule.recommended ? { severity: rule.severity } : null),
  },
  {
    name: "strict",
    summary: "Every rule that finds faults, not matters of style; hints become infos.",
    setting: (rule) =>
      rule.category === "style" ? null : { severity: rule.severity === "hint" ? "info" : rule.severity },
  },
  {
    name: "all",
    summary: "Every rule.",
    setting: (rule) => ({ severity: rule.severity }),
  },
  {
    name: "hadolint",
    summary: "The rules that hadolint has, with its severities.",
    setting: hadolintSetting,
  },
  {
    name: "buildkit",
    summary: "The checks that BuildKit has, and the faults at which it stops.",
    setting: buildkitSetting,
  },
];

/** The preset of a name, or null. */
export function findPreset(name: string): Preset | null {
  return presets.find((preset) => preset.name === name) ?? null;
}

/** What goes into a config. */
export interface ConfigParts {
  /** Names of presets, later ones add to earlier ones; `recommended` when absent. Unknown names are skipped. */
  readonly presets?: readonly string[];
  /** Applied in order on top of the presets. */
  readonly overrides?: readonly ReadonlyMap<string, RuleOverride>[];
  readonly inlineConfig?: boolean;
  readonly target?: string | null;
  readonly buildArgs?: ReadonlyMap<string, string>;
}

/** Resolves presets and overrides into a config for the given rules. */
export function resolveConfig(rules: readonly AnyRule[], parts: ConfigParts = {}): Config {
  const settings = new Map<string, RuleSetting>();
  for (const name of parts.presets ?? ["recommended"]) {
    const preset = findPreset(name);
    if (!preset) continue;
    for (const rule of rules) {
      const override = preset.setting(rule);
      const before = settings.get(rule.id);
      if (override) settings.set(rule.id, withPeers(apply(before, override, rule), before, override));
    }
  }
  for (const overrides of parts.overrides ?? []) {
    for (const rule of rules) {
      const override = overrides.get(rule.id);
      if (override) settings.set(rule.id, apply(settings.get(rule.id), override, rule));
    }
  }
  for (const [id, setting] of settings) if (setting.severity === "off") settings.delete(id);
  return {
    rules: settings,
    inlineConfig: parts.inlineConfig ?? true,
    target: parts.target ?? null,
    buildArgs: parts.buildArgs ?? new Map(),
  };
}

/** What one preset leaves out another may want: only what all of them leave out stays away. */
function withPeers(
  { severity, options }: RuleSetting,
  before: RuleSetting | undefined,
  { peers }: RuleOverride,
): RuleSetting {
  if (!peers || (before && !before.peers)) return { severity, options };
  return { severity, options, peers: [...(before?.peers ?? []), ...peers] };
}

function apply(before: RuleSetting | undefined, override: RuleOverride, rule: AnyRule): RuleSetting {
  const inherited = before ?? { severity: "off" as const, options: {} };
  const wanted = override.severity;
  // Options alone say nothing of whether the rule is on; `on` gives a rule its own severity back.
  const severity =
    wanted === undefined
      ? inherited.severity
      : wanted === "on"
        ? inherited.severity === "off"
          ? rule.severity
          : inherited.severity
        : wanted;
  const peers = before?.peers ? { peers: before.peers } : {};
  return { severity, options: { ...inherited.options, ...override.options }, ...peers };
}
