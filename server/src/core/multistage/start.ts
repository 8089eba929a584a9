/** What a container of a stage starts: ENTRYPOINT and CMD together, seen through wrappers. */
import { instructionsIn } from "../model/index-of";
import { execWords, scriptsOf } from "../model/scripts";
import type { Instruction, Stage } from "../model/types";
import { type EffectiveCommand, effectiveCommands } from "../shell/commands";
import { parseShell } from "../shell/parse";
import { baseName } from "./paths";

/** The start of a container. */
export interface Start {
  /** ENTRYPOINT and CMD in force, in the order in which they are joined. */
  readonly instructions: readonly Instruction[];
  /** Everything that is run, wrappers such as tini, env and `sh -c` seen through. */
  readonly commands: readonly StartCommand[];
  /**
   * The words of the one program that runs, its name as written first (`./server`, `--port`, `80`). Null when several
   * run, or when a word depends on a variable.
   */
  readonly words: readonly string[] | null;
  /** True when a shell is needed to start it: a shell form, or `sh -c`. */
  readonly needsShell: boolean;
}

/** One program with its arguments; `npx`, `yarn exec` and the like are seen through. */
export interface StartCommand {
  /** Base name of the program. */
  readonly name: string;
  /** Words behind the name; null where one depends on a variable. */
  readonly arguments: readonly (string | null)[];
}

/** What a stage starts; null when it has neither CMD nor ENTRYPOINT (then the base image decides), or an unreadable one. */
export function startOf(stage: Stage): Start | null {
  const known = remembered.get(stage);
  if (known !== undefined) return known;
  const start = readStart(stage);
  remembered.set(stage, start);
  return start;
}

const remembered = new WeakMap<Stage, Start | null>();

function readStart(stage: Stage): Start | null {
  const entrypoint = lastOf(stage, "ENTRYPOINT");
  const command = lastOf(stage, "CMD");
  // ENTRYPOINT throws away the CMD of the stage below (Dockerfile reference, "how CMD and ENTRYPOINT interact").
  const used = command && entrypoint && command.stage !== entrypoint.stage && stageOrder(stage, command, entrypoint);
  const instructions = [entrypoint, used ? null : command].filter((one) => one !== null);
  if (instructions.length === 0) return null;

  const parts = instructions.map(wordsOf);
  if (parts.some((part) => part === null)) return null;
  const [first, second] = parts as readonly Part[];
  if (!first) return null;
  if (first.kind === "script") return fromCommands(instructions, first.commands, true);
  if (second?.kind === "script") {
    const own = commandsOf(first.words);
    return fromCommands(instructions, [...own, ...second.commands], true);
  }
  const words = [...first.words, ...(second?.words ?? [])];
  const joined = commandsOf(words);
  const nested = joined.length > 1;
  // Behind an entrypoint script the CMD is what that script hands over to.
  const handedOver = second && joined.length === 1 && !isWrapped(joined) ? commandsOf(second.words) : [];
  const start = fromCommands(instructions, [...joined, ...handedOver], nested);
  const one = joined.length === 1 ? joined[0] : undefined;
  return { ...start, words: one ? plainWords(one) : null };
}

type Part =
  | { readonly kind: "words"; readonly words: readonly string[] }
  | { readonly kind: "script"; readonly commands: readonly EffectiveCommand[] };

/** True when the CMD was written in a stage below the one that sets ENTRYPOINT. */
function stageOrder(stage: Stage, command: Instruction, entrypoint: Instruction): boolean {
  for (let at: Stage | null = stage; at; at = at.base.stage) {
    if (at === command.stage) return false;
    if (at === entrypoint.stage) return true;
  }
  return false;
}

function lastOf(stage: Stage, keyword: string): Instruction | null {
  for (let at: Stage | null = stage; at; at = at.base.stage) {
    const found = instructionsIn(at, keyword).at(-1);
    if (found) return found;
  }
  return null;
}

function wordsOf(instruction: Instruction): Part | null {
  const words = execWords(instruction);
  if (words) return { kind: "words", words };
  const scripts = scriptsOf(instruction);
  if (scripts.length === 0) return null;
  return { kind: "script", commands: scripts.flatMap((script) => script.commands) };
}

/** The commands that a list of words runs: quoted so that the shell reader gives the very same words back. */
function commandsOf(words: readonly string[]): readonly EffectiveCommand[] {
  const text = words.map((word) => (/^[\w./:=@%+,-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`));
  return effectiveCommands(parseShell(text.join(" ")));
}

function isWrapped(commands: readonly EffectiveCommand[]): boolean {
  return (commands[0]?.wrappers.length ?? 0) > 0;
}

function fromCommands(
  instructions: readonly Instruction[],
  commands: readonly EffectiveCommand[],
  needsShell: boolean,
): Start {
  const one = commands.length === 1 ? commands[0] : undefined;
  const words = one && one.command.pipeline.length === 1 && !one.redirections.length ? plainWords(one) : null;
  return { instructions, commands: startCommands(commands), words, needsShell };
}

function plainWords(command: EffectiveCommand): readonly string[] | null {
  const words = command.words.map((word) => word.value);
  return words.every((word) => word !== null) && words.length > 0 ? (words as string[]) : null;
}

/** Programs that fetch or find another program and run it. */
const runners: ReadonlySet<string> = new Set(["npx", "bunx", "pnpx", "pnpm exec", "yarn exec", "yarn dlx", "pnpm dlx"]);

/** The programs behind the commands of a script, those that package runners fetch or find included. */
export function startCommands(commands: readonly EffectiveCommand[]): readonly StartCommand[] {
  return commands.flatMap(startCommand);
}

function startCommand(command: EffectiveCommand): readonly StartCommand[] {
  if (command.name === null) return [];
  let name = command.name;
  let rest = command.words.slice(1).map((word) => word.value);
  const both = `${name} ${rest[0]}`;
  for (const runner of [name, both, name === "npm" && rest[0] === "exec" ? "npx" : ""]) {
    if (!runners.has(runner)) continue;
    const skipped = runner === name ? 0 : 1;
    const at = rest.findIndex((word, index) => index >= skipped && word !== null && !word.startsWith("-"));
    if (at < 0) break;
    name = baseName(rest[at] ?? "").replace(/(?<=.)@.*$/, "");
    rest = rest.slice(at + 1);
    break;
  }
  if (name === "bundle" && rest[0] === "exec" && rest[1])
    return [{ name: baseName(rest[1]), arguments: rest.slice(2) }];
  if ((name === "poetry" || name === "uv" || name === "pipenv") && rest[0] === "run") {
    const at = rest.findIndex((word, index) => index > 0 && word !== null && !word.startsWith("-"));
    if (at > 0) return [{ name: baseName(rest[at] ?? ""), arguments: rest.slice(at + 1) }];
  }
  return [{ name, arguments: rest }];
}
