// Puts the pictures of the README in place, from what the last run of the user interface's tests photographed:
//   node test/e2e/vscode/run.mjs interface && node test/e2e/pictures.mjs
import { copyFileSync, mkdirSync, statSync } from "node:fs";
import path from "node:path";
import { root } from "./support/product.mjs";

/** The name of each picture in docs/pictures, and of the photograph that it is. */
const pictures = {
  "editor.png": "hover.png",
  "quick-fix.png": "quick-fix.png",
  "problems.png": "problems.png",
  "stages.png": "stages.png",
};

/** A picture of more bytes than this makes the README slow to open. */
const mostBytes = 250_000;

const target = path.join(root, "docs", "pictures");
mkdirSync(target, { recursive: true });
for (const [name, photograph] of Object.entries(pictures)) {
  const file = path.join(root, "test", "e2e", "shots", photograph);
  const { size } = statSync(file);
  if (size > mostBytes) throw new Error(`${file} has ${size} bytes, more than ${mostBytes}`);
  copyFileSync(file, path.join(target, name));
  console.log(`docs/pictures/${name}: ${size} bytes`);
}
