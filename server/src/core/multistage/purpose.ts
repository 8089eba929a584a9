/** What an image is for, as far as names and its start say. Development images may well carry tools. */
import type { Stage } from "../model/types";
import { baseName } from "./paths";
import type { Start, StartCommand } from "./start";

/** True when the file's or the stage's name says that the image is for building, testing or developing. */
export function isNamedForDevelopment(path: string, stage: Stage): boolean {
  const folders = path.split("/").slice(0, -1);
  if (folders.some((folder) => /^\.?dev-?containers?$/i.test(folder))) return true;
  // A lone stage is often called `build` or `builder` out of habit, so there only the other words count.
  const stageName = stage.name?.replace(/builder/g, "") ?? "";
  return saysDevelopment(baseName(path)) || saysDevelopment(stageName);
}

function saysDevelopment(name: string): boolean {
  return /(?:^|[._-])(?:dev|devel|development|devcontainer|builder|buildenv|build-env|ci|sdk|toolchain|tools?|tests?|testing|debug|debugger|tilt|bench|benchmark|fuzz|fuzzing|lint|e2e)(?:[._-]|$)/i.test(
    name,
  );
}

/**
 * What a container does. `develops`: it serves for working in it, builds or tests when started, or keeps itself awake
 * for somebody to come in. `supervises`: it starts several services. `runs`: it runs a program.
 */
export type StartKind = "develops" | "supervises" | "runs";

/** Judges a start. Words that depend on variables do not count. */
export function startKind(start: Start): StartKind {
  if (start.commands.length === 0) return "develops";
  if (start.commands.some(({ name }) => supervisors.has(name))) return "supervises";
  return start.commands.some(isDevelopment) ? "develops" : "runs";
}

const supervisors: ReadonlySet<string> = new Set([
  ...["supervisord", "s6-svscan", "runsvdir", "runsvdir-start", "runit", "runit-init", "circusd", "honcho", "foreman"],
  ...["forego", "goreman", "monit", "systemd", "my_init", "init", "procodile", "overmind", "hivemind"],
]);

/** Programs that build, watch, or hand the container to a person. */
const developers: ReadonlySet<string> = new Set([
  ...["tmux", "screen", "irb", "ipython", "ghci", "iex", "jshell"],
  ...[
    "make",
    "gmake",
    "cmake",
    "ninja",
    "gcc",
    "g++",
    "cc",
    "c++",
    "clang",
    "clang++",
    "cargo",
    "rustc",
    "go",
    "scons",
  ],
  ...[
    "mvn",
    "mvnw",
    "mvnd",
    "gradle",
    "gradlew",
    "sbt",
    "ant",
    "lein",
    "bazel",
    "bazelisk",
    "msbuild",
    "nuget",
    "swift",
  ],
  ...["stack", "cabal", "ghc", "mix", "rebar3", "zig", "nim", "crystal", "dune", "opam", "arduino-cli", "platformio"],
  ...["nodemon", "ts-node-dev", "tsnd", "webpack-dev-server", "live-server", "lite-server", "browser-sync", "parcel"],
  ...["air", "reflex", "fresh", "realize", "gin", "CompileDaemon", "watchexec", "entr", "guard"],
  ...["jupyter", "jupyter-lab", "jupyter-notebook", "start-notebook.sh", "start-notebook.py", "code-server", "rstudio"],
  ...[
    "pytest",
    "tox",
    "nox",
    "jest",
    "mocha",
    "vitest",
    "karma",
    "rspec",
    "phpunit",
    "cypress",
    "playwright",
    "pre-commit",
  ],
  ...["sshd", "sleep", "gulp", "grunt", "pio", "node-gyp", "dotnet-watch", "tilt", "skaffold"],
]);

const shells: ReadonlySet<string> = new Set(["bash", "sh", "zsh", "fish", "ash", "dash", "ksh"]);

function isDevelopment({ name, arguments: words }: StartCommand): boolean {
  const [first] = words;
  const has = (...wanted: string[]) => wanted.some((word) => words.includes(word));
  if (developers.has(name)) return true;
  // A shell with a script runs that script; without one it waits for a person.
  if (shells.has(name)) return words.every((word) => word?.startsWith("-") && !word.includes("c"));
  switch (name) {
    case "tail":
      return has("/dev/null");
    case "ng":
    case "vue-cli-service":
      return has("serve", "test", "e2e");
    case "react-scripts":
    case "craco":
    case "react-app-rewired":
      return has("start", "test");
    case "next":
    case "nuxt":
    case "nuxi":
    case "astro":
    case "remix":
    case "gatsby":
    case "nest":
      return has("dev", "develop", "build", "-w", "--watch");
    case "vite":
      return first !== "preview" && first !== "build";
    case "webpack":
      return has("serve", "--watch", "-w");
    case "tsx":
    case "node":
      return has("watch", "--watch", "--inspect", "--inspect-brk");
    case "ts-node":
      return false;
    case "npm":
    case "yarn":
    case "pnpm":
    case "bun":
      return isDevelopmentScript(words);
    case "dotnet":
      return has("watch", "run", "build", "test", "publish");
    case "flask":
      return has("--debug", "--reload");
    case "uvicorn":
    case "gunicorn":
    case "hypercorn":
    case "granian":
      return has("--reload");
    case "fastapi":
      return first === "dev";
    case "rails":
      return has("console", "c", "test");
    default:
      break;
  }
  if (/^python[\d.]*$/.test(name)) return has("runserver", "pytest", "test") || (has("-m") && has("pytest", "tox"));
  return false;
}

/** `npm run dev`, `yarn develop`, `pnpm test`: names that package.json scripts carry by custom. */
function isDevelopmentScript(words: readonly (string | null)[]): boolean {
  const plain = words.filter((word) => word !== null && !word.startsWith("-"));
  const script = plain[0] === "run" || plain[0] === "run-script" ? plain[1] : plain[0];
  if (script === undefined || script === null) return true;
  return /^(?:dev|develop|development|serve|watch|hot|test|tests|lint|storybook|build|install|ci|debug|e2e|i)(?:$|[:-])|[:-](?:dev|watch|hmr|debug|test)$/.test(
    script,
  );
}
