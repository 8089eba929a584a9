/** Where the caches of package managers lie for the user of a RUN, and what a mount over them looks like. */
import type { Catalogue } from "../../catalogue/types";
import { homeAt, mountOwner } from "../../fixes/mount";
import type { PackageOperation } from "../../shell/packages";
import type { RunStep } from "./calls";

/** Folders that a manager keeps its downloads in. */
export interface CacheFolders {
  /** Absolute, or beginning with `~/` for the home of the user. */
  readonly folders: readonly string[];
  /** Variables that move them; with one of these set nobody here knows where they are. */
  readonly variables: readonly string[];
  /** Flags that keep the manager from using its cache. */
  readonly noCache: readonly string[];
}

/** The flags that mount caches over the folders (`--mount=type=cache,target=…`), or null where something is not known. */
export function cacheMounts(step: RunStep, folders: readonly string[], catalogue: Catalogue): readonly string[] | null {
  const owner = mountOwner(step.run, catalogue);
  if (owner === null) return null;
  const targets: string[] = [];
  for (const folder of folders) {
    if (!folder.startsWith("~/")) targets.push(folder);
    else {
      const home = homeAt(step.run, catalogue);
      if (home === null) return null;
      targets.push(`${home}/${folder.slice(2)}`);
    }
  }
  return targets.map((target) => `--mount=type=cache,target=${target}${owner}`);
}

/** What is known of a manager's cache; null for those whose cache is better left alone. Source: the managers' manuals. */
export function cacheFolders({ manager }: PackageOperation): CacheFolders | null {
  return Object.hasOwn(known, manager) ? (known[manager] ?? null) : null;
}

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
  },
  mvn: { folders: ["~/.m2"], variables: ["MAVEN_OPTS", "MAVEN_CONFIG"], noCache: [] },
  gradle: { folders: ["~/.gradle"], variables: ["GRADLE_USER_HOME"], noCache: [] },
  dotnet: { folders: ["~/.nuget/packages"], variables: ["NUGET_PACKAGES"], noCache: [] },
  composer: {
    folders: ["~/.composer/cache"],
    variables: ["COMPOSER_HOME", "COMPOSER_CACHE_DIR"],
    noCache: ["--no-cache"],
  },
};
