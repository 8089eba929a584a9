/** Splits a stage that builds a Java program with Gradle. */
import type { Fix } from "../../rule";
import { buildSteps } from "../build-steps";
import { contextFile } from "../context-files";
import type { Build } from "../detect";
import { baseName, joinPath, parentOf } from "../paths";
import { splitJava } from "./java";
import type { JavaBuild, JavaContext } from "./java-parts";

/** The ways to split the stage, best first; empty where it is not known what the program needs when it runs. */
export function splitGradle(build: Build, context: JavaContext): readonly Fix[] {
  return splitJava(build, context, besideJar);
}

/** Settings of a build file that give the jar another name than the project's. */
const otherNames = /archive(?:s)?(?:Base)?(?:File)?Name|archiveAppendix|archiveVersion|archiveClassifier|\bbaseName\b/;

/** Plugins that put the libraries into the jar. */
const fatPlugins =
  /org\.springframework\.boot|shadow|io\.ktor\.plugin|fatJar|uberJar|io\.quarkus|io\.micronaut|bootJar/i;

/** Nothing lies beside a jar of Gradle's; null where the build files or the tasks speak against the jar. */
function besideJar({ build, start, artefact, copies, facts }: JavaBuild): readonly string[] | null {
  const tasks = tasksOf(build);
  if (start.kind === "script") return tasks.some((task) => /^install\w*Dist$/.test(task)) ? [] : null;
  const { jar } = artefact;
  if (jar === null) return [];
  if (
    baseName(parentOf(jar)) !== "libs" ||
    tasks.every((task) => /^(?:install\w*Dist|dist\w+|classes|compile\w+|test|clean)$/.test(task))
  ) {
    return null;
  }
  const module = parentOf(parentOf(parentOf(jar)));
  const root = rootOf(module, build);
  const read = (folder: string, ...names: readonly string[]) =>
    names.map((name) => contextFile(joinPath(folder, name), copies, facts)).find((file) => file)?.text ?? null;
  const buildFiles = [...new Set([module, root])].flatMap(
    (folder) => read(folder, "build.gradle.kts", "build.gradle") ?? [],
  );
  const text = buildFiles.join("\n");
  if (/["']Class-Path["']/.test(text) && !fatPlugins.test(text)) return null;
  if (buildFiles.length === 0 || otherNames.test(text) || baseName(jar).includes("*")) return [];
  const settings = read(root, "settings.gradle.kts", "settings.gradle");
  const rootName = settings === null ? null : (/rootProject\.name\s*=\s*["']([^"'$]+)["']/.exec(settings)?.[1] ?? null);
  const name = module === root ? rootName : baseName(module);
  return name === null || baseName(jar).startsWith(name) ? [] : null;
}

/** Names of the tasks that Gradle runs, without those of the projects before them. */
function tasksOf(build: Build): readonly string[] {
  return buildSteps(build.stage, build.image.repository.name)
    .filter((step) => step.family === "gradle")
    .flatMap((step) => step.command.words.slice(1))
    .flatMap((word) => (word.value === null || word.value.startsWith("-") ? [] : word.value.replace(/^.*:/, "")));
}

/** The folder of settings.gradle: where Gradle runs, if the module lies below it. */
function rootOf(module: string, build: Build): string {
  const { folder } = build.step;
  return folder !== null && (module === folder || module.startsWith(`${folder === "/" ? "" : folder}/`))
    ? folder
    : module;
}
