/** The secrets that ARG and ENV declare, each with every place that declares it or stores it for good. */
import { instructionsOf } from "../model/index-of";
import { expandWord, stageState } from "../model/scope";
import type { Instruction, Model, Stage } from "../model/types";
import type { Pair, ParsedInstruction } from "../syntax/types";
import { isSecretName } from "./names";
import type { Credential } from "./values";
import { findCredentials, valueShape } from "./values";

/** One ARG or ENV pair. */
export interface Declaration {
  readonly instruction: Instruction;
  readonly pair: Pair;
  readonly kind: "arg" | "env";
  /** Inside ONBUILD. */
  readonly onbuild: boolean;
  /**
   * `unset`: ARG without a default. `empty`, `placeholder`, `literal`: what its value is. `unknown`: it hangs on a
   * variable that nobody declares.
   */
  readonly shape: "unset" | "empty" | "placeholder" | "literal" | "unknown";
  /** A credential that the value shows by its own pattern. */
  readonly evidence: Credential | null;
}

/** An ENV pair whose value reads the secret: from then on the image stores it. */
export interface Promotion {
  readonly instruction: Instruction;
  readonly pair: Pair;
  /** `whole`: the value is the variable and nothing else. `part`: it stands within more text, as in an address. */
  readonly reads: "whole" | "part";
}

/** One secret of a stage. */
export interface DeclaredSecret {
  readonly name: string;
  /** Null for an ARG before the first FROM that no stage repeats. */
  readonly stage: Stage | null;
  /** True when the name says that it is a secret; false when only its value does. */
  readonly named: boolean;
  /** In the order of the file; never empty. */
  readonly declarations: readonly Declaration[];
  readonly promotions: readonly Promotion[];
  /** The ARG before the first FROM whose value an ARG of the stage repeats, or null. */
  readonly global: Declaration | null;
}

/** The same model is asked by several rules. */
const remembered = new WeakMap<Model, readonly DeclaredSecret[]>();

/** Every secret that the file declares, stage by stage, in the order of their first declarations. */
export function declaredSecrets(model: Model): readonly DeclaredSecret[] {
  const known = remembered.get(model);
  if (known) return known;
  const found = collect(model);
  remembered.set(model, found);
  return found;
}

const rememberedPairs = new WeakMap<Model, ReadonlyMap<Pair, DeclaredSecret>>();

/** The declared secret that a variable holds at an instruction, or null where it comes from elsewhere. */
export function secretAt(model: Model, instruction: Instruction, name: string): DeclaredSecret | null {
  const pair = instruction.stage?.scope.lookup(name, instruction.index)?.pair;
  if (!pair) return null;
  let known = rememberedPairs.get(model);
  if (!known) {
    const pairs = new Map<Pair, DeclaredSecret>();
    for (const secret of declaredSecrets(model)) {
      for (const { pair: one } of [...secret.declarations, ...secret.promotions]) pairs.set(one, secret);
    }
    rememberedPairs.set(model, pairs);
    known = pairs;
  }
  return known.get(pair) ?? null;
}

