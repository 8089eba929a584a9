/**
 * Where a RUN writes a secret into a file that stays: by a redirection, tee, sed, a copy of a mounted file, the address of a
 * clone, or a tool that keeps what it is told in its own settings.
 */

import { normalizePath } from "../model/build";
import type { Script } from "../model/scripts";
import { scriptsOf } from "../model/scripts";
import type { Instruction } from "../model/types";
import { locate } from "../model/types";
import { operands } from "../shell/arguments";
import type { ShellCommand, ShellRedirection, ShellWord } from "../shell/ast";
import type { EffectiveCommand } from "../shell/commands";
import type { Mount } from "../syntax/flags";
import { readMount } from "../syntax/flags";
import type { Span } from "../text";
import { cloneFolder, credentialsInAddress } from "./clone-address";
import { keeperOf } from "./keepers";

/** One place where a secret gets into a file. */
export interface SecretWrite {
  /** `file`: a file that the command line names. `clone`: the address kept in `.git/config`. `settings`: a tool's own file. */
  readonly how: "file" | "clone" | "settings";
  /** The variable, or the path of the mounted file, that is written. */
  readonly secret: string;
  /** Where the secret is named in the RUN. */
  readonly span: Span;
  /** The file as the command names it, or what the tool calls it: `.npmrc`, `~/.gitconfig`. */
  readonly file: string;
  /** The same as an absolute path, or null when it is not known. */
  readonly path: string | null;
  /** True when the same RUN takes it away again, so that no layer holds it. */
  readonly removed: boolean;
  readonly command: EffectiveCommand;
  readonly script: Script;
  /** For `clone`: the word that holds the address. */
  readonly address: ShellWord | null;
}

/** What counts as secret in a RUN. */
export interface SecretSources {
  isSecret(name: string): boolean;
  /** Absolute paths of mounted secrets. */
  readonly files: readonly string[];
}

/** The mounts of a RUN. */
export function mountsOf(instruction: Instruction): readonly Mount[] {
  return instruction.parsed.flags.flatMap((flag) => readMount(flag) ?? []);
}

/** Where a secret mount puts its file, or null when it only sets a variable (Dockerfile reference, RUN --mount=type=secret). */
export function secretTarget(mount: Mount): string | null {
  const target = mount.get("target", "dst", "destination");
  if (target !== null) return target;
  if (mount.get("env") !== null) return null;
  const id = mount.get("id");
  return id === null ? null : `/run/secrets/${id}`;
}

/** Every write of a secret in a RUN. Empty for exec forms and for shells that are not read. */
export function secretWrites(instruction: Instruction, sources: SecretSources): readonly SecretWrite[] {
  const found: SecretWrite[] = [];
  // Most RUNs are turned away before anybody parses their script.
  if (!mayNameSecret(instruction, sources)) return found;
  const covered = mountsOf(instruction).flatMap((mount) => mount.get("target", "dst", "destination") ?? []);
  for (const script of scriptsOf(instruction)) {
    if (!namesSecret(script, sources)) continue;
    const taint = taintOf(script, sources);
    const place: Place = { instruction, script, covered, taint, sources, removals: removalsOf(script, instruction) };
    for (const command of script.commands) {
      const write = writeOf(command, place);
      if (write && found.push(write) === mostWrites) return found;
    }
  }
  return found;
}

/** More are not looked for in one RUN: each looks at the text behind it, and nobody reads on. */
const mostWrites = 50;

