// Bundles the tests that run inside VS Code, for its Node host and for its web worker host.
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";
import { root } from "../support/product.mjs";

const host = path.join(path.dirname(fileURLToPath(import.meta.url)), "host");

/** Where the bundles lie: `tests.cjs` has the tests alone, the others are what VS Code is asked to run. */
export const bundleFolder = path.join(root, ".cache", "e2e-host");

/** Writes the bundles; takes a few milliseconds. */
export async function bundleHostTests() {
  const common = { bundle: true, format: "cjs", target: "es2022", sourcemap: "inline", logLevel: "warning" };
  await build({
    ...common,
    platform: "node",
    entryPoints: [
      { in: path.join(host, "all.ts"), out: "tests" },
      { in: path.join(host, "run-in-node.ts"), out: "run-in-node" },
      { in: path.join(host, "measure.ts"), out: "measure" },
    ],
    outdir: bundleFolder,
    outExtension: { ".js": ".cjs" },
    external: ["vscode", "mocha", "./tests.cjs"],
  });
  await build({
    ...common,
    platform: "browser",
    entryPoints: [path.join(host, "run-in-worker.ts"), path.join(host, "measure.ts")],
    outdir: bundleFolder,
    external: ["vscode"],
    // Mocha's browser build asks for these by name while it is loaded.
    define: { global: "globalThis" },
  });
  return bundleFolder;
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) await bundleHostTests();
