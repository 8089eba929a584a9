/** Folders that are opened to every account on purpose, as far as the file says so. */
import { commentsAbout } from "../../model/comments";
import type { Model } from "../../model/types";
import { isWithin } from "../../multistage/paths";
import type { ModeUse } from "./modes";

/**
 * Why all paths of a mode are open: `toolchain` for the folders of compilers and package managers, which whoever builds
 * has to fill; `everybody` for a home that ENV names, since it is the home of any number that the container may run as,
 * and where a comment above says it. Null where the file does not say so.
 */
export function openedFor(use: ModeUse, model: Model): "toolchain" | "everybody" | null {
  const { paths, instruction } = use;
  if (paths.length === 0) return null;
  const scope = instruction.stage?.scope;
  const valueOf = (name: string) => scope?.lookup(name, instruction.index)?.value ?? null;
  const isIn = (path: string, name: string) => {
    const value = valueOf(name);
    return namesVariable(path, name) || (value?.startsWith("/") === true && isWithin(trimmed(path), trimmed(value)));
  };
  if (paths.every((path) => knownFolders.test(path) || toolchainHomes.some((name) => isIn(path, name)))) {
    return "toolchain";
  }
  const home = valueOf("HOME");
  if (home !== null && home !== "/" && !isWithin(home, "/root") && paths.every((path) => isIn(path, "HOME"))) {
    return "everybody";
  }
  return commentsAbout(model, instruction).some((text) => forEverybody.test(text)) ? "everybody" : null;
}

/** Variables by which tools are told where to keep what they install and download. Source: the tools' documentation. */
const toolchainHomes: readonly string[] = [
  ...["RUSTUP_HOME", "CARGO_HOME", "GOPATH", "GOCACHE", "GOMODCACHE", "NVM_DIR", "SDKMAN_DIR", "PYENV_ROOT"],
  ...["RBENV_ROOT", "GEM_HOME", "BUNDLE_PATH", "GRADLE_USER_HOME", "MAVEN_CONFIG", "NPM_CONFIG_PREFIX", "PNPM_HOME"],
  ...["PIPX_HOME", "POETRY_HOME", "POETRY_CACHE_DIR", "UV_CACHE_DIR", "PIP_CACHE_DIR", "DENO_DIR", "BUN_INSTALL"],
  ...["ANDROID_HOME", "ANDROID_SDK_ROOT", "FLUTTER_HOME", "COMPOSER_HOME", "STACK_ROOT", "OPAMROOT", "CONDA_DIR"],
];

// Where the images of Rust and Go have those.
const knownFolders = /^\/usr\/local\/(?:cargo|rustup)(?:\/|$)|^\/go(?:\/|$)/;

const forEverybody =
  /\b(?:all|any|every|each|arbitrary|random)\s+(?:unix\s+|user\s+)?(?:users?|uids?|ids?|accounts?)\b|\b(?:anybody|anyone|everybody|everyone)\b|\bopenshift\b/i;

function namesVariable(path: string, name: string): boolean {
  const written = /^["']?\$(?:\{(\w+)\}|(\w+))(?=[/"']|$)/.exec(path);
  return (written?.[1] ?? written?.[2]) === name;
}

function trimmed(path: string): string {
  return path.replace(/^["']|["']$/g, "").replace(/(.)\/+$/, "$1");
}
