// Runs an editor whose script prints "ok NAME" and "not ok NAME: detail" lines, and counts them.
import { spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { createPlace, environmentOf } from "./place.mjs";
import { languageServer, requireBuilt } from "./product.mjs";

/** What the editors are given to mend, and what must be on disk afterwards. */
const before =
  'FROM node:latest\nRUN --mount=type=secret,id=npmrc,target=/root/.npmrc,mode=0444 npm ci\nUSER node\nCMD ["node", "server.js"]\n';
const after =
  'FROM node:26\nRUN --mount=type=secret,id=npmrc,target=/root/.npmrc,mode=0400 npm ci\nUSER node\nCMD ["node", "server.js"]\n';

/**
 * Starts `program` with `args` in a folder that holds one Dockerfile, with the language server's path in
 * LANGUAGE_SERVER and Node's in NODE_PROGRAM. At least `expected` checks must be heard, or the script ended too early.
 */
export async function runEditor(results, { program, args, expected }) {
  const built = await results.step("the language server is built", () =>
    requireBuilt([languageServer], "npm run build"),
  );
  if (!built) return;
  const place = createPlace(path.basename(program));
  const dockerfile = path.join(place.workspace, "Dockerfile");
  writeFileSync(dockerfile, before);
  try {
    const { output, code } = await run(program, args, place);
    let heard = 0;
    for (const line of output.split(/\r?\n/)) {
      const found = /^(ok|not ok) (.*)$/.exec(line.trim());
      if (found === null) continue;
      heard += 1;
      if (found[1] === "ok") results.pass(found[2]);
      else results.fail(found[2], output);
    }
    await results.step("every check ran and the editor ended well", () => {
      if (code !== 0 || heard < expected) throw new Error(`exit ${code}, ${heard} of ${expected} checks\n${output}`);
    });
    await results.step("the mended file is on disk", () => {
      const text = readFileSync(dockerfile, "utf8");
      if (text !== after) throw new Error(`On disk is ${JSON.stringify(text)}`);
    });
  } finally {
    place.remove();
  }
}

function run(program, args, place) {
  const env = { ...environmentOf(place), LANGUAGE_SERVER: languageServer, NODE_PROGRAM: process.execPath };
  const child = spawn(program, args, { cwd: place.workspace, env, stdio: ["ignore", "pipe", "pipe"] });
  const timer = setTimeout(() => child.kill("SIGKILL"), 120_000);
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk) => {
      output += chunk;
    });
  }
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => {
      clearTimeout(timer);
      resolve({ output, code });
    });
  });
}
