/** Where an instruction reads variables: those that the builder replaces, and those that the shell of a RUN reads. */
import { scriptsOf } from "../../model/scripts";
import type { Instruction, Model, Stage } from "../../model/types";
import { plainText } from "../../shell/body";
import { readMount } from "../../syntax/flags";
import type { ParsedInstruction, Variable } from "../../syntax/types";
import { readVariables } from "../../syntax/words";
import type { Span } from "../../text";

/** One place where a variable is read without a default of its own. */
export interface VariableUse {
  readonly name: string;
  /** The whole `$NAME` or `${NAME…}`. */
  readonly span: Span;
  /** The name alone. */
  readonly nameSpan: Span;
}

/** An instruction that reads variables plainly. */
export interface Reader {
  readonly instruction: Instruction;
  /** What the builder replaces (not in FROM, which sees other names, and not in RUN). */
  readonly builder: readonly VariableUse[];
  /**
   * What the shell of a RUN reads and nothing in the RUN itself sets. Empty where the script reads another file into
   * itself, for that may set any name.
   */
  readonly shell: readonly VariableUse[];
}

/** The instructions of a stage that read variables, in the order of the file. Remembered with the model. */
export function readersIn(model: Model, stage: Stage): readonly Reader[] {
  return usesIn(model).byStage.get(stage) ?? noReaders;
}

/** What the builder replaces in one instruction, also in one before the first FROM. */
export function instructionUses(instruction: Instruction): readonly VariableUse[] {
  return place(instruction, usesOf(instruction)).builder;
}

/** Every name behind a dollar sign (or as cmd and PowerShell write it) anywhere, whoever reads it. */
export function namesReadIn(model: Model): ReadonlySet<string> {
  return usesIn(model).names;
}

interface Uses {
  readonly byStage: ReadonlyMap<Stage, readonly Reader[]>;
  readonly names: ReadonlySet<string>;
}

function usesIn(model: Model): Uses {
  const known = remembered.get(model);
  if (known) return known;
  const byStage = new Map<Stage, Reader[]>();
  const names = new Set<string>();
  for (const instruction of model.instructions) {
    const uses = usesOf(instruction);
    if (uses === nothingRead) continue;
    for (const name of uses.names) names.add(name);
    if (!instruction.stage || (uses.builder.length === 0 && uses.shell.length === 0)) continue;
    const reader = place(instruction, uses);
    const list = byStage.get(instruction.stage);
    if (list) list.push(reader);
    else byStage.set(instruction.stage, [reader]);
  }
  const uses = { byStage, names };
  remembered.set(model, uses);
  return uses;
}

const remembered = new WeakMap<Model, Uses>();
const noReaders: readonly Reader[] = [];

/** What is read in an instruction of some text, with offsets local to its block. */
interface LocalUses {
  readonly builder: readonly VariableUse[];
  readonly shell: readonly VariableUse[];
  readonly names: readonly string[];
}

const nothing: readonly VariableUse[] = [];
const nothingRead: LocalUses = { builder: nothing, shell: nothing, names: [] };

/** Under a POSIX shell, and under another, where nothing is known of a script. */
const inPosix = new WeakMap<ParsedInstruction, LocalUses>();
const inOther = new WeakMap<ParsedInstruction, LocalUses>();

function usesOf(instruction: Instruction): LocalUses {
  const { parsed, shell } = instruction;
  const known = shell.kind === "posix" ? inPosix : inOther;
  let uses = known.get(parsed);
  if (!uses) {
    uses = /[$%]/.test(parsed.text)
      ? { builder: builderUses(parsed), shell: shellUses(instruction), names: namesIn(parsed.text) }
      : nothingRead;
    known.set(parsed, uses);
  }
  return uses;
}

