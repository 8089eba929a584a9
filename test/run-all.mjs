// Runs every test of the project, installing what is needed first: `npm run verify`. Needs Node 20 and git only, and no
// node_modules, so it uses nothing but Node itself.
//
// An end-to-end suite is a file test/e2e/<name>/run.mjs; test/build/run.mjs, which builds images, and
// test/registry/real.mjs and test/trust/real.mjs, which ask a registry, are more. Each exits with 0 or 1 and writes to the path in RESULT_JSON:
//   { "passed": 3, "failed": 0, "skipped": ["Emacs: not on this machine"] }
// Names of suites as arguments run only those: `npm run verify -- lint neovim`.
// The last line of the output is "N passed, N failed", summed over all suites.
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const results = mkdtempSync(join(tmpdir(), "plimsoll-results-"));
const minutes = 60_000;

/** Commands that count as one test each: they hold or they do not. */
const gates = [
  { name: "build", args: ["run", "build"] },
  { name: "types", args: ["run", "types"] },
  { name: "lint", args: ["run", "lint"] },
  { name: "generated files", args: ["run", "gen", "--", "--check"] },
  { name: "package", args: ["run", "package"] },
];

function main() {
  install();
  const suites = [
    ...gates.map((gate) => ({ name: gate.name, run: () => runGate(gate) })),
    { name: "unit tests", run: runUnitTests },
    ...endToEndSuites().map((name) => ({ name, run: () => runSuite(name, [join("test/e2e", name, "run.mjs")]) })),
    { name: "registry", run: () => runSuite("registry", ["test/registry/real.mjs"]) },
    { name: "signatures", run: () => runSuite("signatures", ["test/trust/real.mjs"]) },
    // One build for each kind of fix; `npm run test:build` does them all.
    { name: "builds", run: () => runSuite("builds", ["test/build/run.mjs", "--quick"]) },
  ];
  const wanted = process.argv.slice(2);
  const chosen = suites.filter(({ name }) => wanted.length === 0 || wanted.includes(name));
  const outcomes = chosen.map(({ run }) => run());
  rmSync(results, { recursive: true });
  summarize(outcomes);
}

function install() {
  const stamp = join(root, "node_modules/.package-lock.json");
  const lock = join(root, "package-lock.json");
  if (existsSync(stamp) && statSync(stamp).mtimeMs >= statSync(lock).mtimeMs) return;
  const { status } = npm(["ci", "--no-audit", "--no-fund"]);
  if (status !== 0) {
    console.log("npm ci failed\n0 passed, 1 failed");
    process.exit(1);
  }
}

function runGate({ name, args }) {
  heading(name);
  const { status } = npm(args);
  return { name, passed: status === 0 ? 1 : 0, failed: status === 0 ? 0 : 1, skipped: [] };
}

function runUnitTests() {
  heading("unit tests");
  const file = join(results, "unit.json");
  const vitest = join(root, "node_modules/vitest/vitest.mjs");
  const { status } = spawnSync(
    process.execPath,
    [vitest, "run", "--reporter=default", "--reporter=json", `--outputFile.json=${file}`],
    { cwd: root, stdio: "inherit", timeout: 20 * minutes },
  );
  const report = readJson(file);
  return outcome("unit tests", status, {
    passed: report?.numPassedTests ?? 0,
    failed: report?.numFailedTests ?? 0,
    skipped: report?.numPendingTests ? [`${report.numPendingTests} unit tests`] : [],
  });
}

function endToEndSuites() {
  const folder = join(root, "test/e2e");
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => existsSync(join(folder, name, "run.mjs")))
    .sort();
}

function runSuite(name, args) {
  heading(name);
  const file = join(results, `${name}.json`);
  const { status } = spawnSync(process.execPath, args, {
    cwd: root,
    stdio: "inherit",
    timeout: 20 * minutes,
    env: { ...process.env, RESULT_JSON: file },
  });
  return outcome(name, status, readJson(file));
}

// A suite that ends badly without naming a failed test, or says nothing at all, is one failure.
function outcome(name, status, report) {
  const passed = report?.passed ?? 0;
  const failed = report?.failed ?? 0;
  const skipped = report?.skipped ?? [];
  const silent = report === null || (passed === 0 && failed === 0 && skipped.length === 0);
  return { name, passed, failed: failed === 0 && (status !== 0 || silent) ? 1 : failed, skipped };
}

function summarize(outcomes) {
  heading("summary");
  const width = Math.max(...outcomes.map(({ name }) => name.length));
  for (const { name, passed, failed, skipped } of outcomes) {
    console.log(`${name.padEnd(width)}  ${String(passed).padStart(5)} passed  ${String(failed).padStart(3)} failed`);
    for (const reason of skipped) console.log(`${" ".repeat(width)}  skipped: ${reason}`);
  }
  const passed = outcomes.reduce((sum, one) => sum + one.passed, 0);
  const failed = outcomes.reduce((sum, one) => sum + one.failed, 0);
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = failed === 0 ? 0 : 1;
}

function npm(args) {
  const windows = process.platform === "win32";
  return spawnSync(windows ? "npm.cmd" : "npm", args, { cwd: root, stdio: "inherit", shell: windows });
}

function readJson(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return null;
  }
}

function heading(name) {
  console.log(`\n── ${name} ${"─".repeat(Math.max(0, 70 - name.length))}`);
}

main();
