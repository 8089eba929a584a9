/** Files that RUN copies, moves or changes by hand around a build. */
import type { Build } from "./detect";
import { baseName, isWithin, parentOf, resolvePath } from "./paths";
import { type RunCommand, runCommands } from "./run-commands";

/** What `cp`, `mv` and the like did, as far as it concerns what a build makes. */
export interface Moves {
  /** True when a path was written by `cp` or `mv`. */
  made(path: string): boolean;
  /** True for what is copied along, and for what serves the build alone. */
  isSettled(path: string): boolean;
  /** Paths that commands make or change for the build alone: wrapper scripts, folders that COPY fills later. */
  readonly paths: readonly string[];
}

/** Folders that only build tools read. */
const toolFolders = ["/root/.m2", "/root/.gradle", "/home/gradle/.gradle", "/usr/share/maven", "/root/.nuget"];

/** Files that only the build reads. */
const buildFile =
  /^(?:mvnw|gradlew|pom\.xml|settings\.xml|NuGet\.Config|.*\.gradle(?:\.kts)?|gradle\.properties|.*\.(?:cs|fs)proj|.*\.sln)$/i;

/**
 * Reads them. `wanted`: what starts; `filled`: where the COPYs of the stage write to. Null when something else than what
 * starts was put into its folder by hand.
 */
export function readMoves(build: Build, wanted: readonly string[], filled: readonly string[]): Moves | null {
  const written: string[] = [];
  const paths: string[] = [];
  for (const one of runCommands(build.stage, build.image.repository.name)) {
    const name = one.command.name ?? "";
    if (name === "chmod" || name === "mkdir" || name === "touch") paths.push(...buildPaths(one, filled));
    if (name !== "cp" && name !== "mv") continue;
    const move = readMove(one);
    if (!move) return null;
    for (const path of wanted) {
      if (move.path === path) written.push(path);
      if (move.path !== parentOf(path)) continue;
      if (!move.names.every((source) => source === baseName(path) || /\*[\w.-]*\.[jw]ar$/.test(source))) return null;
      written.push(path);
    }
  }
  return {
    made: (path) => written.includes(path),
    isSettled: (path) =>
      wanted.some((one) => one === path || parentOf(one) === path) ||
      toolFolders.some((folder) => isWithin(path, folder)) ||
      buildFile.test(baseName(path)),
    paths,
  };
}

/** The destination and the names of the sources; null where one of them is not known. */
function readMove({ command, folder }: RunCommand): { path: string; names: readonly string[] } | null {
  const words = command.words.slice(1).map((word) => word.value);
  if (words.some((word) => word === null)) return null;
  const plain = (words as readonly string[]).filter((word) => !word.startsWith("-"));
  const path = resolvePath(plain.at(-1) ?? "", folder);
  return path === null || plain.length < 2 ? null : { path, names: plain.slice(0, -1).map(baseName) };
}

function buildPaths({ command, folder }: RunCommand, filled: readonly string[]): readonly string[] {
  const words = command.words.slice(command.name === "chmod" ? 2 : 1);
  return words.flatMap((word) => {
    const path = word.value === null || word.value.startsWith("-") ? null : resolvePath(word.value, folder);
    if (path === null) return [];
    const isFilled = command.name === "mkdir" && filled.some((one) => isWithin(one, path));
    return isFilled || buildFile.test(baseName(path)) ? [path] : [];
  });
}
