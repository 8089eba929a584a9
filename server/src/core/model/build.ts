/** From text to model: blocks, then one forward pass over the instructions. Linear, never throws. */
import { parseReference } from "../image/reference";
import type { Scan } from "../syntax/blocks";
import { scanBlocks } from "../syntax/blocks";
import { parseInstruction } from "../syntax/parse";
import type { Block, Escape, Pair, ParsedInstruction } from "../syntax/types";
import type { Span } from "../text";
import { indexLines, lineEnding } from "../text";
import type { InstructionCache } from "./cache";
import { sharedInstructionCache } from "./cache";
import type { Declare, ScopeBuilder } from "./scope";
import { createScope, expandWord, globalState, platformArguments, stageState } from "./scope";
import { defaultShell, shellOf } from "./shell";
import { readSuppressions, shellPragma } from "./suppression";
import { isTemplate, templateSpans } from "./template";
import type {
  Base,
  Binding,
  Comment,
  Instruction,
  Model,
  Problem,
  Scope,
  ShellState,
  Stage,
  StageUse,
  UserState,
} from "./types";
import { locate } from "./types";

export { createInstructionCache, type InstructionCache } from "./cache";

export interface ModelOptions {
  /** Values of `--build-arg`; they win over the defaults of ARG. */
  readonly buildArgs?: ReadonlyMap<string, string>;
  /** Name or number of the stage that ships; the last one when absent or not found. */
  readonly target?: string | null;
  /** Parsed instructions of earlier versions; one shared by all files when absent. */
  readonly cache?: InstructionCache;
}

/** Builds the model of a text. */
export function buildModel(text: string, options: ModelOptions = {}): Model {
  const scan = scanBlocks(text);
  const cache = options.cache ?? sharedInstructionCache;
  cache.begin(scan.blocks.length);
  const builder = createBuilder(scan.escape, options);
  for (const block of scan.blocks) {
    if (block.kind === "comment") builder.comment(text, block);
    else if (block.kind === "instruction") {
      const parsed = cache.get(text.slice(block.start, block.end), scan.escape, (own) =>
        parseInstruction(own, block, scan.escape),
      );
      builder.instruction(parsed, block.start);
    }
  }
  return builder.finish(text, scan);
}

interface Builder {
  comment(text: string, block: Block): void;
  instruction(parsed: ParsedInstruction, blockStart: number): void;
  finish(text: string, scan: Scan): Model;
}

/** A stage while its instructions come in. */
interface OpenStage {
  stage: Mutable<Stage>;
  instructions: Instruction[];
  scope: ScopeBuilder;
  copiesFrom: StageUse[];
  user: UserState;
  shell: ShellState;
  workdir: string | null;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

const baseUser: UserState = { kind: "base" };
const posixShell: ShellState = { kind: "posix", words: null, instruction: null };

// A class for its prototype alone: most spans are never asked for, so they are worked out when they are. The keyword is
// asked for by every rule, so it is kept at hand.
class PlacedInstruction implements Instruction {
  readonly keyword: string;
  /** Set by `scriptsOf`; declared here so that all instructions keep one shape. */
  scripts: readonly unknown[] | undefined = undefined;

  constructor(
    readonly parsed: ParsedInstruction,
    readonly index: number,
    readonly blockStart: number,
    readonly stage: Stage | null,
    readonly user: UserState,
    readonly shell: ShellState,
    readonly workdir: string | null,
  ) {
    this.keyword = parsed.keyword;
  }

  get span(): Span {
    return locate(this, this.parsed.span);
  }

