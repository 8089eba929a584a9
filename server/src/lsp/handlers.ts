/** Wires a connection to a session: which message leads where. No decisions about findings are made here. */
import type {
  CompletionItem,
  Connection,
  Diagnostic,
  DocumentDiagnosticReport,
  ExecuteCommandParams,
  InitializeParams,
  InitializeResult,
  Position,
} from "vscode-languageserver";
import { isConfigName, ruleUrl } from "../config/index";
import { explainAt } from "../core/features/explain";
import type { AnyRule, Catalogue, FileReader, Log, ProcessRunner } from "../core/index";
import { createShellCheck } from "../core/index";
import type { SignatureVerifier } from "../registry/signatures/check";
import { createScanMemory } from "../scan/memory";
import { type ActionContext, codeActions, fixAll, resolveEdit } from "./action-requests";
import { capabilities, register } from "./capabilities";
import type { Result } from "./check-document";
import { fetchProxy, fetchSettings, foldersOf } from "./client-settings";
import { type Clock, localDay } from "./clock";
import { type ConfigDocuments, createConfigDocuments } from "./config-documents";
import {
  type ActionData,
  type ClientSupport,
  toCompletionItems,
  toConfigDiagnostics,
  toConfigHover,
  toDiagnostics,
  toHover,
} from "./convert";
import { explainRule } from "./explain";
import {
  createCompletion,
  dockerfileRegistrations,
  type FeatureContext,
  readFeatureSupport,
  refreshFeatures,
  registerFeatures,
} from "./features";
import { hoverAt, joinHovers } from "./hover";
import { notify, tell } from "./messages";
import { type OnlineContext, pinAll } from "./online-handlers";
import {
  clientNotifications,
  clientRequests,
  commands,
  type EffectiveConfigParams,
  type ExplainParams,
  type ExplainResult,
  type InitializationOptions,
  type PeerIds,
  type ScanReportParams,
  type StagesParams,
  type StatusParams,
  serverNotifications,
  serverRequests,
} from "./protocol";
import { createOnline, type OnlineService, type RegistryHost } from "./registry";
import type { ScanContext } from "./scan";
import { createSession, type Session } from "./session";
import { statusOf } from "./status";
import { type ClientPowers, readPowers, readSupport } from "./support";
import { trustAt } from "./verify";
import { checkWorkspace, dockerfilesOf } from "./workspace-check";

/** What a host brings: its clock, its files, the rules, the catalogue. */
export interface ServerHost {
  readonly version: string;
  readonly rules: readonly AnyRule[];
  /** Called when the first Dockerfile is checked. */
  readonly catalogue: () => Catalogue;
  readonly clock: Clock;
  /** Reads URIs that the host can reach itself; null where it has no files (the browser). */
  readonly files: FileReader | null;
  /** Runs programs, for users who ask for one; null where there are none (the browser). */
  readonly processes: ProcessRunner | null;
  /** What asking registries needs; called when one is asked for the first time. Null: they never are. */
  readonly registry: RegistryHost | null;
  /** Checks signatures; absent where there is no cryptography for it (the browser). */
  readonly verifier?: SignatureVerifier | null;
}

/** Registers all handlers. The caller starts the connection with `listen()`. */
export function serve(connection: Connection, host: ServerHost): { readonly session: () => Session | null } {
  let started: Server | null = null;
  connection.onInitialize((params) => {
    started = startServer(connection, host, params);
    return started.answer;
  });
  connection.onInitialized(() => started?.begin());
  connection.onShutdown(() => undefined);
  return { session: () => started?.session ?? null };
}

interface Server {
  readonly session: Session;
  readonly answer: InitializeResult;
  begin(): void;
}

