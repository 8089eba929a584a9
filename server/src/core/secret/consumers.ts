/** Which RUN needs a secret: those that name its variable, and those whose tool reads it without being told. */
import { execWords, scriptsOf } from "../model/scripts";
import type { Instruction } from "../model/types";
import { readers, settingsReaders } from "./readers";

/** True when the text of a RUN (heredoc bodies included) names the variable other than by giving it a value. */
export function mentions(instruction: Instruction, name: string): boolean {
  const { parsed } = instruction;
  const text = parsed.body.text.slice(parsed.argumentsFrom);
  if (namesVariable(text, name)) return true;
  return parsed.heredocs.some(({ bodySpan }) => namesVariable(parsed.text.slice(bodySpan.from, bodySpan.to), name));
}

/** True when a text holds the name as a word of its own that is not being assigned: `$X`, `${X}`, `environ["X"]`. */
export function namesVariable(text: string, name: string): boolean {
  for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + name.length)) {
    const before = text[at - 1] ?? "";
    const after = text[at + name.length] ?? "";
    if (/\w/.test(before) || /\w/.test(after)) continue;
    if (after !== "=" || before === "{" || before === "$") return true;
  }
  return false;
}

/** What is known of the settings files that may refer to a variable. */
export interface SettingsFiles {
  /** Text of a file of the context, null when there is none, undefined when it is not known. */
  text(path: string): string | null | undefined;
  /** True when the stage copies a file of this name by its name. */
  isCopied(name: string): boolean;
}

/** True when a command of the RUN reads the variable by itself: from its environment, or through a settings file. */
export function readsImplicitly(instruction: Instruction, name: string, files: SettingsFiles): boolean {
  const calls = callsOf(instruction);
  const throughFile = settingsReaders.some(
    (reader) =>
      calls.some(({ program, verb }) => reader.programs.has(program) && !reader.unless?.has(verb)) &&
      reader.files.some((file) => {
        const text = files.text(file);
        if (text !== undefined) return text?.includes(name) ?? false;
        // What nobody has read may hold any name, but hardly one that belongs to another tool.
        return !reader.onlyKnown && files.isCopied(file) && !belongsToOther(name, reader.programs);
      }),
  );
  if (throughFile) return true;
  const npmConfig = files.text(".npmrc");
  return readers.some((reader) => {
    if (!reader.names.test(name)) return false;
    if (reader.npmConfig && npmConfig !== undefined && !npmConfig?.includes(name)) return false;
    return calls.some(
      ({ program, verb }) =>
        reader.programs.has(program) && !reader.unless?.has(verb) && (!reader.only || reader.only.has(verb)),
    );
  });
}

function belongsToOther(name: string, programs: ReadonlySet<string>): boolean {
  const owners = readers.filter((reader) => reader.names.test(name) && !reader.isShared);
  return (
    owners.length > 0 &&
    owners.every((owner) => owner.only !== undefined || ![...owner.programs].some((program) => programs.has(program)))
  );
}

/**
 * True for a program that runs a script of the project, which may read anything: `./build.sh`, `make`, `sh build.sh`.
 * `written` is the program as the command names it; `hasOperand`, whether a file is handed to it.
 */
export function isProjectScript(program: string, written: string, hasOperand: boolean): boolean {
  if (/\.(?:sh|bash|py|js|mjs|ts|rb|pl)$/.test(program) || scriptRunners.has(program)) return true;
  if (hasOperand && /^(?:sh|bash|ash|dash|zsh|source|\.)$/.test(program)) return true;
  return written.includes("/") && !isSystemPath(written);
}

const scriptRunners = new Set(["make", "just", "task", "rake", "invoke", "ninja", "bazel"]);

/** `/usr/bin/apt-get` is no script of the project. */
function isSystemPath(path: string): boolean {
  return /^(?:\/usr(?:\/local)?)?\/s?bin\//.test(path);
}

/** True when the RUN runs a script of the project, by itself or through an interpreter. */
export function runsProjectScript(instruction: Instruction): boolean {
  return callsOf(instruction).some(
    ({ program, written, verb }) =>
      isProjectScript(program, written, verb !== "" && !verb.startsWith("-")) ||
      (interpreters.test(program) && /\.(?:py|js|mjs|cjs|ts|rb|pl|php)$/.test(verb)),
  );
}

const interpreters = /^(?:python\d*(?:\.\d+)?|node|bun|deno|ruby|perl|php)$/;

/** True when the RUN calls a program of which nobody knows what it reads: a script, a build tool. */
export function isOpaque(instruction: Instruction): boolean {
  return callsOf(instruction).some(
    ({ program, path }) => path || opaque.has(program) || /\.(?:sh|py|js|rb|pl)$/.test(program),
  );
}

const opaque = new Set([
  ...["make", "cmake", "ninja", "bazel", "just", "task", "rake", "rails", "npm", "yarn", "pnpm", "npx", "bun", "node"],
  ...["python", "python3", "pip", "pip3", "uv", "poetry", "pipenv", "mvn", "mvnw", "gradle", "gradlew", "dotnet"],
  ...["cargo", "go", "composer", "php", "ruby", "bundle", "sh", "bash", "ash", "source", ".", "tox", "mix", "sbt"],
  ...["ant", "meson"],
]);

interface Call {
  /** Base name. */
  readonly program: string;
  /** The program as the command names it. */
  readonly written: string;
  /** The word behind it. */
  readonly verb: string;
  /** It is called by a path, as scripts of the project are. */
  readonly path: boolean;
}

/** The programs that an instruction runs. */
function callsOf(instruction: Instruction): readonly Call[] {
  const words = execWords(instruction);
  if (words) {
    const [program = "", verb = ""] = words;
    return program === "" ? [] : [callOf(program, verb)];
  }
  return scriptsOf(instruction).flatMap(({ commands }) =>
    commands.flatMap(({ name, words }) =>
      name === null ? [] : [callOf(words[0]?.value ?? name, words[1]?.value ?? "")],
    ),
  );
}

function callOf(program: string, verb: string): Call {
  const name = program.slice(program.lastIndexOf("/") + 1);
  return { program: name, written: program, verb, path: program.includes("/") && !isSystemPath(program) };
}
