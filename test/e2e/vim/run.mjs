// The language server in Vim with ALE: findings, quick fix, fix all, settings, an orderly end.
import path from "node:path";
import { fileURLToPath } from "node:url";
import { prepareVim } from "../setup.mjs";
import { runEditor } from "../support/checks.mjs";
import { createResults } from "../support/results.mjs";

const results = createResults("vim");
const missing = prepareVim();
if (missing !== null) {
  results.skip(missing);
} else {
  const script = path.join(path.dirname(fileURLToPath(import.meta.url)), "client.vim");
  // A silent Vim says nothing at all unless it is told to be verbose.
  await runEditor(results, {
    program: "vim",
    args: ["-N", "-es", "-V1", "-u", "NONE", "-i", "NONE", "-n", "-S", script],
    expected: 11,
  });
}
results.finish();
