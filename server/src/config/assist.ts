/** What can be written at a place of `.plimsoll.yaml`, and what stands there already, in words. */
import * as v from "valibot";
import { type AnyRule, type OptionSpec, presets, type Span } from "../core/index";
import { type Place, placeAt } from "./place";
import { peerNames, ruleIds } from "./rule-ids";
import { signatureKeys } from "./signatures";
import { failOnValues } from "./types";
import { ruleUrl } from "./urls";
import { fileSchema, ruleLevels } from "./validate";

/** One word that may stand at a place. */
export interface Proposal {
  readonly label: string;
  readonly kind: "key" | "value";
  /** A few words beside the label. */
  readonly detail: string;
  /** Markdown. */
  readonly documentation: string;
  readonly span: Span;
  readonly newText: string;
}

/** What is said of the word at a place. */
export interface Explanation {
  readonly span: Span;
  readonly markdown: string;
}

/** What may be written at an offset, in the order in which it is best shown. */
export function proposalsAt(text: string, offset: number, rules: readonly AnyRule[]): readonly Proposal[] {
  const place = placeAt(text, offset);
  if (!place) return [];
  const keys = place.kind === "key" ? wordsFor(keysAt(place, rules), place) : [];
  // A list's item, or a value on a line of its own, looks like a key that lacks its colon.
  const words = keys.length > 0 ? keys : wordsFor(valuesAt(place.path, rules), place);
  const kind = keys.length > 0 ? "key" : "value";
  return words.map(({ name, detail, text: documentation, opens }) => ({
    label: name,
    kind,
    detail,
    documentation,
    span: place.span,
    newText: `${place.needsSpace ? " " : ""}${name}${kind === "key" && !place.hasColon ? (opens ? ":" : ": ") : ""}`,
  }));
}

/** What the word at an offset means, or null. */
export function explanationAt(text: string, offset: number, rules: readonly AnyRule[]): Explanation | null {
  const place = placeAt(text, offset);
  if (!place || place.word === "") return null;
  const named = (list: readonly Word[]): Word | undefined => list.find(({ name }) => name === place.word);
  const known =
    (place.kind === "key" ? named(keysAt({ ...place, word: "" }, rules)) : undefined) ??
    named(valuesAt(place.path, rules));
  if (known) return { span: place.span, markdown: `**${known.name}** · ${known.detail}\n\n${known.text}`.trim() };
  // Ids of other linters, and ours in capitals.
  const meant = isRules(place) && place.kind === "key" ? ruleIds(rules).resolve(place.word) : [];
  if (meant.length === 0) return null;
  return {
    span: place.span,
    markdown: meant.map((rule) => `**${rule.id}** · ${standing(rule)}\n\n${page(rule)}`).join("\n\n---\n\n"),
  };
}

/** A word with what is known of it. `opens`: a map or a list follows on the next lines. */
interface Word {
  readonly name: string;
  readonly detail: string;
  readonly text: string;
  readonly opens?: boolean;
}

function wordsFor(words: readonly Word[], place: Place): readonly Word[] {
  const others = new Set(place.others);
  return words.filter(({ name }) => !others.has(name));
}

function keysAt(place: Place, rules: readonly AnyRule[]): readonly Word[] {
  const [first, second, third] = place.path;
  if (first === undefined) return topKeys;
  if (first === "registry" && second === undefined) return registryKeys;
  if (first === "signatures") return signatureWords(place.path);
  if (first !== "rules" || third !== undefined) return [];
  if (second !== undefined) return optionKeys(ruleIds(rules).resolve(second));
  const own = rules.map((rule) => ({ name: rule.id, detail: standing(rule), text: page(rule) }));
  // Ids of others are many; they come when somebody begins to write one.
  return /^[A-Z]/.test(place.word) ? [...own, ...peerWords(rules)] : own;
}

