// Where the built product lies. The suites test what `npm run build` and `npm run package` made, never the sources.
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

/** The root of the repository, absolute. */
export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../../..");

/** The folder that VS Code loads as the extension under development; another one can be named to try a build. */
export const extensionFolder = process.env.PLIMSOLL_E2E_EXTENSION ?? root;

/** The language server that any client starts with `node <file> --stdio`. */
export const languageServer = process.env.PLIMSOLL_E2E_SERVER ?? path.join(root, "server", "dist", "server.js");

/** The extension's identifier as VS Code knows it: publisher and name from its manifest. */
export function extensionId() {
  const manifest = JSON.parse(readFileSync(path.join(extensionFolder, "package.json"), "utf8"));
  return `${manifest.publisher}.${manifest.name}`;
}

/** The newest .vsix in the extension's folder, or null when nothing was packaged. */
export function packagedExtension() {
  const files = readdirSync(extensionFolder)
    .filter((name) => name.endsWith(".vsix"))
    .map((name) => path.join(extensionFolder, name))
    .sort((one, other) => statSync(other).mtimeMs - statSync(one).mtimeMs);
  return files[0] ?? null;
}

/** Throws with what to run when one of the files is not there. */
export function requireBuilt(files, command) {
  const missing = files.filter((file) => file === null || !existsSync(file));
  if (missing.length > 0) throw new Error(`Not built: ${missing.join(", ")}. Run ${command} first.`);
}

/** Throws with what to run when a bundle of the extension, or of its server, is not there. */
export function requireExtension() {
  const bundles = [
    "client/dist/extension.js",
    "client/dist/browser.js",
    "server/dist/server.js",
    "server/dist/worker.js",
  ];
  requireBuilt(
    bundles.map((file) => path.join(extensionFolder, file)),
    "npm run build",
  );
}
