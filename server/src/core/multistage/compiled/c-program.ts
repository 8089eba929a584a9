/** Which program a build in C or C++ makes, where it lies, and what it is linked to. */
import type { Facts } from "../../rule";
import { type EffectiveCommand, flagValue } from "../../shell/commands";
import type { Edit } from "../../text";
import { contextFile } from "../context-files";
import type { Copy } from "../copies";
import type { Build } from "../detect";
import { baseName, isWithin, joinPath, parentOf, resolvePath } from "../paths";
import { folderAt, type RunCommand, runCommands } from "../run-commands";
import { compilers, installPrefix, type Linking, linkingOf, linkingOfFile, loadsOwn } from "./c-linking";
import { movedProgram, programFolders } from "./moved-program";

/** What is built and run. */
export interface CProgram {
  /** What is copied: the program, or the folder it is installed in with all that came with it. Absolute paths. */
  readonly copies: readonly { readonly from: string; readonly to: string }[];
  /** Null when neither the commands nor a file that is known say it. */
  readonly linking: Linking | null;
  /** True when a build file that nobody knows may make libraries that the program loads. */
  readonly mayLoadOwn: boolean;
  /** The command that links: a compiler, or cmake where it is configured. Null for other build files. */
  readonly linker: RunCommand | null;
  /** True when everything below a prefix is copied. */
  readonly isInstalled: boolean;
}

/** The program that the build makes and the container starts; null when it is not sure that they are the same. */
export function readCProgram(
  { start, stage, image, step }: Build,
  copies: readonly Copy[],
  facts: Facts,
): CProgram | null {
  const word = start.words?.[0];
  const command = start.instructions.at(-1);
  if (!word || !command || /\.(?:sh|bash|py|pl)$/.test(word)) return null;
  const name = baseName(word);
  const runs = word.includes("/") ? resolvePath(word, folderAt(command, image.repository.name)) : null;
  if (word.includes("/") && runs === null) return null;
  const commands = runCommands(stage, image.repository.name);
  if (commands.some(({ command: one }) => loadsOwn(one))) return null;
  // What they name lies outside of what is copied.
  const names = ["LD_LIBRARY_PATH", "LD_PRELOAD"];
  if (stage.scope.bindings.some((binding) => names.includes(binding.name))) return null;

  const moved = commands.map((one) => movedProgram(one, step.instruction, { name, runs })).find((one) => one !== null);
  const built = moved?.source ?? runs;
  const to = moved?.to ?? runs;
  // What else was installed may be libraries that the program loads.
  if (built !== null && to !== null && !commands.some(({ command: one }) => isInstall(one))) {
    const compiled = commands.find((one) => outputOf(one) === built);
    if (compiled) {
      const linking = linkingOf(compiled.command);
      return { copies: [{ from: to, to }], linking, mayLoadOwn: false, linker: compiled, isInstalled: false };
    }
    const made = madeBy(commands, built, copies, facts);
    if (made) return { ...made, copies: [{ from: to, to }], isInstalled: false };
  }
  return installed(commands, runs, copies, facts);
}

/** The program that a command of a compiler writes; null when it links none, or its place is not known. */
function outputOf({ command, folder }: RunCommand): string | null {
  if (!compilers.test(command.name ?? "")) return null;
  if (command.words.some((word) => /^-[cSE]$/.test(word.value ?? ""))) return null;
  const output = flagValue(command, ["-o"]);
  return output ? (output.value === null ? null : resolvePath(output.value, folder)) : resolvePath("a.out", folder);
}

/** How make or cmake build a program in the folder of a build; null when no such folder holds it. */
function madeBy(
  commands: readonly RunCommand[],
  path: string,
  copies: readonly Copy[],
  facts: Facts,
): Pick<CProgram, "linking" | "mayLoadOwn" | "linker"> | null {
  const configure = commands.find(({ command }) => command.name === "cmake" && isConfiguring(command)) ?? null;
  if (configure) {
    const source = sourceOf(configure);
    const place = buildFolder(configure);
    const isBuilt = commands.some(({ command: { name }, command }) =>
      name === "cmake" ? !isConfiguring(command) : /^(?:make|gmake|ninja)$/.test(name ?? ""),
    );
    if (place === null || !isBuilt || !isWithin(path, place)) return null;
    const file = source === null ? undefined : contextFile(joinPath(source, "CMakeLists.txt"), copies, facts);
    if (!file) return { linking: null, mayLoadOwn: true, linker: configure };
    const linking = linkingOfFile(file.text);
    if (!linking) return null;
    // C++ is on where a project names no language.
    const isOnlyC = /\bproject\s*\([^)]{0,200}\bC\b[^)]{0,200}\)/.test(file.text) && !/\bCXX\b/.test(file.text);
    const language = isOnlyC ? "c" : "c++";
    return {
      linking: { ...linking, language },
      mayLoadOwn: /add_subdirectory|FetchContent/i.test(file.text),
      linker: configure,
    };
  }
  const maker = commands.filter(({ command }) => /^(?:make|gmake)$/.test(command.name ?? "")).at(-1);
  const folder = maker && resolvePath(flagValue(maker.command, ["-C", "--directory"])?.value ?? ".", maker.folder);
  if (!maker || !folder || !isWithin(path, folder)) return null;
  const names = ["Makefile", "makefile", "GNUmakefile"].map((name) =>
    contextFile(joinPath(folder, name), copies, facts),
  );
  const file = names.find((one) => one);
  const linking = file ? linkingOfFile(file.text) : null;
  if (file && !linking) return null;
  return { linking, mayLoadOwn: !file || /\$\(MAKE\)|^[ \t]*-?include\b/m.test(file.text), linker: null };
}

