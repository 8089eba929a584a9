// Runs the tests of the folder `host` inside VS Code's extension hosts.
import path from "node:path";
import { createPlace } from "../support/place.mjs";
import { extensionFolder } from "../support/product.mjs";
import { openBrowser, remoteAddress, startVscode, workbenchAddress } from "../support/vscode.mjs";
import { startTwice, withDeadline } from "../support/wait.mjs";
import { startWebProxy } from "../support/web-proxy.mjs";
import { bundleFolder } from "./bundle.mjs";

const mark = "PLIMSOLL-E2E ";

/** Runs the tests in the extension host that is a Node process; `results` gets each of them. */
export function testInNodeHost(results, shots) {
  return runTests("node host", results, shots, async (place, server) => ({
    address: workbenchAddress(server.port, place.workspace, [
      ["extensionDevelopmentPath", remoteAddress(server.port, extensionFolder)],
      ["extensionTestsPath", remoteAddress(server.port, path.join(bundleFolder, "run-in-node.cjs"))],
    ]),
    stop: async () => {},
  }));
}

/** Runs the same tests in the extension host that is a web worker, where the extension is its browser build. */
export function testInWorkerHost(results, shots) {
  return runTests("worker host", results, shots, async (place, server) => {
    const proxy = await startWebProxy({
      upstream: server.port,
      folders: { "/extension-under-test/host-tests": bundleFolder, "/extension-under-test": extensionFolder },
      extension: "/extension-under-test",
      tests: "/extension-under-test/host-tests/run-in-worker.js",
    });
    return { address: workbenchAddress(proxy.port, place.workspace, []), stop: proxy.stop };
  });
}

async function runTests(host, results, shots, prepare) {
  const run = await startTwice(() => open(host, results, prepare)).catch((error) => {
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

/** Opens the workbench and resolves once the first line of the tests was heard. */
async function open(host, results, prepare) {
  const place = createPlace(host.replace(" ", "-"));
  const closing = [() => place.remove()];
  const close = async () => {
    for (const each of closing.reverse()) await Promise.resolve(each()).catch(() => {});
  };
  try {
    const server = await startVscode(place);
    closing.push(server.stop);
    const { address, stop } = await prepare(place, server);
    closing.push(stop);
    const browser = await openBrowser(place);
    closing.push(browser.close);
    const heard = await listen(browser.page, (each) => {
      if (each.passed) results.pass(`${host}: ${each.name}`);
      else results.fail(`${host}: ${each.name}`, each.error);
    });
    await browser.page.goto(address);
    await withDeadline(`the tests in the ${host} to start`, 60_000, heard.started);
    return { page: browser.page, count: heard.count, ended: heard.ended, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Hands each result that the tests print on their console to `take`. VS Code says at the end whether they passed; what they said counts. */
async function listen(page, take) {
  let count = 0;
  const started = withResolvers();
  const ended = withResolvers();
  const hear = (text) => {
    const at = text.indexOf(mark);
    if (at < 0) return;
    const result = JSON.parse(text.slice(at + mark.length));
    if (result.start) started.resolve();
    else if (result.end) ended.resolve();
    else {
      count += 1;
      take(result);
    }
  };
  await page.exposeFunction("codeAutomationLog", (_type, args) => hear([args].flat().map(String).join(" ")));
  await page.exposeFunction("codeAutomationExit", (code, logs) => {
    started.reject(
      new Error(`VS Code ended the tests with ${code} before they began: ${JSON.stringify(logs)}`.slice(0, 2000)),
    );
    ended.resolve();
  });
  return { count: () => count, started: started.promise, ended: ended.promise };
}

/** Promise.withResolvers, which Node 20 does not have. A rejection that nobody waits for is no error of its own. */
function withResolvers() {
  let resolve;
  let reject;
  const promise = new Promise((accept, refuse) => {
    resolve = accept;
    reject = refuse;
  });
  promise.catch(() => {});
  return { promise, resolve, reject };
}
