/** Calls of package managers in a script: what they do, to which packages. */
import { flagValue, hasFlag, splitArguments } from "./arguments";
import type { ShellScript, ShellWord } from "./ast";
import { type EffectiveCommand, effectiveCommands } from "./commands";
import { findManager, type PackageAction, type PackageManager } from "./managers";
import { type PackageName, parsePackage } from "./names";

export {
  findManager,
  type PackageAction,
  type PackageFamily,
  type PackageManager,
  type PackageStyle,
  packageManagers,
} from "./managers";
export { type PackageName, parsePackage } from "./names";

/** One call of a package manager. */
export interface PackageOperation {
  /** The manager's own name: `pip` also for `pip3` and `python3 -m pip`. */
  readonly manager: string;
  readonly tool: PackageManager;
  readonly action: PackageAction;
  /** The command, its words beginning with the manager's name (for `python -m pip`, with `pip`). */
  readonly command: EffectiveCommand;
  /** The packages named whose names are known. */
  readonly packages: readonly NamedPackage[];
  /** Operands that may be packages, but depend on a variable or substitution. */
  readonly unknown: readonly ShellWord[];
  /** All words that begin with a dash. */
  readonly flags: readonly ShellWord[];
  /** The last word of the subcommand (`install` in `uv pip install`): flags can be put behind it. */
  readonly subcommand: ShellWord | null;
  /** The subcommand as one text: `install`, `pip install`, `-S`; empty when there is none or it is not known. */
  readonly verb: string;
}

/** A package with the word that names it. */
export interface NamedPackage extends PackageName {
  readonly word: ShellWord;
}

/** Every call of a package manager, in the order of the script, also within `sh -c '…'`. Remembered with the script. */
export function packageOperations(script: ShellScript): readonly PackageOperation[] {
  const known = remembered.get(script);
  if (known) return known;
  const found = effectiveCommands(script).flatMap((command) => packageOperation(command) ?? []);
  remembered.set(script, found);
  return found;
}

/** The call of a package manager that a command is, or null. Remembered with the command. */
export function packageOperation(command: EffectiveCommand): PackageOperation | null {
  if (command.name === null) return null;
  let operation = rememberedByCommand.get(command);
  if (operation === undefined) {
    operation = readOperation(command, command.name);
    rememberedByCommand.set(command, operation);
  }
  return operation;
}

const rememberedByCommand = new WeakMap<EffectiveCommand, PackageOperation | null>();

function readOperation(command: EffectiveCommand, name: string): PackageOperation | null {
  if (/^(python|pypy)\d*(\.\d+)*$/.test(name)) return moduleOperation(command);
  const tool = findManager(name);
  return tool && operationOf(tool, command);
}

/** True when nobody is asked: the manager never asks, or a flag answers. */
export function answersYes(operation: PackageOperation): boolean {
  const { yesFlags } = operation.tool;
  return yesFlags.length === 0 || hasOperationFlag(operation, yesFlags);
}

/** True when a flag keeps the manager from leaving its downloads behind. */
export function skipsCache(operation: PackageOperation): boolean {
  return hasOperationFlag(operation, operation.tool.noCacheFlags);
}

/** True when the lock file is obeyed or the call fails (`npm ci`, `yarn --frozen-lockfile`). */
export function obeysLock(operation: PackageOperation): boolean {
  if (operation.manager === "npm") return operation.tool.withoutPackages.includes(operation.verb);
  return hasOperationFlag(operation, operation.tool.frozenFlags);
}

/** True when development dependencies are left out. */
export function skipsDevelopment(operation: PackageOperation): boolean {
  return operation.tool.productionFlags.some((flag) => {
    const [name = flag, value] = flag.split("=", 2);
    if (value === undefined) {
      return hasOperationFlag(operation, [flag]) && flagValue(operation.command, [flag])?.value !== "false";
    }
    return (flagValue(operation.command, [name])?.value ?? "").split(/[ ,:]/).includes(value);
  });
}

/** True when the call has one of the flags, by the rules of `hasFlag` and with the manager's own flags that take values. */
export function hasOperationFlag(operation: PackageOperation, names: readonly string[]): boolean {
  return hasFlag(operation.command, names, operation.tool.valueFlags);
}

const remembered = new WeakMap<ShellScript, readonly PackageOperation[]>();

/** `python -m pip …` */
function moduleOperation(command: EffectiveCommand): PackageOperation | null {
  const at = command.words.findIndex((word, index) => index > 0 && (word.value === "-m" || !isFlag(word)));
  const module = command.words[at]?.value === "-m" ? command.words[at + 1]?.value : null;
  const tool = module ? findManager(module) : null;
  if (!module || tool?.family !== "python") return null;
  return operationOf(tool, { ...command, name: module, words: command.words.slice(at + 1) });
}

function operationOf(tool: PackageManager, command: EffectiveCommand): PackageOperation {
  const { operands, flags } = splitArguments(command, tool.valueFlags);
  const call = callOf(tool, operands, flags);
  const candidates = call.action === "other" || tool.withoutPackages.includes(call.verb) ? [] : call.operands;
  const packages: NamedPackage[] = [];
  const unknown: ShellWord[] = [];
  const given = tool.versionFlags.length === 0 ? null : flagValue(command, tool.versionFlags);
  const version = given && (given.value ?? given.word?.text ?? null);
  for (const word of candidates) {
    const text = plainText(word);
    const parsed = text === null ? null : parsePackage(text, tool.style);
    if (parsed === null || isComputed(word, parsed)) unknown.push(word);
    else packages.push({ ...parsed, version: parsed.version ?? (parsed.kind === "name" ? version : null), word });
  }
  const { action, subcommand, verb } = call;
  return { manager: tool.name, tool, action, command, packages, unknown, flags, subcommand, verb };
}

