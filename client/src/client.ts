/** What desktop and web share: the client's options, the commands, the status item. */
import * as vscode from "vscode";
import type { BaseLanguageClient, LanguageClientOptions, Location, Position } from "vscode-languageclient";
import {
  clientCommands,
  clientRequests,
  commands,
  type EffectiveConfigParams,
  type ExplainParams,
  type ExplainResult,
  type InitializationOptions,
  type ListFilesParams,
  type ReadFileParams,
  type StatusParams,
  serverNotifications,
  serverRequests,
  type WorkspaceReport,
} from "../../server/src/lsp/protocol";
import { codeOf, createDeduplication, type Deduplication } from "./deduplicate";
import { openExample } from "./example";
import { createFormatting, type Formatting } from "./formatting";
import { showPage } from "./page";
import { registerPins } from "./pin";
import { createPreviews, type Previews, previewScheme } from "./preview";
import { registerScan } from "./scan";
import { registerStages } from "./stages";
import { createStatusItem } from "./status";

/** Id of the client: its section in the settings, the source of its diagnostics. */
export const clientId = "plimsoll";
export const clientName = "Plimsoll";

/** Documents of any scheme: local files, untitled ones, files of virtual workspaces. */
export const selector: vscode.DocumentFilter[] = [{ language: "dockerfile" }];

/** Our own configuration files, which the server checks and completes; all other YAML is none of its business. */
const configSelector: vscode.DocumentFilter[] = [{ language: "yaml", pattern: "**/.plimsoll.{yaml,yml}" }];

/** Schemes of the read-only documents that the commands open. */
const explainScheme = "plimsoll-rule";
const configScheme = "plimsoll-config";

/** Schemes of texts that only stand beside others: what was committed, and what a change would lead to. */
const otherSides: ReadonlySet<string> = new Set(["git", "gitlens", "vscode-local-history", previewScheme]);

/** Names that Dockerfiles may have; what is found is sifted by the server. */
const dockerfileGlob = "**/{[Dd]ockerfile*,[Cc]ontainerfile*,*.[Dd]ockerfile,*.[Cc]ontainerfile}";

/** Starts the client that `create` makes, and registers everything that belongs to it. */
export async function startClient(
  context: vscode.ExtensionContext,
  create: (options: LanguageClientOptions) => BaseLanguageClient,
): Promise<BaseLanguageClient> {
  const output = vscode.window.createOutputChannel(clientName, { log: true });
  const deduplication = createDeduplication();
  const formatting = createFormatting(context.extension.id);
  const previews = createPreviews();
  const client = create(clientOptions(output, deduplication, formatting, previews));
  deduplication.attach(client);
  formatting.attach(client);
  const status = createStatusItem(selector);
  client.onNotification(serverNotifications.status, (params: StatusParams) => status.update(params));
  client.onRequest(serverRequests.readFile, (params: ReadFileParams) => readFile(params));
  client.onRequest(serverRequests.listFiles, (params: ListFilesParams) => listFiles(client, params));
  context.subscriptions.push(output, deduplication, formatting, previews, status);
  context.subscriptions.push(...registerCommands(context, client, output));
  context.subscriptions.push(...registerDocuments(client));
  context.subscriptions.push(registerStages(client, (document) => vscode.languages.match(selector, document) > 0));
  context.subscriptions.push(registerPins(client));
  context.subscriptions.push(registerScan(client));
  await client.start();
  return client;
}

