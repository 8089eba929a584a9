/** Starts the language server in Node, on the transport that the command line names. */
import { createConnection, type MessageReader, type MessageWriter } from "vscode-languageserver/node";
import { bundledCatalogue } from "../core/catalogue/catalogue";
import { allRules } from "../core/index";
import type { Clock } from "../lsp/clock";
import { serve } from "../lsp/handlers";
import { createSignatureVerifier } from "../trust/verifier";
import { version } from "../version";
import { pathReader } from "./file-reader";
import { diskReader } from "./files";
import { processRunner } from "./process";
import { createRegistryPorts } from "./registry";

/** Node's time. */
export const nodeClock: Clock = {
  now: () => performance.now(),
  after(pause, run) {
    const timer = setTimeout(run, pause);
    return () => clearTimeout(timer);
  },
  soon: (run) => void setImmediate(run),
};

/**
 * Serves until the client says `exit` or goes away. Transports: `--stdio` (the default), `--node-ipc`, `--socket=PORT`,
 * `--pipe=NAME`, as the arguments say; or the given ends of a connection.
 */
export function startServer(ends?: { readonly reader: MessageReader; readonly writer: MessageWriter }): void {
  const named = process.argv.some((argument) => /^--(?:stdio|node-ipc|socket|pipe)\b/.test(argument));
  const connection = ends
    ? createConnection(ends.reader, ends.writer)
    : named
      ? createConnection()
      : createConnection(process.stdin, process.stdout);
  serve(connection, {
    version,
    rules: allRules,
    catalogue: bundledCatalogue,
    clock: nodeClock,
    files: diskReader,
    processes: processRunner,
    verifier: createSignatureVerifier(pathReader.read),
    registry: (options) => createRegistryPorts({ ...options, env: process.env, processes: processRunner }),
  });
  connection.listen();
}