/** True when a package's own name is not known; an address or a file with a variable in it still is one. */
function isComputed(word: ShellWord, parsed: PackageName): boolean {
  return word.value === null && parsed.kind === "name" && /[$`{]/.test(parsed.name);
}

interface Call {
  readonly action: PackageAction;
  readonly subcommand: ShellWord | null;
  readonly verb: string;
  readonly operands: readonly ShellWord[];
}

function callOf(tool: PackageManager, operands: readonly ShellWord[], flags: readonly ShellWord[]): Call {
  if (tool.syntax === "flag") return flagCall(tool, operands, flags);
  const onlyAsks = flags.some((word) => /^(--version|--help|-h|-V|-v)$/.test(word.value ?? ""));
  if (tool.syntax === "goals") return goalsCall(tool, operands);
  // `cargo +nightly build`: the toolchain is no subcommand.
  const rest = operands[0]?.value?.startsWith("+") ? operands.slice(1) : operands;
  const [first, second] = rest;
  if (first === undefined) {
    return { action: onlyAsks ? "other" : tool.bare, subcommand: null, verb: "", operands: [] };
  }
  if (first.value === null) return { action: "other", subcommand: null, verb: "", operands: [] };
  const both = second?.value == null ? null : `${first.value} ${second.value}`;
  const action = both === null ? undefined : lookUp(tool, both);
  if (both !== null && action !== undefined && second) {
    return { action, subcommand: second, verb: both, operands: rest.slice(2) };
  }
  const single = lookUp(tool, first.value) ?? "other";
  // `dotnet build app.csproj`, `npm run build`: what follows is no package.
  const operandsAre = takesPackages(single) ? rest.slice(1) : [];
  return { action: single, subcommand: first, verb: first.value, operands: operandsAre };
}

/** Every operand is a goal; the one that does most says what the call does. */
function goalsCall(tool: PackageManager, operands: readonly ShellWord[]): Call {
  const known = Object.keys(tool.actions).length > 0;
  if (!known)
    return { action: tool.bare, subcommand: null, verb: "", operands: tool.bare === "install" ? operands : [] };
  for (const wanted of ["build", "download", "run", "clean"] as const) {
    const goal = operands.find((word) => goalAction(tool, word) === wanted);
    if (goal) return { action: wanted, subcommand: goal, verb: goal.value ?? "", operands: [] };
  }
  return { action: "other", subcommand: operands[0] ?? null, verb: operands[0]?.value ?? "", operands: [] };
}

/** `:app:build` of gradle is `build`; `org.apache…:maven-dependency-plugin:3.6:go-offline` of mvn is left unknown. */
function goalAction(tool: PackageManager, word: ShellWord): PackageAction | undefined {
  if (word.value === null) return undefined;
  const task = tool.name === "gradle" ? word.value.slice(word.value.lastIndexOf(":") + 1) : word.value;
  return lookUp(tool, task);
}

function flagCall(tool: PackageManager, operands: readonly ShellWord[], flags: readonly ShellWord[]): Call {
  for (const word of flags) {
    const value = word.value ?? "";
    const verb = value.startsWith("--") ? value : value.slice(0, 2);
    const action = tool.name === "pacman" ? pacmanAction(flags, operands.length > 0) : lookUp(tool, verb);
    if (action !== undefined) return { action, subcommand: word, verb, operands };
  }
  return { action: "other", subcommand: null, verb: "", operands: [] };
}

function pacmanAction(flags: readonly ShellWord[], named: boolean): PackageAction {
  const long = flags.map((word) => word.value ?? "");
  const letters = long.filter((flag) => /^-[A-Za-z]/.test(flag)).join("");
  const has = (letter: string, name: string) => letters.includes(letter) || long.includes(name);
  if (has("R", "--remove")) return "remove";
  if (has("U", "--upgrade")) return "install";
  if (!has("S", "--sync")) return "other";
  if (has("c", "--clean")) return "clean";
  if (has("s", "--search") || has("i", "--info") || has("l", "--list")) return "other";
  if (has("w", "--downloadonly")) return "download";
  if (named) return "install";
  return has("u", "--sysupgrade") ? "upgrade" : "update";
}

function takesPackages(action: PackageAction): boolean {
  return action === "install" || action === "upgrade" || action === "remove" || action === "download";
}

function lookUp(tool: PackageManager, subcommand: string): PackageAction | undefined {
  return Object.hasOwn(tool.actions, subcommand) ? tool.actions[subcommand] : undefined;
}

/** The word without quotes; variables stay as written. Null where quotes and variables are mixed in other ways. */
function plainText(word: ShellWord): string | null {
  if (word.value !== null) return word.value;
  if (word.quoted === "none") return word.text.includes("\\") ? null : word.text;
  return /['\\]/.test(word.text) ? null : word.text.replaceAll('"', "");
}

function isFlag(word: ShellWord): boolean {
  return (word.value ?? word.text).startsWith("-");
}
