/** ARG and ENV: what a name means at an instruction, and words with their variables replaced. */
import type { Escape, Word } from "../syntax/types";
import { variableAt } from "../syntax/words";
import type { Binding, Instruction, Scope } from "./types";

/** Set by BuildKit for every FROM, and in a stage that declares them; their values depend on the machine. */
export const platformArguments: ReadonlySet<string> = new Set([
  "TARGETPLATFORM",
  "TARGETOS",
  "TARGETARCH",
  "TARGETVARIANT",
  "TARGETOSVERSION",
  "TARGETSTAGE",
  "BUILDPLATFORM",
  "BUILDOS",
  "BUILDARCH",
  "BUILDVARIANT",
  "BUILDOSVERSION",
]);

/** Predefined build arguments that need no ARG. */
export const proxyArguments: ReadonlySet<string> = new Set(
  ["HTTP_PROXY", "HTTPS_PROXY", "FTP_PROXY", "NO_PROXY", "ALL_PROXY"].flatMap((name) => [name, name.toLowerCase()]),
);

/** Makes the bindings of an ARG or ENV in a scope that holds all that stands before it. */
export type Declare = (instruction: Instruction, scope: Scope) => readonly Binding[];

/** A scope under construction. */
export interface ScopeBuilder extends Scope {
  /** Adds what an ARG or ENV declares; they come in the order of the file. */
  declare(instruction: Instruction): void;
}

/** An empty scope on top of the scope of the stage below, which is complete. */
export function createScope(parent: Scope | null, make: Declare): ScopeBuilder {
  return new LazyScope(parent as LazyScope | null, make);
}

// Most scopes of a long file are not asked anything from one keystroke to the next, so the values of variables are worked
// out when the first question comes. A class, so that a scope without questions is one small object.
class LazyScope implements ScopeBuilder {
  private readonly declarations: Instruction[] = [];
  /** How many declarations were made into bindings. */
  private made = 0;
  private isMaking = false;
  private isBelowMade = false;
  private readonly all: Binding[] = [];
  private byName: Map<string, Binding[]> | null = null;
  /** What a name means in the stage below is settled: a chain of stages is walked once for each name. */
  private below: Map<string, Binding | null> | null = null;

  constructor(
    readonly parent: LazyScope | null,
    private readonly make: Declare,
  ) {}

  declare(instruction: Instruction): void {
    this.declarations.push(instruction);
  }

  get bindings(): readonly Binding[] {
    this.catchUp();
    return this.all;
  }

  lookup(name: string, index: number): Binding | null {
    this.catchUp();
    // ENV beats ARG whatever their order; among the same kind the later one wins (Dockerfile reference, ARG).
    const own = latest(this.byName?.get(name), index);
    if (own?.kind === "env" || !this.parent) return own;
    const other = this.inherited(name, this.parent);
    return other && (other.kind === "env" || !own) ? other : own;
  }

  private inherited(name: string, parent: LazyScope): Binding | null {
    this.below ??= new Map();
    let binding = this.below.get(name);
    if (binding === undefined) {
      binding = parent.lookup(name, Number.POSITIVE_INFINITY);
      this.below.set(name, binding);
    }
    return binding;
  }

  /** Makes the bindings that are declared so far. Those that are being made ask for those before them only. */
  private catchUp(): void {
    if (this.isMaking) return;
    if (!this.isBelowMade) {
      // From the bottom up, so that a long chain of stages is no deep recursion.
      const chain: LazyScope[] = [];
      for (let one = this.parent; one && !one.isBelowMade; one = one.parent) chain.push(one);
      this.isBelowMade = true;
      for (let one = chain.pop(); one; one = chain.pop()) one.catchUp();
    }
    this.isMaking = true;
    while (this.made < this.declarations.length) {
      for (const binding of this.make(this.declarations[this.made++] as Instruction, this)) this.add(binding);
    }
    this.isMaking = false;
  }

  private add(binding: Binding): void {
    this.all.push(binding);
    this.byName ??= new Map();
    const list = this.byName.get(binding.name);
    if (list) list.push(binding);
    else this.byName.set(binding.name, [binding]);
  }
}

function latest(list: readonly Binding[] | undefined, index: number): Binding | null {
  if (!list) return null;
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((list[middle] as Binding).at < index) low = middle + 1;
    else high = middle;
  }
  const last = list[low - 1];
  if (!last || last.kind === "env") return last ?? null;
  // An ENV further up hides this ARG. A name is seldom declared more than a few times; look no further than that.
  for (let i = low - 2; i >= 0 && i > low - 12; i--) if (list[i]?.kind === "env") return list[i] as Binding;
  return last;
}

/** What a variable holds: a value, nothing (declared nowhere, or without a default), or something we cannot know. */
export type VariableState =
  | { readonly kind: "value"; readonly value: string }
  | { readonly kind: "unset" }
  | { readonly kind: "unknown" };

const unknown: VariableState = { kind: "unknown" };
const unset: VariableState = { kind: "unset" };

