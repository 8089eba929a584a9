/** A client for tests: speaks LSP with the real handlers over streams in memory. Text in, text out. */
import { PassThrough } from "node:stream";
import {
  type CodeAction,
  createConnection,
  createProtocolConnection,
  type Diagnostic,
  type InitializeResult,
  type ProtocolConnection,
  type PublishDiagnosticsParams,
  type Registration,
  StreamMessageReader,
  StreamMessageWriter,
  type TextEdit,
  type WorkspaceEdit,
} from "vscode-languageserver/node";
import {
  type AnyRule,
  type Catalogue,
  type FileReader,
  indexLines,
  type ProcessRunner,
} from "../../server/src/core/index";
import type { Clock } from "../../server/src/lsp/clock";
import { serve } from "../../server/src/lsp/handlers";
import type { InitializationOptions, StatusParams } from "../../server/src/lsp/protocol";
import type { RegistryHost } from "../../server/src/lsp/registry";
import type { Session } from "../../server/src/lsp/session";
import { nodeClock } from "../../server/src/node/start-server";
import type { SignatureVerifier } from "../../server/src/registry/signatures/check";
import { emptyCatalogue, testRules } from "./rules";

export interface ClientOptions {
  /** Files by URI; folders follow from them. */
  readonly files?: Map<string, string>;
  readonly folders?: readonly string[];
  readonly rules?: readonly AnyRule[];
  readonly catalogue?: Catalogue;
  readonly clock?: Clock;
  readonly options?: InitializationOptions;
  /** Awaited before the server gets the text of a file, which is read before: a slow disk. */
  readonly delay?: (uri: string) => Promise<void>;
  /** Answers `workspace/configuration` for a scope; absent: the client cannot be asked. */
  readonly settings?: (scope: string | undefined) => unknown;
  /** A client of few words: no resolve, no versions, no created files. */
  readonly plain?: boolean;
  /** Runs programs; absent: there are none. */
  readonly processes?: ProcessRunner;
  /** Asks registries; absent: nobody can. */
  readonly registry?: RegistryHost;
  /** Checks signatures; absent: nobody can. */
  readonly verifier?: SignatureVerifier;
  /** The Node port is absent, as in a browser. */
  readonly browser?: boolean;
}

export interface Client {
  readonly connection: ProtocolConnection;
  readonly initialized: InitializeResult;
  readonly session: Session;
  readonly published: PublishDiagnosticsParams[];
  readonly statuses: StatusParams[];
  readonly logged: string[];
  readonly messages: string[];
  readonly applied: WorkspaceEdit[];
  readonly refreshed: () => number;
  /** What the server registered after the greeting. */
  readonly registered: readonly Registration[];
  open(uri: string, text: string, languageId?: string): Promise<readonly Diagnostic[]>;
  /** Replaces a range given as offsets; answers with the diagnostics of that version. */
  edit(uri: string, start: number, end: number, newText: string): Promise<readonly Diagnostic[]>;
  close(uri: string): void;
  textOf(uri: string): string;
  /** The next diagnostics for a document that fit. */
  diagnostics(uri: string, fits?: (params: PublishDiagnosticsParams) => boolean): Promise<readonly Diagnostic[]>;
  actions(uri: string, start: number, end?: number, only?: string[]): Promise<CodeAction[]>;
  /** Resolves an action and gives all texts it changes, by URI. */
  apply(action: CodeAction): Promise<Map<string, string>>;
  dispose(): void;
}

