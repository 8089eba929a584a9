/** A YAML file with the place of everything in it. */
import { type Document, isMap, isScalar, isSeq, type Node, type Pair, parseDocument } from "yaml";
import { indexLines, type LineIndex, type Range, toRange } from "../core/index";
import type { ConfigProblem } from "./types";

/** Keys and positions that lead to a value. */
export type YamlPath = readonly (string | number)[];

export interface YamlFile {
  /** Plain data; null for an empty file, and where the syntax is broken. */
  readonly value: unknown;
  /** Faults of syntax, one by one; duplicate keys are among them. */
  readonly problems: readonly ConfigProblem[];
  /** Where the value at a path stands; the nearest one that exists. */
  valueRange(path: YamlPath): Range;
  /** Where the key at the end of a path stands. */
  keyRange(path: YamlPath): Range;
  /** A scalar as it is written (`1.10`, not 1.1), or null. */
  source(path: YamlPath): string | null;
}

/** Parses a text. Never throws. */
export function readYaml(text: string): YamlFile {
  try {
    return read(text);
  } catch (error) {
    // The parser recurses, and a hostile file can nest deeper than the stack.
    const message = `The file cannot be read: ${sentence(error instanceof Error ? error.message : String(error))}`;
    const range = firstLine(indexLines(text));
    const place = (): Range => range;
    const problem: ConfigProblem = { severity: "error", message, range };
    return { value: null, problems: [problem], valueRange: place, keyRange: place, source: () => null };
  }
}

function read(text: string): YamlFile {
  const lines = indexLines(text);
  const document = parseDocument(text, { prettyErrors: false, logLevel: "silent" });
  const problems = document.errors.map((error): ConfigProblem => {
    const [start, end] = error.pos;
    const range = toRange(lines, { start, end: Math.max(start, end) });
    if (error.code !== "DUPLICATE_KEY") return { severity: "error", message: sentence(error.message), range };
    const key = keyAt(document, start) ?? text.slice(start, end);
    return { severity: "error", message: `Key "${key}" stands here a second time; keep one of them.`, range };
  });
  const plain = problems.length === 0 ? plainData(document) : null;
  if (plain?.fault) problems.push({ severity: "error", message: plain.fault, range: firstLine(lines) });
  return {
    value: plain?.value ?? null,
    problems,
    valueRange: (path) => nodeRange(lines, nodeAt(document, path)),
    keyRange: (path) => nodeRange(lines, keyNode(document, path) ?? nodeAt(document, path)),
    source(path) {
      const node = nodeAt(document, path);
      return isScalar(node) && node.value !== null ? (node.source ?? String(node.value)) : null;
    },
  };
}

// Aliases are resolved here, and a file may try to make them grow without end.
function plainData(document: Document): { value: unknown; fault: string | null } {
  try {
    return { value: document.toJS({ maxAliasCount: 100 }), fault: null };
  } catch (error) {
    return { value: null, fault: sentence(error instanceof Error ? error.message : String(error)) };
  }
}

function nodeAt(document: Document, path: YamlPath): unknown {
  let node: unknown = document.contents;
  for (const step of path) {
    const next = isMap(node) ? pairOf(node.items, step)?.value : isSeq(node) ? node.items[Number(step)] : null;
    if (!next) return node;
    node = next;
  }
  return node;
}

function keyNode(document: Document, path: YamlPath): unknown {
  const parent = nodeAt(document, path.slice(0, -1));
  const last = path.at(-1);
  return isMap(parent) && last !== undefined ? pairOf(parent.items, last)?.key : null;
}

function pairOf(pairs: readonly Pair[], key: string | number): Pair | null {
  return pairs.find((pair) => keyText(pair.key) === String(key)) ?? null;
}

function keyText(key: unknown): string {
  return isScalar(key) ? String(key.value) : String(key);
}

function keyAt(document: Document, offset: number): string | null {
  const search = (node: unknown): string | null => {
    if (isSeq(node)) {
      for (const item of node.items) {
        const found = search(item);
        if (found !== null) return found;
      }
    }
    if (!isMap(node)) return null;
    for (const pair of node.items) {
      if ((pair.key as Node | null)?.range?.[0] === offset) return keyText(pair.key);
      const found = search(pair.value);
      if (found !== null) return found;
    }
    return null;
  };
  return search(document.contents);
}

function nodeRange(lines: LineIndex, node: unknown): Range {
  const range = (node as Node | null)?.range;
  return range ? toRange(lines, { start: range[0], end: range[1] }) : firstLine(lines);
}

function firstLine(lines: LineIndex): Range {
  return { start: lines.positionAt(0), end: lines.positionAt(0) };
}

function sentence(message: string): string {
  const line = message.split("\n")[0] ?? message;
  return /[.!?]$/.test(line) ? line : `${line}.`;
}
