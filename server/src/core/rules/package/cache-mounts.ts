/** Where the caches of package managers lie for the user of a RUN, and what a mount over them looks like. */
import { imageUnder } from "../../catalogue/stage";
import type { Catalogue } from "../../catalogue/types";
import { homeAt, mountOwner } from "../../fixes/mount";
import type { Model } from "../../model/types";
import { resolvePath } from "../../multistage/paths";
import type { Facts } from "../../rule";
import type { PackageOperation } from "../../shell/packages";
import { readMount } from "../../syntax/flags";
import { mountsOf, overlaps, type RunStep } from "./calls";

/** Folders that a manager keeps its downloads in. */
export interface CacheFolders {
  /** Absolute, or beginning with `~/` for the home of the user. */
  readonly folders: readonly string[];
  /** Variables that move them; with one of these set nobody here knows where they are. */
  readonly variables: readonly string[];
  /** Flags that keep the manager from using its cache. */
  readonly noCache: readonly string[];
  /** Two builds at once would spoil it: its own locks lie elsewhere, or it has none. */
  readonly isLocked?: true;
  /** What the command has to be told: `NAME=value`. */
  readonly assign?: string;
}

/**
 * The flags that mount caches over the folders (`--mount=type=cache,target=…`), but for those that a mount covers already;
 * null where something is not known.
 */
export function cacheMounts(
  step: RunStep,
  { folders, isLocked }: Pick<CacheFolders, "folders" | "isLocked">,
  catalogue: Catalogue,
): readonly string[] | null {
  const owner = mountOwner(step.run, catalogue);
  const targets = owner === null ? null : targetsOf(step, folders, catalogue);
  if (!targets) return null;
  const sharing = isLocked ? ",sharing=locked" : "";
  return targets
    .filter((target) => !isCovered(step, target))
    .map((target) => `--mount=type=cache,target=${target}${sharing}${owner}`);
}

/** The folders as absolute paths, or null where the home of the user is not known. */
export function targetsOf(step: RunStep, folders: readonly string[], catalogue: Catalogue): readonly string[] | null {
  const targets: string[] = [];
  for (const folder of folders) {
    const home = folder.startsWith("~/") ? homeAt(step.run, catalogue) : "";
    if (home === null) return null;
    targets.push(home === "" ? folder : `${home}/${folder.slice(2)}`);
  }
  return targets;
}

/** True when a mount of the step lies over a folder, within it or above it. A target with a variable may lie anywhere. */
export function isCovered(step: RunStep, folder: string): boolean {
  return mountsOf(step).some((mount) => {
    const target = mount.get("target", "dst", "destination");
    if (target === null) return false;
    return target.includes("$") || overlaps(resolvePath(target, step.run.workdir) ?? target, folder);
  });
}

/**
 * True when an instruction takes something from one of the folders, or from one above it, in another stage, or puts
 * something there: a mount would hide it.
 */
export function isTakenOrFilled(model: Model, folders: readonly string[]): boolean {
  return model.instructions.some((instruction) => {
    const { keyword, parsed, workdir } = instruction;
    if (keyword === "RUN") {
      return parsed.flags.some((flag) => {
        const mount = readMount(flag);
        return mount?.get("from") ? reaches([mount.get("source", "src") ?? "/"], "/", folders) : false;
      });
    }
    if (keyword !== "COPY" && keyword !== "ADD") return false;
    const words = parsed.json ? parsed.json.map(({ value }) => value) : parsed.words.map(({ value }) => value);
    const isFromStage = parsed.flags.some(({ name }) => name === "from");
    return (isFromStage && reaches(words.slice(0, -1), "/", folders)) || fills(words.at(-1) ?? null, workdir, folders);
  });
}

