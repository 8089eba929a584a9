/** Wires a connection to a session: which message leads where. No decisions about findings are made here. */
import {
  CancellationToken,
  type CodeAction,
  type CodeActionParams,
  type CompletionItem,
  type Connection,
  type Diagnostic,
  type DocumentDiagnosticReport,
  type ExecuteCommandParams,
  type InitializeParams,
  type InitializeResult,
  LSPErrorCodes,
  type Position,
  type Registration,
  ResponseError,
  type WorkspaceEdit,
} from "vscode-languageserver";
import { isConfigName, joinPath, parentOf, ruleUrl } from "../config/index";
import { explainAt } from "../core/features/explain";
import type { AnyRule, Catalogue, FileReader, LineIndex, Log, ProcessRunner } from "../core/index";
import { createShellCheck, indexLines } from "../core/index";
import type { SignatureVerifier } from "../registry/signatures/check";
import { createScanMemory } from "../scan/memory";
import { type Action, type ActionEdits, actionsAt, editsOf, fixAllEdits } from "./actions";
import { type Clock, localDay } from "./clock";
import { type ConfigDocuments, createConfigDocuments } from "./config-documents";
import {
  type ActionData,
  type ClientSupport,
  type OtherEdit,
  toCodeAction,
  toCompletionItems,
  toConfigDiagnostics,
  toConfigHover,
  toDiagnostics,
  toHover,
  toSpan,
  toTextEdit,
  toWorkspaceEdit,
} from "./convert";
import { explainRule } from "./explain";
import {
  createCompletion,
  dockerfileRegistrations,
  type FeatureContext,
  featureCapabilities,
  readFeatureSupport,
  refreshFeatures,
  registerFeatures,
} from "./features";
import { hoverAt, joinHovers } from "./hover";
import { asksRegistry, type OnlineContext, onlineEdits, pinAll } from "./online-handlers";
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
  type WorkspaceReport,
} from "./protocol";
import { createOnline, type EditorProxy, type OnlineService, type RegistryHost } from "./registry";
import type { ScanContext } from "./scan";
import { createSession, type Result, type Session } from "./session";
import { statusOf } from "./status";
import { type ClientPowers, readPowers, readSupport } from "./support";
import { trustAt } from "./verify";
import { listDockerfiles } from "./workspace-files";

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

/** Answers about the build context may lead to further questions; what is not known by then stays unknown. */
const mostRounds = 4;

/** Milliseconds that computing fixes may take for one question about code actions. */
const fixBudget = 120;

/** Files that are watched: configurations, what rules ask of the build context, and closed files already checked. */
const watched = [
  "**/{.plimsoll.yaml,.plimsoll.yml,.hadolint.yaml,.hadolint.yml,.dockerignore,*.dockerignore}",
  "**/{Dockerfile,dockerfile,Containerfile,containerfile}*",
  "**/*.{Dockerfile,dockerfile,Containerfile,containerfile}",
];

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

