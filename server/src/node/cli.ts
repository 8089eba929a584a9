/** Entry point of the command line: `server/dist/cli.js`. */
import { createRequire } from "node:module";
import { slashes } from "../cli/files";
import { main } from "../cli/main";
import type { Output, Terminal } from "../cli/terminal";
import { bundledCatalogue } from "../core/catalogue/catalogue";
import { allRules } from "../core/rules/index";
import { version } from "../version";
import { pathReader } from "./file-reader";
import { processRunner } from "./process";
import { createRegistryPorts } from "./registry";

const terminal: Terminal = {
  stdout: output(process.stdout),
  stderr: output(process.stderr),
  env: process.env,
  cwd: slashes(process.cwd()),
  today: localDay(new Date()),
  reader: pathReader,
  processes: processRunner,
  registry: (authorities) => createRegistryPorts({ env: process.env, processes: processRunner, authorities }),
  async readStdin() {
    const chunks: Buffer[] = [];
    for await (const chunk of process.stdin) chunks.push(Buffer.from(chunk));
    return Buffer.concat(chunks);
  },
  startServer() {
    // The server's bundle lies beside this one and starts as it is loaded.
    createRequire(__filename)("./server.js");
    return new Promise<void>((resolve) => process.once("beforeExit", () => resolve()));
  },
};

// A reader that has seen enough (`plimsoll rules | head`) closes the pipe; that is no fault.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(process.exitCode ?? 0);
  throw error;
});

void main(process.argv.slice(2), terminal, { version, rules: allRules, catalogue: bundledCatalogue }).then((code) => {
  // Not process.exit: what was written to a pipe may still be on its way.
  process.exitCode = code;
});

function output(stream: NodeJS.WriteStream): Output {
  return {
    write: (text) => void stream.write(text),
    isTTY: stream.isTTY === true,
    columns: stream.columns ?? null,
  };
}

function localDay(date: Date): string {
  const two = (part: number): string => String(part).padStart(2, "0");
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}