/** True unless it builds, installs, or only runs a script of CMake. */
function isConfiguring(command: EffectiveCommand): boolean {
  return !command.words.some((word) => /^(?:--build|--install|-P|-E|--version|--help)$/.test(word.value ?? ""));
}

/** `cmake -S . -B build`, `cmake ..`: the folder that programs are built in. */
function buildFolder({ command, folder }: RunCommand): string | null {
  const flag = flagValue(command, ["-B"]);
  return flag ? (flag.value === null ? null : resolvePath(flag.value, folder)) : folder;
}

function sourceOf({ command, folder }: RunCommand): string | null {
  const flag = flagValue(command, ["-S"]);
  if (flag) return flag.value === null ? null : resolvePath(flag.value, folder);
  const plain = command.words
    .slice(1)
    .filter((word, at) => !/^-/.test(word.value ?? word.text) && !/^-[BGDAT]$/.test(command.words[at]?.value ?? ""));
  const last = plain.at(-1);
  if (!last) return flagValue(command, ["-B"]) ? folder : null;
  return last.value === null ? null : resolvePath(last.value, folder);
}

/** `make install`: everything below the prefix comes along. */
function installed(
  commands: readonly RunCommand[],
  runs: string | null,
  copies: readonly Copy[],
  facts: Facts,
): CProgram | null {
  const installs = commands.filter(({ command }) => isInstall(command));
  const last = installs.at(-1);
  if (!last) return null;
  const concerned = commands.filter(({ command }) =>
    /^(?:configure|cmake|meson|make|gmake|ninja)$/.test(command.name ?? ""),
  );
  const prefix = installPrefix(concerned.map(({ command }) => command));
  if (prefix === null || prefix === "/usr" || prefix === "/") return null;
  // A plain Makefile may have any prefix, so that the start has to say it.
  const isUsual = concerned.some(({ command }) => /^(?:configure|cmake|meson)$/.test(command.name ?? ""));
  const given = concerned.some(({ command }) =>
    command.words.some((word) => /^(?:PREFIX|prefix)=/.test(word.value ?? "")),
  );
  if (runs === null ? !(isUsual || given) || !programFolders.has(joinPath(prefix, "bin")) : !isWithin(runs, prefix))
    return null;
  if (runs !== null && baseName(parentOf(runs)) !== "bin" && baseName(parentOf(runs)) !== "sbin") return null;
  const folder = last.folder;
  const file = folder === null ? undefined : contextFile(joinPath(folder, "CMakeLists.txt"), copies, facts);
  return {
    copies: [{ from: prefix, to: prefix }],
    linking: file ? linkingOfFile(file.text) : null,
    mayLoadOwn: false,
    linker: null,
    isInstalled: true,
  };
}

function isInstall(command: EffectiveCommand): boolean {
  const words = command.words.map((word) => word.value);
  if (/^(?:make|gmake|ninja|meson)$/.test(command.name ?? ""))
    return words.some((word) => /^install(?:[-/]strip)?$/.test(word ?? ""));
  return (
    command.name === "cmake" &&
    (words.includes("--install") || (words.includes("--build") && words.includes("install")))
  );
}

/** Flags that take the libraries of a newer compiler into the program; null where the command cannot be edited. */
export function staticRuntime({ linker, linking }: CProgram): Edit | null {
  if (!linker || linking?.language !== "c++") return null;
  const { command, script } = linker;
  const last = command.words.at(-1);
  if (!last || command.outer !== command.command) return null;
  const flags = "-static-libstdc++ -static-libgcc";
  if (command.name === "cmake") {
    if (command.words.some((word) => /LINKER_FLAGS/.test(word.text))) return null;
    const { end } = script.locate(last.from, last.to);
    return { span: { start: end, end }, newText: ` -DCMAKE_EXE_LINKER_FLAGS="${flags}"` };
  }
  if (!/\+\+/.test(command.name ?? "")) return null;
  const { end } = script.locate(last.from, last.to);
  return { span: { start: end, end }, newText: ` ${flags}` };
}
