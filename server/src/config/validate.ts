/** The shape of `.plimsoll.yaml`, and one message for each place where a file departs from it. */
import * as v from "valibot";
import { type AnyRule, type OptionSpec, type OptionValue, presets, type RuleOverride, severities } from "../core/index";
import { setCode } from "./lists";
import { ruleIds } from "./rule-ids";
import { signatureKeys, signaturesSchema } from "./signatures";
import { didYouMean } from "./suggest";
import { failOnValues } from "./types";
import type { YamlPath } from "./yaml";

/** What a rule may be set to. `on` gives a rule its own severity. */
export const ruleLevels: readonly ("on" | "off" | (typeof severities)[number])[] = [...severities, "on", "off"];

const level = v.pipe(
  v.picklist(ruleLevels),
  v.description("How severe the findings of the rule are; `off` turns it off, `on` gives it its own severity."),
);
const text = v.pipe(v.string(), v.nonEmpty());
const presetName = v.picklist(presets.map((preset) => preset.name));

/** Everything but `rules`, whose entries are checked one by one. */
export const fileSchema = v.strictObject({
  extends: v.optional(
    v.pipe(
      v.union([presetName, v.array(presetName)]),
      v.description("Presets to start from, later ones add to earlier ones. Default: recommended."),
    ),
  ),
  rules: v.optional(
    v.pipe(v.record(v.string(), v.unknown()), v.description("Severity and options of single rules, by rule id.")),
  ),
  ignore: v.optional(
    v.pipe(v.array(text), v.description("Globs of files to leave out, relative to the folder of this file.")),
  ),
  failOn: v.optional(
    v.pipe(
      v.picklist(failOnValues),
      v.description("From which severity on `plimsoll lint` exits with 1. Default: error."),
    ),
  ),
  registry: v.optional(
    v.pipe(
      v.strictObject({
        online: v.optional(
          v.pipe(
            v.boolean(),
            v.description("May registries be asked without being told to each time? Default: false."),
          ),
        ),
        trusted: v.optional(v.pipe(v.array(text), v.description("Registries that images may come from."))),
        mirrors: v.optional(
          v.pipe(
            v.record(v.string(), v.union([text, v.array(text)])),
            v.description(
              "Where to ask instead, by prefix of the image: `docker.io: mirror.example.com/hub`. The longest prefix counts; several are asked in their order, then the registry itself.",
            ),
          ),
        ),
        insecure: v.optional(
          v.pipe(
            v.array(text),
            v.description("Registries (host and port) that may be asked without TLS. Loopback always may."),
          ),
        ),
        ca: v.optional(
          v.pipe(
            v.array(text),
            v.description("Files with certificates (PEM) of further authorities, relative to the folder of this file."),
          ),
        ),
      }),
      v.description("What concerns image registries."),
    ),
  ),
  signatures: v.optional(signaturesSchema),
  buildArgs: v.optional(
    v.pipe(
      v.record(v.string(), v.union([v.string(), v.number(), v.boolean()])),
      v.description("Values of build arguments, as `--build-arg` gives them."),
    ),
  ),
  target: v.optional(v.pipe(text, v.description("The stage that ships, where it is not the last one."))),
  inlineConfig: v.optional(
    v.pipe(v.boolean(), v.description("False: comments that silence findings are not heeded. Default: true.")),
  ),
});

/** The top-level keys, in the order they are listed to users. */
export const fileKeys: readonly string[] = Object.keys(fileSchema.entries);

/** The keys under `registry`. */
const registryKeys: readonly string[] = Object.keys(fileSchema.entries.registry.wrapped.entries);

/** The long form of a rule's entry: `{ severity, …options }`. */
export function ruleSchema(rule: AnyRule) {
  const options = Object.entries(rule.options ?? {}).map(
    ([name, spec]) => [name, v.optional(optionSchema(spec))] as const,
  );
  return v.strictObject({ severity: v.optional(level), ...Object.fromEntries(options) });
}

/** The short form of a rule's entry. */
export const levelSchema = level;

/** One departure from the shape, with the way to it. */
export interface Fault {
  readonly message: string;
  readonly path: YamlPath;
  /** Whether the key or the value is to be marked. */
  readonly at: "key" | "value";
}

