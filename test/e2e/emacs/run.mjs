// The language server in Emacs with Eglot: diagnostics, hover, quick fix, fix all, an orderly end.
import path from "node:path";
import { fileURLToPath } from "node:url";
import { prepareEmacs } from "../setup.mjs";
import { runEditor } from "../support/checks.mjs";
import { createResults } from "../support/results.mjs";

const results = createResults("emacs");
const missing = prepareEmacs();
if (missing !== null) {
  results.skip(missing);
} else {
  const script = path.join(path.dirname(fileURLToPath(import.meta.url)), "client.el");
  // Not -Q, which would hide the packages that Debian installs for the whole system.
  await runEditor(results, { program: "emacs", args: ["-q", "--batch", "-l", script], expected: 12 });
}
results.finish();
