// The extension in a real VS Code: its tests inside both extension hosts, and the packaged .vsix driven by its keys.
// Exits 1 when something failed; RESULT_JSON names the file for `{ passed, failed, skipped }`.
import { mkdirSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { prepareVscode } from "../setup.mjs";
import { packagedExtension, requireBuilt, requireExtension } from "../support/product.mjs";
import { createResults } from "../support/results.mjs";
import { bundleHostTests } from "./bundle.mjs";
import { testInNodeHost, testInWorkerHost } from "./extension-host.mjs";
import { testUserInterface } from "./user-interface.mjs";

const shots = path.join(path.dirname(fileURLToPath(import.meta.url)), "..", "shots");
const parts = { node: testInNodeHost, worker: testInWorkerHost, interface: testUserInterface };
const wanted = process.argv.slice(2);

const results = createResults("vscode");
const missing = prepareVscode();
if (missing !== null) {
  results.skip(missing);
} else {
  const ready = await results.step("the extension is built and packaged", async () => {
    requireExtension();
    requireBuilt([packagedExtension()], "npm run package");
    await bundleHostTests();
    mkdirSync(shots, { recursive: true });
  });
  for (const [name, run] of Object.entries(parts)) {
    if (ready && (wanted.length === 0 || wanted.includes(name))) await run(results, shots);
  }
}
results.finish();
