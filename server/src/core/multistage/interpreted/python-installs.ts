/** How a stage installs Python packages: with which tool, into which environment. */
import { stageState } from "../../model/scope";
import type { Instruction, Stage } from "../../model/types";
import type { ShellWord } from "../../shell/ast";
import { type EffectiveCommand, operands } from "../../shell/commands";
import { hasOperationFlag, type PackageOperation, packageOperation } from "../../shell/packages";
import { joinPath, resolvePath } from "../paths";
import { type RunCommand, runCommands } from "../run-commands";
import { settingOf } from "../settings";

/** Where packages go. `system`: to the interpreter of the image. Else the absolute path of a virtual environment. */
export type Place = "system" | { readonly environment: string };

/** One command that installs packages. */
export interface PythonInstall extends RunCommand {
  readonly operation: PackageOperation | null;
  readonly place: Place;
}

/** All installs of a stage. */
export interface PythonInstalls {
  readonly list: readonly PythonInstall[];
  /** Absolute paths of virtual environments that the file makes itself. */
  readonly made: readonly string[];
}

/** Reads them; null where one of them goes to a place that is not followed (`--user`, `--target`, a tool's own cache). */
export function pythonInstalls(stage: Stage, image: string): PythonInstalls | null {
  const list: PythonInstall[] = [];
  const made: string[] = [];
  const settings = new Map<string, string>();
  let activated: { instruction: Instruction; environment: string } | null = null;
  for (const one of runCommands(stage, image)) {
    const { command, instruction, folder } = one;
    const environment = madeEnvironment(command, stage, instruction, folder);
    if (environment === "unknown") return null;
    if (environment !== null) made.push(environment);
    if (command.name === "." || command.name === "source") {
      const script = valueOf(command.words[1], stage, instruction);
      const root = /^(.*)\/bin\/activate$/.exec((script && resolvePath(script, folder)) ?? "")?.[1];
      if (root) activated = { instruction, environment: root };
    }
    noteSettings(command, settings);
    if (!isPythonInstall(command)) continue;
    const operation = packageOperation(command);
    const active = activated?.instruction === instruction ? activated.environment : null;
    const place = operation
      ? placeOf(operation, one, settings, active ?? onPath(stage, instruction, made))
      : (active ?? onPath(stage, instruction, made) ?? "system");
    if (place === null) return null;
    list.push({
      ...one,
      operation,
      place: typeof place === "string" && place !== "system" ? { environment: place } : "system",
    });
  }
  return { list, made };
}

/** True for commands that install Python packages, or that only prepare to do so. */
export function isPythonInstall(command: EffectiveCommand): boolean {
  const operation = packageOperation(command);
  if (operation?.tool.family === "python") return operation.action === "install" || operation.action === "build";
  const words = command.words.map((word) => word.value);
  return /^python[\d.]*$/.test(command.name ?? "") && words[1] === "setup.py" && words.includes("install");
}

/** True for commands that belong to installing and leave nothing that runs: environments, settings, lists, downloads. */
export function preparesInstall(command: EffectiveCommand): boolean {
  const { name, words } = command;
  if (name === "virtualenv") return true;
  const operation = packageOperation(command);
  if (operation?.tool.family === "python") {
    if (/^(?:config|clean|remove|download)$/.test(operation.action)) return true;
    const [first, second] = operands(command).map((word) => word.value);
    if (operation.manager === "uv")
      return /^(?:venv|lock|export|cache)$/.test(first ?? "") || (first === "pip" && second !== "install");
    if (operation.manager === "poetry") return /^(?:lock|export|check|show|self|cache|env)$/.test(first ?? "");
    return /^(?:check|list|freeze|show|cache)$/.test(first ?? "");
  }
  return (
    /^python[\d.]*$/.test(name ?? "") &&
    words[1]?.value === "-m" &&
    /^(?:venv|virtualenv|ensurepip)$/.test(words[2]?.value ?? "")
  );
}

/** The environment that a command makes; null for other commands. */
function madeEnvironment(
  command: EffectiveCommand,
  stage: Stage,
  instruction: Instruction,
  folder: string | null,
): string | "unknown" | null {
  const { name, words } = command;
  const isModule =
    /^python[\d.]*$/.test(name ?? "") &&
    words[1]?.value === "-m" &&
    /^(?:venv|virtualenv)$/.test(words[2]?.value ?? "");
  const isUv = name === "uv" && words[1]?.value === "venv";
  if (!isModule && !isUv && name !== "virtualenv") return null;
  const skipped = isModule ? 2 : isUv ? 1 : 0;
  const rest = operands({ words: words.slice(skipped) }, ["-p", "--python", "--prompt", "--seed"]);
  if (rest.length > 1) return "unknown";
  const path = rest[0] ? valueOf(rest[0], stage, instruction) : isUv ? ".venv" : null;
  return (path && resolvePath(path, folder)) ?? "unknown";
}

