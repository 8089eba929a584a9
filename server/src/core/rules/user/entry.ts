/** What a container of a stage starts: the ENTRYPOINT and CMD in force, seen through wrappers, and the script they name. */
import { expandWord, stageState } from "../../model/scope";
import { execWords, scriptsOf } from "../../model/scripts";
import type { Instruction, Model, Stage } from "../../model/types";
import { type StartCommand, startCommands, startOf } from "../../multistage/start";
import type { Facts } from "../../rule";
import type { ShellWord } from "../../shell/ast";
import { type EffectiveCommand, effectiveCommands, flagValue, operands } from "../../shell/commands";
import { parseShell } from "../../shell/parse";
import { chainOf } from "./accounts";
import { droppers, rootPrograms, selfDroppingServers, userFlags, webServers } from "./programs";

/** What starts. */
export interface Entry {
  /** The instructions in force, from the stage or one it builds on; null where the base image's own hold. */
  readonly entrypoint: Instruction | null;
  readonly command: Instruction | null;
  /** The commands they run, without wrappers; empty where a shell that is not POSIX runs them. */
  readonly commands: readonly EffectiveCommand[];
  /** The text of the copied script that starts, where the file or the build context shows it; null otherwise. */
  readonly script: string | null;
}

/** Reads what a container of the stage starts. */
export function entryOf(stage: Stage, model: Model, facts: Facts): Entry {
  let entrypoint: Instruction | null = null;
  let command: Instruction | null = null;
  for (const link of chainOf(stage)) {
    for (const instruction of link.instructions) {
      if (instruction.keyword === "ENTRYPOINT") entrypoint = instruction;
      else if (instruction.keyword === "CMD") command = instruction;
    }
  }
  const commands = commandsOf(entrypoint, command);
  return { entrypoint, command, commands, script: startScript(stage, model, facts, commands) };
}

/** What an entry needs of its user. */
export type EntryKind =
  /** It hands over to another user by itself. */
  | "drops"
  /** It cannot work without root. */
  | "needs-root"
  /** A web server whose workers run as another user. */
  | "web-server"
  | "plain";

/** Judges the commands that start, and those of the script that starts. */
export function entryKind(entry: Entry): EntryKind {
  const commands = startingCommands(entry);
  let kind: EntryKind = "plain";
  for (const command of commands) {
    if (dropsRoot(command)) return "drops";
    // A script that starts runs its arguments: in `/entrypoint.sh mysqld` the second word is the program.
    for (const name of [command.name, nameOf(command.words[1])]) {
      if (name === null) continue;
      if (selfDroppingServers.has(name)) return "drops";
      // `init` alone is the start of systemd and of s6-overlay; their services say themselves as whom they run.
      if (rootPrograms.has(name)) kind = "needs-root";
      else if (kind === "plain" && (webServers.has(name) || /^php-fpm[\d.]*$/.test(name))) kind = "web-server";
    }
  }
  return kind;
}

/** All commands that start, those of the script among them. */
export function startingCommands(entry: Entry): readonly EffectiveCommand[] {
  return entry.script === null ? entry.commands : [...entry.commands, ...commandsIn(entry.script)];
}

/**
 * The programs that start, as far as they can be seen: behind a script that hands over to its arguments, and behind the
 * scripts of a package.json that the stage copies (`npm start`).
 */
export function startingPrograms(entry: Entry, stage: Stage, model: Model, facts: Facts): readonly StartCommand[] {
  const own = startOf(stage)?.commands ?? [];
  const found = entry.script === null ? [...own] : [...own, ...startCommands(commandsIn(entry.script))];
  let scripts: PackageScripts | null | undefined;
  // A script may call others; one that calls itself comes to an end.
  const seen = new Set<string>();
  for (let at = 0; at < found.length; at++) {
    const name = packageScriptOf(found[at] as StartCommand);
    if (name === null || seen.has(name)) continue;
    seen.add(name);
    scripts ??= readPackageScripts(stage, model, facts);
    const text = scripts?.[name];
    if (typeof text === "string") found.push(...startCommands(commandsIn(text.slice(0, longestScript))));
  }
  return found;
}

