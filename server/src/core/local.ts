/**
 * Findings of rules that look at one instruction alone are kept with the instruction, so that a keystroke in a long file
 * costs the instruction it touched and not all the others (design: an edit costs what it touched).
 */
import type { Catalogue, Day } from "./catalogue/types";
import { instructionAt } from "./model/at";
import type { Instruction, Model } from "./model/types";
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
  surroundings: string | null;
  kept: readonly Kept[];
  readonly bySurroundings: Map<string, readonly Kept[]>;
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

/** The same text seldom stands in more surroundings than a few; a file that has them is checked anew now and then. */
const mostSurroundings = 50;

const mostTexts = 5000;

interface Memory {
  readonly catalogue: Catalogue;
  readonly today: Day;
  readonly rules: readonly AnyRule[];
  readonly entries: WeakMap<ParsedInstruction, Entry>;
  /** Each name of surroundings once, so that equal ones are the same text and compared at once. */
  readonly texts: Map<string, string>;
}

// A configuration decides which rules run and how, so what was found under one says nothing of another.
const memories = new WeakMap<Config, Memory>();

/** The findings of rules with `scope: "instruction"`, in no particular order. */
export function localFindings(
  model: Model,
  config: Config,
  rules: readonly ActiveRule[],
  run: RunRule,
): readonly LocalFinding[] {
  const first = rules[0];
  if (!first) return [];
  const memory = memoryOf(config, first.context, rules);
  const found: LocalFinding[] = [];
  const missing: Instruction[] = [];
  const surroundings = createSurroundings(model, memory.texts);
  for (const instruction of model.instructions) {
    const entry = memory.entries.get(instruction.parsed);
    const known = entry && keptIn(entry, surroundings(instruction, entry.names));
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
      remember(entry, surroundings(instruction, entry.names), kept);
    }
    found.push(...own);
  }
  return found;
}

const none: readonly LocalFinding[] = [];

function keptIn(entry: Entry, name: string | null): readonly Kept[] | undefined {
  if (name === null) return undefined;
  if (entry.surroundings === name) return entry.kept;
  const kept = entry.bySurroundings.get(name);
  if (!kept) return undefined;
  entry.surroundings = name;
  entry.kept = kept;
  return kept;
}

function newEntry(memory: Memory, parsed: ParsedInstruction): Entry {
  const entry: Entry = { names: replacedNames(parsed), surroundings: null, kept: [], bySurroundings: new Map() };
  memory.entries.set(parsed, entry);
  return entry;
}

function remember(entry: Entry, name: string | null, kept: readonly Kept[]): void {
  if (name === null) return;
  const { bySurroundings } = entry;
  if (bySurroundings.size >= mostSurroundings) bySurroundings.clear();
  bySurroundings.set(name, kept);
  entry.surroundings = name;
  entry.kept = kept;
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
  const memory = { catalogue, today, rules: rules.map(({ rule }) => rule), entries: new WeakMap(), texts: new Map() };
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
  for (const { rule, context } of rules) {
    const findings = run(rule, { ...context, model: view });
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

/** The same finding where the instruction stands now. Its fixes are made anew, in the file as it is now. */
function moved(
  { rule, finding, blockStart }: Kept,
  instruction: Instruction,
  model: Model,
  rules: readonly ActiveRule[],
  run: RunRule,
): LocalFinding {
  const by = instruction.blockStart - blockStart;
  const range = shift(finding.range, by);
  const { fixes, related } = finding;
  if (!fixes && !related && by === 0) return { rule, finding };
  return {
    rule,
    finding: {
      ...finding,
      range,
      ...(related ? { related: related.map((item) => ({ ...item, range: shift(item.range, by) })) } : {}),
      ...(fixes ? { fixes: () => fixesAnew(rule, finding.message, range, instruction, model, rules, run) } : {}),
    },
  };
}

function fixesAnew(
  rule: AnyRule,
  message: string,
  range: Span,
  instruction: Instruction,
  model: Model,
  rules: readonly ActiveRule[],
  run: RunRule,
): readonly Fix[] {
  const active = rules.filter((item) => item.rule === rule);
  const again = findIn([instruction], model, active, run).byInstruction.get(instruction) ?? none;
  const same = again.find(
    ({ finding }) =>
      finding.message === message && finding.range.start === range.start && finding.range.end === range.end,
  );
  return same?.finding.fixes?.() ?? [];
}

function shift(span: Span, by: number): Span {
  return { start: span.start + by, end: span.end + by };
}

/**
 * Names what a local rule may look at beside the text of its instruction; equal names, equal surroundings. Null where
 * they cannot be compared.
 */
function createSurroundings(
  model: Model,
  texts: Map<string, string>,
): (instruction: Instruction, names: readonly string[]) => string | null {
  let last: Instruction | null = null;
  let shared = "";
  return (instruction, names) => {
    const { stage, user, shell, workdir } = instruction;
    // Neighbours mostly share all of it.
    if (!last || last.stage !== stage || last.user !== user || last.shell !== shell || last.workdir !== workdir) {
      last = instruction;
      const text = [
        model.frontend,
        stage?.ships,
        stage?.reachesFinal,
        stage?.root.base.resolved,
        stage?.root.base.platform,
        shell.kind,
        ...(shell.words ?? []),
        user.kind,
        user.kind === "set" ? `${user.name}:${user.group}` : "",
        workdir,
      ].join("\0");
      shared = sameText(texts, text);
    }
    return names.length === 0 ? shared : withValues(shared, instruction, names);
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
