/** What a .NET program starts from, and where `dotnet publish` put it. */
import { expandText, stageState } from "../../model/scope";
import type { Instruction, Model } from "../../model/types";
import { flagValue, operands } from "../../shell/commands";
import { type BuildStep, buildSteps } from "../build-steps";
import type { Build } from "../detect";
import { baseName, isWithin, parentOf, resolvePath } from "../paths";
import { folderAt } from "../run-commands";
import type { Start } from "../start";

/** A published program. */
export interface Published {
  /** The folder that `dotnet publish` wrote, absolute. */
  readonly output: string;
  /** The folder that the container starts in; null when it is not known. */
  readonly folder: string | null;
  /** Name of the program without `.dll`. */
  readonly name: string;
  /** True for `dotnet App.dll`, false for the program by itself. */
  readonly throughDotnet: boolean;
  /** The command that published it. */
  readonly step: BuildStep;
  /** Absolute paths where its project file may lie, likeliest first. */
  readonly projects: readonly string[];
  /** True when a flag makes the program carry its runtime. */
  readonly isSelfContained: boolean;
  /** True when it is made for one system or processor. */
  readonly isForOneSystem: boolean;
}

/** Flags of `dotnet publish` with a value. Source: `dotnet publish --help`. */
const valueFlags = [
  ...["-c", "--configuration", "-o", "--output", "-r", "--runtime", "-f", "--framework", "-v", "--verbosity"],
  ...["--source", "-s", "--version-suffix", "-a", "--arch", "--os", "--manifest", "--artifacts-path"],
];

/** The program that a stage publishes and starts; null when it is not sure that they are the same. */
export function readPublished({ start, stage, image }: Build, model: Model): Published | null {
  const command = start.instructions.at(-1);
  const program = command && programOf(start);
  if (!command || !program) return null;
  const folder = folderAt(command, image.repository.name);
  const path = resolvePath(program.path, folder);
  if (path === null || parentOf(path) === "/") return null;
  const steps = buildSteps(stage, image.repository.name).filter(({ shown }) => shown === "dotnet publish");
  const fits = (step: BuildStep) => {
    const output = outputOf(step, model);
    return output === null ? isDefaultOutput(parentOf(path), step) : output === parentOf(path);
  };
  const step = steps.filter(fits).at(-1);
  if (!step) return null;
  const name = baseName(path).replace(/\.dll$/, "");
  const words = step.command.words.map((word) => word.value ?? word.text);
  const isOn = (pattern: RegExp) => words.some((word) => pattern.test(word));
  const isOff =
    isOn(/^--no-self-contained$/) || isOn(/SelfContained=false/i) || hasValue(words, "--self-contained", "false");
  return {
    ...{ output: parentOf(path), folder, name, step, throughDotnet: program.throughDotnet },
    projects: projectsOf(step, name, parentOf(path)),
    isSelfContained: !isOff && isOn(/^--self-contained(?:=true)?$|^--sc$|^[-/]p:(?:SelfContained|PublishAot)=true$/i),
    isForOneSystem: isOn(
      /^(?:-r|--runtime|-a|--arch|--os)(?:=|$)|^[-/]p:(?:PublishAot|PublishSingleFile|RuntimeIdentifier)/i,
    ),
  };
}

function hasValue(words: readonly string[], flag: string, value: string): boolean {
  return words.some((word, at) => word === `${flag}=${value}` || (word === flag && words[at + 1] === value));
}

interface Program {
  readonly path: string;
  readonly throughDotnet: boolean;
}

/** `dotnet App.dll …`, or a program by its path. Words that depend on variables may only stand behind. */
function programOf({ commands, words }: Start): Program | null {
  const [one] = commands;
  if (!one || commands.length !== 1) return null;
  if (one.name === "dotnet") {
    const at = one.arguments.findIndex((word) => word === null || !(word === "exec" || word.startsWith("-")));
    const library = one.arguments[at];
    return library?.endsWith(".dll") ? { path: library, throughDotnet: true } : null;
  }
  const path = words?.[0];
  return path?.includes("/") && !/\.(?:sh|py|js)$/.test(path) ? { path, throughDotnet: false } : null;
}

/** Where the command writes to by its flags; null without such a flag. A variable gives a path that fits nothing. */
function outputOf(step: BuildStep, model: Model): string | null {
  const flag = flagValue(step.command, ["-o", "--output"]);
  if (!flag) return null;
  const text = flag.value ?? expanded(flag.word?.text ?? "", step.instruction, model);
  return (text && resolvePath(text, step.folder)) ?? "";
}

/** The value of a word whose variables ARG and ENV set. */
function expanded(text: string, instruction: Instruction, { escape }: Model): string | null {
  const { stage } = instruction;
  if (!stage || /[`(]/.test(text)) return null;
  return expandText(text, escape, (name) => stageState(stage.scope, name, instruction.index));
}

/** Without a flag `dotnet publish` writes to `bin/<configuration>/<framework>[/<system>]/publish` of the project. */
function isDefaultOutput(folder: string, step: BuildStep): boolean {
  const project = /^(.*)\/bin\/(?:Release|Debug)\/net[\w.]+\/(?:[\w.-]+\/)?publish$/i.exec(folder)?.[1];
  return project !== undefined && step.folder !== null && isWithin(project || "/", step.folder);
}

/** Where the project file may lie: as the command says, in its folder, in one of the program's name. */
function projectsOf(step: BuildStep, name: string, output: string): readonly string[] {
  const named = operands(step.command, valueFlags).slice(1)[0]?.value ?? null;
  const own = /^(.*)\/bin\/(?:Release|Debug)\//i.exec(output)?.[1];
  if (named && /\.(?:cs|fs|vb)proj$/.test(named)) return [resolvePath(named, step.folder) ?? ""].filter(Boolean);
  const base = named && !/\.slnx?$/.test(named) ? resolvePath(named, step.folder) : step.folder;
  const folders = [own, base, base && `${base}/${name}`, base && `${base}/src/${name}`].filter((one) => one != null);
  const kinds = ["csproj", "fsproj"];
  return [...new Set(folders)].flatMap((one) => kinds.map((kind) => `${one === "/" ? "" : one}/${name}.${kind}`));
}