/** Name of a script that starts and that nobody has seen; null where there is none. */
export function hiddenScript({ commands, script }: Entry): string | null {
  if (script !== null) return null;
  const hidden = commands.find(({ name }) => name !== null && /\.(?:ba)?sh$|entrypoint|^(?:run|start|boot)/.test(name));
  return hidden?.name ?? null;
}

interface PackageScripts {
  readonly [name: string]: unknown;
}

/** The script of package.json that a command runs: `npm start`, `yarn run serve`. */
function packageScriptOf({ name, arguments: words }: StartCommand): string | null {
  if (!/^(?:npm|yarn|pnpm|bun)$/.test(name)) return null;
  const plain = words.filter((word) => word !== null && !word.startsWith("-"));
  if (plain[0] === "run" || plain[0] === "run-script") return plain[1] ?? null;
  if (name === "npm" || name === "bun") return plain[0] === "start" ? "start" : null;
  return plain[0] ?? null;
}

function readPackageScripts(stage: Stage, model: Model, facts: Facts): PackageScripts | null {
  const folder = stage.workdirAtEnd ?? "";
  const text = copiedFile(stage, model, facts, `${folder}/package.json`) ?? facts.file("package.json");
  if (typeof text !== "string" || text.length > 10 * longestScript) return null;
  try {
    const value: unknown = JSON.parse(text);
    const scripts = value !== null && typeof value === "object" && "scripts" in value ? value.scripts : null;
    return scripts !== null && typeof scripts === "object" ? (scripts as PackageScripts) : null;
  } catch {
    return null;
  }
}

function dropsRoot(command: EffectiveCommand): boolean {
  if (command.wrappers.some((wrapper) => droppers.has(wrapper))) return true;
  const { name } = command;
  if (name === null) return false;
  if (droppers.has(name)) return true;
  if (name === "su") return operands(command, ["-s", "--shell", "-c", "--command", "-g", "-G"]).length > 0;
  if (/^(?:sudo|doas)$/.test(command.command.words[0]?.value ?? "")) {
    const user = flagValue({ words: command.command.words }, ["-u", "--user"])?.value;
    return user !== undefined && user !== "root";
  }
  const user = flagValue(command, userFlags);
  return user !== null && user.value !== "root" && user.value !== "0";
}

function nameOf(word: ShellWord | undefined): string | null {
  return word?.value == null || word.value.startsWith("-") ? null : word.value.slice(word.value.lastIndexOf("/") + 1);
}

function commandsIn(script: string): readonly EffectiveCommand[] {
  return effectiveCommands(parseShell(script));
}

/** ENTRYPOINT and CMD make one command line; a shell form ENTRYPOINT ignores CMD (Dockerfile reference, table). */
function commandsOf(entrypoint: Instruction | null, command: Instruction | null): readonly EffectiveCommand[] {
  const first = entrypoint && execWords(entrypoint);
  if (entrypoint && !first) return scriptCommands(entrypoint);
  const second = command && execWords(command);
  const words = [...(first ?? []), ...(second ?? [])];
  const found = words.length > 0 ? commandsIn(words.map(quote).join(" ")) : [];
  return command && !second ? [...found, ...scriptCommands(command)] : found;
}

function scriptCommands(instruction: Instruction): readonly EffectiveCommand[] {
  return scriptsOf(instruction).flatMap(({ commands }) => commands);
}