function noteSettings({ name, words }: EffectiveCommand, settings: Map<string, string>): void {
  const values = words.map((word) => word.value);
  if (name !== "poetry" || values[1] !== "config") return;
  const [key, value] = values.slice(2).filter((word) => word !== null && !word.startsWith("-"));
  if (key && value) settings.set(key, value);
}

const toOtherPlaces = ["--user", "-t", "--target", "--prefix", "--root", "--python", "--editable", "-e", "--dry-run"];

function placeOf(
  operation: PackageOperation,
  { command, instruction, folder }: RunCommand,
  settings: ReadonlyMap<string, string>,
  active: string | null,
): string | null {
  const setting = (name: string) => {
    const value = settingOf(name, command, instruction);
    return value === undefined ? null : (value ?? "?");
  };
  const isOn = (value: string | null | undefined) =>
    value !== null && value !== undefined && /^(?:1|true|yes|on)$/i.test(value);
  switch (operation.manager) {
    case "pip": {
      if (hasOperationFlag(operation, toOtherPlaces)) return null;
      if (["PIP_USER", "PIP_TARGET", "PIP_PREFIX", "PIP_PYTHON"].some((name) => setting(name) !== null)) return null;
      const path = command.words[0]?.value ?? "";
      const own =
        /^(\/.*)\/bin\/[^/]+$/.exec(path)?.[1] ??
        (path.includes("/") ? resolvePath(path, folder)?.replace(/\/bin\/[^/]+$/, "") : null);
      if (own && own !== "/usr" && own !== "/usr/local") return own;
      return own ? "system" : (active ?? "system");
    }
    case "uv": {
      if (operation.verb === "sync") {
        const moved = [
          "--directory",
          "--project",
          "--active",
          "--python",
          "-p",
          "--script",
          "--package",
          "--all-packages",
        ];
        if (hasOperationFlag(operation, moved)) return null;
        const own = setting("UV_PROJECT_ENVIRONMENT");
        if (own === "?" || own === "/usr/local") return null;
        return resolvePath(own ?? ".venv", folder);
      }
      if (operation.verb !== "pip install" && operation.verb !== "pip sync") return null;
      if (hasOperationFlag(operation, toOtherPlaces) || setting("UV_SYSTEM_PYTHON") !== null) return null;
      if (hasOperationFlag(operation, ["--system"])) return "system";
      return active ?? (setting("VIRTUAL_ENV") === null && folder !== null ? joinPath(folder, ".venv") : null);
    }
    case "poetry": {
      if (operation.verb !== "install" && operation.verb !== "sync") return null;
      if (hasOperationFlag(operation, ["-C", "--directory", "-P", "--project"])) return null;
      if (active !== null) return active;
      const creates = setting("POETRY_VIRTUALENVS_CREATE") ?? settings.get("virtualenvs.create") ?? null;
      if (creates !== null && /^(?:0|false|no)$/i.test(creates)) return "system";
      const inside = setting("POETRY_VIRTUALENVS_IN_PROJECT") ?? settings.get("virtualenvs.in-project");
      return isOn(inside) && folder !== null ? joinPath(folder, ".venv") : null;
    }
    default:
      return null;
  }
}

/** The environment made before whose programs PATH names first, at an instruction. */
function onPath(stage: Stage, instruction: Instruction, made: readonly string[]): string | null {
  const binding = stage.scope.lookup("PATH", instruction.index);
  const { scope } = stage;
  const text = binding?.pair?.value?.text;
  if (!text || binding?.kind !== "env") return null;
  const expanded = text.replace(/\$\{?(\w+)\}?/g, (whole, name: string) => {
    const state = name === "PATH" ? null : stageState(scope, name, instruction.index);
    return state?.kind === "value" ? state.value : whole;
  });
  const folders = expanded.replace(/["']/g, "").split(":");
  return made.find((environment) => folders.includes(joinPath(environment, "bin"))) ?? null;
}

function valueOf(word: ShellWord | undefined, stage: Stage, instruction: Instruction): string | null {
  if (!word) return null;
  if (word.value !== null) return word.value;
  const match = /^"?\$\{?(\w+)\}?(\/[\w./-]*)?"?$/.exec(word.text);
  if (!match?.[1]) return null;
  const state = stageState(stage.scope, match[1], instruction.index);
  return state.kind === "value" ? state.value + (match[2] ?? "") : null;
}