/** Starts server and client and goes through the greeting. */
export async function startClient(setup: ClientOptions = {}): Promise<Client> {
  const toServer = new PassThrough();
  const toClient = new PassThrough();
  const files = setup.files ?? new Map<string, string>();
  const server = createConnection(new StreamMessageReader(toServer), new StreamMessageWriter(toClient));
  const served = serve(server, {
    version: "0.0.0",
    rules: setup.rules ?? testRules,
    catalogue: () => setup.catalogue ?? emptyCatalogue,
    clock: setup.clock ?? nodeClock,
    files: setup.browser ? null : slowed(memoryReader(files), setup.delay),
    processes: setup.processes ?? null,
    registry: setup.registry ?? null,
    verifier: setup.verifier ?? null,
  });
  server.listen();

  const connection = createProtocolConnection(new StreamMessageReader(toClient), new StreamMessageWriter(toServer));
  const published: PublishDiagnosticsParams[] = [];
  const statuses: StatusParams[] = [];
  const logged: string[] = [];
  const messages: string[] = [];
  const applied: WorkspaceEdit[] = [];
  let refreshed = 0;
  const waiting: {
    readonly fits: (params: PublishDiagnosticsParams) => boolean;
    readonly done: (d: Diagnostic[]) => void;
  }[] = [];
  connection.onNotification("textDocument/publishDiagnostics", (params: PublishDiagnosticsParams) => {
    published.push(params);
    for (const item of [...waiting]) {
      if (!item.fits(params)) continue;
      waiting.splice(waiting.indexOf(item), 1);
      item.done(params.diagnostics);
    }
  });
  connection.onNotification("plimsoll/status", (params: StatusParams) => void statuses.push(params));
  connection.onNotification("window/logMessage", (params: { message: string }) => void logged.push(params.message));
  connection.onNotification("window/showMessage", (params: { message: string }) => void messages.push(params.message));
  connection.onRequest("window/showMessageRequest", (params: { message: string }) => {
    messages.push(params.message);
    return null;
  });
  connection.onRequest("workspace/configuration", (params: { items: { scopeUri?: string }[] }) =>
    params.items.map((item) => setup.settings?.(item.scopeUri) ?? null),
  );
  const registered: Registration[] = [];
  connection.onRequest("client/registerCapability", ({ registrations }: { registrations: Registration[] }) => {
    registered.push(...registrations);
    return null;
  });
  connection.onRequest("workspace/diagnostic/refresh", () => {
    refreshed++;
    return null;
  });
  connection.onRequest("workspace/applyEdit", ({ edit }: { edit: WorkspaceEdit }) => {
    applied.push(edit);
    return { applied: true };
  });
  connection.onRequest("plimsoll/readFile", ({ uri }: { uri: string }) => memoryReader(files).read(uri));
  connection.onRequest("plimsoll/listFiles", ({ uri, what }: { uri: string; what: string }) =>
    what === "folder"
      ? memoryReader(files).list(uri)
      : [...files.keys()].filter((file) => file.startsWith(uri) && /\/Dockerfile[^/]*$/.test(file)),
  );
  connection.listen();

  const rich = !setup.plain;
  const initialized = await connection.sendRequest<InitializeResult>("initialize", {
    processId: null,
    rootUri: null,
    workspaceFolders: (setup.folders ?? []).map((uri) => ({ uri, name: uri })),
    initializationOptions: { today: "2026-09-01", ...setup.options },
    capabilities: {
      workspace: {
        applyEdit: true,
        configuration: setup.settings !== undefined,
        workspaceFolders: true,
        diagnostics: { refreshSupport: true },
        ...(rich
          ? {
              workspaceEdit: {
                documentChanges: true,
                resourceOperations: ["create"],
                changeAnnotationSupport: { groupsOnLabel: true },
              },
            }
          : {}),
      },
      textDocument: {
        publishDiagnostics: rich
          ? {
              relatedInformation: true,
              tagSupport: { valueSet: [1, 2] },
              codeDescriptionSupport: true,
              versionSupport: true,
            }
          : {},
        codeAction: rich ? { dataSupport: true, resolveSupport: { properties: ["edit"] } } : {},
        hover: { contentFormat: rich ? ["markdown"] : [] },
        documentSymbol: { hierarchicalDocumentSymbolSupport: rich },
        rename: { prepareSupport: rich },
      },
    },
  });
  await connection.sendNotification("initialized", {});

  const documents = new Map<string, { version: number; text: string }>();
  const client: Client = {
    connection,
    initialized,
    session: served.session() as Session,
    published,
    statuses,
    logged,
    messages,
    applied,
    refreshed: () => refreshed,
    registered,
    async open(uri, text, languageId = "dockerfile") {
      const first = client.diagnostics(uri, (params) => params.version === 1);
      documents.set(uri, { version: 1, text });
      await connection.sendNotification("textDocument/didOpen", {
        textDocument: { uri, languageId, version: 1, text },
      });
      return setup.options?.pull ? [] : first;
    },
    async edit(uri, start, end, newText) {
      const document = documents.get(uri);
      if (!document) throw new Error(`${uri} is not open`);
      const lines = indexLines(document.text);
      const range = { start: lines.positionAt(start), end: lines.positionAt(end) };
      document.text = document.text.slice(0, start) + newText + document.text.slice(end);
      const version = ++document.version;
      const next = client.diagnostics(uri, (params) => params.version === version);
      await connection.sendNotification("textDocument/didChange", {
        textDocument: { uri, version },
        contentChanges: [{ range, text: newText }],
      });
      return setup.options?.pull ? [] : next;
    },
    close(uri) {
      documents.delete(uri);
      void connection.sendNotification("textDocument/didClose", { textDocument: { uri } });
    },
    textOf: (uri) => documents.get(uri)?.text ?? files.get(uri) ?? "",
    diagnostics: (uri, fits = () => true) =>
      new Promise((done) => waiting.push({ fits: (params) => params.uri === uri && fits(params), done })),
    async actions(uri, start, end = start, only) {
      const lines = indexLines(client.textOf(uri));
      const range = { start: lines.positionAt(start), end: lines.positionAt(end) };
      const last = published.filter((params) => params.uri === uri).at(-1);
      return connection.sendRequest<CodeAction[]>("textDocument/codeAction", {
        textDocument: { uri },
        range,
        context: { diagnostics: last?.diagnostics ?? [], triggerKind: 1, ...(only ? { only } : {}) },
      });
    },
    async apply(action) {
      const resolved = action.edit ? action : await connection.sendRequest<CodeAction>("codeAction/resolve", action);
      return editedTexts(resolved.edit ?? {}, (uri) => client.textOf(uri));
    },
    dispose: () => {
      connection.dispose();
      server.dispose();
    },
  };
  return client;
}

