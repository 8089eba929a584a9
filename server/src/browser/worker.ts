/** Entry point of the language server in a web worker. */
import { BrowserMessageReader, BrowserMessageWriter, createConnection } from "vscode-languageserver/browser";
import { bundledCatalogue } from "../core/catalogue/catalogue";
import { allRules } from "../core/index";
import type { Clock } from "../lsp/clock";
import { serve } from "../lsp/handlers";
import { version } from "../version";
import { browserRegistryPorts } from "./registry";

// The compiler knows `self` as a window's; in this file it is a worker's.
declare const self: DedicatedWorkerGlobalScope;

const clock: Clock = {
  now: () => performance.now(),
  after(pause, run) {
    const timer = setTimeout(run, pause);
    return () => clearTimeout(timer);
  },
  soon: createSoon(),
};

const connection = createConnection(new BrowserMessageReader(self), new BrowserMessageWriter(self));
serve(connection, {
  ...{ version, rules: allRules, catalogue: bundledCatalogue, clock },
  files: null,
  processes: null,
  registry: () => browserRegistryPorts,
});
connection.listen();

/** Nested timers of a browser wait at least four milliseconds; a message to oneself does not. */
function createSoon(): Clock["soon"] {
  const waiting: (() => void)[] = [];
  const channel = new MessageChannel();
  channel.port1.onmessage = () => waiting.shift()?.();
  return (run) => {
    waiting.push(run);
    channel.port2.postMessage(null);
  };
}
