/** Scanning base images from VS Code: the server runs the scanner, shows how far it is, and says what came of it. */
import * as vscode from "vscode";
import type { BaseLanguageClient } from "vscode-languageclient";
import { clientRequests, commands, type ScanReportParams } from "../../server/src/lsp/protocol";
import { showPage } from "./page";

const reportScheme = "plimsoll-scan";

/** Registers the command and the page with its report. */
export function registerScan(client: BaseLanguageClient): vscode.Disposable {
  const reportOf = (uri: string): Promise<string | null> => {
    const params: ScanReportParams = { uri };
    return client.sendRequest<string | null>(clientRequests.scanReport, params).catch(() => null);
  };
  const changed = new vscode.EventEmitter<vscode.Uri>();
  const scan = async (given: unknown): Promise<void> => {
    const document = vscode.window.activeTextEditor?.document;
    const active = document && client.code2ProtocolConverter.asUri(document.uri);
    const uri = typeof given === "string" ? given : active;
    if (uri === undefined) return;
    const call = { command: commands.scanFile, arguments: [uri] };
    await client.sendRequest("workspace/executeCommand", call).catch(() => undefined);
    // Where nothing was scanned, the server has said why, and there is nothing to read.
    if ((await reportOf(uri)) === null) return;
    const name = decodeURIComponent(uri.slice(uri.lastIndexOf("/") + 1));
    const page = vscode.Uri.from({ scheme: reportScheme, path: `/${name}.vulnerabilities.md`, query: uri });
    changed.fire(page);
    await showPage(page);
  };
  return vscode.Disposable.from(
    changed,
    vscode.commands.registerCommand(commands.scanFile, scan),
    vscode.workspace.registerTextDocumentContentProvider(reportScheme, {
      onDidChange: changed.event,
      provideTextDocumentContent: async ({ query }) => (await reportOf(query)) ?? "Nothing was scanned yet.",
    }),
  );
}