/** State of a name in the scope before the first FROM, where FROM itself looks. */
export function globalState(scope: Scope, name: string, index: number): VariableState {
  const binding = scope.lookup(name, index);
  if (binding) return stateOf(binding);
  return platformArguments.has(name) ? unknown : unset;
}

/** State of a name inside a stage. A name that nobody declares may come from the base image: unknown. */
export function stageState(scope: Scope, name: string, index: number): VariableState {
  const binding = scope.lookup(name, index);
  return binding ? stateOf(binding) : unknown;
}

function stateOf(binding: Binding): VariableState {
  if (binding.value !== null) return { kind: "value", value: binding.value };
  return binding.unset && binding.kind === "arg" ? unset : unknown;
}

/** Longest value that is worked out; beyond it a value is unknown, so that doubling values cannot fill the memory. */
const longest = 65_536;

/**
 * The word with quotes removed and variables replaced, or null when one of them is not known. A variable that is declared
 * without a value counts as not known too, unless it brings a default of its own (`${TAG:-22}`).
 */
export function expandWord(word: Word, escape: Escape, state: (name: string) => VariableState): string | null {
  return word.value ?? expandText(word.text, escape, state);
}

/** The same for a text; quotes are removed. */
export function expandText(text: string, escape: Escape, state: (name: string) => VariableState): string | null {
  return expand(text, 0, text.length, escape, state, 0);
}

function expand(
  text: string,
  from: number,
  to: number,
  escape: Escape,
  state: (name: string) => VariableState,
  depth: number,
): string | null {
  if (depth > 20) return null;
  let result = "";
  let quote = "";
  for (let at = from; at < to; at++) {
    const char = text[at] as string;
    if (quote === "'") {
      if (char === "'") quote = "";
      else result += char;
    } else if (char === escape) {
      const next = at + 1 < to ? (text[at + 1] as string) : "";
      if (next !== "" && (quote === "" || next === '"' || next === "$" || next === escape)) {
        result += next;
        at++;
      } else result += char;
    } else if (char === quote) quote = "";
    else if (quote === "" && (char === "'" || char === '"')) quote = char;
    else if (char === "$") {
      const variable = variableAt(text, at, to, escape);
      if (!variable) {
        // `$1`, `$(…)` and the like: nothing that the builder replaces by a value we could know.
        if (/[0-9({@*#?!$-]/.test(text[at + 1] ?? "")) return null;
        result += char;
        continue;
      }
      const operand = () => expand(text, variable.operandFrom, variable.operandTo, escape, state, depth + 1);
      const value = replace(state(variable.name), variable.modifier, operand);
      if (value === null) return null;
      result += value;
      at = variable.to - 1;
    } else result += char;
    if (result.length > longest) return null;
  }
  return result;
}

function replace(state: VariableState, modifier: string, operand: () => string | null): string | null {
  if (state.kind === "unknown") return null;
  const value = state.kind === "value" ? state.value : null;
  switch (modifier) {
    case ":-":
      return value !== null && value !== "" ? value : operand();
    case "-":
      return value ?? operand();
    case ":+":
      return value !== null && value !== "" ? operand() : "";
    case "+":
      return value !== null ? operand() : "";
    case "":
    case ":?":
    case "?":
      return value;
    case "#":
    case "##":
    case "%":
    case "%%":
      return value === null ? null : strip(value, modifier, operand());
    case "/":
    case "//":
      return value === null ? null : substitute(value, modifier, operand());
    default:
      return null;
  }
}

function strip(value: string, modifier: string, pattern: string | null): string | null {
  if (pattern === null || value.length > 1000) return null;
  const matches = globMatcher(pattern);
  if (!matches) return null;
  const lengths = Array.from({ length: value.length + 1 }, (_, length) => length);
  if (modifier === "##" || modifier === "%%") lengths.reverse();
  for (const length of lengths) {
    const head = modifier.startsWith("#");
    const part = head ? value.slice(0, length) : value.slice(value.length - length);
    if (matches(part)) return head ? value.slice(length) : value.slice(0, value.length - length);
  }
  return value;
}

function substitute(value: string, modifier: string, operand: string | null): string | null {
  if (operand === null) return null;
  const slash = operand.indexOf("/");
  const pattern = slash < 0 ? operand : operand.slice(0, slash);
  const replacement = slash < 0 ? "" : operand.slice(slash + 1);
  // Patterns with wildcards are rare here and their longest-match rules subtle: better no answer than a wrong one.
  if (pattern === "" || /[*?[\]\\]/.test(pattern)) return null;
  return modifier === "/" ? value.replace(pattern, () => replacement) : value.split(pattern).join(replacement);
}

/** Matches a whole text against `*` and `?`; null for patterns with character classes. */
function globMatcher(pattern: string): ((text: string) => boolean) | null {
  if (/[[\]\\]/.test(pattern) || pattern.length > 100) return null;
  if (pattern.split("*").length > 4) return null;
  const source = pattern
    .replace(/[.+^${}()|]/g, "\\$&")
    .replace(/\*+/g, "[\\s\\S]*")
    .replace(/\?/g, "[\\s\\S]");
  const expression = new RegExp(`^${source}$`);
  return (text) => expression.test(text);
}
