// The language server in Neovim: diagnostics, hover, quick fix, fix all, an orderly end.
import path from "node:path";
import { fileURLToPath } from "node:url";
import { prepareNeovim } from "../setup.mjs";
import { runEditor } from "../support/checks.mjs";
import { createResults } from "../support/results.mjs";

const results = createResults("neovim");
const missing = prepareNeovim();
if (missing !== null) {
  results.skip(missing);
} else {
  const script = path.join(path.dirname(fileURLToPath(import.meta.url)), "client.lua");
  const args = ["--headless", "-u", "NONE", "-i", "NONE", "-n", "-c", `luafile ${script}`];
  await runEditor(results, { program: "nvim", args, expected: 12 });
}
results.finish();
