/**
 * The shipped stage stands on a full image although a smaller variant of the same version exists. Figures decide, and
 * what the stage runs: a variant that lacks a program in use is not proposed.
 */
import { smaller } from "../../catalogue/advice";
import { rootStage } from "../../catalogue/stage";
import type { Catalogue, ImageFacts, TagAdvice } from "../../catalogue/types";
import { advisedImage, moveBase } from "../../fixes/base";
import { parseReference } from "../../image/reference";
import type { Script } from "../../model/scripts";
import { execWords, scriptsOf } from "../../model/scripts";
import type { Stage } from "../../model/types";
import { defineRule } from "../../rule";
import { packageOperations } from "../../shell/packages";

export default defineRule({
  id: "heavy-base-image",
  theme: "base-image",
  category: "size",
  severity: "info",
  recommended: true,
  since: "0.1.0",
  summary: "The shipped stage stands on a full-size base although a smaller variant of the same version exists.",
  why: "Full images carry compilers, version control and headers that a running service never uses: more to pull, to store and to patch. The figures are compressed sizes for linux/amd64. Nothing is said where a command of the stage needs what the variant lacks.",
  aliases: {},
  fixable: "unsafe",
  examples: [
    {
      title: "A slim variant exists",
      code: 'FROM [|python:3.14|]\nCOPY app.py /app.py\nCMD ["python", "/app.py"]\n',
      fixed: 'FROM python:3.14-slim\nCOPY app.py /app.py\nCMD ["python", "/app.py"]\n',
    },
    {
      title: "The version lives in an ARG, the variant does not",
      code: 'ARG PYTHON=3.14\nFROM [|python:${PYTHON}|]\nCMD ["python", "/app.py"]\n',
      fixed: 'ARG PYTHON=3.14\nFROM python:${PYTHON}-slim\nCMD ["python", "/app.py"]\n',
    },
    {
      title: "git comes with the full image only",
      code: "FROM python:3.14\nRUN git clone https://example.com/a.git\n",
    },
    {
      title: "A health check needs curl",
      code: 'FROM python:3.14\nHEALTHCHECK CMD curl -f http://localhost/ || exit 1\nCMD ["python", "/app.py"]\n',
    },
    { title: "Not the shipped stage", code: "FROM python:3.14 AS build\nFROM alpine:3.24\nCOPY --from=build /a /a\n" },
    { title: "Already slim", code: 'FROM python:3.14-slim\nCMD ["python", "/app.py"]\n' },
    { title: "An image that the catalogue does not know", code: "FROM registry.example.com/base:1\n" },
  ],
  *check({ model, catalogue }) {
    const { finalStage } = model;
    if (!finalStage) return;
    const root = rootStage(finalStage);
    const { reference, span } = root.base;
    const facts = reference && catalogue.image(reference);
    if (!reference || !span || !facts || facts.windows) return;
    const uses = usesOf(finalStage);
    if (!uses || uses.builds) return;
    const advice = smaller(catalogue, reference).filter((one) => suffices(one, facts, uses, catalogue));
    const best = advice[0];
    // Another C library is for the author to choose: such a variant is offered beside one that keeps it, never alone.
    if (!best?.saves || !keepsLibc(best, facts, catalogue)) return;
    yield {
      message: `${reference.text} is a full image: ${advisedImage(best)} is about ${megabytes(best.saves)} MB smaller to pull. Use it if nothing at run time needs the rest.`,
      range: span,
      subject: "base",
      fixes: () =>
        advice.flatMap((one) =>
          moveBase(
            model,
            root,
            one,
            `Use ${advisedImage(one)}, about ${megabytes(one.saves ?? 0)} MB smaller`,
            one.consequence,
          ),
        ),
    };
  },
});

function megabytes(bytes: number): number {
  return Math.round(bytes / 1_000_000);
}

/** Programs that a stage runs, at build and at run time. */
interface Uses {
  readonly commands: ReadonlySet<string>;
  /** Package managers of the system. */
  readonly managers: ReadonlySet<string>;
  /** Names of packages that the stage installs itself. */
  readonly installed: ReadonlySet<string>;
  /** The stage compiles something: then it is for a multi-stage build to make the image small. */
  readonly builds: boolean;
}