function valuesAt(path: readonly string[], rules: readonly AnyRule[]): readonly Word[] {
  const [first, second, third] = path;
  switch (first) {
    case "extends":
      return presets.map(({ name, summary }) => ({ name, detail: "preset", text: summary }));
    case "failOn":
      return failOnValues.map((name) => ({ name, detail: "threshold", text: thresholdText(name) }));
    case "inlineConfig":
      return booleans;
    case "registry":
      return second === "online" ? booleans : [];
    case "rules": {
      if (second === undefined) return [];
      const named = ruleIds(rules).resolve(second);
      if (named.length > 0 && (third === undefined || third === "severity")) return levelWords;
      const option = named.flatMap((rule) => rule.options?.[third ?? ""] ?? [])[0];
      return option ? optionValues(option) : [];
    }
    default:
      return [];
  }
}

const topKeys: readonly Word[] = Object.entries(fileSchema.entries).map(([name, schema]) => ({
  name,
  detail: "setting",
  text: descriptionOf(schema.wrapped),
  opens: ["rules", "registry", "signatures", "buildArgs", "ignore"].includes(name),
}));

const registryKeys: readonly Word[] = Object.entries(fileSchema.entries.registry.wrapped.entries).map(
  ([name, schema]) => ({ name, detail: "setting", text: descriptionOf(schema.wrapped), opens: name !== "online" }),
);

/** Keys under `signatures`, by the level that a path leads to. */
function signatureWords(path: readonly string[]): readonly Word[] {
  const level = [signatureKeys.top, signatureKeys.requirement, signatureKeys.identity][path.length - 1] ?? [];
  const opens = ["required", "images", "keys", "identities"];
  return level.map((name) => ({ name, detail: "setting", text: "", opens: opens.includes(name) }));
}

const booleans: readonly Word[] = ["true", "false"].map((name) => ({ name, detail: "", text: "" }));

const levelTexts: { readonly [level: string]: string } = {
  error: "Fails a run of `plimsoll lint`.",
  warning: "Fails a run with `--fail-on warning`.",
  info: "Shown; fails a run with `--fail-on info`.",
  hint: "Shown as a hint, which VS Code leaves out of its list of problems.",
  on: "The rule's own severity.",
  off: "The rule finds nothing.",
};

const levelWords: readonly Word[] = ruleLevels.map((name) => ({
  name,
  detail: "severity",
  text: levelTexts[name] ?? "",
}));

function thresholdText(name: string): string {
  return name === "never" ? "A run never fails because of findings." : `A run fails from findings of this severity on.`;
}

function optionKeys(named: readonly AnyRule[]): readonly Word[] {
  const severity = { name: "severity", detail: "severity", text: "How severe the findings of the rule are." };
  if (named.length === 0) return [];
  const options = named.flatMap((rule) => Object.entries(rule.options ?? {}));
  return [severity, ...options.map(([name, spec]) => ({ name, detail: optionDetail(spec), text: spec.description }))];
}

function optionDetail(spec: OptionSpec): string {
  const kinds: { readonly [type in OptionSpec["type"]]: string } = {
    boolean: "true or false",
    number: "a number",
    string: "a text",
    strings: "a list of texts",
    enum: spec.type === "enum" ? spec.values.join(", ") : "",
  };
  return `${kinds[spec.type]}; default ${JSON.stringify(spec.default)}`;
}

function optionValues(spec: OptionSpec): readonly Word[] {
  if (spec.type === "boolean") return booleans;
  if (spec.type !== "enum") return [];
  return spec.values.map((name) => ({ name, detail: name === spec.default ? "default" : "", text: spec.description }));
}

function peerWords(rules: readonly AnyRule[]): readonly Word[] {
  return peerNames(rules).map((name) => {
    const meant = ruleIds(rules).resolve(name);
    return { name, detail: meant.map((rule) => rule.id).join(", "), text: meant.map(page).join("\n\n") };
  });
}

function standing({ severity, category, recommended }: AnyRule): string {
  return `${severity}, ${category}, ${recommended ? "on" : "off"} by default`;
}

function page({ id, summary }: AnyRule): string {
  return `${summary} [More](${ruleUrl(id)})`;
}

function isRules({ path }: Place): boolean {
  return path.length === 1 && path[0] === "rules";
}

function descriptionOf(schema: v.GenericSchema): string {
  return v.getDescription(schema as never) ?? "";
}
