/**
 * Stand-ins for scanners: small programs on a PATH of their own that check their arguments and print a report which was
 * written for the test. They show how scanners are called and what is made of their words; no real scanner is run.
 */
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach } from "vitest";

export interface StandIn {
  /** The very arguments; with others it fails. */
  readonly args: readonly string[];
  readonly out?: string;
  readonly err?: string;
  readonly code?: number;
  /** It never ends by itself. */
  readonly hangs?: boolean;
}

export interface Ran {
  readonly args: readonly string[];
  readonly folder: string;
  /** Names of what lies in its working folder. */
  readonly beside: readonly string[];
  readonly env: { readonly [name: string]: string };
}

const folders: string[] = [];
const path = process.env.PATH;

afterEach(() => {
  process.env.PATH = path;
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** Puts stand-ins on the PATH, and nothing else; answers with what they wrote down about their runs. */
export function install(standIns: { readonly [program: string]: readonly StandIn[] }): { runs(): readonly Ran[] } {
  const folder = mkdtempSync(join(tmpdir(), "plimsoll-scan-"));
  folders.push(folder);
  const log = join(folder, "log");
  mkdirSync(join(folder, "bin"));
  writeFileSync(log, "");
  for (const [program, calls] of Object.entries(standIns)) {
    const file = join(folder, "bin", program);
    writeFileSync(file, `#!${process.execPath}\n(${play.toString()})(${JSON.stringify({ log, calls })});\n`);
    chmodSync(file, 0o755);
  }
  process.env.PATH = join(folder, "bin");
  return {
    runs: () =>
      readFileSync(log, "utf8")
        .split("\n")
        .filter((line) => line !== "")
        .map((line) => JSON.parse(line) as Ran),
  };
}

/** Runs inside the stand-in. */
function play({ log, calls }: { log: string; calls: readonly StandIn[] }): void {
  const { appendFileSync, readdirSync, writeSync } = require("node:fs");
  const args = process.argv.slice(2);
  const { env } = process;
  appendFileSync(log, `${JSON.stringify({ args, folder: process.cwd(), beside: readdirSync("."), env })}\n`);
  const call = calls.find((one) => JSON.stringify(one.args) === JSON.stringify(args));
  if (!call) {
    writeSync(2, `unexpected arguments ${JSON.stringify(args)}\n`);
    process.exit(64);
  }
  if (call.hangs) return void setInterval(() => undefined, 1000);
  writeSync(2, call.err ?? "");
  writeSync(1, call.out ?? "");
  process.exit(call.code ?? 0);
}