/** Identifies a secret across rules, so that one secret is one finding. */
export function secretCause(stage: Stage | null, name: string): string {
  return `secret:${stage?.index ?? -1}:${name}`;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

interface Building extends Mutable<DeclaredSecret> {
  declarations: Declaration[];
  promotions: Promotion[];
}

function collect(model: Model): readonly DeclaredSecret[] {
  const all: Building[] = [];
  const byKey = new Map<string, Building>();
  const byPair = new Map<Pair, Building>();
  const globals = new Map<string, Declaration>();
  const repeated = new Set<string>();
  const group = (name: string, stage: Stage | null, named: boolean): Building => {
    const key = secretCause(stage, name);
    let one = byKey.get(key);
    if (!one) {
      one = { name, stage, named, declarations: [], promotions: [], global: null };
      byKey.set(key, one);
      all.push(one);
    }
    return one;
  };
  for (const instruction of instructionsOf(model, "ARG", "ENV", "ONBUILD")) {
    const { stage } = instruction;
    const onbuild = instruction.keyword === "ONBUILD";
    const parsed = onbuild ? instruction.parsed.trigger : instruction.parsed;
    if (!parsed || (parsed.keyword !== "ARG" && parsed.keyword !== "ENV")) continue;
    // Without a secret so far nothing can pass one on, and most declarations look like none.
    if (byPair.size === 0 && isPlain(parsed)) continue;
    const kind = parsed.keyword === "ARG" ? "arg" : "env";
    for (const pair of parsed.pairs) {
      const source = kind === "env" && !onbuild ? secretRead(instruction, pair, byPair) : null;
      if (source) {
        source.group.promotions.push({ instruction, pair, reads: source.reads });
        byPair.set(pair, source.group);
        continue;
      }
      const { named, evidence } = lookOf(pair);
      // A repeated global ARG shows its evidence where its value stands.
      if (!named && !evidence && (pair.value || kind === "env")) continue;
      const declaration = read(model, instruction, pair, kind, onbuild);
      if (!declaration || (!named && !declaration.evidence)) continue;
      if (!stage) {
        globals.set(pair.name, declaration);
        continue;
      }
      const one = group(pair.name, stage, named);
      one.declarations.push(declaration);
      byPair.set(pair, one);
      const global = globals.get(pair.name);
      if (kind === "arg" && !pair.value && global) {
        one.global = global;
        repeated.add(pair.name);
      }
    }
  }
  const alone = [...globals].filter(([name]) => !repeated.has(name));
  const unused: DeclaredSecret[] = alone.map(([name, declaration]) => ({
    name,
    stage: null,
    named: isSecretName(name),
    declarations: [declaration],
    promotions: [],
    global: null,
  }));
  return [...unused, ...all];
}

const plain = new WeakMap<ParsedInstruction, boolean>();

/** True when no pair of an ARG or ENV looks like a secret by its name or its value. */
function isPlain(parsed: ParsedInstruction): boolean {
  let known = plain.get(parsed);
  if (known === undefined) {
    known = parsed.pairs.every((pair) => {
      const { named, evidence } = lookOf(pair);
      return !named && !evidence;
    });
    plain.set(parsed, known);
  }
  return known;
}

interface Look {
  readonly named: boolean;
  readonly evidence: Credential | null;
}

const looks = new WeakMap<Pair, Look>();

/** What a pair shows by itself, whatever stands around it. Pairs live as long as the text of their instruction. */
function lookOf(pair: Pair): Look {
  let look = looks.get(pair);
  if (!look) {
    const evidence = pair.value ? (findCredentials(pair.value.text)[0] ?? null) : null;
    look = { named: isSecretName(pair.name), evidence };
    looks.set(pair, look);
  }
  return look;
}

/** The secret whose variable an ENV value reads, or null. */
function secretRead(
  instruction: Instruction,
  pair: Pair,
  byPair: ReadonlyMap<Pair, Building>,
): { group: Building; reads: Promotion["reads"] } | null {
  const { value } = pair;
  const scope = instruction.stage?.scope;
  if (!value || !scope) return null;
  for (const variable of value.variables) {
    const binding = scope.lookup(variable.name, instruction.index);
    const group = binding?.pair && byPair.get(binding.pair);
    if (!group) continue;
    // `${X:+yes}` says whether there is a secret, not which.
    if (variable.modifier === ":+" || variable.modifier === "+") continue;
    const plain = value.text.replace(/^(["'])(.*)\1$/, "$2");
    return { group, reads: /^\$(?:\w+|\{\w+(?::?[-?][^{}]*)?\})$/.test(plain) ? "whole" : "part" };
  }
  return null;
}

/** Null where the value is plainly no secret: a path, a switch, a fingerprint. */
function read(
  model: Model,
  instruction: Instruction,
  pair: Pair,
  kind: Declaration["kind"],
  onbuild: boolean,
): Declaration | null {
  const made = (shape: Declaration["shape"], evidence: Credential | null = null): Declaration => {
    return { instruction, pair, kind, onbuild, shape, evidence };
  };
  const { value } = pair;
  if (!value) {
    const inherited = instruction.stage && kind === "arg" ? inheritedDefault(model, pair.name) : null;
    if (inherited === null) return made("unset");
    return shaped(model, pair.name, inherited, made, null);
  }
  const { evidence } = lookOf(pair);
  const { stage } = instruction;
  const state = (name: string) => (stage ? stageState(stage.scope, name, instruction.index) : unknown);
  const expanded = expandWord(value, model.escape, state);
  if (expanded === null) {
    // Whoever writes `ENV TOKEN=$TOKEN` without an ARG gets an empty value, unless the base image sets one.
    if (evidence) return made("literal", evidence);
    const [variable] = value.variables;
    const isWhole = /^["']?\$(?:\w+|\{\w+(?::?-)?\})["']?$/.test(value.text);
    if (isWhole && variable?.name === pair.name) {
      // `ARG TOKEN=${TOKEN}` says no more than `ARG TOKEN`.
      if (kind === "arg") return made("unset");
      // A stage that this one stands on by way of a variable, perhaps, declares it.
      if (isHarmlessElsewhere(model, pair.name)) return null;
    }
    const isBound = variable !== undefined && stage?.scope.lookup(variable.name, instruction.index) != null;
    // `ENV TOKEN=${TOKEN:-}`: nobody gives it a value here, and the default is none.
    return made(isWhole && value.text.includes("-") && !isBound ? "empty" : "unknown");
  }
  // `${INPUT:-}` of an ARG without a value: whoever builds gives one.
  if (kind === "env" && expanded === "" && value.variables.length > 0) return made("unknown");
  return shaped(model, pair.name, expanded, made, evidence);
}

const unknown = { kind: "unknown" } as const;

const rememberedNames = new WeakMap<Model, ReadonlyMap<string, boolean>>();

/** True when the file gives a variable of this name a value, and never one that could be a secret. */
function isHarmlessElsewhere(model: Model, name: string): boolean {
  let known = rememberedNames.get(model);
  if (!known) {
    known = harmlessNames(model);
    rememberedNames.set(model, known);
  }
  return known.get(name) ?? false;
}

/** The secret names that are given values, with true where no value of theirs is a secret. */
function harmlessNames(model: Model): ReadonlyMap<string, boolean> {
  const names = new Map<string, boolean>();
  for (const { parsed } of instructionsOf(model, "ARG", "ENV")) {
    for (const pair of parsed.pairs) {
      const value = pair.value?.value ?? null;
      if (value === null || !lookOf(pair).named) continue;
      names.set(pair.name, (names.get(pair.name) ?? true) && valueShape(pair.name, value) === "harmless");
    }
  }
  return names;
}

function shaped(
  model: Model,
  name: string,
  value: string,
  made: (shape: Declaration["shape"], evidence?: Credential | null) => Declaration,
  evidence: Credential | null,
): Declaration | null {
  if (evidence) return made("literal", evidence);
  const shape = valueShape(name, value);
  if (shape === "harmless") return null;
  if (shape === "literal" && accountNames(model).has(value.trim())) return made("placeholder");
  return made(shape === "none" ? "empty" : shape);
}

const rememberedAccounts = new WeakMap<Model, ReadonlySet<string>>();

/** What the file calls its users and databases. A password of the same text, `app` for the user `app`, is a default. */
function accountNames(model: Model): ReadonlySet<string> {
  let known = rememberedAccounts.get(model);
  if (!known) {
    const pairs = instructionsOf(model, "ARG", "ENV").flatMap(({ parsed }) => parsed.pairs);
    known = new Set(pairs.flatMap(({ name, value }) => (namesAccount.test(name) ? (value?.value ?? []) : [])));
    rememberedAccounts.set(model, known);
  }
  return known;
}

const namesAccount = /(?:^|[a-z_])(?:user(?:_?name)?|login|account|database(?:_?name)?|db(?:_?name)?|schema)$/i;

function inheritedDefault(model: Model, name: string): string | null {
  const binding = model.globals.lookup(name, Number.POSITIVE_INFINITY);
  return binding?.pair?.value ? (binding.value ?? null) : null;
}
