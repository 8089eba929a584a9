/** Files that a program opens when it runs, as far as names tell. */
import type { Facts } from "../rule";
import { bringsEverything, type Copy } from "./copies";
import type { Build } from "./detect";
import { baseName, isWithin, resolvePath } from "./paths";
import { folderAt } from "./run-commands";
import type { Sorted } from "./sort";

/** Names of folders that by custom hold what is read at run time. */
const runtimeNames: ReadonlySet<string> = new Set([
  ...["templates", "template", "tmpl", "views", "static", "public", "assets", "web", "www", "html", "ui", "dist"],
  ...[
    "migrations",
    "migration",
    "config",
    "configs",
    "conf",
    "etc",
    "locales",
    "locale",
    "i18n",
    "lang",
    "certs",
    "data",
  ],
]);

/** True when the source of a COPY, by its name, is opened at run time. */
export function isRuntimeFile(source: string): boolean {
  const name = source.replace(/\/+$/, "").split("/").at(-1) ?? "";
  return runtimeNames.has(name) || isSettingsFile(name);
}

/** True for names that folders with files for the running program have by custom. */
export function isRuntimeFolder(name: string): boolean {
  return runtimeNames.has(name);
}

/** True for names of settings, pages and certificates; not for those that only tools read. */
export function isSettingsFile(name: string): boolean {
  if (toolSettings.test(name)) return false;
  return /\.(?:ya?ml|json|toml|ini|conf|cfg|env|properties|html|tmpl|gohtml|pem|crt|xml|csv|txt)$|^\.env$/.test(name);
}

/** Settings of compilers, package managers and services that test: no program opens them when it runs. */
const toolSettings =
  /^(?:docker-compose|compose|\.golangci|codecov|\.codecov|\.goreleaser|\.travis|\.pre-commit|Cargo\.toml|rust-toolchain|\.?rustfmt|\.?clippy|deny\.toml|cross\.toml|package[*.-]|npm-shrinkwrap|pnpm-|ts\*|tsconfig|jsconfig|nest-cli|angular\.json|turbo\.json|nx\.json|lerna\.json|babel\.config|\.babelrc|\.eslintrc|\.prettierrc|jest\.config|CMakeLists|CMakePresets|CMakeUserPresets|vcpkg|conanfile|meson|pom\.xml|build\.xml|global\.json|nuget\.config|requirements|constraints|pyproject\.toml|poetry\.toml|setup\.cfg|tox\.ini|mypy\.ini|pytest\.ini|gradle\.properties|gradle-wrapper|maven-wrapper|settings\.xml|libs\.versions|lombok\.config|sonar-project|Directory\.|packages\.lock|launchSettings|dotnet-tools)/i;

/** Entries at the top of the build context that a program may open when it runs; none while the context is not known. */
export function runtimeEntries(facts: Facts): readonly string[] {
  const names = (facts.list(".") ?? []).map((path) => path.replace(/^\.?\//, "").split("/")[0] ?? "");
  return [...new Set(names)].filter((name) => runtimeNames.has(name)).sort();
}

/**
 * Files that the start names as arguments and that a COPY of the whole context brought; to be copied from the first
 * stage. Null when it is not known whether the image has one of them.
 */
export function argumentFiles({ start, image, stage }: Build, sorted: Sorted, facts: Facts): readonly string[] | null {
  const command = start.instructions.at(-1);
  const folder = command ? folderAt(command, image.repository.name) : null;
  const found: string[] = [];
  for (const word of start.words?.slice(1) ?? []) {
    const text = word.startsWith("-") && word.includes("=") ? word.slice(word.indexOf("=") + 1) : word;
    if (text.startsWith("-") || /^\w+:\/\/|^:?\d|:\d+$/.test(text)) continue;
    if (!text.includes("/") && !isSettingsFile(text)) continue;
    const path = resolvePath(text, folder);
    if (path === null) return null;
    const brought = sorted.copies.filter((copy) => isWithin(path, copy.destination.replace(/\/$/, "") || "/"));
    const isRepeated = (copy: Copy) => sorted.roles.has(copy.instruction) && !bringsEverything(copy);
    if (brought.length === 0 || brought.some(isRepeated)) continue;
    const top = stage.workdirAtEnd;
    const known = top !== null && isWithin(path, top) ? facts.file(path.slice(top.length + 1)) : undefined;
    if (known === null) continue;
    if (known === undefined && !isSettingsFile(baseName(path))) return null;
    found.push(path);
  }
  return found;
}
