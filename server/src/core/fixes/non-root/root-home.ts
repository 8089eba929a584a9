/** What a build leaves in the home of root, where nobody else can read it when the container runs. */
import { scriptsOf } from "../../model/scripts";
import type { Instruction, Stage } from "../../model/types";
import { type EffectiveCommand, findFlag, operands } from "../../shell/commands";

/**
 * The first thing in the shipped stages (`chain`, from the root of the FROM chain on) that the program needs from the
 * home of root, as people say it; null when there is none.
 */
export function neededFromRootHome(chain: readonly Stage[]): string | null {
  const text = chain.flatMap((link) => link.instructions.map(({ parsed }) => parsed.text)).join("\n");
  for (const link of chain) {
    for (const instruction of link.instructions) {
      const found =
        instruction.keyword === "RUN" ? leftByRun(instruction, text) : used(instruction) ? "the home of root" : null;
      if (found !== null) return found;
    }
  }
  return null;
}

const rootHome = /(?:^|[\s"'=:[,])(?:\/root(?:\/|$|[\s"':\],])|~\/)/;

/** True where an instruction says that the program uses that folder when it runs. */
function used({ keyword, parsed }: Instruction): boolean {
  if (!atRuntime.has(keyword) || !rootHome.test(parsed.body.text)) return false;
  if (keyword !== "COPY" && keyword !== "ADD") return true;
  // What is taken from a builder's home is safe, once it lies elsewhere.
  const target = parsed.json ? parsed.json.at(-1)?.value : parsed.words.at(-1)?.text;
  return rootHome.test(target ?? "");
}

const atRuntime: ReadonlySet<string> = new Set(["ENV", "CMD", "ENTRYPOINT", "WORKDIR", "VOLUME", "COPY", "ADD"]);

/** Installers that put programs into the home of whoever calls them, and the variables that lead them elsewhere. */
const installers: readonly (readonly [place: RegExp, moved: RegExp, what: string])[] = [
  [/sh\.rustup\.rs|rustup-init/, /CARGO_HOME/, "Rust"],
  [/astral\.sh\/uv|install\.sh.*\buv\b/, /UV_INSTALL_DIR|XDG_BIN_HOME|UV_UNMANAGED_INSTALL/, "uv"],
  [/install\.python-poetry\.org|get-poetry\.py/, /POETRY_HOME/, "Poetry"],
  [/nvm-sh\/nvm|creationix\/nvm/, /NVM_DIR/, "nvm"],
  [/get\.sdkman\.io/, /SDKMAN_DIR/, "SDKMAN"],
  [/bun\.sh\/install/, /BUN_INSTALL/, "Bun"],
  [/deno\.land\/(?:x\/)?install/, /DENO_INSTALL/, "Deno"],
  [/pyenv\.run|pyenv-installer|pyenv\/pyenv/, /PYENV_ROOT/, "pyenv"],
];

// Installers that only add repositories and packages, or put programs where everybody finds them.
const ofTheSystem =
  /nodesource|packagecloud|cloudsmith|get\.docker\.com|get-?helm|tailscale|k3s|starship|composer|apt|\brpm\b|yum|\.deb\b|\brepos?\b|repo[-_]?setup|setup_\d|oh-?my-?zsh|jfrog|\bsources?\b/i;

/** Where an installer that a shell reads from a pipe comes from, unless it is known or told to install elsewhere. */
function pipedInstaller({ name, words, command }: EffectiveCommand, text: string): string | null {
  if (!/^(?:sh|bash|ash|dash|zsh)$/.test(name ?? "") || command.pipeline.index === 0) return null;
  if (words.some(({ text: word }) => /^["']?\/(?!root)|^-{1,2}(?:b|d|dir|prefix|bin-dir|install-dir|to)\b/.test(word)))
    return null;
  const [address, host, path = ""] = /https?:\/\/([\w.-]+)(\/[^\s"'|)]*)?/.exec(text) ?? [];
  if (!address || ofTheSystem.test(address) || installers.some(([place]) => place.test(address))) return null;
  if (/\w*(?:DIR|HOME|PREFIX|ROOT|DEST\w*)=["']?\/(?!root)/.test(text)) return null;
  const project = host === "raw.githubusercontent.com" ? /^\/([^/]+\/[^/]+)\//.exec(path)?.[1] : undefined;
  return `what the script of ${project ?? host} installs`;
}

function leftByRun(run: Instruction, all: string): string | null {
  const { text } = run.parsed;
  for (const [place, moved, what] of installers) if (place.test(text) && !moved.test(all)) return what;
  if (!mayLeave.test(text)) return null;
  for (const { commands } of scriptsOf(run)) {
    for (const command of commands) {
      const what = leftByTool(command, all) ?? pipedInstaller(command, text) ?? leftByWords(command, commands);
      if (what !== null) return what;
    }
  }
  return null;
}

const mayLeave =
  /\/root\/|~\/|\$\{?HOME\b|playwright|nltk|cargo|pipx|poetry|pipenv|--user|dotnet\s+tool|corepack|\buv\b|puppeteer|huggingface|hf\s+download|\|\s*\\?\s*(?:\w+=\S*\s+|sudo\s+(?:-\w+\s+)?|env\s+)*(?:ba|a|da|z)?sh\b/;

/** Tools that keep what a program needs below the home of whoever calls them. */
function leftByTool(command: EffectiveCommand, all: string): string | null {
  const [first, second] = operands(command).map((word) => word.value ?? "");
  switch (command.name) {
    case "cargo":
      return first === "install" && !/CARGO_HOME|--root|FROM\s+\S*rust/i.test(all) ? "cargo install" : null;
    case "pip":
    case "pip3":
      return findFlag(command, ["--user"]) ? "pip install --user" : null;
    case "pipx":
      return first === "install" && !/PIPX_HOME/.test(all) ? "pipx" : null;
    case "poetry":
      return first === "install" && !/virtualenvs[.-]|POETRY_VIRTUALENVS|VIRTUAL_ENV/i.test(all)
        ? "the environment of Poetry"
        : null;
    case "pipenv":
      return /^(?:install|sync)$/.test(first ?? "") && !/--system|PIPENV_VENV_IN_PROJECT|VIRTUAL_ENV/.test(all)
        ? "the environment of Pipenv"
        : null;
    case "uv":
      return /^(?:sync|venv)$/.test(first ?? "") || (first === "python" && second === "install")
        ? /UV_PYTHON_(?:INSTALL_DIR|DOWNLOADS|PREFERENCE)|UV_SYSTEM_PYTHON|FROM\s+\S*python/i.test(all)
          ? null
          : "the Python of uv"
        : null;
    case "dotnet":
      return first === "tool" && second === "install" && !/--tool-path/.test(all) ? "a tool of dotnet" : null;
    case "corepack":
      return first !== "disable" && !/COREPACK_HOME/.test(all) && startsWithCorepack.test(all)
        ? "the package manager of corepack"
        : null;
  }
  const words = command.words.map((word) => word.value ?? "").join(" ");
  // Behind npx, python -m and the like.
  if (/\bplaywright install\b/.test(words) && !/PLAYWRIGHT_BROWSERS_PATH/.test(all))
    return "the browsers of Playwright";
  return /nltk\.download(?:er|\()/.test(words) && !/NLTK_DATA|download_dir| -d /.test(all) ? "the data of NLTK" : null;
}

const startsWithCorepack = /^\s*(?:CMD|ENTRYPOINT)\b.*\b(?:pnpm|yarn)\b/im;

/** Commands that name a place in the home of root, unless nobody needs it later. */
function leftByWords(command: EffectiveCommand, all: readonly EffectiveCommand[]): string | null {
  if (command.name === "rm" || command.name === "cd" || command.name === "export") return null;
  const targets = command.redirections.flatMap(({ operator, target }) =>
    operator.includes(">") && target ? [target.text] : [],
  );
  for (const text of [...command.words.slice(1).map((word) => word.text), ...targets]) {
    const place = placeInHome(text);
    if (place !== null && !ofNoUse.test(place) && !isRemoved(place, all)) return `~/${place}`;
  }
  return null;
}

/** What stands behind the home of root in a word; null where that is not named. */
function placeInHome(text: string): string | null {
  return /^["']?(?:--?[\w-]+=)?["']?(?:\/root|~|\$\{?HOME\}?)\/([^"']*)/.exec(text)?.[1] ?? null;
}

/** True where a command of the same RUN deletes the place, or all of the home. */
function isRemoved(place: string, commands: readonly EffectiveCommand[]): boolean {
  return commands.some(
    ({ name, words }) => name === "rm" && words.some(({ text }) => ["*", place].includes(placeInHome(text) ?? "")),
  );
}

// Settings of shells and build tools, caches, and keys of the build.
const ofNoUse =
  /^\.(?:cache\/(?:pip|yarn|uv|go-build|composer|bazel)|npm|bash\w*|profile|zsh\w*|vim\w*|gitconfig|netrc|npmrc|yarnrc|config\/pip|gnupg|wget-hsts|ssh|m2|gradle|ivy2|sbt|nuget|bundle|gemrc|cargo\/env)\b/;
