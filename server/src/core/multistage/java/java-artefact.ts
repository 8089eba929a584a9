/** Which files of a Java build the second stage needs: what starts, where the build left it, what lies beside it. */
import type { Facts } from "../../rule";
import { bringsEverything, type Copy, folderOf, landsAt } from "../copies";
import type { Build } from "../detect";
import type { Moves } from "../moves";
import { baseName, isWithin, joinPath, parentOf, resolvePath } from "../paths";
import { isSettingsFile } from "../runtime-files";
import type { JavaStart } from "./java-start";

/** What moves to the second stage. */
export interface JavaArtefact {
  /** Absolute paths of files and folders, of the program first. A name with `*` stands for the files that it fits. */
  readonly paths: readonly string[];
  /** The one jar that starts, where it lies in a build folder under its own name; null for all else. */
  readonly jar: string | null;
}

/** The artefact of a build; null where something that starts is not made by it, or not known. */
export function javaArtefact(
  build: Build,
  start: JavaStart,
  folder: string | null,
  copies: readonly Copy[],
  moves: Moves,
): JavaArtefact | null {
  const paths: string[] = [];
  let jar: string | null = null;
  let isMade = false;
  for (const entry of start.programs) {
    const resolved = resolvePath(entry.replace(/\/\*$/, ""), folder);
    if (
      resolved === null ||
      resolved === "/" ||
      resolved.includes("$") ||
      /-(?:plain|sources|javadoc)\.jar$/.test(resolved)
    )
      return null;
    // Only a shell replaces `target/*.jar` by a name; the wildcard of a class path was taken away above.
    if (/[*?[\]]/.test(resolved) && !(build.start.needsShell && isPlainGlob(resolved))) return null;
    if (isBuilt(resolved, build, copies) || moves.made(resolved)) {
      isMade = true;
      if (start.kind === "jar" && !moves.made(resolved)) jar = resolved;
      // What Quarkus starts is small: the program lies in the folders beside it.
      paths.push(baseName(resolved) === "quarkus-run.jar" ? parentOf(resolved) : resolved);
    } else if (copies.some((copy) => isWithin(resolved, folderOf(copy)))) paths.push(resolved);
    else return null;
  }
  return isMade ? { paths: withoutInner(paths), jar } : null;
}

/**
 * Files that the command line names beside the program and that a COPY brought; null where it is not known whether the
 * image has one. `isThere`: the second stage has the path anyway.
 */
export function namedFiles(
  start: JavaStart,
  folder: string | null,
  copies: readonly Copy[],
  isThere: (path: string) => boolean,
  exists: (path: string) => boolean | undefined,
): readonly string[] | null {
  const found: string[] = [];
  const words = start.words.flatMap((word) =>
    (word.startsWith("-") ? word.slice(word.indexOf("=") + 1) : word).split(","),
  );
  for (const text of [...start.files, ...words.map((word) => word.replace(/^file:(?:\/\/)?/, ""))]) {
    const isSure = start.files.includes(text);
    if (!isSure && (/^[\w+.-]*:|^-|[\s$*]/.test(text) || !(text.includes("/") || isSettingsFile(text)))) continue;
    const path = resolvePath(text, folder);
    if (path === null) return null;
    if (isThere(path) || !copies.some((copy) => isWithin(path, folderOf(copy)))) continue;
    const known = isSure || exists(path);
    if (known === undefined && !isSettingsFile(baseName(path))) return null;
    if (known !== false) found.push(path);
  }
  return found;
}

/**
 * Folders that a COPY of everything brought and a program may open when it runs. `names`: the candidates; those that are
 * modules of the build are none.
 */
export function openedFolders(paths: readonly string[], copies: readonly Copy[], facts: Facts): readonly string[] {
  const everything = copies.filter(bringsEverything);
  return paths.filter((path) => {
    if (!everything.some((copy) => parentOf(path) === folderOf(copy))) return true;
    if (!/^(?:config|configs|conf|certs|data|public|static|templates|migrations|locales|i18n)$/.test(baseName(path))) {
      return false;
    }
    const name = baseName(path);
    const inside = (facts.list(name) ?? []).map((one) => one.replace(/^\.\//, "").slice(name.length + 1));
    if (inside.length > 0 && inside.every((one) => /^(?:checkstyle|pmd|spotbugs|detekt)\b/.test(one))) return false;
    return ["pom.xml", "build.gradle", "build.gradle.kts"].every(
      (file) => typeof facts.file(`${name}/${file}`) !== "string",
    );
  });
}

/**
 * True for a COPY that brings a module of the build, whatever its name: the build leaves the artefact in it, or it has a
 * build file of its own.
 */
export function bringsModule(copy: Copy, artefact: JavaArtefact, facts: Facts): boolean {
  const folder = folderOf(copy);
  const [source, other] = copy.sources;
  if (source === undefined || other !== undefined || baseName(source.replace(/\/$/, "")) !== baseName(folder))
    return false;
  if (artefact.paths.some((path) => isWithin(path, folder))) return true;
  return ["pom.xml", "build.gradle", "build.gradle.kts"].some(
    (file) => typeof facts.file(joinPath(source, file)) === "string",
  );
}

/** `target/*.jar`: the star stands in the last part only. */
function isPlainGlob(path: string): boolean {
  return !/[*?[\]]/.test(parentOf(path)) && /^[\w.*-]*\*[\w.*-]*\.[jw]ar$/.test(baseName(path));
}

/** True for a path below the `target` or `build` folder of a project that the stage builds. */
function isBuilt(path: string, build: Build, copies: readonly Copy[]): boolean {
  const project = /^(.*)\/(?:target|build)\/[^/].*$/.exec(path)?.[1];
  if (project === undefined) return false;
  if (copies.some((copy) => copy.sources.some((source) => landsAt(copy, source) === path))) return false;
  const folder = build.step.folder;
  if (folder !== null && isWithin(project || "/", folder)) return true;
  return copies.some((copy) => isWithin(project || "/", folderOf(copy)));
}

function withoutInner(paths: readonly string[]): readonly string[] {
  const all = [...new Set(paths)];
  return all.filter((path) => !all.some((other) => other !== path && isWithin(path, other)));
}
