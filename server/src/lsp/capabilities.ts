/** What the server tells the client that it can do, at the start and right after it. */
import type { Connection, InitializeParams, InitializeResult, Registration } from "vscode-languageserver";
import { featureCapabilities } from "./features";
import { commands, type InitializationOptions } from "./protocol";
import type { ClientPowers } from "./support";

/** Files that are watched: configurations, what rules ask of the build context, and closed files already checked. */
const watched = [
  "**/{.plimsoll.yaml,.plimsoll.yml,.hadolint.yaml,.hadolint.yml,.dockerignore,*.dockerignore}",
  "**/{Dockerfile,dockerfile,Containerfile,containerfile}*",
  "**/*.{Dockerfile,dockerfile,Containerfile,containerfile}",
];

/** The answer to `initialize`. `pull`: findings are given only where they are asked for. */
export function capabilities(
  version: string,
  params: InitializeParams,
  options: InitializationOptions,
  pull: boolean,
): InitializeResult {
  const own = options.ownCommands === true;
  return {
    serverInfo: { name: "plimsoll", version },
    capabilities: {
      positionEncoding: "utf-16",
      // 2: the client sends what changed, not the whole text.
      textDocumentSync: { openClose: true, change: 2, save: true },
      hoverProvider: true,
      ...featureCapabilities(params.capabilities, own),
      codeActionProvider: {
        codeActionKinds: ["quickfix", "refactor.rewrite", "source.fixAll.plimsoll"],
        resolveProvider: true,
      },
      // A client that runs the commands itself must not be told of them: it would register them twice.
      ...(own ? {} : { executeCommandProvider: { commands: Object.values(commands) } }),
      ...(pull ? { diagnosticProvider: { interFileDependencies: false, workspaceDiagnostics: false } } : {}),
      workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
    },
  };
}

/** Asks the client for what cannot be said in the answer: watched files, changed settings, and `more`. */
export function register(connection: Connection, powers: ClientPowers, more: readonly Registration[]): void {
  const registrations: Registration[] = [...more];
  if (powers.registerWatchers) {
    registrations.push({
      id: "plimsoll-files",
      method: "workspace/didChangeWatchedFiles",
      registerOptions: { watchers: watched.map((globPattern) => ({ globPattern })) },
    });
  }
  if (powers.registerConfiguration) {
    registrations.push({
      id: "plimsoll-settings",
      method: "workspace/didChangeConfiguration",
      registerOptions: { section: "plimsoll" },
    });
  }
  if (registrations.length === 0) return;
  // A client that refuses has said otherwise in `initialize`; then nothing is watched, and that is all.
  void connection.sendRequest("client/registerCapability", { registrations }).catch(() => undefined);
}
