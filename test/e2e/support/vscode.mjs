// Starts VS Code's server and a browser page with its workbench.
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { findChromium, vscodePaths } from "../setup.mjs";
import { environmentOf } from "./place.mjs";
import { withDeadline } from "./wait.mjs";

/**
 * Starts the server on a free port of the loopback. Resolves to `{ port, stop }`.
 * The smoke test driver must be enabled, or the workbench silently ignores the extension tests it is asked to run.
 */
export async function startVscode(place) {
  const args = [
    ...["--host", "127.0.0.1", "--port", "0", "--without-connection-token", "--accept-server-license-terms"],
    ...["--enable-smoke-test-driver", "--disable-workspace-trust", "--disable-getting-started-override"],
    ...["--telemetry-level", "off", ...foldersOf(place)],
  ];
  const child = spawn(vscodePaths.node, [vscodePaths.server, ...args], {
    env: environmentOf(place),
    stdio: ["ignore", "pipe", "ignore"],
    detached: true,
  });
  const exited = new Promise((resolve) => child.once("exit", resolve));
  const stop = async () => {
    // The server leaves helpers behind when it is killed alone, so its whole process group goes.
    signalGroup(child, "SIGTERM");
    await withDeadline("VS Code's server to stop", 5000, exited).catch(() => {});
    signalGroup(child, "SIGKILL");
  };
  const listening = new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`VS Code's server ended with ${code}`)));
    child.stdout.on("data", (chunk) => {
      const found = /listening on (\d+)/.exec(String(chunk));
      if (found) resolve(Number(found[1]));
    });
  });
  try {
    return { port: await withDeadline("VS Code's server to listen", 30_000, listening), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Installs a packaged extension into the place. Throws when VS Code refuses it. */
export function installExtension(place, vsix) {
  const args = [vscodePaths.server, "--accept-server-license-terms", ...foldersOf(place), "--install-extension", vsix];
  execFileSync(vscodePaths.node, args, { env: environmentOf(place), stdio: "pipe", timeout: 60_000 });
}

/** Opens a browser with one empty page of 1280 × 600. Resolves to `{ page, close }`. */
export async function openBrowser(place) {
  const { chromium } = createRequire(import.meta.url)(vscodePaths.playwright);
  const context = await chromium.launchPersistentContext(mkdtempSync(path.join(place.folder, "browser-")), {
    executablePath: findChromium(),
    headless: true,
    viewport: { width: 1280, height: 600 },
    env: environmentOf(place),
    args: [
      ...["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-dev-shm-usage"],
      ...["--disable-background-networking", "--disable-component-update", "--disable-sync"],
    ],
  });
  const page = context.pages()[0] ?? (await context.newPage());
  return { page, close: () => context.close() };
}

/** The address of the workbench on a folder of this machine, with the payload that VS Code's tests use. */
export function workbenchAddress(port, folder, payload) {
  return `http://127.0.0.1:${port}/?folder=${folder}&payload=${encodeURIComponent(JSON.stringify(payload))}`;
}

/** The address by which the workbench knows a file of this machine. */
export function remoteAddress(port, file) {
  return `vscode-remote://127.0.0.1:${port}${file}`;
}

function foldersOf(place) {
  return [
    ...["--server-data-dir", place.serverData, "--user-data-dir", place.userData],
    ...["--extensions-dir", place.extensions],
  ];
}

function signalGroup(child, signal) {
  try {
    process.kill(-child.pid, signal);
  } catch {
    // It is gone already.
  }
}
