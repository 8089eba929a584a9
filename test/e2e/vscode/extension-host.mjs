// Runs the tests of the folder `host` inside VS Code's extension hosts.
import path from "node:path";
import { startTwice, withDeadline } from "../support/wait.mjs";
import { openHost } from "./host-window.mjs";

/** Runs the tests in the extension host that is a Node process; `results` gets each of them. */
export function testInNodeHost(results, shots) {
  return runTests("node host", "run-in-node.cjs", results, shots);
}

/** Runs the same tests in the extension host that is a web worker, where the extension is its browser build. */
export function testInWorkerHost(results, shots) {
  return runTests("worker host", "run-in-worker.js", results, shots);
}

async function runTests(host, script, results, shots) {
  const take = (each) => {
    if (each.passed) results.pass(`${host}: ${each.name}`);
    else results.fail(`${host}: ${each.name}`, each.error);
  };
  const run = await startTwice(() => openHost(host, script, take)).catch((error) => {
    results.fail(`${host}: starts the tests`, error);
    return null;
  });
  if (run === null) return;
  try {
    await withDeadline(`the tests in the ${host} to end`, 240_000, run.ended);
  } catch (error) {
    results.fail(`${host}: ends`, error);
  } finally {
    await run.page.screenshot({ path: path.join(shots, `${host.replace(" ", "-")}.png`) }).catch(() => {});
    await run.close();
  }
  if (run.count() === 0) results.fail(`${host}: runs at least one test`, "no test ran");
}