function startServer(connection: Connection, host: ServerHost, params: InitializeParams): Server {
  const options = (params.initializationOptions ?? {}) as InitializationOptions;
  const support = readSupport(params.capabilities, options.previews === true);
  const powers = readPowers(params.capabilities);
  const pull = options.pull === true;
  const log: Log = {
    error: (message) => connection.console.error(message),
    info: (message) => connection.console.info(message),
  };
  const files = createReader(connection, host, options);
  const configs = createConfigDocuments(host.rules, (file, version) => {
    const diagnostics = toConfigDiagnostics(file);
    notify(connection, "textDocument/publishDiagnostics", { uri: file.path, version, diagnostics });
  });
  const configsShown = new Map<string, Diagnostic[]>();
  const online: OnlineService | null =
    host.registry &&
    createOnline({
      host: host.registry,
      clock: host.clock,
      verifier: host.verifier ?? null,
      proxy: () => fetchProxy(connection, options.ownCommands === true && powers.configuration),
      learnt() {
        session.heardOnline();
        refreshFeatures(connection, features.support);
      },
    });
  const scans = createScanMemory();
  const session: Session = createSession({
    rules: host.rules,
    catalogue: host.catalogue,
    files,
    log,
    clock: host.clock,
    shellcheck: host.processes && createShellCheck(host.processes),
    online,
    scans,
    today: () => options.today ?? localDay(new Date()),
    eager: !pull,
    show(result, late) {
      if (!pull || result.version === null) {
        notify(connection, "textDocument/publishDiagnostics", {
          uri: result.uri,
          ...(result.version === null ? {} : { version: result.version }),
          diagnostics: diagnosticsOf(result, support),
        });
      } else if (late && powers.refreshDiagnostics) connection.languages.diagnostics.refresh();
      if (options.status === true && result.version !== null) sendStatus(connection, statusOf(result));
    },
    clear(uri) {
      if (!pull) notify(connection, "textDocument/publishDiagnostics", { uri, diagnostics: [] });
    },
    showConfig(file) {
      const diagnostics = toConfigDiagnostics(file);
      // A file without faults is mentioned only to take back what was said of it before.
      if (diagnostics.length === 0 && !configsShown.delete(file.path)) return;
      if (diagnostics.length > 0) configsShown.set(file.path, diagnostics);
      // While it is open, what is being written counts, not what is on the disk.
      if (configs.isOpen(file.path)) return;
      notify(connection, "textDocument/publishDiagnostics", { uri: file.path, diagnostics });
    },
  });
  let isTrusted = options.trusted === true;
  session.setTrusted(isTrusted);
  session.setFolders(foldersOf(params));
  const workspaceFiles = new Set<string>();

  let isSettled = false;
  const readSections = async (pushed: unknown): Promise<void> => {
    await session.setSettings(await fetchSettings(connection, session, powers, pushed));
    // The first time nothing is shown yet.
    if (isSettled) refreshFeatures(connection, features.support);
    isSettled = true;
  };
  // Documents wait for the settings; who gave them in `initialize` gets them at once.
  let settingsThere: () => void = () => undefined;
  session.waitFor(
    new Promise((resolve) => {
      settingsThere = resolve;
    }),
  );

  const onlineContext: OnlineContext | null = online && {
    ...{ connection, session, files, online, support },
    clock: host.clock,
    catalogue: host.catalogue,
  };
  const scanContext: ScanContext | null = online &&
    host.processes && {
      ...{ connection, session, online, clock: host.clock, processes: host.processes },
      ...{ catalogue: host.catalogue, memory: scans, isTrusted: () => isTrusted },
    };
  const actionContext: ActionContext = { session, support, files, clock: host.clock, online: onlineContext };

  connection.onDidOpenTextDocument(({ textDocument: { uri, languageId, version, text } }) => {
    if (configs.concerns(uri)) return configs.open(uri, version, text);
    session.open(uri, languageId, version, text);
  });
  connection.onDidChangeTextDocument(({ textDocument, contentChanges }) => {
    if (configs.isOpen(textDocument.uri)) return configs.change(textDocument.uri, textDocument.version, contentChanges);
    session.change(textDocument.uri, textDocument.version, contentChanges);
  });
  connection.onDidCloseTextDocument(({ textDocument: { uri } }) => {
    if (configs.isOpen(uri)) {
      configs.close(uri);
      notify(connection, "textDocument/publishDiagnostics", { uri, diagnostics: configsShown.get(uri) ?? [] });
      return;
    }
    session.close(uri);
    // Its findings came from the check of the workspace, and stay until that is done again.
    if (workspaceFiles.has(uri)) void session.checkFile(uri);
  });
  connection.onDidSaveTextDocument(({ textDocument: { uri } }) => session.saved(uri));
  connection.onDidChangeWatchedFiles(async ({ changes }) => {
    const changed = changes.map((change) => change.uri);
    session.filesChanged(changed);
    // What the check of the workspace said of closed files must not outlive its grounds.
    const configured = changed.some(isConfigName);
    for (const uri of [...workspaceFiles]) {
      if (!configured && !changed.includes(uri)) continue;
      const result = await session.checkFile(uri);
      if (result || session.versionOf(uri) !== null) continue;
      workspaceFiles.delete(uri);
      notify(connection, "textDocument/publishDiagnostics", { uri, diagnostics: [] });
    }
  });
  connection.onDidChangeConfiguration(({ settings }) => readSections(settings));

  if (pull) {
    connection.languages.diagnostics.on(async ({ textDocument: { uri } }): Promise<DocumentDiagnosticReport> => {
      const result = await session.current(uri);
      return { kind: "full", items: result ? diagnosticsOf(result, support) : [] };
    });
  }
  const features: FeatureContext = {
    session,
    configs,
    support: readFeatureSupport(params.capabilities, options.ownCommands === true),
    files,
    clock: host.clock,
    rules: host.rules,
    catalogue: host.catalogue,
    today: () => options.today ?? localDay(new Date()),
    online,
  };
  registerFeatures(connection, features);
  const completion = createCompletion(features);
  connection.onCompletionResolve((item) => completion.resolve(item));
  connection.onCompletion((question) => {
    const { textDocument, position, context } = question;
    if (!configs.isOpen(textDocument.uri)) return completion.ask(question);
    // Characters that only mean something in a Dockerfile ask nothing of YAML.
    const asked = context?.triggerKind !== 2 || /[: ]/.test(context.triggerCharacter ?? "");
    return asked ? configCompletion(configs, textDocument.uri, position) : null;
  });
  connection.onHover(async ({ textDocument: { uri }, position }) => {
    if (configs.isOpen(uri)) {
      const said = await configs.hover(uri, position);
      return said && toConfigHover(said.text, said.explanation, support);
    }
    const checked = (await session.current(uri))?.checked;
    // What the language means is explained where nothing is checked, too.
    const model = checked?.model ?? (await session.model(uri));
    if (!model) return null;
    const offset = model.lines.offsetAt(position);
    const said = checked && hoverAt(model, checked.groups, checked.input.catalogue, features.today(), offset, ruleUrl);
    const known = { catalogue: host.catalogue(), rules: host.rules, pageOf: ruleUrl };
    const { registry } = await session.configOf(uri);
    const trust = trustAt(model, offset, { signatures: online?.signatures(registry) ?? null, scans });
    // What nobody knows yet is asked beside everything else; the next look shows it.
    online?.askNow(registry);
    const hover = joinHovers(joinHovers(said ?? null, trust), explainAt(model, offset, known));
    return hover && toHover(model, hover, support);
  });
  connection.onCodeAction((question) => codeActions(actionContext, question));
  connection.onNotification(clientNotifications.trusted, () => {
    isTrusted = true;
    session.setTrusted(true);
  });
  connection.onCodeActionResolve(async (action, token) => {
    const data = action.data as ActionData | undefined;
    if (!data || action.edit) return action;
    const edit = await resolveEdit(actionContext, data, token);
    return edit ? { ...action, edit } : action;
  });
  connection.onRequest(clientRequests.explain, ({ rule }: ExplainParams) => explain(host.rules, rule));
  connection.onRequest(clientRequests.peerIds, () => peerIds(host.rules));
  connection.onRequest(clientRequests.stages, async (question: StagesParams) => {
    const model = await session.model(question.uri);
    const { stagesOf } = await import("./stages");
    return model && stagesOf(question, session.versionOf(question.uri), model, host.catalogue(), features.today());
  });
  connection.onRequest(clientRequests.scanReport, async ({ uri }: ScanReportParams) => {
    if (!scanContext) return null;
    const { scanReport } = await import("./scan");
    return scanReport(scanContext, uri);
  });
  connection.onRequest(clientRequests.effectiveConfig, async ({ uri }: EffectiveConfigParams) => {
    const { describeConfig } = await import("../config/describe");
    return describeConfig(uri, await session.configOf(uri), host.rules);
  });
  connection.onExecuteCommand(async (call: ExecuteCommandParams, token): Promise<unknown> => {
    const argument = String(call.arguments?.[0] ?? "");
    switch (call.command) {
      case commands.fixAll:
        return fixAll(connection, actionContext, argument);
      case commands.checkWorkspace:
        return checkWorkspace(connection, session, files, options, workspaceFiles, () => token.isCancellationRequested);
      case commands.pinFile:
        return onlineContext && pinAll(onlineContext, [argument], "pin", token);
      case commands.updateDigests:
        return onlineContext && pinAll(onlineContext, [argument], "update", token);
      case commands.pinWorkspace: {
        const uris = await dockerfilesOf(connection, session, files, options, () => token.isCancellationRequested);
        return onlineContext && pinAll(onlineContext, uris, "pin", token);
      }
      case commands.scanFile: {
        if (!scanContext) return null;
        const { scanDocument } = await import("./scan");
        const said = await scanDocument(scanContext, argument, token);
        if (said !== null) tell(connection, said);
        return said;
      }
      case commands.explainRule:
        return showExplanation(connection, powers, explain(host.rules, argument));
      case commands.showNote:
        tell(connection, argument);
        return null;
      default:
        return null;
    }
  });

  return {
    session,
    answer: capabilities(host.version, params, options, pull),
    begin() {
      const first =
        options.settings === undefined ? readSections(undefined) : readSections({ plimsoll: options.settings });
      void first.catch(() => undefined).then(settingsThere);
      if (powers.workspaceFolders) {
        connection.workspace.onDidChangeWorkspaceFolders(({ added, removed }) => {
          const gone = new Set(removed.map((folder) => folder.uri.replace(/\/$/, "")));
          const kept = session.folders.filter((folder) => !gone.has(folder));
          session.setFolders([...kept, ...added.map((folder) => folder.uri)]);
          void readSections(undefined);
        });
      }
      register(connection, powers, options.ownCommands === true ? dockerfileRegistrations() : []);
    },
  };
}