function capabilities(
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

function register(connection: Connection, powers: ClientPowers, more: readonly Registration[]): void {
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

function foldersOf(params: InitializeParams): readonly string[] {
  const folders = params.workspaceFolders?.map((folder) => folder.uri);
  return folders ?? (params.rootUri ? [params.rootUri] : []);
}

/** Settings sections by folder. What was pushed counts only where the client cannot be asked: it knows no folders. */
async function fetchSettings(
  connection: Connection,
  session: Session,
  powers: ClientPowers,
  pushed: unknown,
): Promise<ReadonlyMap<string | null, unknown>> {
  if (!powers.configuration) return new Map([[null, sectionOf(pushed)]]);
  const { folders } = session;
  const items = [{ section: "plimsoll" }, ...folders.map((folder) => ({ scopeUri: folder, section: "plimsoll" }))];
  const answers = await connection.workspace.getConfiguration(items).catch(() => []);
  const sections = new Map<string | null, unknown>([[null, answers[0]]]);
  for (const [at, folder] of folders.entries()) sections.set(folder, answers[at + 1]);
  return sections;
}

/** What VS Code says about proxies; this process does not get its patched network. */
async function fetchProxy(connection: Connection, isOurClient: boolean): Promise<EditorProxy> {
  const none: EditorProxy = { proxy: null, noProxy: [] };
  if (!isOurClient) return none;
  const said: unknown = await connection.workspace.getConfiguration("http").catch(() => null);
  if (typeof said !== "object" || said === null) return none;
  const { proxy, noProxy, proxySupport } = said as { proxy?: unknown; noProxy?: unknown; proxySupport?: unknown };
  return {
    proxy: typeof proxy === "string" && proxy !== "" && proxySupport !== "off" ? proxy : null,
    noProxy: Array.isArray(noProxy) ? noProxy.filter((one) => typeof one === "string") : [],
  };
}

/** The section `plimsoll` of pushed settings, or the settings themselves where a client sends that section alone. */
function sectionOf(pushed: unknown): unknown {
  if (typeof pushed !== "object" || pushed === null) return undefined;
  return "plimsoll" in pushed ? pushed.plimsoll : Object.keys(pushed).length > 0 ? pushed : undefined;
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

// ---- code actions

interface ActionContext {
  readonly session: Session;
  readonly support: ClientSupport;
  readonly files: FileReader;
  readonly clock: Clock;
  /** Null: registries are never asked. */
  readonly online: OnlineContext | null;
}

async function codeActions(context: ActionContext, question: CodeActionParams): Promise<CodeAction[]> {
  const { uri } = question.textDocument;
  let result = await context.session.current(uri);
  let actions: readonly Action[] = [];
  // Fixes look into the build context; what they ask for the first time is fetched, and they are asked again.
  for (let round = 0; round < mostRounds; round++) {
    if (!result?.checked || result.version === null) return [];
    const end = context.clock.now() + fixBudget;
    actions = actionsAt(result.checked, {
      span: toSpan(result.checked.model.lines, question.range),
      only: question.context.only ?? null,
      automatic: question.context.triggerKind === 2,
      // A client that wants the edits at once would wait for the network.
      online: context.online !== null && context.support.resolveEdits,
      late: () => context.clock.now() > end,
    });
    if (round + 1 === mostRounds || !(await context.session.learnMore(uri))) break;
    result = await context.session.current(uri);
  }
  const version = result?.version ?? null;
  if (version === null) return [];
  const converted: CodeAction[] = [];
  for (const action of actions) {
    const isRewrite = action.kind === "refactor.rewrite" && action.key.do === "fix";
    const data: ActionData = { uri, version, key: action.key, ...(isRewrite ? { preview: true } : {}) };
    const made = toCodeAction(action, data, question.context.diagnostics);
    if (!context.support.resolveEdits && action.key.do !== "explain") {
      const edit = await resolveEdit(context, data);
      if (!edit) continue;
      made.edit = edit;
      delete made.data;
    }
    converted.push(made);
  }
  return converted;
}

/** The edits of an action. Refuses when the text changed since it was offered. */
async function resolveEdit(
  context: ActionContext,
  data: ActionData,
  token: CancellationToken = CancellationToken.None,
): Promise<WorkspaceEdit | null> {
  const { session } = context;
  const result = await session.current(data.uri);
  if (!result?.checked || result.version !== data.version) throw changedSince();
  const { checked, config } = result;
  if (data.key.do === "ignore-workspace") {
    const { ignoreInWorkspace } = await import("./ignore-workspace");
    const other = await ignoreInWorkspace(context.files, config, data.uri, data.key.rule, checked.input.rules);
    return other && toWorkspaceEdit(documentOf(result, checked.model.lines), noEdits, [other], context.support);
  }
  let edits: ActionEdits | string | null;
  if (context.online && asksRegistry(checked, data.key)) {
    edits = await onlineEdits(context.online, result, checked, data.key, token);
    if (session.versionOf(data.uri) !== data.version) throw changedSince();
    // That nothing can be had is no fault of the editor's, and no reason for a dialogue.
    if (typeof edits === "string") tell(context.online.connection, edits);
  } else edits = editsOf(checked, data.key);
  if (!edits || typeof edits === "string") return null;
  const others = await otherEdits(context.files, data.uri, edits);
  if (session.versionOf(data.uri) !== data.version) throw changedSince();
  return toWorkspaceEdit(documentOf(result, checked.model.lines), edits, others, context.support);
}

const noEdits: ActionEdits = { edits: [], otherFiles: [], reason: null, preview: false };

function documentOf(result: Result, lines: LineIndex): { uri: string; version: number; lines: LineIndex } {
  return { uri: result.uri, version: result.version ?? 0, lines };
}

/** Lines that a fix adds to files beside the Dockerfile; those that are there already are left out. */
async function otherEdits(files: FileReader, uri: string, action: ActionEdits): Promise<readonly OtherEdit[]> {
  const folder = parentOf(uri) ?? uri;
  const made: OtherEdit[] = [];
  for (const other of action.otherFiles) {
    const place = joinPath(folder, other.path.split("/").map(encodeURIComponent).join("/"));
    const text = await files.read(place);
    const present = new Set(text?.split(/\r?\n/));
    const missing = other.append.split("\n").filter((line) => line !== "" && !present.has(line));
    if (missing.length === 0) continue;
    const open = text !== null && text !== "" && !text.endsWith("\n");
    const span = { start: text?.length ?? 0, end: text?.length ?? 0 };
    const newText = `${open ? "\n" : ""}${missing.join("\n")}\n`;
    made.push({ uri: place, create: text === null, edits: [toTextEdit(indexLines(text ?? ""), { span, newText })] });
  }
  return made;
}

function changedSince(): ResponseError<void> {
  return new ResponseError(LSPErrorCodes.ContentModified, "The text changed since this action was offered.");
}

// ---- commands

async function fixAll(connection: Connection, context: ActionContext, uri: string): Promise<boolean> {
  const result = await context.session.current(uri);
  if (!result?.checked) return false;
  const edits = fixAllEdits(result.checked);
  if (!edits) return false;
  const others = await otherEdits(context.files, uri, edits);
  const edit = toWorkspaceEdit(documentOf(result, result.checked.model.lines), edits, others, context.support);
  const answer = await connection.workspace.applyEdit({ label: "Apply all safe fixes", edit });
  return answer.applied;
}

/** URIs of all Dockerfiles in the workspace folders, each once. */
async function dockerfilesOf(
  connection: Connection,
  session: Session,
  files: FileReader,
  options: InitializationOptions,
  stopped: () => boolean,
): Promise<readonly string[]> {
  const found = new Set<string>();
  for (const folder of session.folders) {
    const listed =
      options.fileAccess === true
        ? await connection
            .sendRequest<string[] | null>(serverRequests.listFiles, { uri: folder, what: "dockerfiles" })
            .catch(() => null)
        : null;
    for (const uri of listed ?? (await listDockerfiles(files, folder, stopped))) found.add(uri);
  }
  return [...found];
}

async function checkWorkspace(
  connection: Connection,
  session: Session,
  files: FileReader,
  options: InitializationOptions,
  remembered: Set<string>,
  stopped: () => boolean,
): Promise<WorkspaceReport> {
  const before = new Set(remembered);
  remembered.clear();
  let findings = 0;
  let count = 0;
  for (const uri of await dockerfilesOf(connection, session, files, options, stopped)) {
    if (stopped()) break;
    const result = (await session.checkFile(uri)) ?? (await session.current(uri));
    if (!result) continue;
    remembered.add(uri);
    before.delete(uri);
    count += result.checked ? 1 : 0;
    findings += result.checked?.groups.length ?? 0;
  }
  // Files that are gone since the last check.
  if (!stopped()) {
    for (const uri of before) {
      if (session.versionOf(uri) === null)
        notify(connection, "textDocument/publishDiagnostics", { uri, diagnostics: [] });
    }
  }
  return { files: count, findings, stopped: stopped() };
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

/** A message that wants no answer. */
function tell(connection: Connection, message: string): void {
  // 3: information.
  notify(connection, "window/showMessage", { type: 3, message });
}

/** Sends without waiting. A client that is gone misses nothing, and this process ends with it. */
function notify(connection: Connection, method: string, params: object): void {
  try {
    void connection.sendNotification(method, params).catch(() => undefined);
  } catch {
    // The connection was closed while a check was under way.
  }
}
