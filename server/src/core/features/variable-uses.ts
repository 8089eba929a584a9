/** Every place where an instruction names a variable: declared by ARG and ENV, read by the builder, read by a shell. */
import { platformArguments, proxyArguments } from "../model/scope";
import { scriptsOf } from "../model/scripts";
import type { Instruction, Model, Stage } from "../model/types";
import { variableAt } from "../syntax/words";
import type { LocalSpan, Span } from "../text";

/** One place that names a variable. */
export interface VariableUse {
  readonly name: string;
  readonly instruction: Instruction;
  /** The name alone, without `$` and braces. */
  readonly span: Span;
  /** `$NAME`, `${NAME:-x}`; the same as `span` where the variable is given a value. */
  readonly whole: Span;
  /** `declare`: ARG or ENV. `write`: the shell script of the instruction gives it a value. */
  readonly role: "declare" | "write" | "read";
}

/** A use with its places local to the block, so that it is found once per text of an instruction. */
interface LocalUse {
  readonly name: string;
  readonly span: LocalSpan;
  readonly whole: LocalSpan;
  readonly role: VariableUse["role"];
}

/** The uses of one instruction, in no particular order. Instructions inside ONBUILD speak of another build: none. */
export function variableUses(instruction: Instruction): readonly VariableUse[] {
  const { blockStart } = instruction;
  const place = ({ from, to }: LocalSpan): Span => ({ start: blockStart + from, end: blockStart + to });
  return localUses(instruction).map(({ name, span, whole, role }) => ({
    name,
    instruction,
    span: place(span),
    whole: place(whole),
    role,
  }));
}

/** The use whose text holds an offset (its end included), the innermost one; null where there is none. */
export function variableUseAt(instruction: Instruction, offset: number): VariableUse | null {
  let found: VariableUse | null = null;
  for (const use of variableUses(instruction)) {
    const { start, end } = use.whole;
    if (offset < start || offset > end) continue;
    if (!found || end - start < found.whole.end - found.whole.start) found = use;
  }
  return found;
}

/**
 * All uses that speak of the same variable as the given one, in the order of the file. The same are: what a stage and
 * the stages built on it see under the name; and every ARG of the name wherever it stands, since `--build-arg` sets
 * them all. A name that nobody declares is the same within the instruction whose script sets it, else within the stages
 * that share a base image.
 */
export function sameVariable(model: Model, use: VariableUse): readonly VariableUse[] {
  const groups = groupsOf(model, use.name);
  const wanted = groups(use);
  const found: VariableUse[] = [];
  for (const instruction of model.instructions) {
    const { text, body } = instruction.parsed;
    // One look at the text (and at the joined one, for names that a continuation splits) spares nearly all the rest.
    if (!text.includes(use.name) && !body.text.includes(use.name)) continue;
    for (const other of variableUses(instruction)) {
      if (other.name === use.name && groups(other) === wanted) found.push(other);
    }
  }
  found.sort((a, b) => a.span.start - b.span.start);
  return found.filter((other, at) => other.span.start !== found[at - 1]?.span.start);
}

/** The place that decides what a use means, or null: the nearest ARG or ENV before it, or the script's own assignment. */
export function declarationOf(model: Model, use: VariableUse): Span | null {
  const { instruction, name } = use;
  const { stage, index } = instruction;
  const isGlobal = stage === null || stage.from === instruction;
  const binding = isGlobal ? model.globals.lookup(name, index) : stage.scope.lookup(name, index);
  // `ARG NAME` without a value in a stage repeats the one before the first FROM.
  const own = use.role === "declare" && instruction.keyword === "ARG" && !isGlobal;
  const global = own ? model.globals.lookup(name, Number.POSITIVE_INFINITY) : null;
  const meant = global ?? (use.role === "declare" ? null : binding);
  if (meant?.instruction && meant.pair) {
    const start = meant.instruction.blockStart;
    return { start: start + meant.pair.nameSpan.from, end: start + meant.pair.nameSpan.to };
  }
  if (use.role === "declare") return use.span;
  const set = variableUses(instruction).filter((other) => other.name === name && other.role === "write");
  return set[0]?.span ?? null;
}

/** True for names that the builder itself gives a value: renaming them would only break the file. */
export function isPredefined(name: string): boolean {
  return platformArguments.has(name) || proxyArguments.has(name);
}

/** Tells for each use of one name which variable it means; equal answers are the same variable. */
function groupsOf(model: Model, name: string): (use: VariableUse) => string {
  // Group 0: the build argument. Group n + 1: what stage n declares or inherits.
  const parents = model.stages.map((_, index) => index + 1);
  parents.unshift(0);
  const rootOf = (at: number): number => {
    let root = at;
    while (parents[root] !== root) root = parents[root] as number;
    return root;
  };
  const join = (a: number, b: number): void => {
    parents[Math.max(rootOf(a), rootOf(b))] = Math.min(rootOf(a), rootOf(b));
  };
  const seen: boolean[] = [];
  const index = bindingStages(model, name);
  for (const stage of model.stages) {
    const below = stage.base.stage;
    const declared = index.get(stage);
    seen[stage.index] = declared !== undefined || (below !== null && seen[below.index] === true);
    if (below && seen[below.index]) join(stage.index + 1, below.index + 1);
    if (declared === "arg") join(stage.index + 1, 0);
  }
  return ({ instruction }) => {
    const { stage } = instruction;
    if (stage === null || stage.from === instruction) return "0";
    if (seen[stage.index]) return String(rootOf(stage.index + 1));
    const isSet = variableUses(instruction).some((use) => use.name === name && use.role === "write");
    return isSet ? `script ${instruction.index}` : `base ${stage.root.index}`;
  };
}

