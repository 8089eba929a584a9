/**
 * Makes every bundle. `npm run build` once and minified, `npm run watch` again after each change, readable.
 *
 *     node server/scripts/build.mjs [--watch] [--only cli.js]… [--outdir DIR]
 */
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build, context } from "esbuild";

const root = join(dirname(fileURLToPath(import.meta.url)), "../..");
const watch = process.argv.includes("--watch");
const valuesOf = (option) => process.argv.flatMap((word, at) => (word === option ? [process.argv[at + 1]] : []));
const only = valuesOf("--only");
const [outdir] = valuesOf("--outdir");

// One row for each bundle. CommonJS throughout: the language server's library cannot be loaded from an ES module bundle.
const bundles = [
  {
    out: "server/dist/cli.js",
    entry: "server/src/node/cli.ts",
    platform: "node",
    banner: "#!/usr/bin/env node",
    // Its ES module asks where it lies, which has no answer inside a CommonJS bundle.
    alias: { tinyglobby: join(root, "node_modules/tinyglobby/dist/index.cjs") },
  },
  { out: "server/dist/server.js", entry: "server/src/node/server.ts", platform: "node", banner: "#!/usr/bin/env node" },
  { out: "server/dist/core.js", entry: "server/src/core/index.ts", platform: "neutral" },
  {
    out: "server/dist/worker.js",
    entry: "server/src/browser/worker.ts",
    platform: "browser",
    format: "iife",
  },
  { out: "client/dist/extension.js", entry: "client/src/extension.ts", platform: "node", external: ["vscode"] },
  { out: "client/dist/browser.js", entry: "client/src/browser.ts", platform: "browser", external: ["vscode"] },
];

const wanted = bundles.filter(({ out }) => only.length === 0 || only.some((name) => out.endsWith(`/${name}`)));
await Promise.all(wanted.map(make));

async function make({ out, entry, platform, banner, ...rest }) {
  const options = {
    absWorkingDir: root,
    entryPoints: [entry],
    outfile: outdir === undefined ? out : resolve(outdir, basename(out)),
    bundle: true,
    format: "cjs",
    platform,
    target: platform === "node" ? "node20" : "es2022",
    // Libraries bring an ES module beside their older form; it is the one that bundles well.
    mainFields: ["module", "main"],
    minify: !watch,
    legalComments: "none",
    // A single character beyond Latin-1 would double the size of the source in memory and slow down its start.
    charset: "ascii",
    logLevel: "warning",
    ...(banner ? { banner: { js: banner } } : {}),
    ...rest,
  };
  if (!watch) return build(options);
  return (await context({ ...options, sourcemap: "inline" })).watch();
}