/** The texts that an edit leaves behind, by URI. */
export function editedTexts(edit: WorkspaceEdit, textOf: (uri: string) => string): Map<string, string> {
  const texts = new Map<string, string>();
  const change = (uri: string, edits: readonly TextEdit[]): void => {
    const text = textOf(uri);
    const lines = indexLines(text);
    const sorted = edits
      .map((item, order) => ({
        item,
        order,
        start: lines.offsetAt(item.range.start),
        end: lines.offsetAt(item.range.end),
      }))
      .sort((a, b) => b.start - a.start || b.order - a.order);
    let result = text;
    for (const { item, start, end } of sorted) result = result.slice(0, start) + item.newText + result.slice(end);
    texts.set(uri, result);
  };
  for (const [uri, edits] of Object.entries(edit.changes ?? {})) change(uri, edits);
  for (const item of edit.documentChanges ?? []) {
    if ("edits" in item) change(item.textDocument.uri, item.edits as TextEdit[]);
  }
  return texts;
}

function slowed(reader: FileReader, delay: ClientOptions["delay"]): FileReader {
  if (!delay) return reader;
  return {
    list: reader.list,
    async read(uri) {
      const text = await reader.read(uri);
      await delay(uri);
      return text;
    },
  };
}

/** Files and folders in memory, by URI. */
export function memoryReader(files: ReadonlyMap<string, string>): FileReader {
  return {
    read: async (uri) => files.get(uri) ?? null,
    async list(uri) {
      const prefix = uri.endsWith("/") ? uri : `${uri}/`;
      const names = new Set<string>();
      for (const file of files.keys()) {
        if (!file.startsWith(prefix)) continue;
        const rest = decodeURIComponent(file.slice(prefix.length));
        const slash = rest.indexOf("/");
        names.add(slash < 0 ? rest : rest.slice(0, slash + 1));
      }
      return names.size > 0 ? [...names] : null;
    },
  };
}
