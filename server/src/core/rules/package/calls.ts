/** The calls of package managers in the RUN instructions of a file, found once for all rules that ask. */

import { type Run, runsOf } from "../../model/runs";
import type { Script } from "../../model/scripts";
import type { Instruction, Model, Stage } from "../../model/types";
import { locate } from "../../model/types";
import { resolvePath } from "../../multistage/paths";
import type { ListItem, ShellCommand, ShellScript, ShellWord } from "../../shell/ast";
import type { EffectiveCommand } from "../../shell/commands";
import { effectiveCommands } from "../../shell/commands";
import type { PackageOperation } from "../../shell/packages";
import { packageOperations } from "../../shell/packages";
import { type Mount, readMount } from "../../syntax/flags";
import type { ParsedInstruction } from "../../syntax/types";
import type { Span } from "../../text";

/** A RUN, or the RUN that ONBUILD holds back, with what it calls. Only steps that call a package manager or run shell. */
export interface RunStep {
  /** The instruction of the file. */
  readonly instruction: Instruction;
  /** The RUN: the instruction itself, or what stands behind ONBUILD. Its places are those of the file. */
  readonly run: Instruction;
  readonly isTrigger: boolean;
  readonly stage: Stage;
  readonly scripts: readonly Script[];
  readonly calls: readonly PackageCall[];
}

/** One call of a package manager. */
export interface PackageCall {
  readonly operation: PackageOperation;
  readonly step: RunStep;
  readonly script: Script;
}

/** Every RUN whose script can be read, in the order of the file. Remembered with the model. */
export function runSteps(model: Model): readonly RunStep[] {
  const known = remembered.get(model);
  if (known) return known;
  const steps = runsOf(model).flatMap((run) => stepOf(run) ?? []);
  remembered.set(model, steps);
  return steps;
}

/** Every call in the order of the file. */
export function* packageCalls(model: Model): Iterable<PackageCall> {
  for (const step of runSteps(model)) yield* step.calls;
}

/** Where a call is shown: from the manager's name to its subcommand. */
export function callSpan({ operation, script }: PackageCall): Span {
  const first = operation.command.words[0];
  const last = operation.subcommand ?? first;
  if (!first || !last) return script.locate(operation.command.command.from, operation.command.command.to);
  // `apt-get -y install`: the subcommand may stand behind flags, and `-S` of pacman is one.
  return script.locate(Math.min(first.from, last.from), Math.max(first.to, last.to));
}

/** The call as people name it: `apt-get install`. */
export function callName({ operation }: PackageCall): string {
  return operation.verb === "" ? nameOf(operation) : `${nameOf(operation)} ${operation.verb}`;
}

/** Steps that run after this one on top of what it leaves: later ones of its stage, and those of stages built on it. */
export function stepsAfter(model: Model, step: RunStep): readonly RunStep[] {
  const steps = runSteps(model);
  return steps
    .slice(placeAfter(steps, step.instruction.index))
    .filter((one) => one.stage === step.stage || isBuiltOn(one.stage, step.stage));
}