/** What the stage and its parents run; null where a command cannot be read. */
function usesOf(stage: Stage): Uses | null {
  const commands = new Set<string>();
  const managers = new Set<string>();
  const installed = new Set<string>();
  let builds = false;
  for (let current: Stage | null = stage; current; current = current.base.stage) {
    for (const instruction of current.instructions) {
      const scripts = scriptsOf(instruction);
      if (instruction.keyword === "RUN" && scripts.length === 0 && !execWords(instruction)) return null;
      for (const word of execWords(instruction) ?? []) commands.add(baseName(word));
      for (const script of scripts) {
        for (const command of script.commands) if (command.name) commands.add(command.name);
        builds ||= buildsSomething(script);
        for (const operation of packageOperations(script.script)) {
          if (operation.tool.family === "apt" || operation.tool.family === "apk") managers.add(operation.tool.family);
          if (operation.action !== "install") continue;
          for (const item of operation.packages) installed.add(item.name);
        }
      }
    }
  }
  return { commands, managers, installed, builds };
}

const compiling = new Set([
  "javac",
  "mvn",
  "mvnw",
  "gradle",
  "gradlew",
  "cargo",
  "rustc",
  "dotnet",
  "make",
  "cmake",
  "gcc",
  "g++",
  "cc",
  "node-gyp",
]);

function buildsSomething(script: Script): boolean {
  return script.commands.some(
    (command) =>
      command.name !== null &&
      (compiling.has(command.name) ||
        (command.name === "go" && /^(?:build|install|run|test|generate)$/.test(command.words[1]?.value ?? ""))),
  );
}

/** Programs of the full images that their slim variants lack, with the packages that bring them. */
const onlyInFull: ReadonlyMap<string, readonly string[]> = new Map([
  ["git", ["git"]],
  ["curl", ["curl"]],
  ["wget", ["wget"]],
  ["unzip", ["unzip"]],
  ["zip", ["zip"]],
  ["bzip2", ["bzip2"]],
  ["xz", ["xz-utils"]],
  ["file", ["file"]],
  ["svn", ["subversion"]],
  ["hg", ["mercurial"]],
  ["ssh", ["openssh-client", "openssh-client-default"]],
  ["ssh-keyscan", ["openssh-client", "openssh-client-default"]],
  ["gpg", ["gnupg", "gpg", "gnupg2"]],
  ["patch", ["patch", "build-essential"]],
  ["procps", ["procps"]],
  ["ps", ["procps"]],
  ["autoconf", ["autoconf"]],
  ["automake", ["automake"]],
  ["mysql_config", ["default-libmysqlclient-dev", "libmysqlclient-dev"]],
  ["pg_config", ["libpq-dev"]],
  ["convert", ["imagemagick"]],
]);

/** Programs that come with the images themselves, but not with all of their variants. */
const languages: readonly (readonly [command: string, of: RegExp])[] = [
  ["python3", /(^|\/)(?:python|pypy)$/],
  ["python", /(^|\/)(?:python|pypy)$/],
  ["perl", /(^|\/)perl$/],
  ["node", /(^|\/)node$/],
  ["npm", /(^|\/)node$/],
];

function suffices(advice: TagAdvice, facts: ImageFacts, uses: Uses, catalogue: Catalogue): boolean {
  const reference = parseReference(advisedImage(advice));
  const target = reference && catalogue.image(reference);
  if (!target) return false;
  for (const [command, packages] of onlyInFull) {
    if (uses.commands.has(command) && !packages.some((name) => uses.installed.has(name))) return false;
  }
  for (const [command, of] of languages) {
    if (uses.commands.has(command) && !of.test(facts.repository.name) && !uses.installed.has(command)) return false;
  }
  const toAlpine = target.distribution?.family === "alpine" && facts.distribution?.family !== "alpine";
  if (toAlpine && (uses.managers.has("apt") || uses.commands.has("bash") || uses.commands.has("useradd"))) return false;
  if (target.distribution?.packageManager === "none" && uses.managers.size > 0) return false;
  if (target.distribution?.shell === "none" && uses.commands.has("sh")) return false;
  return true;
}

function keepsLibc(advice: TagAdvice, facts: ImageFacts, catalogue: Catalogue): boolean {
  const reference = parseReference(advisedImage(advice));
  const target = reference && catalogue.image(reference);
  return (target?.distribution?.libc ?? null) === (facts.distribution?.libc ?? null);
}

function baseName(word: string): string {
  return word.slice(word.lastIndexOf("/") + 1);
}