function mayNameSecret({ parsed }: Instruction, sources: SecretSources): boolean {
  if (sources.files.length > 0) return true;
  for (const match of parsed.text.matchAll(/\$\{?[#!]?([A-Za-z_]\w*)/g))
    if (sources.isSecret(match[1] ?? "")) return true;
  return false;
}

function namesSecret({ script }: Script, sources: SecretSources): boolean {
  return (
    script.variables.some((variable) => sources.isSecret(variable.name)) ||
    script.text.includes("<<") ||
    sources.files.some((path) => script.text.includes(path))
  );
}

/** The absolute path that a word of a RUN names; null when it hangs on a variable or on an unknown folder. */
export function absolutePath(text: string, instruction: Instruction): string | null {
  const plain = unquoted(text).replace(/^(?:~|\$HOME|\$\{HOME\})(?=\/|$)/, homeOf(instruction) ?? "~");
  if (/[$`*?~]/.test(plain)) return null;
  if (plain.startsWith("/")) return normalizePath(plain);
  return instruction.workdir === null ? null : normalizePath(`${instruction.workdir}/${plain}`);
}

interface Place {
  readonly instruction: Instruction;
  readonly script: Script;
  /** Targets of this RUN's mounts: what is written there belongs to no layer. */
  readonly covered: readonly string[];
  readonly taint: ReadonlyMap<string, string>;
  readonly sources: SecretSources;
  readonly removals: Removals;
}

/** What a script deletes. */
interface Removals {
  /** Each path as written, as an absolute path, and its last part, with the offset of the last command that deletes it. */
  readonly at: ReadonlyMap<string, number>;
  /** A trap may delete anything. */
  readonly trap: boolean;
}

interface Source {
  readonly secret: string;
  readonly from: number;
  readonly to: number;
  /** Where it stands, for what lies outside the script: the body of a heredoc that the builder hands on. */
  readonly span?: Span;
}

/** Shell variables that hold a secret file's content or another secret: `T=$(cat /run/secrets/t)`, `A="x$TOKEN"`. */
function taintOf(script: Script, sources: SecretSources): ReadonlyMap<string, string> {
  const taint = new Map<string, string>();
  for (const command of script.commands) {
    for (const { name, value } of assignmentsOf(command)) {
      const secret = value && sourceIn(value, sources, taint)?.secret;
      if (secret) taint.set(name, secret);
    }
  }
  return taint;
}

function assignmentsOf(command: EffectiveCommand): readonly { name: string; value: ShellWord | null }[] {
  const found: { name: string; value: ShellWord | null }[] = [...command.assignments];
  if (command.name !== "export" && command.name !== "local" && command.name !== "declare") return found;
  for (const word of command.words.slice(1)) {
    const name = /^([A-Za-z_]\w*)=/.exec(word.text)?.[1];
    if (name !== undefined) found.push({ name, value: word });
  }
  return found;
}

function sourceIn(word: ShellWord, sources: SecretSources, taint: ReadonlyMap<string, string>): Source | null {
  for (const variable of word.variables) {
    if (variable.operator === ":+" || variable.operator === "+" || variable.operator === "length") continue;
    const secret = sources.isSecret(variable.name) ? variable.name : taint.get(variable.name);
    if (secret !== undefined) return { secret, from: variable.from, to: variable.to };
  }
  if (!/\$\((?:\s*cat\s|<)|`\s*cat\s/.test(word.text)) return null;
  const file = sources.files.find((path) => word.text.includes(path));
  return file === undefined ? null : { secret: file, from: word.from, to: word.to };
}

function writeOf(command: EffectiveCommand, place: Place): SecretWrite | null {
  const { taint, sources } = place;
  const inWords = firstSource(command.words.slice(1), sources, taint);
  switch (command.name) {
    case "echo":
    case "printf":
    case "cat":
      return printed(command, inWords ?? printedFile(command, place), place);
    case "cp":
    case "install":
    case "mv":
      return copied(command, place);
    case "sed": {
      const inPlace = command.words.some((word) => /^(?:-[a-zA-Z]*i|--in-place)/.test(word.value ?? ""));
      const target = operands(command, ["-e", "-f"]).at(-1);
      return inWords && inPlace && target ? written(command, inWords, target.text, place) : null;
    }
    case "tee":
      return null;
    case "git":
      return git(command, inWords, place);
    default:
      return inWords && command.name !== null ? settings(command, inWords, place) : null;
  }
}

function firstSource(
  words: readonly ShellWord[],
  sources: SecretSources,
  taint: ReadonlyMap<string, string>,
): Source | null {
  for (const word of words) {
    const source = sourceIn(word, sources, taint);
    if (source) return source;
  }
  return null;
}

/** `cat /run/secrets/x`, or a heredoc whose body names a secret. */
function printedFile(command: EffectiveCommand, { sources, taint, script, instruction }: Place): Source | null {
  if (command.name !== "cat") return null;
  const handed = script.kind === "line" ? inBuilderHeredoc(command, sources, instruction) : null;
  if (handed) return handed;
  for (const word of command.words.slice(1)) {
    if (word.value !== null && sources.files.includes(word.value))
      return { secret: word.value, from: word.from, to: word.to };
  }
  for (const { heredoc } of command.redirections) {
    if (!heredoc || heredoc.quoted) continue;
    for (const variable of script.script.variables) {
      if (variable.from < heredoc.from || variable.to > heredoc.to) continue;
      const secret = sources.isSecret(variable.name) ? variable.name : taint.get(variable.name);
      if (secret !== undefined) return { secret, from: variable.from, to: variable.to };
    }
  }
  return null;
}

/** `RUN cat <<EOF > /x`: the builder takes the body for itself, and the shell's line does not hold it. */
function inBuilderHeredoc(command: EffectiveCommand, sources: SecretSources, run: Instruction): Source | null {
  if (!command.redirections.some((one) => one.operator.startsWith("<<"))) return null;
  const { parsed } = run;
  for (const { operator, bodySpan } of parsed.heredocs) {
    if (!operator.expand) continue;
    const body = parsed.text.slice(bodySpan.from, bodySpan.to);
    for (const match of body.matchAll(/(?<!\\)\$(?:(\w+)|\{(\w+)[^{}\n]*\})/g)) {
      const secret = match[1] ?? match[2] ?? "";
      if (!sources.isSecret(secret)) continue;
      const from = bodySpan.from + match.index;
      return { secret, from: 0, to: 0, span: locate(run, { from, to: from + match[0].length }) };
    }
  }
  return null;
}

/** What echo, printf and cat print goes where a redirection sends it, or through filters to a redirection or to tee. */
function printed(command: EffectiveCommand, source: Source | null, place: Place): SecretWrite | null {
  if (!source) return null;
  const own = outputOf(command.command);
  if (own) return written(command, source, own.text, place);
  const { pipeline } = command.command;
  if (pipeline.length < 2) return null;
  const later = place.script.commands.filter(
    (other) => other.command.pipeline.id === pipeline.id && other.command.pipeline.index > pipeline.index,
  );
  for (const other of later) {
    if (other.name === "tee") {
      const target = operands(other)[0];
      return target ? written(command, source, target.text, place) : null;
    }
    if (!filters.has(other.name ?? "")) return null;
    const target = outputOf(other.command);
    if (target) return written(command, source, target.text, place);
  }
  return null;
}

/** Programs that hand on what they read, changed but readable. */
const filters = new Set(["base64", "tr", "sed", "cat", "openssl", "gunzip", "gzip", "cut", "awk", "xxd", "fold", "jq"]);

function outputOf(command: ShellCommand): ShellWord | null {
  const writes = (one: ShellRedirection) =>
    (one.operator === ">" || one.operator === ">>" || one.operator === ">|" || one.operator === "&>") &&
    (one.descriptor === null || one.descriptor === 1);
  return command.redirections.find(writes)?.target ?? null;
}

function copied(command: EffectiveCommand, place: Place): SecretWrite | null {
  const names = operands(command, ["-m", "-o", "-g", "--mode", "--owner", "--group"]);
  const target = names.at(-1);
  const from = names.slice(0, -1).find((word) => word.value !== null && place.sources.files.includes(word.value));
  if (!target || !from) return null;
  return written(command, { secret: from.value as string, from: from.from, to: from.to }, target.text, place);
}

function written(command: EffectiveCommand, source: Source, file: string, place: Place): SecretWrite | null {
  const { instruction } = place;
  const path = absolutePath(file, instruction);
  const plain = unquoted(file);
  if (/^\/(?:dev|proc|sys|run\/secrets)\//.test(plain) || /^\/dev\//.test(plain)) return null;
  if (path !== null && place.covered.some((target) => path === target || path.startsWith(`${target}/`))) return null;
  const removed = isRemoved(plain, path, command, place);
  return make("file", command, source, plain, path, removed, place, null);
}

function make(
  how: SecretWrite["how"],
  command: EffectiveCommand,
  source: Source,
  file: string,
  path: string | null,
  removed: boolean,
  place: Place,
  address: ShellWord | null,
): SecretWrite {
  const { script } = place;
  const span = source.span ?? script.locate(source.from, source.to);
  return { how, secret: source.secret, span, file, path, removed, command, script, address };
}

function removalsOf(script: Script, instruction: Instruction): Removals {
  const at = new Map<string, number>();
  let trap = false;
  for (const command of script.commands) {
    if (command.name === "trap") trap = true;
    if (command.name !== "rm" && command.name !== "shred" && command.name !== "unlink") continue;
    for (const word of operands(command)) {
      const plain = unquoted(word.text).replace(/\/$/, "");
      const path = absolutePath(plain, instruction);
      at.set(plain, command.outer.from);
      if (path !== null) at.set(path, command.outer.from);
      // After a `cd` both may be relative to the same unknown folder; the last part then decides.
      if (!plain.startsWith("/")) at.set(`*/${baseOf(plain)}`, command.outer.from);
    }
  }
  return { at, trap };
}

/** True when a later command of the same RUN deletes the file, or a folder above it, or a trap may do so. */
function isRemoved(file: string, path: string | null, writer: EffectiveCommand, { removals }: Place): boolean {
  if (removals.trap) return true;
  const after = (key: string) => (removals.at.get(key) ?? -1) > writer.outer.from;
  if (after(`*/${baseOf(file)}`)) return true;
  for (const start of [file, path]) {
    for (let one = start ?? ""; one !== ""; one = one.slice(0, Math.max(0, one.lastIndexOf("/")))) {
      if (after(one)) return true;
    }
  }
  return false;
}

function git(command: EffectiveCommand, source: Source | null, place: Place): SecretWrite | null {
  if (!source) return null;
  const words = operands(command, ["-c", "-C", "--git-dir", "--work-tree"]);
  const verb = words[0]?.value;
  const rest = textAfter(command, place);
  if (verb === "config") {
    const reads =
      words.length >= 2 && !command.words.some((word) => /^--(?:unset|get|list|remove)/.test(word.value ?? ""));
    if (!reads) return null;
    const gone = /git\s+config\s[^\n;&|]*--(?:unset|remove-section)|rm\s[^\n;&|]*\.gitconfig/.test(rest);
    return make("settings", command, source, "the settings of git", homeFile(".gitconfig", place), gone, place, null);
  }
  if (verb !== "clone" && verb !== "remote" && verb !== "submodule") return null;
  const address = words.find((word) => credentialsInAddress(word) !== null);
  if (!address) return null;
  const folder = verb === "clone" ? cloneFolder(words, address) : ".";
  const path = folder === null ? null : absolutePath(`${folder}/.git/config`, place.instruction);
  const gone =
    /git\s[^\n;&|]*remote\s+(?:set-url|remove|rm)\b/.test(rest) ||
    /rm\s+-[^\n;&|]*\.git(?:\s|\/|"|$)/m.test(rest) ||
    (folder !== null && folder !== "." && isRemoved(folder, absolutePath(folder, place.instruction), command, place));
  return make("clone", command, source, ".git/config", path, gone, place, address);
}

function settings(command: EffectiveCommand, source: Source, place: Place): SecretWrite | null {
  const keeper = keeperOf(command);
  if (!keeper) return null;
  const gone = keeper.undo.test(textAfter(command, place));
  return make("settings", command, source, keeper.file, homeFile(keeper.file, place), gone, place, null);
}

function textAfter(command: EffectiveCommand, { script }: Place): string {
  return script.script.text.slice(command.outer.to);
}

function homeFile(file: string, { instruction }: Place): string | null {
  const home = homeOf(instruction);
  return home === null || !file.startsWith(".") ? null : `${home}/${file}`;
}

/** The home folder, where it is plain: that of root. A base image's own user is not asked for here. */
function homeOf(instruction: Instruction): string | null {
  const { user } = instruction;
  if (user.kind === "base") return "/root";
  return user.kind === "set" && /^(?:root|0)$/.test(user.name) ? "/root" : null;
}

function baseOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

function unquoted(text: string): string {
  return text.replace(/^(["'])(.*)\1$/, "$2");
}