/** Place in a list of steps, which is in the order of the file, of the first one behind an instruction's number. */
export function placeAfter(steps: readonly RunStep[], index: number): number {
  let low = 0;
  let high = steps.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((steps[middle]?.instruction.index ?? 0) > index) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** True when a stage starts from another one, directly or through others. */
export function isBuiltOn(stage: Stage, base: Stage): boolean {
  for (let one = stage.base.stage; one; one = one.base.stage) if (one === base) return true;
  return false;
}

/** The mounts of a step. */
export function mountsOf(step: RunStep): readonly Mount[] {
  return step.run.parsed.flags.flatMap((flag) => readMount(flag) ?? []);
}

/**
 * True when a mount of the step lies over a folder that `isCache` knows, so that what is written there is in no layer.
 * A target that depends on a variable may lie anywhere and counts.
 */
export function isMounted(step: RunStep, isCache: (target: string) => boolean): boolean {
  if (step.run.parsed.flags.length === 0) return false;
  return mountsOf(step).some((mount) => {
    if (mount.type !== "cache" && mount.type !== "tmpfs" && mount.type !== "bind") return false;
    const target = mount.get("target", "dst", "destination");
    if (target === null) return false;
    return target.includes("$") || isCache(resolvePath(target, step.run.workdir) ?? target);
  });
}

/** True when one of two folders holds the other, or they are the same. */
export function overlaps(one: string, other: string): boolean {
  const a = one.replace(/\/+$/, "");
  const b = other.replace(/\/+$/, "");
  return a === b || a.startsWith(`${b}/`) || b.startsWith(`${a}/`);
}

/**
 * True when a command behind `after` (in the same script) deletes what lies in `folder`, or may do so: an argument that
 * depends on a variable, or a cleaning program of the image that nobody here knows.
 */
export function isCleanedAfter(script: Script, after: EffectiveCommand, folders: readonly string[]): boolean {
  const { commands } = script;
  for (let i = commands.lastIndexOf(after) + 1; i < commands.length; i++) {
    if (mayClean(commands[i] as EffectiveCommand, folders)) return true;
  }
  return false;
}

/** True when a command deletes what lies in one of the folders, or may do so. */
export function mayClean(command: EffectiveCommand, folders: readonly string[]): boolean {
  if (command.name === null) return false;
  if (command.name === "rm" || command.name === "find") {
    if (command.name === "find" && !command.words.some((word) => /^-(?:delete|exec)$/.test(word.value ?? "")))
      return false;
    return command.words.slice(1).some((word) => removes(word, folders));
  }
  // `apt-clean`, `/usr/local/bin/cleanup.sh`, `clean-layer.sh`
  return /clean|purge-cache|minimi[sz]e/i.test(command.name);
}

/** The operands of an `rm` with what braces stand for spelled out; null for a word that depends on a variable. */
export function removedPaths(command: EffectiveCommand): readonly (string | null)[] {
  if (command.name !== "rm") return [];
  return command.words.slice(1).flatMap((word): readonly (string | null)[] => {
    const text = word.value ?? (word.variables.length > 0 ? null : word.text);
    if (text === null) return [null];
    return text.startsWith("-") ? [] : spellOut(text);
  });
}

const remembered = new WeakMap<Model, readonly RunStep[]>();

function stepOf({ source, instruction: run, stage, isTrigger, scripts: shellScripts }: Run): RunStep | null {
  if (!stage) return null;
  const found = run.parsed.json ? execScripts(run) : shellScripts;
  const scripts = found.filter(({ script }) => script.wellFormed);
  if (scripts.length === 0) return null;
  const calls: PackageCall[] = [];
  const step = { instruction: source, run, isTrigger, stage, scripts, calls };
  for (const script of scripts) {
    for (const operation of packageOperations(script.script)) calls.push({ operation, step, script });
  }
  return step;
}

function nameOf(operation: PackageOperation): string {
  return operation.command.name ?? operation.manager;
}

function removes(word: ShellWord, folders: readonly string[]): boolean {
  const text = word.value ?? word.text;
  if (text.startsWith("-")) return false;
  // `rm -rf "$CACHE"` may be anything; `/tmp/$name` is known to be elsewhere.
  if (word.value === null && /^["']?[$`]/.test(text)) return true;
  return spellOut(text).some((path) => {
    const plain = path
      .replace(/["']/g, "")
      .replace(/\/(?:\*|\.\??\*?)*$/, "")
      .replace(/\*.*$/, "")
      .replace(/\/+$/, "");
    return plain !== "" && folders.some((folder) => overlaps(plain, folder) || isHome(plain, folder));
  });
}

/** `~/.cache` and `$HOME/.cache` for `/root/.cache`. */
function isHome(path: string, folder: string): boolean {
  const home = /^(?:~|\$HOME|\$\{HOME\}|\/home\/[^/]+)(\/.*)$/.exec(path)?.[1];
  return home !== undefined && folder.startsWith("/root/") && overlaps(`/root${home}`, folder);
}

/** `/var/{cache,log}` as two paths; more than a few are not looked at. */
function spellOut(text: string): readonly string[] {
  let paths = [text];
  for (let round = 0; round < 3; round++) {
    const next = paths.flatMap((path) => {
      const match = /^([^{}]*)\{([^{}]*)\}(.*)$/.exec(path);
      return match ? (match[2] ?? "").split(",").map((part) => `${match[1]}${part}${match[3]}`) : [path];
    });
    if (next.length === paths.length || next.length > 50) break;
    paths = next;
  }
  return paths;
}

const execCache = new WeakMap<ParsedInstruction, ShellScript>();

/** `RUN ["apt-get", "install", "curl"]` as a script of one command. */
function execScripts(run: Instruction): readonly Script[] {
  const { parsed } = run;
  const script = execCache.get(parsed) ?? execScript(parsed);
  execCache.set(parsed, script);
  const commands = effectiveCommands(script);
  return [{ kind: "line", script, commands, locate: (from, to) => locate(run, { from, to }) }];
}

function execScript(parsed: ParsedInstruction): ShellScript {
  const items = parsed.json ?? [];
  const words = items.map(
    ({ value, from, to }): ShellWord => ({
      text: parsed.text.slice(from, to),
      value,
      from,
      to,
      variables: [],
      quoted: "double",
    }),
  );
  const from = words[0]?.from ?? 0;
  const to = words.at(-1)?.to ?? 0;
  const command: ShellCommand = {
    index: 0,
    name: words[0]?.value ?? null,
    words,
    assignments: [],
    redirections: [],
    from,
    to,
    pipeline: { id: 0, index: 0, length: 1 },
    before: null,
    after: null,
    context: [],
    item: 0,
  };
  const commands = words.length > 0 ? [command] : [];
  const item: ListItem = { from, to, connector: null, connectorSpan: null, kind: "command", commands };
  return {
    text: parsed.text,
    commands,
    pipelines: [],
    variables: [],
    definitions: [],
    redirections: [],
    topLevel: [item],
    errors: [],
    wellFormed: true,
  };
}
