// For contributors whose machine may download VS Code: `npx vscode-test` runs the tests of test/e2e/vscode/host in its
// window, after `npm run build`. `npm run verify` runs the same files in a VS Code that comes from npm.
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { defineConfig } from "@vscode/test-cli";
import { bundleHostTests } from "./test/e2e/vscode/bundle.mjs";

export default defineConfig({
  files: join(await bundleHostTests(), "tests.cjs"),
  workspaceFolder: mkdtempSync(join(tmpdir(), "plimsoll-workspace-")),
  launchArgs: ["--disable-extensions", "--disable-workspace-trust"],
  mocha: { ui: "tdd", timeout: 40_000 },
});
