/** System packages that the program needs where it runs, and how they are installed there. */
import { execWords, scriptsOf } from "../model/scripts";
import type { Model, Stage } from "../model/types";
import { packageOperations } from "../shell/packages";
import { buildRole, isPureHeaders } from "./build-packages";
import { installedPackages, isSystemManager } from "./installed";
import { baseName } from "./paths";
import { runtimeLibraries } from "./runtime-libraries";
import { type StartCommand, startCommands } from "./start";

/**
 * The packages of the stage that are no build tools, and the libraries behind its headers. `isStatic`: the program links
 * to no library. `codename`: the release, where names depend on it. Null when a package depends on a variable, or when the
 * library behind some headers is not known.
 */
export function runtimePackages(
  stage: Stage,
  family: string | null,
  isStatic: boolean,
  codename: string | null = null,
): Set<string> | null {
  const wanted = new Set<string>();
  for (const instruction of stage.instructions) {
    if (instruction.keyword !== "RUN") continue;
    for (const { script } of scriptsOf(instruction)) {
      const installs = packageOperations(script).filter((one) => one.action === "install" && isSystemManager(one));
      if (installs.some((one) => one.unknown.some(({ text }) => !phpTools.test(text)))) return null;
    }
  }
  for (const { package: one } of installedPackages(stage)) {
    // It mends scripts of the build.
    if (one.name === "dos2unix") continue;
    const role = buildRole(one.name);
    if (one.kind !== "name") return null;
    if (role === "compiler") continue;
    if (role === "headers") {
      if (isStatic || isPureHeaders(one.name)) continue;
      const libraries = runtimeLibraries(one.name, { family, codename });
      if (libraries === null) return null;
      for (const library of libraries) wanted.add(library);
    } else if (role !== "helper" || one.name === "curl" || one.name === "wget") wanted.add(one.word.value ?? one.name);
  }
  return wanted;
}

/** The variable in which PHP's images list what building an extension takes. Source: docker-library/php. */
const phpTools = /^"?\$\{?PHPIZE_DEPS\}?"?$/;

/** Lines that install packages the way the linter asks for. */
export function installLines(packages: ReadonlySet<string>, family: string | null, model: Model): readonly string[] {
  const names = [...packages].sort().join(" ");
  if (family === "alpine") return [`RUN apk add --no-cache ${names}`];
  return [
    `RUN apt-get update ${model.escape}`,
    `    && apt-get install -y --no-install-recommends ${names} ${model.escape}`,
    "    && rm -rf /var/lib/apt/lists/*",
  ];
}

/** Programs that the health check runs. */
export interface HealthCheck {
  readonly programs: readonly string[];
  /** The same programs with their arguments. */
  readonly commands: readonly StartCommand[];
  readonly needsShell: boolean;
}

/** What the last HEALTHCHECK of a stage runs; nothing without one or with NONE. */
export function healthCheck(stage: Stage): HealthCheck {
  const last = stage.instructions.filter(({ keyword }) => keyword === "HEALTHCHECK").at(-1);
  if (!last) return { programs: [], commands: [], needsShell: false };
  const words = execWords(last);
  const scripts = words ? [] : scriptsOf(last);
  const all = words?.[0]
    ? [{ name: baseName(words[0]), arguments: words.slice(1) }]
    : scripts.flatMap((script) => startCommands(script.commands));
  const commands = words ? all : all.filter(({ name }) => !builtIn.has(name));
  return { programs: commands.map(({ name }) => name), commands, needsShell: scripts.length > 0 };
}

const builtIn: ReadonlySet<string> = new Set(["exit", "true", "false", "test", "[", "grep", "echo"]);
