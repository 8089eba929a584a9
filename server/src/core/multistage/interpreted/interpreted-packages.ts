/** System packages of the second stage of an interpreted program, and the lines that install them. */
import type { Distribution } from "../../catalogue/types";
import { scriptsOf } from "../../model/scripts";
import type { Instruction, Model, Stage } from "../../model/types";
import { packageOperations } from "../../shell/packages";
import { buildRole } from "../build-packages";
import { installedPackages, isSystemManager } from "../installed";
import { installLines, runtimePackages } from "../runtime-packages";

/**
 * The packages of the stage that the second one needs, with those in `more`; those in `buildOnly` serve the build alone.
 * Null where the libraries behind some headers are not known, or a name depends on a variable.
 */
export function neededPackages(
  stage: Stage,
  system: Distribution | null,
  more: readonly string[],
  buildOnly: ReadonlySet<string>,
): ReadonlySet<string> | null {
  const family = system?.family ?? null;
  if (family !== "debian" && family !== "ubuntu" && family !== "alpine") return null;
  const wanted = runtimePackages(stage, family, false, system?.codename ?? null);
  if (!wanted) return null;
  for (const { package: one } of installedPackages(stage)) {
    // A program may call git or unzip when it runs; nothing is taken away that is not known to serve the build alone.
    if (buildRole(one.name) === "helper" && !buildOnly.has(one.name)) wanted.add(one.word.value ?? one.name);
    for (const library of compilerLibraries(one.name, family)) wanted.add(library);
  }
  for (const name of more) wanted.add(name);
  return wanted;
}

/** The lines that install packages, and bring the system up to date where the file does so. */
export function systemLines(
  own: readonly Instruction[],
  packages: ReadonlySet<string>,
  family: string | null,
  model: Model,
): readonly string[] {
  const lines = packages.size > 0 ? installLines(packages, family, model) : [];
  const operations = own.flatMap(scriptsOf).flatMap(({ script }) => packageOperations(script));
  if (!operations.some((one) => one.action === "upgrade" && isSystemManager(one))) return lines;
  if (family === "alpine") return ["RUN apk upgrade --no-cache", ...lines];
  const upgrade = [`RUN apt-get update ${model.escape}`, `    && apt-get upgrade -y ${model.escape}`];
  return [...upgrade, ...(lines.length > 0 ? lines.slice(1) : ["    && rm -rf /var/lib/apt/lists/*"])];
}

/** Libraries that come with a compiler and that what it compiles loads, where the system itself lacks them. */
function compilerLibraries(name: string, family: string): readonly string[] {
  const isAlpine = family === "alpine";
  if (name === "gfortran" || name === "gcc-gfortran") return [isAlpine ? "libgfortran" : "libgfortran5"];
  if (!isAlpine) return [];
  if (/^(?:g\+\+|build-base|alpine-sdk|clang|\$phpize_deps|phpize_deps)$/i.test(name)) return ["libstdc++"];
  return name === "gcc" || name === "cargo" || name === "rust" ? ["libgcc"] : [];
}
