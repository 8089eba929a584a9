/** The view of a Dockerfile's stages, beside its text: follows the text, the cursor, and the Dockerfile in front. */
import * as vscode from "vscode";
import type { BaseLanguageClient } from "vscode-languageclient";
import { clientCommands, clientRequests, type StagesParams, type StagesResult } from "../../server/src/lsp/protocol";
import { type FromPage, stagesPage, type ToPage } from "./stages-page";

/** Milliseconds of silence after a keystroke before the picture is drawn anew. */
const pause = 150;

/** Registers the command. Nothing else is done until somebody calls it. */
export function registerStages(
  client: BaseLanguageClient,
  isDockerfile: (document: vscode.TextDocument) => boolean,
): vscode.Disposable {
  let view: StagesView | null = null;
  const show = async (named?: unknown): Promise<void> => {
    // A lens names the document, the button in the title hands over its own URI, the palette says nothing.
    const given = typeof named === "string" ? client.protocol2CodeConverter.asUri(named) : named;
    const uri = given instanceof vscode.Uri ? given : inFront(isDockerfile);
    if (!uri) {
      void vscode.window.showInformationMessage("Open a Dockerfile first: its stages are what is shown.");
      return;
    }
    view ??= createView(client, isDockerfile, () => {
      view = null;
    });
    await view.follow(uri);
  };
  const command = vscode.commands.registerCommand(clientCommands.showStages, show);
  return vscode.Disposable.from(command, { dispose: () => view?.dispose() });
}

/** The document in front; where that is none (a walkthrough), a Dockerfile that can be seen, or is open at least. */
function inFront(isDockerfile: (document: vscode.TextDocument) => boolean): vscode.Uri | undefined {
  const active = vscode.window.activeTextEditor?.document;
  const seen = vscode.window.visibleTextEditors.map((editor) => editor.document);
  return (active ?? [...seen, ...vscode.workspace.textDocuments].find(isDockerfile))?.uri;
}

interface StagesView extends vscode.Disposable {
  /** Draws the stages of another document. */
  follow(uri: vscode.Uri): Promise<void>;
}

function createView(
  client: BaseLanguageClient,
  isDockerfile: (document: vscode.TextDocument) => boolean,
  gone: () => void,
): StagesView {
  let shown: { readonly uri: vscode.Uri; readonly result: StagesResult } | null = null;
  let wanted: vscode.Uri | null = null;
  let panel: vscode.WebviewPanel | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const ask = (uri: vscode.Uri, styled: boolean): Promise<StagesResult | null> => {
    const params: StagesParams = { uri: client.code2ProtocolConverter.asUri(uri), styled };
    return client.sendRequest<StagesResult | null>(clientRequests.stages, params);
  };
  const tell = (message: ToPage): void => void panel?.webview.postMessage(message);

  const draw = (): void => {
    if (!shown || !panel) return;
    panel.title = titleOf(shown.uri);
    tell({ kind: "show", title: panel.title, summary: shown.result.summary, svg: shown.result.svg });
    markCurrent(vscode.window.activeTextEditor);
  };
  const markCurrent = (editor: vscode.TextEditor | undefined): void => {
    if (!shown || editor?.document.uri.toString() !== shown.uri.toString()) return;
    const { line } = editor.selection.active;
    const above = shown.result.nodes.filter((node) => node.kind === "stage" && node.range.start.line <= line);
    tell({ kind: "current", node: above.length === 0 ? null : above.length - 1 });
  };
  const follow = async (uri: vscode.Uri): Promise<void> => {
    wanted = uri;
    // The document may not be open; what is asked of the server must be.
    if (!panel) await vscode.workspace.openTextDocument(uri);
    const result = await ask(uri, false).catch(() => null);
    if (wanted !== uri) return;
    if (!result) {
      if (!panel)
        void vscode.window.showInformationMessage(
          "Plimsoll shows the stages of Dockerfiles; this is none, or it is switched off.",
        );
      return;
    }
    shown = { uri, result };
    panel ??= createPanel(result.style, titleOf(uri));
    draw();
  };
  const createPanel = (style: string, title: string): vscode.WebviewPanel => {
    const place = { viewColumn: vscode.ViewColumn.Beside, preserveFocus: false };
    const made = vscode.window.createWebviewPanel("plimsoll.stages", title, place, {
      enableScripts: true,
      localResourceRoots: [],
    });
    made.webview.onDidReceiveMessage(hear, null, listeners);
    made.onDidDispose(() => dispose(), null, listeners);
    made.webview.html = stagesPage(nonce(), style);
    return made;
  };
  const hear = async (message: FromPage): Promise<void> => {
    if (!shown) return;
    if (message.kind === "ready") draw();
    else if (message.kind === "open") await reveal(shown.uri, shown.result.nodes[message.node]?.range);
    else {
      const text = message.what === "mermaid" ? shown.result.mermaid : (await ask(shown.uri, true))?.svg;
      if (text) await vscode.env.clipboard.writeText(text);
      vscode.window.setStatusBarMessage("Plimsoll: copied", 3000);
    }
  };
  const listeners: vscode.Disposable[] = [
    vscode.workspace.onDidChangeTextDocument(({ document }) => {
      const { uri } = document;
      if (uri.toString() !== shown?.uri.toString()) return;
      clearTimeout(timer);
      timer = setTimeout(() => void follow(uri), pause);
    }),
    vscode.window.onDidChangeActiveTextEditor((editor) => {
      if (!editor || !isDockerfile(editor.document)) return;
      if (editor.document.uri.toString() === shown?.uri.toString()) markCurrent(editor);
      else void follow(editor.document.uri);
    }),
    vscode.window.onDidChangeTextEditorSelection(({ textEditor }) => markCurrent(textEditor)),
  ];
  const dispose = (): void => {
    clearTimeout(timer);
    wanted = null;
    for (const listener of listeners.splice(0)) listener.dispose();
    panel?.dispose();
    gone();
  };
  return { follow, dispose };
}

function titleOf(uri: vscode.Uri): string {
  return `Stages of ${uri.path.slice(uri.path.lastIndexOf("/") + 1)}`;
}

/** Shows a place of the document where the document is shown already. */
async function reveal(uri: vscode.Uri, range: StagesResult["nodes"][number]["range"] | undefined): Promise<void> {
  if (!range) return;
  const selection = new vscode.Range(range.start.line, range.start.character, range.end.line, range.end.character);
  const open = vscode.window.visibleTextEditors.find((editor) => editor.document.uri.toString() === uri.toString());
  await vscode.window.showTextDocument(uri, { selection, viewColumn: open?.viewColumn ?? vscode.ViewColumn.One });
}

function nonce(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
