/**
 * Findings of rules that look at one instruction alone are kept with the instruction, so that a keystroke in a long file
 * costs the instruction it touched and not all the others (design: an edit costs what it touched).
 */
import type { Catalogue, Day } from "./catalogue/types";
import { instructionAt } from "./model/at";
import type { Instruction, Model, ShellState, Stage, UserState } from "./model/types";
import type { Config } from "./preset";
import type { AnyRule, Finding, Fix, RuleContext } from "./rule";
import type { ParsedInstruction } from "./syntax/types";
import type { Span } from "./text";

/** A rule that is on, with what its check is given. */
export interface ActiveRule {
  readonly rule: AnyRule;
  readonly context: RuleContext;
}

/** Runs one rule over a context; answers null when it failed, which the caller has noted. */
export type RunRule = (rule: AnyRule, context: RuleContext) => readonly Finding[] | null;

/** A finding with the rule that made it. */
export interface LocalFinding {
  readonly rule: AnyRule;
  readonly finding: Finding;
}

/** A finding whose places are local to the block of its instruction. Only the fixes are not kept: they know the file. */
interface Kept {
  readonly rule: AnyRule;
  readonly finding: Finding;
  readonly blockStart: number;
}

/** What was found in instructions of one text, by their surroundings. */
interface Entry {
  readonly names: readonly string[];
  /** Where it was seen last, which is where it mostly is. */
  last: Known | null;
  readonly bySurroundings: Map<string, Known>;
  /** How many surroundings are kept before those that are gone are looked for. */
  most: number;
}

/** What was found in some surroundings. */
interface Known {
  readonly surroundings: string;
  readonly kept: readonly Kept[];
  /** The turn in which it was asked for last. */
  turn: number;
}