function clientOptions(
  output: vscode.LogOutputChannel,
  deduplication: Deduplication,
  formatting: Formatting,
  previews: Previews,
): LanguageClientOptions {
  const initializationOptions: InitializationOptions = {
    ownCommands: true,
    fileAccess: true,
    status: true,
    previews: true,
    trusted: vscode.workspace.isTrusted,
  };
  return {
    documentSelector: [...selector, ...configSelector] as LanguageClientOptions["documentSelector"] & object,
    diagnosticCollectionName: clientId,
    outputChannel: output,
    initializationOptions,
    middleware: {
      handleDiagnostics: (uri, diagnostics, next) => {
        // The other side of a difference is no file of the user's: what is wrong there would be listed twice.
        if (!otherSides.has(uri.scheme)) deduplication.handle(uri, diagnostics, next);
      },
      handleRegisterCapability: formatting.register,
      resolveCodeAction: previews.resolve,
    },
  };
}

function registerCommands(
  context: vscode.ExtensionContext,
  client: BaseLanguageClient,
  output: vscode.LogOutputChannel,
): vscode.Disposable[] {
  const execute = <T>(command: string, argument: unknown, token?: vscode.CancellationToken): Promise<T> => {
    const call = { command, arguments: [argument] };
    // An absent token must not be handed on: the library would count it as a second parameter.
    return token
      ? client.sendRequest<T>("workspace/executeCommand", call, token)
      : client.sendRequest<T>("workspace/executeCommand", call);
  };
  const activeUri = (): string | null => {
    const document = vscode.window.activeTextEditor?.document;
    return document ? client.code2ProtocolConverter.asUri(document.uri) : null;
  };
  const handlers: { readonly [command: string]: (argument?: unknown, more?: unknown) => unknown } = {
    [commands.explainRule]: (rule) => explainRule(context, typeof rule === "string" ? rule : null),
    [commands.showNote]: (note, line) => showNote(String(note), typeof line === "string" ? line : null),
    async [commands.fixAll]() {
      const uri = activeUri();
      if (uri === null) return;
      const applied = await execute<boolean>(commands.fixAll, uri);
      if (!applied) vscode.window.setStatusBarMessage("Plimsoll: nothing that can be fixed without a choice", 4000);
    },
    [commands.checkWorkspace]: () =>
      vscode.window.withProgress(
        { location: vscode.ProgressLocation.Notification, title: "Checking every Dockerfile", cancellable: true },
        async (_progress, token) => {
          const report = await execute<WorkspaceReport>(commands.checkWorkspace, null, token).catch(() => null);
          if (report === null) return;
          const text = `Plimsoll: ${count(report.findings, "finding")} in ${count(report.files, "Dockerfile")}`;
          vscode.window.setStatusBarMessage(report.stopped ? `${text}, then stopped` : text, 10_000);
          if (report.findings > 0) await vscode.commands.executeCommand("workbench.actions.view.problems");
        },
      ),
    "plimsoll.showEffectiveConfig": () => {
      const uri = activeUri();
      return uri === null ? undefined : showEffectiveConfig(uri);
    },
    async "plimsoll.restartServer"() {
      await client.stop();
      await client.start();
      output.info("The language server was started again.");
    },
    "plimsoll.openExample": openExample,
    "plimsoll.showOutput": () => output.show(),
  };
  const registered = Object.entries(handlers).map(([command, run]) => vscode.commands.registerCommand(command, run));
  return [...registered, vscode.commands.registerCommand(clientCommands.showReferences, showReferences(client))];
}

/** Shows what to mind after a fix; the command line in it can be copied with one click. */
async function showNote(text: string, line: string | null): Promise<void> {
  if (line === null) {
    await vscode.window.showInformationMessage(text);
    return;
  }
  const copy = "Copy Command";
  if ((await vscode.window.showInformationMessage(text, copy)) === copy) await vscode.env.clipboard.writeText(line);
}

/** What a code lens leads to: the editor's own view of places, which wants its own types. */
function showReferences(
  client: BaseLanguageClient,
): (uri: string, at: Position, places: readonly Location[]) => Thenable<unknown> {
  const convert = client.protocol2CodeConverter;
  return (uri, at, places) =>
    vscode.commands.executeCommand(
      "editor.action.showReferences",
      convert.asUri(uri),
      convert.asPosition(at),
      places.map((place) => convert.asLocation(place)),
    );
}

