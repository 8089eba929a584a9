/** Which steps of a build use which of the installed tools. */
import { instructionsIn } from "../model/index-of";
import type { Stage } from "../model/types";
import type { BuildFamily, BuildStep } from "./build-steps";
import { type Installed, installedPackages } from "./installed";
import { runCommands } from "./run-commands";

/** The steps that use tools, and the tools that they use. */
export interface ToolUse {
  readonly tools: readonly Installed[];
  /** Never empty where there are tools. */
  readonly steps: readonly BuildStep[];
}

/** Pairs tools with the steps that can use them; a tool of another language (`maven` for `pip install`) is in neither. */
export function toolUse(tools: readonly Installed[], steps: readonly BuildStep[]): ToolUse {
  const families = [...new Set(steps.map(({ family }) => family))];
  const used = tools.filter(({ package: { name } }) => families.some((family) => canUse(family, name)));
  const users = new Set(families.filter((family) => used.some(({ package: { name } }) => canUse(family, name))));
  return { tools: used, steps: steps.filter(({ family }) => users.has(family)) };
}

/** True when a stage installs what people use while they write programs: they want the compilers in the container, too. */
export function servesProgrammers(stage: Stage): boolean {
  return installedPackages(stage).some(({ package: one, operation }) => {
    return [one.name, ...operation.unknown.map((word) => word.text)].some((name) => editorTools.test(name));
  });
}

/** Also with a version behind it, `clangd-$LLVM` too. */
const editorTools = /^(?:clangd|clang-tidy|clang-format|clang-tools|clang-tools-extra|lldb)(?:-?[\d$].*)?$/;

/** True when the stage installs what starts a compiler or a linker in the container itself. */
export function compilesWhenRun(stage: Stage): boolean {
  return instructionsIn(stage, "RUN").some(({ parsed }) => runtimeCompilers.test(parsed.text));
}

/** Sources: the requirements that these projects state for running, not for being installed. */
const runtimeCompilers = /\b(?:pyinstaller|nuitka|triton|vllm|deepspeed|unsloth|gptq|exllama|pycuda|cupy|pythran)\b/i;

/** True when the stage runs a program of its own behind the first tool: it may compile as well, and nobody here sees it. */
export function runsOwnProgram(stage: Stage, image: string | null, after: number): boolean {
  return runCommands(stage, image).some(
    ({ instruction, command }) => instruction.index >= after && isOwnProgram(command.words[0]?.value ?? null),
  );
}

/** What is said where a build may start anything: `make` and build files whose language is not known. */
const anything: ReadonlySet<BuildFamily> = new Set(["make"]);

/** Builds that start no compiler of C and read no headers. */
const withoutCompiler: ReadonlySet<BuildFamily> = new Set(["maven", "gradle"]);

function canUse(family: BuildFamily, name: string): boolean {
  if (/^(?:gdb|valgrind|cppcheck)$/.test(name)) return false;
  if (anything.has(family)) return true;
  const language = languages.find(({ packages }) => packages.test(name));
  return language ? language.families.includes(family) : !withoutCompiler.has(family);
}

/** Tools of one language, and the builds that run them: crates are built for Python and Ruby packages, too. */
const languages: readonly { readonly packages: RegExp; readonly families: readonly BuildFamily[] }[] = [
  { packages: /^(?:maven|ant|sbt|leiningen)$/, families: ["maven"] },
  { packages: /^gradle$/, families: ["gradle"] },
  { packages: /^(?:go|golang.*)$/, families: ["go"] },
  { packages: /^(?:rust|rustc.*|cargo)$/, families: ["rust", "python", "ruby"] },
  { packages: /^(?:ghc.*|cabal-install|ocaml|opam|nim|zig|vala|valac|gnat)$/, families: ["c"] },
  { packages: /^(?:lib)?python[\d.]*-dev(?:el)?$|^cython3?$|^python3-cython$/, families: ["python", "c"] },
  { packages: /^ruby[\d.]*-dev(?:el)?$/, families: ["ruby", "c"] },
  { packages: /^(?:php[\d.]*-dev(?:el)?|\$?phpize_deps)$/i, families: ["php", "c"] },
  { packages: /^erlang-dev$/, families: ["c"] },
  // Without a compiler it serves programs that look for libraries when they run.
  { packages: /^binutils$/, families: ["c", "go", "rust"] },
];

/** `./install.sh`, `/build.sh`, `hack/generate`: not a program of the system. */
function isOwnProgram(word: string | null): boolean {
  if (word === null || /(?:^|\/)configure$/.test(word)) return false;
  return /\.(?:sh|bash)$/.test(word) || (word.includes("/") && !/^\/(?:usr\/(?:local\/)?)?s?bin\//.test(word));
}