/** The names that the builder replaces in an instruction by what its stage gives them, each once. None for FROM. */
export function replacedNames(parsed: ParsedInstruction): readonly string[] {
  if (parsed.keyword === "FROM" || !parsed.text.includes("$")) return noNames;
  const { body, argumentsFrom } = parsed.trigger ?? parsed;
  // What a shell runs is its own; of a RUN the builder reads the flags.
  const isRun = parsed.keyword === "RUN" || parsed.trigger?.keyword === "RUN";
  const bodies = isRun ? [] : parsed.heredocs.map(({ bodySpan }) => parsed.text.slice(bodySpan.from, bodySpan.to));
  const text = [isRun ? body.text.slice(0, argumentsFrom) : body.text, ...bodies].join("\n");
  return [...new Set(Array.from(text.matchAll(/\$\{?([A-Za-z_]\w*)/g), (match) => match[1] as string))];
}

const noNames: readonly string[] = [];

/** Longer values are not compared: an instruction that reads one is checked anew each time. */
const longestValue = 1000;

/** The same text seldom stands in more surroundings than these. */
const fewSurroundings = 50;

const mostTexts = 5000;

interface Memory {
  readonly catalogue: Catalogue;
  readonly today: Day;
  readonly rules: readonly AnyRule[];
  readonly entries: WeakMap<ParsedInstruction, Entry>;
  /** How often it was asked. */
  turn: number;
  /** Each name of surroundings once, so that equal ones are the same text and compared at once. */
  readonly texts: Map<string, string>;
}

// A configuration decides which rules run and how, so what was found under one says nothing of another.
const memories = new WeakMap<Config, Memory>();

/** The findings of rules with `scope: "instruction"` in instructions of a model, in no particular order. */
export function localFindings(
  model: Model,
  config: Config,
  rules: readonly ActiveRule[],
  run: RunRule,
  instructions: readonly Instruction[] = model.instructions,
): readonly LocalFinding[] {
  const first = rules[0];
  if (!first) return [];
  const memory = memoryOf(config, first.context, rules);
  memory.turn++;
  const found: LocalFinding[] = [];
  const missing: Instruction[] = [];
  const surroundings = createSurroundings(model, memory.texts);
  for (const instruction of instructions) {
    const entry = memory.entries.get(instruction.parsed);
    const known = entry && keptIn(entry, surroundings(instruction, entry.names), memory.turn);
    if (!known) missing.push(instruction);
    else for (const kept of known) found.push(moved(kept, instruction, model, rules, run));
  }
  if (missing.length === 0) return found;
  const fresh = findIn(missing, model, rules, run);
  for (const instruction of missing) {
    const own = fresh.byInstruction.get(instruction) ?? none;
    if (!fresh.failed) {
      const kept = own.map((item) => ({ ...item, blockStart: instruction.blockStart }));
      const entry = memory.entries.get(instruction.parsed) ?? newEntry(memory, instruction.parsed);
      remember(entry, surroundings(instruction, entry.names), kept, memory.turn);
    }
    found.push(...own);
  }
  return found;
}

const none: readonly LocalFinding[] = [];

function keptIn(entry: Entry, surroundings: string | null, turn: number): readonly Kept[] | undefined {
  if (surroundings === null) return undefined;
  const known = entry.last?.surroundings === surroundings ? entry.last : entry.bySurroundings.get(surroundings);
  if (!known) return undefined;
  entry.last = known;
  known.turn = turn;
  return known.kept;
}

function newEntry(memory: Memory, parsed: ParsedInstruction): Entry {
  const entry: Entry = { names: replacedNames(parsed), last: null, bySurroundings: new Map(), most: fewSurroundings };
  memory.entries.set(parsed, entry);
  return entry;
}

function remember(entry: Entry, surroundings: string | null, kept: readonly Kept[], turn: number): void {
  if (surroundings === null) return;
  if (entry.bySurroundings.size >= entry.most) forgetOld(entry, turn);
  const known = { surroundings, kept, turn };
  entry.bySurroundings.set(surroundings, known);
  entry.last = known;
}

/** A file may hold one text in many places; what stood neither in this version nor in the one before it is gone. */
function forgetOld(entry: Entry, turn: number): void {
  const { bySurroundings } = entry;
  for (const [surroundings, known] of bySurroundings) {
    if (known.turn < turn - 1) bySurroundings.delete(surroundings);
  }
  entry.most = Math.max(fewSurroundings, bySurroundings.size * 2);
}

function memoryOf(config: Config, context: RuleContext, rules: readonly ActiveRule[]): Memory {
  const known = memories.get(config);
  const { catalogue, today } = context;
  const same =
    known?.catalogue === catalogue &&
    known.today === today &&
    known.rules.length === rules.length &&
    rules.every(({ rule }, index) => known.rules[index] === rule);
  if (same) return known;
  const memory: Memory = {
    catalogue,
    today,
    rules: rules.map(({ rule }) => rule),
    entries: new WeakMap(),
    turn: 0,
    texts: new Map(),
  };
  memories.set(config, memory);
  return memory;
}

/** Runs the rules over a model that holds only the given instructions. */
function findIn(
  instructions: readonly Instruction[],
  model: Model,
  rules: readonly ActiveRule[],
  run: RunRule,
): { readonly byInstruction: ReadonlyMap<Instruction, LocalFinding[]>; readonly failed: boolean } {
  const view: Model = { ...model, instructions };
  const byInstruction = new Map<Instruction, LocalFinding[]>();
  let failed = false;
  // Rules without options share one context, mostly all of them.
  const narrowed = lastAnswer((context: RuleContext): RuleContext => ({ ...context, model: view }));
  for (const { rule, context } of rules) {
    const findings = run(rule, narrowed(context));
    if (!findings) failed = true;
    for (const finding of findings ?? []) {
      const instruction = instructionAt(view, finding.range.start);
      if (!instruction) continue;
      const list = byInstruction.get(instruction);
      if (list) list.push({ rule, finding });
      else byInstruction.set(instruction, [{ rule, finding }]);
    }
  }
  return { byInstruction, failed };
}

/** The same finding where the instruction stands now. */
function moved(
  { rule, finding, blockStart }: Kept,
  instruction: Instruction,
  model: Model,
  rules: readonly ActiveRule[],
  run: RunRule,
): LocalFinding {
  const by = instruction.blockStart - blockStart;
  if (!finding.fixes && !finding.related && by === 0) return { rule, finding };
  const shift = ({ start, end }: Span): Span => ({ start: start + by, end: end + by });
  const anew = (now: Finding): readonly Fix[] => {
    const active = rules.find((item) => item.rule === rule);
    return active ? localFixes(active, now, model, run) : [];
  };
  return { rule, finding: movedFinding(finding, shift, anew) };
}

/** A finding in another version of its file: its places moved, its fixes made anew, since they know the file. */
export function movedFinding(
  finding: Finding,
  shift: (span: Span) => Span,
  anew: (now: Finding) => readonly Fix[],
): Finding {
  const { fixes, related } = finding;
  const now: Finding = {
    ...finding,
    range: shift(finding.range),
    ...(related ? { related: related.map((item) => ({ ...item, range: shift(item.range) })) } : {}),
    ...(fixes ? { fixes: () => anew(now) } : {}),
  };
  return now;
}

/** The fixes of a finding of a rule that looks at one instruction, made in the file as it is now. */
export function localFixes(active: ActiveRule, finding: Finding, model: Model, run: RunRule): readonly Fix[] {
  const instruction = instructionAt(model, finding.range.start);
  if (!instruction) return [];
  const found = findIn([instruction], model, [active], run).byInstruction.get(instruction) ?? none;
  return found.find((item) => isSameFinding(item.finding, finding))?.finding.fixes?.() ?? [];
}

/** True when both say the same of the same place. */
export function isSameFinding(one: Finding, other: Finding): boolean {
  return one.message === other.message && one.range.start === other.range.start && one.range.end === other.range.end;
}

/**
 * Names what a local rule may look at beside the text of its instruction; equal names, equal surroundings. Null where
 * they cannot be compared.
 */
function createSurroundings(
  model: Model,
  texts: Map<string, string>,
): (instruction: Instruction, names: readonly string[]) => string | null {
  const ofStage = lastAnswer((stage: Stage | null) =>
    [model.frontend, stage?.ships, stage?.reachesFinal, stage?.root.base.resolved, stage?.root.base.platform].join(
      "\0",
    ),
  );
  const ofShell = lastAnswer(({ kind, words }: ShellState) => `${kind}\0${words?.join("\0")}`);
  const ofUser = lastAnswer((user: UserState) => (user.kind === "set" ? `${user.name}\0${user.group}` : user.kind));
  let last: Instruction | null = null;
  let shared = "";
  return (instruction, names) => {
    const { stage, user, shell, workdir } = instruction;
    // Neighbours mostly share all of it.
    if (!last || last.stage !== stage || last.user !== user || last.shell !== shell || last.workdir !== workdir) {
      last = instruction;
      shared = sameText(texts, `${ofStage(stage)}\n${ofShell(shell)}\n${ofUser(user)}\n${workdir}`);
    }
    return names.length === 0 ? shared : withValues(shared, instruction, names);
  };
}

/** Remembers the answer to the last question, which mostly is the next one too. */
function lastAnswer<T, A>(answer: (question: T) => A): (question: T) => A {
  let last: { readonly question: T; readonly answer: A } | null = null;
  return (question) => {
    if (last?.question !== question) last = { question, answer: answer(question) };
    return last.answer;
  };
}

function sameText(texts: Map<string, string>, text: string): string {
  const known = texts.get(text);
  if (known !== undefined) return known;
  if (texts.size >= mostTexts) texts.clear();
  texts.set(text, text);
  return text;
}

function withValues(shared: string, { stage, index }: Instruction, names: readonly string[]): string | null {
  let name = shared;
  for (const one of names) {
    const binding = stage?.scope.lookup(one, index) ?? null;
    if (binding?.value && binding.value.length > longestValue) return null;
    name += binding ? `\0${binding.kind} ${binding.unset} ${binding.value === null} ${binding.value}` : "\0";
  }
  return name;
}