function registerDocuments(client: BaseLanguageClient): vscode.Disposable[] {
  const explain: vscode.TextDocumentContentProvider = {
    async provideTextDocumentContent(uri) {
      const params: ExplainParams = { rule: uri.path.replace(/^\/|\.md$/g, "") };
      const page = await client.sendRequest<ExplainResult | null>(clientRequests.explain, params);
      return page?.markdown ?? `There is no rule ${params.rule}.`;
    },
  };
  const config: vscode.TextDocumentContentProvider = {
    provideTextDocumentContent(uri) {
      const params: EffectiveConfigParams = { uri: uri.query };
      return client.sendRequest<string>(clientRequests.effectiveConfig, params);
    },
  };
  return [
    vscode.workspace.registerTextDocumentContentProvider(explainScheme, explain),
    vscode.workspace.registerTextDocumentContentProvider(configScheme, config),
  ];
}

/** Opens a rule's page as it ships with the extension; asks for the rule where none is named. */
async function explainRule(context: vscode.ExtensionContext, named: string | null): Promise<void> {
  const rule = named ?? (await pickRule(context));
  if (rule === null || !/^[a-z0-9-]+$/.test(rule)) return;
  const shipped = vscode.Uri.joinPath(context.extensionUri, "docs", "rules", `${rule}.md`);
  const there = await vscode.workspace.fs.stat(shipped).then(
    () => true,
    () => false,
  );
  const page = there ? shipped : vscode.Uri.from({ scheme: explainScheme, path: `/${rule}.md` });
  await showPage(page);
}

/** Rules that the open file breaks come first, then all others. */
async function pickRule(context: vscode.ExtensionContext): Promise<string | null> {
  const document = vscode.window.activeTextEditor?.document;
  const diagnostics = document ? vscode.languages.getDiagnostics(document.uri) : [];
  const here = new Set(diagnostics.filter((item) => item.source === clientId).map((item) => String(codeOf(item))));
  const folder = vscode.Uri.joinPath(context.extensionUri, "docs", "rules");
  const entries = await vscode.workspace.fs.readDirectory(folder).then(
    (list) => list,
    () => [],
  );
  const all = entries.map(([name]) => name).filter((name) => /^[a-z0-9-]+\.md$/.test(name));
  const rules = new Set([...here, ...all.map((name) => name.slice(0, -3))]);
  const items = [...rules].map((label) => (here.has(label) ? { label, description: "in this file" } : { label }));
  const picked = await vscode.window.showQuickPick(items, { placeHolder: "Which rule?" });
  return picked?.label ?? null;
}

async function showEffectiveConfig(uri: string): Promise<void> {
  const name = uri.slice(uri.lastIndexOf("/") + 1);
  const place = vscode.Uri.from({ scheme: configScheme, path: `/${name}.plimsoll.yaml`, query: uri });
  const document = await vscode.workspace.openTextDocument(place);
  await vscode.window.showTextDocument(document, { preview: true });
}

async function readFile({ uri }: ReadFileParams): Promise<string | null> {
  try {
    return new TextDecoder().decode(await vscode.workspace.fs.readFile(vscode.Uri.parse(uri)));
  } catch {
    return null;
  }
}

async function listFiles(client: BaseLanguageClient, { uri, what }: ListFilesParams): Promise<string[] | null> {
  const place = vscode.Uri.parse(uri);
  try {
    if (what === "folder") {
      const entries = await vscode.workspace.fs.readDirectory(place);
      return entries.map(([name, type]) => ((type & vscode.FileType.Directory) !== 0 ? `${name}/` : name));
    }
    const found = await vscode.workspace.findFiles(new vscode.RelativePattern(place, dockerfileGlob));
    return found.map((file) => client.code2ProtocolConverter.asUri(file));
  } catch {
    return null;
  }
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
