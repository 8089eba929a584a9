/** A terminal that remembers, and a folder that is thrown away: what tests of the command line run in. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach } from "vitest";
import { main } from "../../server/src/cli/main";
import type { Product, Terminal } from "../../server/src/cli/terminal";
import type { ProcessRunner } from "../../server/src/core/index";
import { pathReader } from "../../server/src/node/file-reader";
import { processRunner } from "../../server/src/node/process";
import { emptyCatalogue, sampleRules } from "./sample-rules";

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export interface World {
  readonly isTTY?: boolean;
  readonly env?: { readonly [name: string]: string };
  readonly stdin?: string | Uint8Array;
  readonly product?: Partial<Product>;
  /** Runs real programs unless told otherwise. */
  readonly processes?: ProcessRunner;
  /** Nobody asks a registry unless told otherwise: a test that does fails. */
  readonly registry?: Terminal["registry"];
}

const folders: string[] = [];

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** A new folder with these files. It is a git root, so that nothing above it counts. */
export function folderWith(files: { readonly [path: string]: string | Uint8Array }): string {
  const folder = mkdtempSync(join(tmpdir(), "plimsoll-test-"));
  folders.push(folder);
  mkdirSync(join(folder, ".git"));
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  return folder;
}

/** Runs the command line in a folder, with the sample rules unless told otherwise. */
export async function run(cwd: string, args: readonly string[], world: World = {}): Promise<Ran> {
  const written = { out: "", err: "" };
  const output = (name: "out" | "err") => ({
    write: (text: string) => {
      written[name] += text;
    },
    isTTY: world.isTTY ?? false,
    columns: 100,
  });
  const code = await main(
    args,
    {
      stdout: output("out"),
      stderr: output("err"),
      env: world.env ?? {},
      cwd,
      today: "2026-11-24",
      reader: pathReader,
      processes: world.processes ?? processRunner,
      registry:
        world.registry ??
        (() => {
          throw new Error("a registry was asked");
        }),
      readStdin: async () =>
        typeof world.stdin === "string" ? new TextEncoder().encode(world.stdin) : (world.stdin ?? new Uint8Array()),
      startServer: async () => {
        written.out += "server started\n";
      },
    },
    { version: "9.9.9", rules: sampleRules, catalogue: () => emptyCatalogue, ...world.product },
  );
  return { code, ...written };
}
