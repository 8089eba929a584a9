// How long a Dockerfile waits for its first findings in a window of VS Code that was just opened, and where the time goes:
//   npm run bench:activation [-- windows]
// Each window has its own server, browser and folders, so that nothing is warm but the disk. Medians are printed.
import os from "node:os";
import { prepareVscode } from "../setup.mjs";
import { requireExtension } from "../support/product.mjs";
import { withDeadline } from "../support/wait.mjs";
import { bundleHostTests } from "./bundle.mjs";
import { openHost } from "./host-window.mjs";

const windows = Number(process.argv[2] ?? 5);

/** What is printed for each host, and the key under which host/measure.ts reports it. */
const rows = [
  ["VS Code has opened the file", "opened"],
  ["loading the code", "loadCode"],
  ["the call of activate", "callActivate"],
  ["until the server is ready", "finishActivate"],
  ["from opening the file: the extension is active", "active"],
  ["from opening the file: findings", "findings"],
  ["findings of the next file, some seconds later", "next"],
];

async function main() {
  const missing = prepareVscode();
  if (missing !== null) {
    console.log(`Nothing is measured: ${missing}`);
    return;
  }
  requireExtension();
  await bundleHostTests();
  console.log(
    `${os.cpus().length} processors, load ${os.loadavg()[0].toFixed(1)} before: others take their time as well`,
  );
  for (const [host, script] of [
    ["node host", "measure.cjs"],
    ["worker host", "measure.js"],
  ]) {
    const times = [];
    for (let number = 0; number < windows; number += 1) times.push(await measure(host, script));
    print(host, times);
  }
}

async function measure(host, script) {
  const heard = [];
  const run = await openHost(host, script, (result) => heard.push(result));
  try {
    await withDeadline(`the measurement in the ${host}`, 120_000, run.ended);
  } finally {
    await run.close();
  }
  const times = heard.find((each) => each.times)?.times;
  if (times === undefined) throw new Error(`Nothing was measured in the ${host}`);
  return times;
}

function print(host, times) {
  console.log(`\nVS Code, ${host}: ms, median of ${times.length} cold windows (least to most)`);
  for (const [title, key] of rows) {
    const sorted = times.map((each) => each[key]).sort((one, other) => one - other);
    const [least, median, most] = [0, Math.floor(sorted.length / 2), sorted.length - 1].map((at) =>
      String(Math.round(sorted[at])),
    );
    console.log(`${title.padEnd(48)}${median.padStart(6)}  (${least} to ${most})`);
  }
}

await main();
