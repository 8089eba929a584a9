/** Turns a rule off in a config file's text, leaving the rest of the text as its author wrote it. */
import { isMap, isScalar, isSeq, type Node, parseDocument, type YAMLMap } from "yaml";
import type { AnyRule, Edit } from "../core/index";
import { lineEnding } from "../core/index";

/** The edit that turns a rule off in `.plimsoll.yaml`; null when the text is broken or says so already. */
export function disableInConfig(text: string, rule: string): Edit | null {
  const map = topMap(text);
  if (map === null) return null;
  const rules = map === "empty" ? undefined : valueOf(map, "rules");
  if (!rules || (isScalar(rules) && rules.value === null))
    return addBlock(text, rules ?? null, "rules", `${rule}: off`);
  if (!isMap(rules)) return null;
  const present = pairOf(rules, rule);
  if (present) {
    const value = present.value as Node | null;
    if (isMap(value)) return replaceSeverity(text, value);
    return value?.range && isScalar(value) && value.value !== "off" ? replace(value.range, "off") : null;
  }
  return addEntry(text, rules, `${rule}: off`);
}

/** The edit that adds a rule to `ignored` of hadolint's file, by hadolint's id where the rule has one. */
export function disableInHadolint(text: string, rule: AnyRule): Edit | null {
  const id = rule.aliases.hadolint?.[0] ?? rule.id;
  const map = topMap(text);
  if (map === null) return null;
  const ignored = map === "empty" ? undefined : valueOf(map, "ignored");
  if (!ignored || (isScalar(ignored) && ignored.value === null))
    return addBlock(text, ignored ?? null, "ignored", `- ${id}`);
  if (!isSeq(ignored) || ignored.items.some((item) => isScalar(item) && item.value === id)) return null;
  return addEntry(text, ignored, `- ${id}`);
}

function topMap(text: string): YAMLMap | "empty" | null {
  const document = parseDocument(text, { prettyErrors: false, logLevel: "silent" });
  if (document.errors.length > 0) return null;
  if (document.contents === null || (isScalar(document.contents) && document.contents.value === null)) return "empty";
  return isMap(document.contents) && !document.contents.flow ? document.contents : null;
}

/** A new key at the end of the file, or below the key that is there without a value. */
function addBlock(text: string, empty: Node | null, key: string, entry: string): Edit {
  const end = lineEnding(text);
  if (empty?.range) {
    const colon = text.lastIndexOf(":", empty.range[0]);
    const span = { start: colon + 1, end: colon + 1 };
    return { span, newText: `${end}  ${entry}` };
  }
  const open = text.length > 0 && !text.endsWith("\n");
  return { span: { start: text.length, end: text.length }, newText: `${open ? end : ""}${key}:${end}  ${entry}${end}` };
}

/** A further entry in front of the first one, indented alike: what follows the last may be a comment of the next key. */
function addEntry(text: string, list: Node & { items: unknown[]; flow?: boolean }, entry: string): Edit | null {
  const end = lineEnding(text);
  const range = list.range;
  if (!range) return null;
  const [start] = range;
  if (list.flow) {
    const inner = entry.replace(/^- /, "");
    const spaced = /\s/.test(text.charAt(start + 1));
    const newText = list.items.length === 0 ? ` ${inner} ` : spaced ? ` ${inner},` : `${inner}, `;
    return { span: { start: start + 1, end: start + 1 }, newText };
  }
  const lineStart = text.lastIndexOf("\n", start - 1) + 1;
  const indent = text.slice(lineStart, start);
  if (/\S/.test(indent)) return null;
  return { span: { start: lineStart, end: lineStart }, newText: `${indent}${entry}${end}` };
}

function replaceSeverity(text: string, options: YAMLMap): Edit | null {
  const severity = valueOf(options, "severity");
  if (severity?.range) return isScalar(severity) && severity.value !== "off" ? replace(severity.range, "off") : null;
  return addEntry(text, options, "severity: off");
}

function replace(range: readonly [number, number, number], newText: string): Edit {
  return { span: { start: range[0], end: range[1] }, newText };
}

function pairOf(map: YAMLMap, key: string): YAMLMap["items"][number] | null {
  return map.items.find((pair) => isScalar(pair.key) && pair.key.value === key) ?? null;
}

function valueOf(map: YAMLMap, key: string): Node | undefined {
  return (pairOf(map, key)?.value as Node | null) ?? undefined;
}
