/** What a Java program is loaded from and what else its command line names. */
import { scriptsOf } from "../../model/scripts";
import type { Start, StartCommand } from "../start";

/** A start of a Java program. Paths are as written: relative ones mean the folder that the container starts in. */
export interface JavaStart {
  /** `jar`: `java -jar`. `classes`: by class path or module path. `script`: a start script that Gradle's installDist wrote. */
  readonly kind: "jar" | "classes" | "script";
  /** Jars and folders that hold the program; `lib/*` stands for the jars of a folder. For `script` the folder of the installation. */
  readonly programs: readonly string[];
  /** Files that are there when it starts: agents, files of arguments. */
  readonly files: readonly string[];
  /** Values of properties and arguments; some may be paths. */
  readonly words: readonly string[];
}

/** Reads a start; null when it starts more than one Java program, or it is not known from what. */
export function readJavaStart(start: Start): JavaStart | null {
  const programs = start.commands.filter((one) => !harmless.has(one.name) && !runsText(one));
  const [one] = programs;
  const installed = installedScript(start);
  if (installed && programs.length === 1) return installed;
  return one?.name === "java" && programs.length === 1 ? readArguments(one.arguments) : null;
}

/** The start of what installDist wrote: `build/install/app/bin/app`, also behind `export JAVA_OPTS=… &&`. */
function installedScript(start: Start): JavaStart | null {
  const lists =
    start.words === null
      ? start.instructions
          .flatMap(scriptsOf)
          .flatMap((script) => script.commands.map(({ words }) => words.map((word) => word.value)))
      : [start.words];
  for (const [first, ...rest] of lists) {
    const folder = /^(.*build\/install\/[^/]+)\/bin\/[^/]+$/.exec(first ?? "")?.[1];
    const words = rest.filter((word) => word !== null);
    if (folder) return { kind: "script", programs: [folder], files: [], words };
  }
  return null;
}

/** Commands beside the program that every small system has too. */
const harmless: ReadonlySet<string> = new Set(["echo", "export", "exec", "set", "grep", "cat", "nproc", "test", "["]);

/** `sh -c '…'`: what it runs is among the commands too. */
function runsText({ name, arguments: words }: StartCommand): boolean {
  return /^(?:ba|da|a)?sh$/.test(name) && words.some((word) => /^-\w*c$/.test(word ?? ""));
}

/** Options of the launcher whose value is the next word, apart from those that name the program. Source: `java --help-extra`. */
const valueOptions: ReadonlySet<string> = new Set([
  ...["--add-modules", "--add-exports", "--add-opens", "--add-reads", "--limit-modules", "--enable-native-access"],
  ...["--patch-module", "--upgrade-module-path"],
]);

/** Modules that a JDK has and a JRE lacks. */
const toolModules = /\bjdk\.(?:compiler|jdeps|jlink|jshell|javadoc|attach|jcmd|jconsole|jartool|jpackage)\b|tools\.jar/;

function readArguments(words: readonly (string | null)[]): JavaStart | null {
  const files: string[] = [];
  const others: string[] = [];
  let classPath: string | null = null;
  let modulePath: string | null = null;
  let isJar = false;
  let at = 0;
  const result = (kind: JavaStart["kind"], programs: readonly string[]): JavaStart => {
    const behind = words.slice(at + 1).filter((word) => word !== null);
    return { kind, programs, files, words: [...others, ...behind] };
  };
  for (; at < words.length; at++) {
    const word = words[at] ?? null;
    // An option that depends on a variable.
    if (word === null) continue;
    if (toolModules.test(word)) return null;
    // Options may stand between `-jar` and the jar too.
    if (word === "-jar") isJar = true;
    else if (word === "-cp" || word === "-classpath" || word === "--class-path") classPath = words[++at] ?? null;
    else if (word.startsWith("--class-path=")) classPath = word.slice("--class-path=".length);
    else if (word === "-p" || word === "--module-path") modulePath = words[++at] ?? null;
    else if (word.startsWith("--module-path=")) modulePath = word.slice("--module-path=".length);
    else if (word === "-m" || word === "--module") {
      at++;
      break;
    } else if (word.startsWith("--module=")) break;
    else if (valueOptions.has(word)) {
      if (toolModules.test(words[++at] ?? "")) return null;
    } else if (word.startsWith("@")) files.push(word.slice(1));
    else if (/^-(?:javaagent|agentpath):/.test(word)) files.push(agentOf(word));
    else if (/^-D[^=]*=/.test(word)) others.push(word.slice(word.indexOf("=") + 1));
    else if (!word.startsWith("-")) {
      if (isJar) return result("jar", [word]);
      break;
    }
  }
  if (isJar) return null;
  const entries = [classPath, modulePath].flatMap((path) => path?.split(":") ?? []).filter((entry) => entry !== "");
  // Without a class path the program lies in the folder itself, among all else.
  return entries.length > 0 && !entries.some((entry) => /^\.?\/*$/.test(entry)) ? result("classes", entries) : null;
}

/** The file of `-javaagent:agent.jar=options`. */
export function agentOf(word: string): string {
  return word.slice(word.indexOf(":") + 1).replace(/=.*$/s, "");
}