function namesIn(text: string): readonly string[] {
  const found = text.matchAll(/\$[{(]?[!#]?([A-Za-z_]\w*)|%(\w+)%|:([A-Za-z_]\w*)/g);
  return [...new Set(Array.from(found, (match) => (match[1] ?? match[2] ?? match[3]) as string))];
}

function place(instruction: Instruction, { builder, shell }: LocalUses): Reader {
  const { blockStart } = instruction;
  const one = ({ name, span, nameSpan }: VariableUse): VariableUse => ({
    name,
    span: { start: span.start + blockStart, end: span.end + blockStart },
    nameSpan: { start: nameSpan.start + blockStart, end: nameSpan.end + blockStart },
  });
  return { instruction, builder: builder.map(one), shell: shell.map(one) };
}

const replacing: ReadonlySet<string> = new Set([
  ...["ADD", "ARG", "COPY", "ENV", "EXPOSE", "LABEL", "STOPSIGNAL", "USER", "VOLUME", "WORKDIR"],
]);

function builderUses(parsed: ParsedInstruction): readonly VariableUse[] {
  if (!replacing.has(parsed.keyword) || !parsed.text.includes("$")) return nothing;
  const found: Variable[] = parsed.words.flatMap((word) => word.variables);
  // The builder takes --from as it is written.
  for (const flag of parsed.flags) if (flag.name !== "from") found.push(...(flag.value?.variables ?? []));
  for (const { operator, bodySpan } of parsed.heredocs) {
    if (!operator.expand) continue;
    const text = parsed.text.slice(bodySpan.from, bodySpan.to);
    found.push(...readVariables(plainText(text, bodySpan.from), { from: 0, to: text.length }, parsed.escape));
  }
  return found
    .filter(({ modifier }) => readsPlainly(modifier))
    .map((variable) => ({
      name: variable.name,
      span: { start: variable.from, end: variable.to },
      nameSpan: { start: variable.nameSpan.from, end: variable.nameSpan.to },
    }));
}

function shellUses(instruction: Instruction): readonly VariableUse[] {
  if (instruction.keyword !== "RUN" || !instruction.parsed.text.includes("$")) return nothing;
  const found: VariableUse[] = [];
  const mounted = new Set(instruction.parsed.flags.flatMap((flag) => readMount(flag)?.get("env") ?? []));
  const place = ({ start, end }: Span): Span => ({
    start: start - instruction.blockStart,
    end: end - instruction.blockStart,
  });
  for (const { script, commands, locate } of scriptsOf(instruction)) {
    if (!script.wellFormed || commands.some(({ name }) => name !== null && readers.has(name))) continue;
    const own = new Set(script.definitions.map(({ name }) => name));
    for (const variable of script.variables) {
      if (own.has(variable.name) || mounted.has(variable.name) || !readsPlainly(variable.operator ?? "")) continue;
      if (!/^[A-Za-z_]/.test(variable.name)) continue;
      found.push({
        name: variable.name,
        span: place(locate(variable.from, variable.to)),
        nameSpan: place(locate(variable.nameFrom, variable.nameTo)),
      });
    }
  }
  return found;
}

/** Commands that set variables which nobody sees in the script. */
const readers: ReadonlySet<string> = new Set([".", "source", "eval", "read", "mapfile", "readarray", "getopts"]);

// A default, an alternative or an error of its own shows that the author expects the name to be unset at times.
function readsPlainly(modifier: string): boolean {
  return !/^:?[-+?=]$/.test(modifier) && modifier !== "indirect";
}

/** Joins what several rules say of one use, so that it is one finding. */
export function useCause(use: VariableUse): string {
  return `variable:${use.span.start}`;
}

/**
 * True when the image a stage stands on may well bring the name, judged by its own: `php` brings PHP_VERSION. Used where
 * nothing else is known of the image.
 */
export function soundsLikeBase(stage: Stage, name: string): boolean {
  const { base } = stage.root;
  const text = (base.resolved ?? base.word?.text ?? "").toUpperCase();
  const [first = ""] = name.toUpperCase().split("_");
  return common.has(name) || (first.length > 1 && text.split(/[^A-Z]+/).includes(first.replace(/\d+$/, "")));
}

/** Names that images of many kinds set. */
const common: ReadonlySet<string> = new Set([
  ...[
    "PATH",
    "HOME",
    "LANG",
    "LANGUAGE",
    "LC_ALL",
    "TZ",
    "TERM",
    "USER",
    "PWD",
    "SHELL",
    "HOSTNAME",
    "DEBIAN_FRONTEND",
  ],
  ...["JAVA_HOME", "JAVA_VERSION", "GOPATH", "APP_UID", "APP_HOME", "APP_DIR", "APP_ROOT"],
]);
