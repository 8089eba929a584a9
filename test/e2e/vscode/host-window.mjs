// Opens a window whose extension host, a Node process or a web worker, runs a script of ours beside the extension.
import path from "node:path";
import { createPlace } from "../support/place.mjs";
import { extensionFolder } from "../support/product.mjs";
import { openBrowser, remoteAddress, startVscode, workbenchAddress } from "../support/vscode.mjs";
import { withDeadline } from "../support/wait.mjs";
import { startWebProxy } from "../support/web-proxy.mjs";
import { bundleFolder } from "./bundle.mjs";

const mark = "PLIMSOLL-E2E ";

/** By name, how the page is addressed whose extension host of that kind runs a file of `bundleFolder`. */
const hosts = {
  "node host": async (place, server, script) => ({
    address: workbenchAddress(server.port, place.workspace, [
      ["extensionDevelopmentPath", remoteAddress(server.port, extensionFolder)],
      ["extensionTestsPath", remoteAddress(server.port, path.join(bundleFolder, script))],
    ]),
    stop: async () => {},
  }),
  // There the extension is its browser build.
  "worker host": async (place, server, script) => {
    const proxy = await startWebProxy({
      upstream: server.port,
      folders: { "/extension-under-test/host-tests": bundleFolder, "/extension-under-test": extensionFolder },
      extension: "/extension-under-test",
      tests: `/extension-under-test/host-tests/${script}`,
    });
    return { address: workbenchAddress(proxy.port, place.workspace, []), stop: proxy.stop };
  },
};

/**
 * Opens a fresh window and resolves once the first line of the script was heard. `take` gets each result that the
 * script prints. Of what is returned, `ended` is kept when the script ends, `count` says how many results there were.
 */
export async function openHost(host, script, take) {
  const place = createPlace(host.replace(" ", "-"));
  const closing = [() => place.remove()];
  const close = async () => {
    for (const each of closing.reverse()) await Promise.resolve(each()).catch(() => {});
  };
  try {
    const server = await startVscode(place);
    closing.push(server.stop);
    const { address, stop } = await hosts[host](place, server, script);
    closing.push(stop);
    const browser = await openBrowser(place);
    closing.push(browser.close);
    const heard = await listen(browser.page, take);
    await browser.page.goto(address);
    await withDeadline(`${script} in the ${host} to start`, 60_000, heard.started);
    return { page: browser.page, count: heard.count, ended: heard.ended, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Hands each result that the script prints on its console to `take`. VS Code says at the end whether it passed; what it said counts. */
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
      new Error(`VS Code ended the script with ${code} before it began: ${JSON.stringify(logs)}`.slice(0, 2000)),
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
