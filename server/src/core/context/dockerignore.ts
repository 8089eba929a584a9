/**
 * The rules of `.dockerignore`, as moby's patternmatcher applies them: patterns from the root of the build context, the last
 * match wins, a pattern covers everything below what it matches. Not the rules of `.gitignore`. Pure, linear in pattern
 * and path.
 */

/** A `.dockerignore`, ready to be asked. */
export interface IgnoreFile {
  readonly patterns: readonly IgnorePattern[];
  /** True when the path (relative to the context, with slashes) is left out of the build context, or a folder above is. */
  ignores(path: string): boolean;
  /**
   * True when the path is left out with everything below it: no later pattern with `!` can bring something in it back.
   */
  ignoresAll(path: string): boolean;
}

export interface IgnorePattern {
  /** As written, without blanks around and `!`. */
  readonly text: string;
  /** Zero-based. */
  readonly line: number;
  /** True for `!pattern`. */
  readonly negated: boolean;
  readonly tokens: readonly Token[];
}

/** Reads a `.dockerignore`. Never throws: lines that mean nothing are left out. */
export function readDockerignore(text: string): IgnoreFile {
  const patterns = text
    .replace(/^\uFEFF/, "")
    .split("\n")
    .flatMap((line, index) => readPattern(line, index) ?? []);
  const matchOf = (path: string): { ignored: boolean; at: number } => {
    const clean = cleanPath(path);
    let result = { ignored: false, at: -1 };
    patterns.forEach((pattern, at) => {
      // What could not change the answer needs no look.
      if (pattern.negated !== result.ignored) return;
      if (matches(pattern.tokens, clean)) result = { ignored: !pattern.negated, at };
    });
    return result;
  };
  return {
    patterns,
    ignores: (path) => matchOf(path).ignored,
    ignoresAll(path) {
      const { ignored, at } = matchOf(path);
      if (!ignored) return false;
      const below = `${cleanPath(path)}/`;
      return patterns.slice(at + 1).every((pattern) => !pattern.negated || !mayMatchBelow(pattern, below));
    },
  };
}

/** A path as the builder compares it: no leading slash, no `.`, `..` worked out. */
export function cleanPath(path: string): string {
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "" || part === ".") continue;
    if (part === ".." && parts.length > 0 && parts.at(-1) !== "..") parts.pop();
    else if (part !== "..") parts.push(part);
  }
  return parts.join("/");
}

function readPattern(line: string, index: number): IgnorePattern | null {
  // A comment sign counts in the first column alone.
  if (line.startsWith("#")) return null;
  let text = line.trim();
  const negated = text.startsWith("!");
  if (negated) text = text.slice(1).trim();
  const clean = cleanPath(text);
  return clean === "" ? null : { text: clean, line: index, negated, tokens: tokensOf(clean) };
}

/** True when the pattern's plain beginning lies below the folder, or it begins with a wildcard. */
function mayMatchBelow({ text }: IgnorePattern, below: string): boolean {
  const plain = /^[^*?[\\]*/.exec(text)?.[0] ?? "";
  return plain.startsWith(below) || below.startsWith(plain === text ? `${plain}/` : plain);
}

/** One step of a pattern. `enter` and `inside` together are the `**` that stands before something: whole folders. */
type Token =
  | { readonly kind: "char"; readonly char: string }
  | { readonly kind: "one" }
  | { readonly kind: "star" }
  | { readonly kind: "rest" }
  | { readonly kind: "enter" }
  | { readonly kind: "inside" }
  | { readonly kind: "class"; readonly negated: boolean; readonly ranges: readonly (readonly [string, string])[] };

function tokensOf(pattern: string): readonly Token[] {
  const tokens: Token[] = [];
  for (let at = 0; at < pattern.length; at++) {
    const char = pattern[at] as string;
    if (char === "*" && pattern[at + 1] === "*") {
      at++;
      if (pattern[at + 1] === "/") at++;
      if (at + 1 >= pattern.length) tokens.push({ kind: "rest" });
      else tokens.push({ kind: "enter" }, { kind: "inside" });
    } else if (char === "*") tokens.push({ kind: "star" });
    else if (char === "?") tokens.push({ kind: "one" });
    else if (char === "\\" && at + 1 < pattern.length) tokens.push({ kind: "char", char: pattern[++at] as string });
    else if (char === "[") {
      const end = classEnd(pattern, at);
      if (end < 0) tokens.push({ kind: "char", char });
      else {
        tokens.push(classOf(pattern.slice(at + 1, end)));
        at = end;
      }
    } else tokens.push({ kind: "char", char });
  }
  return tokens;
}

function classEnd(pattern: string, from: number): number {
  for (let at = from + 1; at < pattern.length; at++) {
    if (pattern[at] === "\\") at++;
    else if (pattern[at] === "]" && at > from + 1) return at;
  }
  return -1;
}

function classOf(text: string): Token {
  const negated = text.startsWith("^");
  const chars = [...(negated ? text.slice(1) : text).replace(/\\(.)/g, "$1")];
  const ranges: (readonly [string, string])[] = [];
  for (let at = 0; at < chars.length; at++) {
    const first = chars[at] as string;
    const last = chars[at + 1] === "-" ? chars[at + 2] : undefined;
    ranges.push([first, last ?? first]);
    if (last !== undefined) at += 2;
  }
  return { kind: "class", negated, ranges };
}

/** True for the path or a folder above it. Walks the path once with all places of the pattern that may be reached. */
function matches(tokens: readonly Token[], path: string): boolean {
  let states = new Set<number>();
  reach(tokens, 0, states);
  for (const char of path) {
    if (char === "/" && states.has(tokens.length)) return true;
    const next = new Set<number>();
    for (const state of states) step(tokens, state, char, next);
    if (next.size === 0) return false;
    states = next;
  }
  return states.has(tokens.length);
}

/** Adds a place and those that can be reached from it without reading. */
function reach(tokens: readonly Token[], at: number, states: Set<number>): void {
  if (states.has(at)) return;
  states.add(at);
  const kind = tokens[at]?.kind;
  if (kind === "star" || kind === "rest") reach(tokens, at + 1, states);
  if (kind === "enter") {
    reach(tokens, at + 1, states);
    reach(tokens, at + 2, states);
  }
}

function step(tokens: readonly Token[], at: number, char: string, next: Set<number>): void {
  const token = tokens[at];
  switch (token?.kind) {
    case "char":
      if (token.char === char) reach(tokens, at + 1, next);
      break;
    case "one":
      if (char !== "/") reach(tokens, at + 1, next);
      break;
    case "star":
      if (char !== "/") reach(tokens, at, next);
      break;
    case "rest":
      reach(tokens, at, next);
      break;
    case "inside":
      reach(tokens, at, next);
      if (char === "/") reach(tokens, at + 1, next);
      break;
    case "class":
      if (token.ranges.some(([first, last]) => first <= char && char <= last) !== token.negated) {
        reach(tokens, at + 1, next);
      }
      break;
  }
}
