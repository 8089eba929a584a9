/** Reads a configuration file's text, ours or hadolint's. Pure; a broken text gives problems, never an exception. */
import type { AnyRule } from "../core/index";
import { hadolintNames } from "./find";
import { readHadolint } from "./hadolint";
import { nameOf } from "./paths";
import { readSignatures } from "./signatures";
import type { ConfigFile, ConfigProblem, FailOn, RegistrySettings } from "./types";
import { checkFile, fileKeys, isObject, readRules } from "./validate";
import { readYaml, type YamlFile } from "./yaml";

/**
 * Parses the text of a configuration file. What is at fault is listed in `problems` and left out; the rest is read, so
 * that an editor can go on with it.
 */
export function parseConfig(text: string, path: string, rules: readonly AnyRule[]): ConfigFile {
  const yaml = readYaml(text.startsWith("\uFEFF") ? text.slice(1) : text);
  return isHadolintName(path) ? readHadolint(yaml, path, rules) : readOwn(yaml, path, rules);
}

/** A configuration that is there but cannot be read. */
export function unreadableConfig(path: string, message: string): ConfigFile {
  const start = { line: 0, character: 0 };
  const problem: ConfigProblem = { severity: "error", message, range: { start, end: start } };
  return { ...emptyConfig(path, isHadolintName(path) ? "hadolint" : "plimsoll"), problems: [problem] };
}

/** A configuration that says nothing. */
export function emptyConfig(path: string, kind: ConfigFile["kind"]): ConfigFile {
  return {
    path,
    kind,
    extends: null,
    rules: new Map(),
    ignore: [],
    failOn: null,
    registry: null,
    signatures: null,
    buildArgs: new Map(),
    target: null,
    inlineConfig: null,
    problems: [],
  };
}

function isHadolintName(path: string): boolean {
  return hadolintNames.includes(nameOf(path)) || /hadolint[^/]*\.ya?ml$/i.test(path);
}

function readOwn(yaml: YamlFile, path: string, rules: readonly AnyRule[]): ConfigFile {
  const empty = emptyConfig(path, "plimsoll");
  if (yaml.problems.length > 0 || yaml.value === null) return { ...empty, problems: yaml.problems };
  const value = yaml.value;
  if (!isObject(value)) {
    const message = `The file must be a map of settings, such as "extends: recommended". Valid keys: ${fileKeys.join(", ")}.`;
    return { ...empty, problems: [{ severity: "error", message, range: yaml.valueRange([]) }] };
  }
  const faults = checkFile(value);
  const { overrides, faults: ruleFaults } = readRules(isObject(value.rules) ? value.rules : {}, rules);
  const all = [...faults, ...ruleFaults];
  const wrong = new Set(faults.map((fault) => fault.path[0]));
  const good = (key: string): unknown => (wrong.has(key) ? undefined : value[key]);
  const registry = good("registry");
  return {
    ...empty,
    extends:
      typeof good("extends") === "string"
        ? [String(value.extends)]
        : ((good("extends") as string[] | undefined) ?? null),
    rules: overrides,
    ignore: (good("ignore") as string[] | undefined) ?? [],
    failOn: (good("failOn") as FailOn | undefined) ?? null,
    registry: isObject(registry) ? readRegistry(registry) : null,
    signatures: isObject(good("signatures")) ? readSignatures(value.signatures) : null,
    buildArgs: textValues(yaml, good("buildArgs")),
    target: (good("target") as string | undefined) ?? null,
    inlineConfig: (good("inlineConfig") as boolean | undefined) ?? null,
    problems: all
      .map((fault): ConfigProblem => {
        const range = fault.at === "key" ? yaml.keyRange(fault.path) : yaml.valueRange(fault.path);
        return { severity: "error", message: fault.message, range };
      })
      .sort((a, b) => a.range.start.line - b.range.start.line || a.range.start.character - b.range.start.character),
  };
}

function readRegistry(value: { readonly [key: string]: unknown }): RegistrySettings {
  const list = (one: unknown): readonly string[] =>
    typeof one === "string" ? [one] : ((one as string[] | null) ?? []);
  const mirrors = Object.entries(isObject(value.mirrors) ? value.mirrors : {});
  return {
    online: value.online === true,
    trusted: list(value.trusted),
    mirrors: new Map(mirrors.map(([prefix, targets]) => [prefix, list(targets)])),
    insecure: list(value.insecure),
    ca: list(value.ca),
  };
}

// A version such as 1.10 is a number to YAML; a build argument is the text that was written.
function textValues(yaml: YamlFile, value: unknown): Map<string, string> {
  if (!isObject(value)) return new Map();
  return new Map(Object.entries(value).map(([key, item]) => [key, yaml.source(["buildArgs", key]) ?? String(item)]));
}
