/** What the layers of a stage hold that a later one may try to delete: caches, heavy files, packages. */
import type { Instruction, Model } from "../../model/types";
import { landsAt, readCopy } from "../../multistage/copies";
import { resolvePath } from "../../multistage/paths";
import { folderAt } from "../../multistage/run-commands";
import { downloadedPaths } from "../../multistage/written-paths";
import { copiedSecrets } from "../../secret/copies";
import { flagValue } from "../../shell/arguments";
import { type PackageOperation, skipsCache } from "../../shell/packages";
import { isApt, listsFolder } from "./apt-lists";
import { isCleanedAfter, isMounted, overlaps, type RunStep, removedPaths } from "./calls";

/** What lies in the layers so far. */
export interface LayerContents {
  /** By the name of the cache: the steps that filled it. */
  readonly caches: Map<string, RunStep[]>;
  /** By absolute path: the instruction that brought it. */
  readonly files: Map<string, Instruction>;
  /** By `family name`: the instruction that installed it. */
  readonly packages: Map<string, Instruction>;
}

/** A cache whose deletion elsewhere frees nothing. */
export interface CacheKind {
  readonly name: string;
  readonly what: string;
  readonly folders: readonly string[];
  readonly fills: (operation: PackageOperation) => boolean;
  readonly cleans: (operation: PackageOperation) => boolean;
  /** The start of `cause` where another rule speaks of what the step leaves. */
  readonly cause: string;
}

/** The caches that are known. */
export const cacheKinds: readonly CacheKind[] = [
  {
    name: "apt",
    what: "The package lists of apt",
    folders: [listsFolder],
    fills: (operation) => isApt(operation) && operation.action === "update",
    cleans: (operation) => isApt(operation) && /^dist-?clean$/.test(operation.verb),
    cause: "apt-update",
  },
  {
    name: "rpm",
    what: "The package lists and caches",
    folders: ["/var/cache/dnf", "/var/cache/yum", "/var/cache/libdnf5"],
    fills: ({ manager, action }) =>
      /^(?:dnf|yum|microdnf|tdnf)$/.test(manager) &&
      (action === "install" || action === "upgrade" || action === "update"),
    cleans: ({ manager, action }) => /^(?:dnf|yum|microdnf|tdnf)$/.test(manager) && action === "clean",
    cause: "rpm-cache",
  },
  {
    name: "apk",
    what: "The files of apk's index",
    folders: ["/var/cache/apk"],
    fills: (operation) =>
      operation.manager === "apk" &&
      !skipsCache(operation) &&
      (operation.action === "install" || operation.action === "update" || operation.action === "upgrade"),
    cleans: ({ manager, verb }) => manager === "apk" && verb.startsWith("cache "),
    cause: "apk-index",
  },
  {
    name: "pip",
    what: "The downloads of pip",
    folders: ["/root/.cache/pip"],
    fills: (operation) => operation.manager === "pip" && operation.action === "install" && !skipsCache(operation),
    cleans: ({ manager, action }) => manager === "pip" && action === "clean",
    cause: "pip-cache",
  },
  {
    name: "npm",
    what: "The downloads of npm",
    folders: ["/root/.npm"],
    fills: ({ manager, action }) => manager === "npm" && action === "install",
    cleans: ({ manager, action }) => manager === "npm" && action === "clean",
    cause: "npm-cache",
  },
  {
    name: "yarn",
    what: "The downloads of yarn",
    folders: ["/usr/local/share/.cache/yarn"],
    fills: ({ manager, action }) => manager === "yarn" && action === "install",
    cleans: ({ manager, action }) => manager === "yarn" && action === "clean",
    cause: "yarn-cache",
  },
];

/** Files that are large enough to matter. */
const heavyFile =
  /\.(?:tar|tgz|tbz2?|txz|tar\.\w+|zip|7z|rar|gz|bz2|xz|zst|deb|rpm|whl|iso|img|run|bin|exe|msi|dmg|war|ear)$/i;

/** More are not remembered: each deletion is compared with all of them. */
const mostFiles = 100;

/** Notes the heavy files that a COPY or ADD brings. */
export function bringFiles(model: Model, instruction: Instruction, image: string | null, left: LayerContents): void {
  const copy = readCopy(model, instruction, image);
  if (!copy || left.files.size >= mostFiles) return;
  // ADD unpacks an archive of the context; the archive itself is not there.
  const secrets = new Set(copiedSecrets(instruction).map(({ path }) => path));
  for (const source of copy.sources) {
    if (!heavyFile.test(source) || source.includes("*") || source.includes("://")) continue;
    if (instruction.keyword === "ADD" && /\.(?:tar|tgz|tbz2?|txz|tar\.\w+)$/i.test(source)) continue;
    const path = landsAt(copy, source);
    if (!secrets.has(path)) left.files.set(path, instruction);
  }
}

/** Notes what a step leaves: caches, packages, and heavy files that it downloads and keeps. */
export function leave(step: RunStep, image: string | null, left: LayerContents): void {
  for (const kind of cacheKinds) {
    const last = step.calls.filter(({ operation }) => kind.fills(operation)).at(-1);
    if (!last || isMounted(step, (target) => kind.folders.some((folder) => overlaps(target, folder)))) continue;
    const behind = step.calls.slice(step.calls.indexOf(last) + 1);
    if (behind.some(({ operation }) => kind.cleans(operation))) continue;
    if (step.scripts.some((script) => isCleanedAfter(script, last.operation.command, kind.folders))) continue;
    const known = left.caches.get(kind.name);
    if (known) known.push(step);
    else left.caches.set(kind.name, [step]);
  }
  for (const { operation } of step.calls) {
    if (operation.action !== "install" || !isSystem(operation)) continue;
    const virtual = flagValue(operation.command, ["--virtual", "-t"])?.value;
    if (virtual && operation.manager === "apk") left.packages.set(`apk ${virtual}`, step.instruction);
    for (const { name } of operation.packages) left.packages.set(`${operation.tool.family} ${name}`, step.instruction);
  }
  const own = new Set<string>();
  for (const script of step.scripts) {
    let folder = folderAt(step.run, image);
    for (const command of script.commands) {
      if (command.name === "cd") folder = command.words[1]?.value ? resolvePath(command.words[1].value, folder) : null;
      for (const path of downloadedPaths(command, folder)) if (heavyFile.test(path)) own.add(path);
      for (const gone of removedPaths(command)) {
        // A pattern or a variable may stand for any of them.
        if (gone === null || /[*?[]/.test(gone)) own.clear();
        else {
          const removed = resolvePath(gone, folder);
          for (const one of own)
            if (removed === null || one === removed || one.startsWith(`${removed}/`)) own.delete(one);
        }
      }
      if (command.name === "mv") own.clear();
    }
  }
  if (isMounted(step, () => true)) return;
  for (const path of own) if (left.files.size < mostFiles) left.files.set(path, step.instruction);
}

/** True for a call of the system's own package manager. */
export function isSystem({ tool }: PackageOperation): boolean {
  return tool.family === "apt" || tool.family === "apk" || tool.family === "rpm";
}
