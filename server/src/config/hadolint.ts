/** Reads hadolint's `.hadolint.yaml`. The meaning of its keys: hadolint's README, section "Configure". */
import type { AnyRule, RuleOverride, Severity } from "../core/index";
import { severities } from "../core/index";
import { applyRegistries, setCode, setList } from "./lists";
import { ruleIds } from "./rule-ids";
import { didYouMean } from "./suggest";
import { type ConfigFile, type ConfigProblem, type FailOn, noRegistrySettings } from "./types";
import { isObject } from "./validate";
import type { YamlFile, YamlPath } from "./yaml";

const keys: readonly string[] = [
  "ignored",
  "override",
  "trustedRegistries",
  "label-schema",
  "strict-labels",
  "failure-threshold",
  "no-fail",
  "disable-ignore-pragma",
  "format",
  "no-color",
  "verbose",
];

const thresholds: { readonly [name: string]: FailOn } = {
  error: "error",
  warning: "warning",
  info: "info",
  style: "hint",
  // hadolint 2.15.1 fails on any finding with these two: they lie below all severities.
  ignore: "hint",
  none: "hint",
};

const levels: { readonly [name: string]: Severity } = {
  error: "error",
  warning: "warning",
  info: "info",
  style: "hint",
};

/** What a file of hadolint means for our rules. Ids that no rule of ours answers to are listed as `info`. */
export function readHadolint(yaml: YamlFile, path: string, rules: readonly AnyRule[]): ConfigFile {
  const problems: ConfigProblem[] = [...yaml.problems];
  const overrides = new Map<string, RuleOverride>();
  const value = isObject(yaml.value) ? yaml.value : {};
  if (yaml.problems.length === 0 && yaml.value !== null && !isObject(yaml.value)) {
    problems.push({ severity: "error", message: "The file must be a map of settings.", range: yaml.valueRange([]) });
  }
  const info = (at: YamlPath, message: string, key = false): void => {
    problems.push({ severity: "info", message, range: key ? yaml.keyRange(at) : yaml.valueRange(at) });
  };
  for (const key of Object.keys(value)) {
    if (!keys.includes(key)) info([key], `Unknown key "${key}"${didYouMean(key, keys) || "."}`, true);
  }
  const each = (at: YamlPath, list: unknown, found: (rule: AnyRule, id: string) => void): void => {
    for (const [index, id] of textList(list).entries()) {
      const named = ruleIds(rules).resolve(id);
      if (named.length === 0) info([...at, index], `No rule of Plimsoll answers to "${id}"; the entry has no effect.`);
      for (const rule of named) found(rule, id);
    }
  };
  const override = isObject(value.override) ? value.override : {};
  for (const [name, list] of Object.entries(override)) {
    const severity = levels[name];
    if (!severity)
      info(["override", name], `Unknown severity "${name}"${didYouMean(name, Object.keys(levels)) || "."}`, true);
    else
      each(["override", name], list, (rule, id) => {
        if (setCode(rule, overrides, id, severity)) return;
        overrides.set(rule.id, { severity: stricter(overrides.get(rule.id), severity) });
      });
  }
  const ignored = new Map<string, Set<string>>();
  each(["ignored"], value.ignored, (rule, id) => {
    if (setCode(rule, overrides, id, "off")) return;
    const ids = ignored.get(rule.id) ?? new Set();
    ignored.set(rule.id, ids.add(id.toUpperCase()));
  });
  for (const rule of rules) {
    const ids = ignored.get(rule.id);
    if (!ids) continue;
    // A rule that answers to several ids of hadolint stays while one of them is wanted.
    const wanted = (rule.aliases.hadolint ?? []).filter((id) => !ids.has(id.toUpperCase()));
    const byOwnId = ids.has(rule.id.toUpperCase());
    if (byOwnId || wanted.length === 0 || !rule.aliases.hadolint?.some((id) => ids.has(id.toUpperCase()))) {
      overrides.set(rule.id, { severity: "off" });
    }
  }
  applyRegistries(rules, overrides, textList(value.trustedRegistries));
  applyLabels(rules, overrides, value);
  return {
    path,
    kind: "hadolint",
    extends: null,
    rules: overrides,
    ignore: [],
    failOn: value["no-fail"] === true ? "never" : (thresholds[String(value["failure-threshold"])] ?? null),
    signatures: null,
    registry: Array.isArray(value.trustedRegistries)
      ? { ...noRegistrySettings, trusted: textList(value.trustedRegistries) }
      : null,
    buildArgs: new Map(),
    target: null,
    inlineConfig: value["disable-ignore-pragma"] === true ? false : null,
    problems,
  };
}

// hadolint's schema names labels and the form of their values; three rules of ours share that work.
function applyLabels(
  rules: readonly AnyRule[],
  overrides: Map<string, RuleOverride>,
  value: { readonly [key: string]: unknown },
): void {
  const schema = isObject(value["label-schema"]) ? value["label-schema"] : null;
  if (schema) {
    const names = Object.keys(schema);
    setList(rules, overrides, "DL3049", names);
    setList(
      rules,
      overrides,
      "DL3052",
      Object.entries(schema).map(([name, form]) => `${name}=${String(form)}`),
    );
    if (value["strict-labels"] === true) setList(rules, overrides, "DL3050", names);
  }
}

function stricter(before: RuleOverride | undefined, severity: Severity): Severity {
  const known = severities.indexOf(before?.severity as Severity);
  return known >= 0 && known < severities.indexOf(severity) ? (severities[known] as Severity) : severity;
}

function textList(value: unknown): string[] {
  return Array.isArray(value) ? value.map((item) => (typeof item === "string" ? item : String(item))) : [];
}