function quote(word: string): string {
  return /^[\w./:=@%+,-]+$/.test(word) ? word : `'${word.replace(/'/g, `'\\''`)}'`;
}

const shells: ReadonlySet<string> = new Set(["sh", "bash", "ash", "dash", "."]);

function startScript(stage: Stage, model: Model, facts: Facts, commands: readonly EffectiveCommand[]): string | null {
  for (const command of commands.slice(0, 4)) {
    const isShell = command.name !== null && shells.has(command.name);
    const path = (isShell ? operands(command)[0] : command.words[0])?.value;
    if (!path || !/^[\w./-]+$/.test(path)) continue;
    const text = copiedFile(stage, model, facts, path);
    if (text !== null) return text.length > longestScript ? text.slice(0, longestScript) : text;
  }
  return null;
}

const longestScript = 100_000;

/** Folders in which a name without a slash is looked for. */
const searched = ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"];

/** Text of a file of the image that a COPY or ADD brings; the last one wins. */
function copiedFile(stage: Stage, model: Model, facts: Facts, path: string): string | null {
  const paths = path.includes("/")
    ? [path.startsWith("/") ? path : `${stage.workdirAtEnd ?? ""}/${path.replace(/^\.\//, "")}`]
    : searched.map((folder) => `${folder}/${path}`);
  for (const link of [...chainOf(stage)].reverse()) {
    for (const instruction of [...link.instructions].reverse()) {
      if (instruction.keyword !== "COPY" && instruction.keyword !== "ADD") continue;
      if (instruction.parsed.flags.some((flag) => flag.name === "from")) continue;
      const text = broughtBy(instruction, model, facts, paths);
      if (text !== null) return text;
    }
  }
  return null;
}

function broughtBy(instruction: Instruction, model: Model, facts: Facts, paths: readonly string[]): string | null {
  const { parsed } = instruction;
  const words = parsed.json?.map((item) => item.value) ?? wordsOf(instruction, model);
  const target = words[words.length - 1];
  if (words.length < 2 || target == null) return null;
  const folder = absolute(target, instruction.workdir);
  for (const path of paths) {
    if (path !== folder && !path.startsWith(folder === "/" ? "/" : `${folder}/`)) continue;
    const below = path.slice(folder.length).replace(/^\//, "");
    for (const source of words.slice(0, -1)) {
      if (source === null) continue;
      if (source.startsWith("<<")) {
        const heredoc = parsed.heredocs.find(({ operator }) => source.replace(/^<<-?|["']/g, "") === operator.name);
        if (heredoc && (below === "" || below === heredoc.operator.name)) {
          return parsed.text.slice(heredoc.bodySpan.from, heredoc.bodySpan.to);
        }
        continue;
      }
      for (const candidate of candidates(source, below)) {
        const text = facts.file(candidate);
        if (typeof text === "string") return text;
      }
    }
  }
  return null;
}

function wordsOf(instruction: Instruction, model: Model): readonly (string | null)[] {
  const scope = instruction.stage?.scope;
  return instruction.parsed.words.map((word) =>
    scope ? expandWord(word, model.escape, (name) => stageState(scope, name, instruction.index)) : word.value,
  );
}

function absolute(path: string, workdir: string | null): string {
  const whole = path.startsWith("/") ? path : `${workdir ?? ""}/${path.replace(/^\.\/?/, "")}`;
  return whole.replace(/\/+/g, "/").replace(/(.)\/+$/, "$1");
}

/** Files of the context that may lie at a path below the target of a COPY. */
function candidates(source: string, below: string): readonly string[] {
  const from = source.replace(/^(?:\.?\/)+/, "").replace(/\/+$/, "");
  const name = from.slice(from.lastIndexOf("/") + 1);
  // The target is the file itself.
  if (below === "") return from === "" || /[*?[]/.test(from) ? [] : [from];
  const folder = from === "" || from === "." ? "" : `${from}/`;
  if (name === below) return [from, `${folder}${below}`];
  if (!/[*?[]/.test(name)) return [`${folder}${below}`];
  return below.includes("/") ? [] : [`${from.slice(0, from.length - name.length)}${below}`];
}