function reaches(paths: readonly (string | null)[], base: string, folders: readonly string[]): boolean {
  return paths.some((path) => {
    const resolved = path === null ? null : resolvePath(path.replace(/[*?[].*$/, ""), base);
    return resolved !== null && folders.some((folder) => overlaps(resolved, folder));
  });
}

/** A target above the folder may bring anything, but a project is no cache: only what lies within counts. */
function fills(path: string | null, workdir: string | null, folders: readonly string[]): boolean {
  const resolved = path === null ? null : resolvePath(path, workdir);
  return resolved !== null && folders.some((folder) => resolved === folder || resolved.startsWith(`${folder}/`));
}

/** What is known of a manager's cache; null for those whose cache is better left alone. Source: the managers' manuals. */
export function cacheFolders({ manager }: PackageOperation, image: string | null, facts: Facts): CacheFolders | null {
  if (manager === "yarn") return isYarn1(facts) ? yarn1 : null;
  if (manager === "gradle" && image === "gradle") return { ...gradle, folders: ["/home/gradle/.gradle"] };
  if (manager === "composer" && image === "composer") {
    return { folders: ["/tmp/cache"], variables: composer.variables, noCache: composer.noCache };
  }
  return Object.hasOwn(known, manager) ? (known[manager] ?? null) : null;
}

/** The name of the image under a step: `golang`; null when nothing is known of it. */
export function imageOf({ stage }: RunStep, catalogue: Catalogue): string | null {
  return imageUnder(stage, catalogue)?.repository.name ?? null;
}

/** Only the lock file tells: later ones keep a cache that the program itself may need. */
function isYarn1(facts: Facts): boolean {
  return /^# yarn lockfile v1/m.test(facts.file("yarn.lock") ?? "");
}

const yarn1: CacheFolders = {
  // As root; for others Yarn has a folder of their own.
  folders: ["/usr/local/share/.cache/yarn"],
  variables: ["YARN_CACHE_FOLDER", "XDG_CACHE_HOME"],
  noCache: [],
};

const gradle: CacheFolders = {
  folders: ["~/.gradle"],
  variables: ["GRADLE_USER_HOME", "GRADLE_OPTS"],
  noCache: [],
  isLocked: true,
};

const composer: CacheFolders = {
  folders: ["/tmp/composer-cache"],
  variables: ["COMPOSER_HOME", "COMPOSER_CACHE_DIR"],
  noCache: ["--no-cache"],
  // Where it lies otherwise hangs on folders that the image may or may not have.
  assign: "COMPOSER_CACHE_DIR=/tmp/composer-cache",
};

const known: Readonly<Record<string, CacheFolders>> = {
  pip: {
    folders: ["~/.cache/pip"],
    variables: ["PIP_CACHE_DIR", "PIP_NO_CACHE_DIR", "XDG_CACHE_HOME"],
    noCache: ["--no-cache-dir"],
  },
  uv: {
    folders: ["~/.cache/uv"],
    variables: ["UV_CACHE_DIR", "UV_NO_CACHE", "XDG_CACHE_HOME"],
    noCache: ["--no-cache", "-n"],
    // Between a mount and the layer there are no links; said or not, uv copies, but said it does not warn.
    assign: "UV_LINK_MODE=copy",
  },
  poetry: {
    folders: ["~/.cache/pypoetry"],
    variables: ["POETRY_CACHE_DIR", "XDG_CACHE_HOME"],
    noCache: ["--no-cache"],
  },
  npm: { folders: ["~/.npm"], variables: ["npm_config_cache", "NPM_CONFIG_CACHE"], noCache: [] },
  go: {
    folders: ["/go/pkg/mod", "~/.cache/go-build"],
    variables: ["GOPATH", "GOMODCACHE", "GOCACHE", "XDG_CACHE_HOME"],
    noCache: [],
  },
  cargo: {
    folders: ["/usr/local/cargo/registry", "/usr/local/cargo/git/db"],
    variables: ["CARGO_HOME"],
    noCache: [],
    isLocked: true,
  },
  mvn: { folders: ["~/.m2"], variables: ["MAVEN_OPTS", "MAVEN_CONFIG", "MAVEN_ARGS"], noCache: [], isLocked: true },
  gradle,
  dotnet: { folders: ["~/.nuget/packages"], variables: ["NUGET_PACKAGES"], noCache: [] },
  composer,
};