  get keywordSpan(): Span {
    return locate(this, this.parsed.keywordSpan);
  }
}

function createBuilder(escape: Escape, options: ModelOptions): Builder {
  const instructions: Instruction[] = [];
  const comments: Mutable<Comment>[] = [];
  const waiting: Mutable<Comment>[] = [];
  const stages: Mutable<Stage>[] = [];
  const byName = new Map<string, Stage>();
  const problems: Problem[] = [];
  const buildArgs = options.buildArgs ?? new Map<string, string>();
  const globals: ScopeBuilder = createScope(null, (placed, scope) =>
    declare(placed, scope, (name) => globalState(scope, name, placed.index)),
  );
  let open: OpenStage | null = null;
  let pragma: string | null = null;

  const comment: Builder["comment"] = (text, block) => {
    const line = text.slice(block.start, block.end);
    const sign = line.indexOf("#");
    const content = line.slice(sign + 1);
    const trimmed = content.trim();
    const end = block.start + line.trimEnd().length;
    const item: Mutable<Comment> = {
      span: { start: block.start + sign, end },
      text: trimmed,
      inside: null,
      above: null,
    };
    comments.push(item);
    waiting.push(item);
    pragma = shellPragma(trimmed) ?? pragma;
  };

  const instruction: Builder["instruction"] = (parsed, blockStart) => {
    const index = instructions.length;
    const isFrom = parsed.keyword === "FROM";
    const stage: Mutable<Stage> | null = isFrom ? emptyStage(globals) : (open?.stage ?? null);
    const state = isFrom ? null : open;
    const placed = new PlacedInstruction(
      parsed,
      index,
      blockStart,
      stage as Stage | null,
      state?.user ?? baseUser,
      state?.shell ?? posixShell,
      state?.workdir ?? null,
    );
    instructions.push(placed);
    for (const item of waiting) item.above = placed;
    waiting.length = 0;
    for (const inner of parsed.comments) {
      comments.push({ span: locate(placed, inner), text: inner.text, inside: placed, above: null });
    }
    for (const fault of parsed.problems) {
      const { kind, message, code } = fault;
      problems.push({ kind, span: locate(placed, fault), message, code });
    }
    if (isFrom && stage) openStage(placed, stage);
    else if (open) takeEffect(placed, open);
    else if (parsed.keyword === "ARG") globals.declare(placed);
    else if (parsed.problems.every((fault) => fault.kind !== "unknown-instruction")) {
      problems.push({
        kind: "no-stage",
        span: placed.keywordSpan,
        message: `${parsed.keyword} stands before the first FROM, where only ARG may stand.`,
        code: null,
      });
    }
  };

  const openStage = (from: Instruction, stage: Mutable<Stage>): void => {
    closeStage();
    const base = readBase(from);
    const scope = createScope(base.stage?.scope ?? null, declareInStage);
    const { words } = from.parsed;
    const nameWord = words.length === 3 && words[1]?.text.toUpperCase() === "AS" ? words[2] : undefined;
    const own: Instruction[] = [from];
    const copiesFrom: StageUse[] = [];
    stage.index = stages.length;
    stage.name = nameWord ? nameWord.text.toLowerCase() : null;
    stage.nameSpan = nameWord ? locate(from, nameWord) : null;
    stage.from = from;
    stage.instructions = own;
    stage.base = base;
    stage.root = base.stage?.root ?? stage;
    stage.scope = scope;
    stage.copiesFrom = copiesFrom;
    const shell = defaultShell(base, pragma);
    stage.shellAtEnd = shell;
    stages.push(stage);
    open = {
      stage,
      instructions: own,
      scope,
      copiesFrom,
      user: base.stage?.userAtEnd ?? baseUser,
      shell,
      workdir: base.stage ? base.stage.workdirAtEnd : base.scratch ? "/" : null,
    };
    if (stage.name !== null) byName.set(stage.name, stage);
  };

  const closeStage = (): void => {
    if (!open) return;
    open.stage.userAtEnd = open.user;
    open.stage.shellAtEnd = open.shell;
    open.stage.workdirAtEnd = open.workdir;
    open = null;
  };

  const readBase = (from: Instruction): Base => {
    const word = from.parsed.words[0] ?? null;
    const state = (name: string) => globalState(globals, name, from.index);
    const resolved = word && expandWord(word, escape, state);
    const platformFlag = from.parsed.flags.find((flag) => flag.name === "platform")?.value;
    const stage = resolved === null ? null : (byName.get(resolved.toLowerCase()) ?? null);
    const scratch = resolved === "scratch" && !stage;
    return {
      word,
      span: word && locate(from, word),
      resolved,
      stage,
      scratch,
      reference: resolved === null || stage || scratch ? null : parseReference(resolved),
      platform: platformFlag ? expandWord(platformFlag, escape, state) : null,
      arguments: bindingsOf(word?.variables.map((variable) => variable.name) ?? [], globals, from.index),
    };
  };

  const takeEffect = (placed: Instruction, stage: OpenStage): void => {
    const { parsed } = placed;
    stage.instructions.push(placed);
    const state = (name: string) => stageState(stage.scope, name, placed.index);
    switch (parsed.keyword) {
      case "ARG":
      case "ENV":
        stage.scope.declare(placed);
        break;
      case "USER":
        stage.user = userOf(placed, escape, state);
        break;
      case "WORKDIR":
        stage.workdir = workdirOf(placed, stage.workdir, escape, state);
        break;
      case "SHELL":
        stage.shell = shellOf(placed, parsed);
        break;
      case "COPY":
      case "ADD":
      case "RUN":
        addUses(placed, stage);
        break;
    }
  };

  const declareInStage: Declare = (placed, scope) =>
    declare(placed, scope, (name) => stageState(scope, name, placed.index));

  // All values of one instruction see what stood before it, so the scope gets none of them before the last is worked out.
  const declare = (placed: Instruction, scope: Scope, state: Parameters<typeof expandWord>[2]): readonly Binding[] => {
    const made: Binding[] = [];
    for (const pair of placed.parsed.pairs) {
      if (pair.name !== "") made.push(bind(placed, pair, scope, state));
    }
    return made;
  };

  const bind = (placed: Instruction, pair: Pair, scope: Scope, state: Parameters<typeof expandWord>[2]): Binding => {
    const { name, value } = pair;
    const make = (kind: Binding["kind"], result: string | null, unset: boolean): Binding => ({
      name,
      kind,
      value: result,
      unset,
      instruction: placed,
      pair,
      at: placed.index,
    });
    if (placed.keyword === "ENV") return make("env", value && expandWord(value, escape, state), false);
    const given = buildArgs.get(name);
    if (given !== undefined) return make("build-arg", given, false);
    if (value) return make("arg", expandWord(value, escape, state), false);
    // `ARG NAME` in a stage repeats the global one, or one of the platform's.
    const inherited = scope === globals ? null : globals.lookup(name, Number.POSITIVE_INFINITY);
    if (inherited) return make("arg", inherited.value, inherited.unset);
    return make(platformArguments.has(name) ? "platform" : "arg", null, true);
  };

  const addUses = (placed: Instruction, stage: OpenStage): void => {
    for (const source of placed.parsed.sources) {
      const used = findStage(source.name);
      stage.copiesFrom.push({
        instruction: placed,
        stage: used,
        reference: used ? null : parseReference(source.name),
        span: locate(placed, source),
      });
    }
  };

  /** A stage by name, or by number as COPY --from=0 does. */
  const findStage = (source: string): Stage | null => {
    const named = byName.get(source.toLowerCase());
    if (named) return named;
    const stage = /^\d+$/.test(source) ? stages[Number(source)] : undefined;
    return stage && stage !== open?.stage ? stage : null;
  };

  const finish: Builder["finish"] = (text, scan) => {
    closeStage();
    const lines = indexLines(text);
    for (const fault of scan.problems) {
      const { start, end, message, code } = fault;
      problems.push({ kind: "syntax", span: { start, end }, message, code });
    }
    const finalStage = pickFinal(stages, byName, options.target ?? null);
    markReachable(finalStage as Mutable<Stage> | null);
    comments.sort((a, b) => a.span.start - b.span.start);
    const templates = templateSpans(text);
    const froms = stages.map((stage) => stage.from.span);
    const template = templates.length > 0 && isTemplate(text, templates, froms);
    return {
      text,
      lines,
      escape,
      lineEnding: lineEnding(text),
      directives: scan.directives,
      instructions,
      comments,
      stages,
      finalStage,
      globals,
      problems: templates.length > 0 ? problems.filter((fault) => !touchesAny(fault.span, templates)) : problems,
      suppressions: readSuppressions(comments, scan.directives, text.length),
      templates,
      isTemplate: template,
      frontend: scan.directives.find((directive) => directive.name === "syntax")?.value ?? null,
    };
  };

  return { comment, instruction, finish };
}

// A stage exists before its FROM is read, since the FROM belongs to it; all its fields are there from the start, so that
// all stages have one shape.
function emptyStage(scope: Scope): Mutable<Stage> {
  return {
    index: -1,
    name: null,
    nameSpan: null,
    from: null as unknown as Instruction,
    instructions: [],
    base: null as unknown as Base,
    root: null as unknown as Stage,
    scope,
    copiesFrom: [],
    reachesFinal: false,
    ships: false,
    userAtEnd: baseUser,
    shellAtEnd: posixShell,
    workdirAtEnd: null,
  };
}

function bindingsOf(names: readonly string[], scope: Scope, index: number): readonly Binding[] {
  const found: Binding[] = [];
  for (const name of names) {
    const binding = scope.lookup(name, index);
    if (binding && !found.includes(binding)) found.push(binding);
  }
  return found;
}

function userOf(placed: Instruction, escape: Escape, state: Parameters<typeof expandWord>[2]): UserState {
  const word = placed.parsed.words[0];
  const value = word ? expandWord(word, escape, state) : null;
  if (value === null || value.trim() === "") return { kind: "unknown", instruction: placed };
  const colon = value.indexOf(":");
  return {
    kind: "set",
    name: colon < 0 ? value.trim() : value.slice(0, colon).trim(),
    group: colon < 0 ? null : value.slice(colon + 1).trim(),
    instruction: placed,
  };
}

function workdirOf(
  placed: Instruction,
  before: string | null,
  escape: Escape,
  state: Parameters<typeof expandWord>[2],
): string | null {
  const word = placed.parsed.words[0];
  const value = word ? expandWord(word, escape, state) : null;
  if (value === null || value === "") return null;
  if (value.startsWith("/")) return normalizePath(value);
  if (/^[a-zA-Z]:/.test(value) || value.includes("\\")) return value;
  return before === null ? null : normalizePath(`${before}/${value}`);
}

/** An absolute path without `.`, `..` and doubled slashes. */
export function normalizePath(path: string): string {
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "" || part === ".") continue;
    if (part === "..") parts.pop();
    else parts.push(part);
  }
  return `/${parts.join("/")}`;
}

function pickFinal(stages: readonly Stage[], byName: ReadonlyMap<string, Stage>, target: string | null): Stage | null {
  const last = stages[stages.length - 1] ?? null;
  if (target === null || target === "") return last;
  const numbered = /^\d+$/.test(target) ? stages[Number(target)] : undefined;
  return byName.get(target.toLowerCase()) ?? numbered ?? last;
}

function markReachable(finalStage: Mutable<Stage> | null): void {
  for (let stage = finalStage; stage && !stage.ships; stage = stage.base.stage as Mutable<Stage> | null) {
    stage.ships = true;
  }
  const queue: Mutable<Stage>[] = finalStage ? [finalStage] : [];
  for (let stage = queue.pop(); stage; stage = queue.pop()) {
    if (stage.reachesFinal) continue;
    stage.reachesFinal = true;
    const needed = [stage.base.stage, ...stage.copiesFrom.map((use) => use.stage)];
    for (const other of needed) if (other && !other.reachesFinal) queue.push(other as Mutable<Stage>);
  }
}

function touchesAny(span: Span, others: readonly Span[]): boolean {
  return others.some((other) => span.start < other.end && other.start < span.end);
}