/** The stages that declare a name, with `arg` where one of the declarations is an ARG. */
function bindingStages(model: Model, name: string): ReadonlyMap<Stage, "arg" | "env"> {
  const found = new Map<Stage, "arg" | "env">();
  for (const stage of model.stages) {
    for (const binding of stage.scope.bindings) {
      if (binding.name !== name) continue;
      if (binding.kind !== "env") found.set(stage, "arg");
      else if (!found.has(stage)) found.set(stage, "env");
    }
  }
  return found;
}

const remembered = new WeakMap<Instruction["parsed"], { shell: string; uses: readonly LocalUse[] }>();

function localUses(instruction: Instruction): readonly LocalUse[] {
  const { parsed } = instruction;
  const known = remembered.get(parsed);
  if (known && known.shell === instruction.shell.kind) return known.uses;
  const uses = readUses(instruction);
  remembered.set(parsed, { shell: instruction.shell.kind, uses });
  return uses;
}

function readUses(instruction: Instruction): readonly LocalUse[] {
  const { parsed, keyword } = instruction;
  if (keyword === "ONBUILD") return none;
  const uses: LocalUse[] = [];
  if (keyword === "ARG" || keyword === "ENV") {
    for (const { name, nameSpan } of parsed.pairs) {
      if (parsed.text.slice(nameSpan.from, nameSpan.to) !== name || !/^[A-Za-z_]\w*$/.test(name)) continue;
      uses.push({ name, span: nameSpan, whole: nameSpan, role: "declare" });
    }
  }
  for (const flag of parsed.flags) if (flag.value) addBuilderUses(uses, flag.value.variables);
  if (keyword === "RUN" || keyword === "CMD" || keyword === "ENTRYPOINT" || keyword === "HEALTHCHECK") {
    addShellUses(uses, instruction);
  } else {
    for (const word of parsed.words) addBuilderUses(uses, word.variables);
    for (const { operator, bodySpan } of parsed.heredocs) {
      if (operator.expand) addTextUses(uses, parsed.text, bodySpan);
    }
  }
  return uses.length === 0 ? none : uses;
}

const none: readonly LocalUse[] = [];

type BuilderVariable = LocalSpan & { readonly name: string; readonly nameSpan: LocalSpan };

function addBuilderUses(uses: LocalUse[], variables: readonly BuilderVariable[]): void {
  for (const { name, nameSpan, from, to } of variables) {
    uses.push({ name, span: nameSpan, whole: { from, to }, role: "read" });
  }
}

function addShellUses(uses: LocalUse[], instruction: Instruction): void {
  const { parsed, shell } = instruction;
  if (parsed.json) {
    const [program, option] = parsed.json;
    // Nobody replaces variables of an exec form but the shell that it may start.
    if (!/(?:^|\/)(?:ba|da|a|k|z)?sh$/.test(program?.value ?? "") || !/^-\w*c$/.test(option?.value ?? "")) return;
    for (const item of parsed.json.slice(2)) addTextUses(uses, parsed.text, item);
    return;
  }
  if (shell.kind !== "posix") {
    if (shell.kind === "powershell") addPatternUses(uses, parsed, /\$(?:env:|\{env:)([A-Za-z_]\w*)\}?/gi);
    else if (shell.kind === "cmd") addPatternUses(uses, parsed, /%([A-Za-z_]\w*)%/g);
    return;
  }
  const scripts = scriptsOf(instruction);
  const { blockStart } = instruction;
  for (const { script, commands, locate } of scripts) {
    const local = (from: number, to: number): LocalSpan => {
      const { start, end } = locate(from, to);
      return { from: start - blockStart, to: end - blockStart };
    };
    const read = (one: (typeof script.variables)[number]): void => {
      if (!/^[A-Za-z_]\w*$/.test(one.name)) return;
      const span = local(one.nameFrom, one.nameTo);
      uses.push({ name: one.name, span, whole: local(one.from, one.to), role: "read" });
    };
    for (const one of script.variables) read(one);
    for (const { name, from, to } of script.definitions) {
      const span = local(from, to);
      uses.push({ name, span, whole: span, role: "write" });
    }
    // What `sh -c '…'` reads stands in quotes that hide it from the outer script.
    for (const { command, outer } of commands) {
      if (command !== outer) for (const word of command.words) for (const one of word.variables) read(one);
    }
  }
  const isScript = scripts.some((script) => script.kind === "heredoc");
  for (const [at, { operator, bodySpan }] of parsed.heredocs.entries()) {
    if (operator.expand && !(isScript && at === 0)) addTextUses(uses, parsed.text, bodySpan);
  }
}

/** Variables of a text in which quotes mean nothing: the body of a heredoc. */
function addTextUses(uses: LocalUse[], text: string, { from, to }: LocalSpan): void {
  for (let at = text.indexOf("$", from); at >= 0 && at < to; at = text.indexOf("$", at + 1)) {
    if (text[at - 1] === "\\") continue;
    const variable = variableAt(text, at, to, "\\");
    if (!variable) continue;
    const { name, nameFrom } = variable;
    const span = { from: nameFrom, to: nameFrom + name.length };
    uses.push({ name, span, whole: { from: at, to: variable.to }, role: "read" });
  }
}

function addPatternUses(uses: LocalUse[], parsed: Instruction["parsed"], pattern: RegExp): void {
  for (const match of parsed.text.matchAll(pattern)) {
    const [whole, name] = match;
    if (name === undefined) continue;
    const from = match.index + whole.toLowerCase().indexOf(name.toLowerCase(), whole.search(/[:%]/));
    const to = match.index + whole.length;
    uses.push({ name, span: { from, to: from + name.length }, whole: { from: match.index, to }, role: "read" });
  }
}