/** Checks all but the entries of `rules`. */
export function checkFile(value: { readonly [key: string]: unknown }): Fault[] {
  const faults = [
    ...unknownKeys(value, fileKeys, []),
    ...unknownKeys(value.registry, registryKeys, ["registry"]),
    ...signatureFaults(value.signatures),
  ];
  // A text stands for a list of one; checking it as such keeps the messages plain.
  const single = typeof value.extends === "string";
  for (const [key, schema] of Object.entries(fileSchema.entries)) {
    if (!(key in value)) continue;
    const checked =
      key !== "extends"
        ? v.safeParse(schema, value[key])
        : v.safeParse(v.array(presetName), single ? [value[key]] : value[key]);
    for (const issue of checked.issues ?? []) {
      if (issue.expected === "never") continue;
      const inner = (issue.path ?? []).map((item) => item.key as string | number);
      const path = [key, ...(key === "extends" && single ? inner.slice(1) : inner)];
      faults.push({
        message: departure(`"${path.filter((step) => typeof step === "string").join(".")}"`, issue),
        path,
        at: "value",
      });
    }
  }
  return faults;
}

/** Keys under `signatures` that do not exist, and requirements that nobody could meet. */
function signatureFaults(value: unknown): Fault[] {
  const faults = unknownKeys(value, signatureKeys.top, ["signatures"]);
  const required = isObject(value) && Array.isArray(value.required) ? value.required : [];
  for (const [index, one] of required.entries()) {
    const path = ["signatures", "required", index];
    faults.push(...unknownKeys(one, signatureKeys.requirement, path));
    if (!isObject(one)) continue;
    const lists = [one.keys, one.identities].map((list) => (Array.isArray(list) ? list : []));
    if (lists.every((list) => list.length === 0)) {
      const message = '"signatures.required" names nobody here: list `keys`, `identities` or both.';
      faults.push({ message, path, at: "value" });
    }
    for (const [at, identity] of (lists[1] ?? []).entries()) {
      faults.push(...unknownKeys(identity, signatureKeys.identity, [...path, "identities", at]));
    }
  }
  return faults;
}

/** Reads the entries of `rules`; good ones come back even where others are at fault. */
export function readRules(
  entries: { readonly [key: string]: unknown },
  rules: readonly AnyRule[],
): { overrides: Map<string, RuleOverride>; faults: Fault[] } {
  const ids = ruleIds(rules);
  const overrides = new Map<string, RuleOverride>();
  const faults: Fault[] = [];
  for (const [name, value] of Object.entries(entries)) {
    const path = ["rules", name];
    const named = ids.resolve(name);
    if (named.length === 0) {
      const meant = ids.suggest(name);
      const hint = meant === null ? ". `plimsoll rules` lists them all." : `; did you mean "${meant}"?`;
      faults.push({ message: `Unknown rule "${name}"${hint}`, path, at: "key" });
      continue;
    }
    for (const rule of named) {
      const found = checkRule(rule, value, path);
      faults.push(...found);
      if (found.length > 0) break;
      const override = toOverride(value);
      if (override.severity && setCode(rule, overrides, name, override.severity)) continue;
      overrides.set(rule.id, merge(overrides.get(rule.id), override));
    }
  }
  return { overrides, faults };
}

function checkRule(rule: AnyRule, value: unknown, path: YamlPath): Fault[] {
  const subject = `rule "${rule.id}"`;
  if (!isObject(value)) {
    const issue = v.safeParse(level, value).issues?.[0];
    return issue ? [{ message: departure(subject, issue), path, at: "value" }] : [];
  }
  const schema = ruleSchema(rule);
  const faults = unknownKeys(value, Object.keys(schema.entries), path, subject);
  for (const issue of v.safeParse(schema, value).issues ?? []) {
    if (issue.expected === "never") continue;
    const inner = (issue.path ?? []).map((item) => item.key as string | number);
    faults.push({ message: departure(`"${inner[0]}" of ${subject}`, issue), path: [...path, ...inner], at: "value" });
  }
  return faults;
}