function createReader(connection: Connection, host: ServerHost, options: InitializationOptions): FileReader {
  const ask = async <T>(method: string, params: object): Promise<T | null> =>
    options.fileAccess === true ? connection.sendRequest<T | null>(method, params).catch(() => null) : null;
  const own = (uri: string): FileReader | null => (uri.startsWith("file:") ? host.files : null);
  return {
    read: async (uri) => own(uri)?.read(uri) ?? ask<string>(serverRequests.readFile, { uri }),
    list: async (uri) => own(uri)?.list(uri) ?? ask<string[]>(serverRequests.listFiles, { uri, what: "folder" }),
  };
}

function diagnosticsOf(result: Result, support: ClientSupport): Diagnostic[] {
  return result.checked ? toDiagnostics(result.uri, result.checked, support) : [];
}

function sendStatus(connection: Connection, status: StatusParams): void {
  notify(connection, serverNotifications.status, status);
}

async function configCompletion(
  configs: ConfigDocuments,
  uri: string,
  position: Position,
): Promise<CompletionItem[] | null> {
  const answer = await configs.proposals(uri, position);
  return answer && toCompletionItems(answer.text, answer.proposals);
}

function explain(rules: readonly AnyRule[], id: string): ExplainResult | null {
  const rule = rules.find((item) => item.id === id);
  return rule ? { rule: id, summary: rule.summary, markdown: explainRule(rule), url: ruleUrl(id) } : null;
}

/** Ids of other tools by rule, each once. */
function peerIds(rules: readonly AnyRule[]): PeerIds {
  const ids: { [rule: string]: readonly string[] } = {};
  for (const rule of rules) ids[rule.id] = [...new Set(Object.values(rule.aliases).flatMap((list) => list ?? []))];
  return ids;
}

/** For clients without a page of their own: the address where that works, else the text as a message. */
async function showExplanation(
  connection: Connection,
  powers: ClientPowers,
  explained: ExplainResult | null,
): Promise<ExplainResult | null> {
  if (!explained) return null;
  const shown = powers.showDocument
    ? await connection.window.showDocument({ uri: explained.url, external: true }).catch(() => ({ success: false }))
    : { success: false };
  if (!shown.success) tell(connection, `${explained.rule}: ${explained.summary} ${explained.url}`);
  return explained;
}
