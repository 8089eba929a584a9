/** Smaller variants of an image that suffice for what the shipped stage runs. */
import { smaller } from "../../catalogue/advice";
import type { Catalogue, ImageFacts, TagAdvice } from "../../catalogue/types";
import { advisedImage } from "../../fixes/base";
import type { ImageReference } from "../../image/reference";
import { parseReference } from "../../image/reference";
import type { Script } from "../../model/scripts";
import { execWords, scriptsOf } from "../../model/scripts";
import type { Model, Stage } from "../../model/types";
import { packageOperations } from "../../shell/packages";

/**
 * The smaller variants of an image on which the shipped stage would still find all that it runs, best first. Empty where
 * there is none, where the stage compiles, and where a command of it cannot be read.
 */
export function smallerForUse(model: Model, catalogue: Catalogue, reference: ImageReference): readonly TagAdvice[] {
  const { finalStage } = model;
  const facts = catalogue.image(reference);
  if (!finalStage || !facts || facts.windows) return [];
  const candidates = smaller(catalogue, reference);
  if (candidates.length === 0) return [];
  const uses = usesOf(finalStage);
  if (!uses || uses.builds) return [];
  const advice = candidates.filter((one) => suffices(one, facts, uses, catalogue));
  // Another C library is for the author to choose: such a variant is offered beside one that keeps it, never alone.
  return advice[0] && keepsLibc(advice[0], facts, catalogue) ? advice : [];
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

/** Programs of the JDK, and build tools that call them. */
const jdkPrograms = ["mvn", "mvnd", "gradle", "sbt", "ant", "lein", "javac", "jar", "javap", "jlink", "jshell", "jcmd"];

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
  if (advice.tag.includes("jre") && jdkPrograms.some((name) => uses.commands.has(name))) return false;
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