function toOverride(value: unknown): RuleOverride {
  if (!isObject(value)) return { severity: value as NonNullable<RuleOverride["severity"]> };
  const { severity, ...options } = value;
  return {
    ...(severity === undefined ? {} : { severity: severity as NonNullable<RuleOverride["severity"]> }),
    options: options as { readonly [name: string]: OptionValue },
  };
}

function merge(before: RuleOverride | undefined, after: RuleOverride): RuleOverride {
  const options = { ...before?.options, ...after.options };
  const severity = after.severity ?? before?.severity;
  return { ...(severity ? { severity } : {}), ...(Object.keys(options).length > 0 ? { options } : {}) };
}

function unknownKeys(value: unknown, valid: readonly string[], path: YamlPath, subject?: string): Fault[] {
  if (!isObject(value)) return [];
  return Object.keys(value)
    .filter((key) => !valid.includes(key))
    .map((key) => {
      const names = path.filter((step) => typeof step === "string");
      const where = subject ? ` in ${subject}` : path.length > 0 ? ` in "${names.join(".")}"` : "";
      const meant = didYouMean(key, valid) || ".";
      return {
        message: `Unknown key "${key}"${where}${meant} Valid: ${valid.join(", ")}.`,
        path: [...path, key],
        at: "key",
      };
    });
}

function departure(subject: string, issue: v.BaseIssue<unknown>): string {
  const input = show(issue.input);
  if (issue.type === "picklist") {
    const valid = choices(issue.expected);
    // While it is being written, a key has nothing behind it yet.
    if (issue.input === null)
      return `${subject[0]?.toUpperCase()}${subject.slice(1)} needs a value: ${valid.join(", ")}.`;
    const meant = typeof issue.input === "string" ? didYouMean(issue.input, valid) : meantByType(issue.input);
    return `${input} is not valid for ${subject}${meant || "."} Valid: ${valid.join(", ")}.`;
  }
  if (issue.type === "non_empty") return `${subject[0]?.toUpperCase()}${subject.slice(1)} must not be empty.`;
  if (issue.input === undefined && issue.type === "strict_object") return `${subject} is missing.`;
  const wanted = wantedWords(issue);
  const quotes = issue.type === "string" && typeof issue.input === "number" ? "; put it in quotes" : "";
  return `${subject[0]?.toUpperCase()}${subject.slice(1)} must be ${wanted}, not ${input}${quotes}.`;
}

// `expected` of a picklist reads `("a" | "b")`.
function choices(expected: string | null): string[] {
  return [...(expected ?? "").matchAll(/"([^"]*)"/g)].map((match) => match[1] ?? "");
}

function meantByType(input: unknown): string {
  return input === false ? '; did you mean "off"?' : input === true ? '; did you mean "on"?' : "";
}

function wantedWords(issue: v.BaseIssue<unknown>): string {
  if (issue.type === "union" && issue.expected?.includes("Array")) return "a text or a list of texts";
  const words: { readonly [type: string]: string } = {
    string: "a text",
    boolean: "true or false",
    number: "a number",
    array: "a list",
    record: "a map of names to values",
    strict_object: "a map of names to values",
    union: "a text, a number, true or false",
  };
  return words[issue.type] ?? `of type ${issue.type}`;
}

function show(input: unknown): string {
  if (typeof input === "string") return input.length > 60 ? `"${input.slice(0, 60)}…"` : `"${input}"`;
  if (input === null || input === undefined) return "nothing";
  if (Array.isArray(input)) return "a list";
  return typeof input === "object" ? "a map" : String(input);
}

function optionSchema(spec: OptionSpec) {
  const text = `${spec.description} Default: ${JSON.stringify(spec.default)}.`;
  switch (spec.type) {
    case "boolean":
      return v.pipe(v.boolean(), v.description(text));
    case "number":
      return v.pipe(v.number(), v.description(text));
    case "string":
      return v.pipe(v.string(), v.description(text));
    case "enum":
      return v.pipe(v.picklist(spec.values), v.description(text));
    case "strings":
      return v.pipe(v.array(v.string()), v.description(text));
  }
}

/** True for a map: an object that is no list. */
export function isObject(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
