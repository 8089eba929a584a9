/** Entry point on the desktop, and on remote hosts: the server runs in a Node process of its own. */
import * as vscode from "vscode";
import { LanguageClient, TransportKind } from "vscode-languageclient/node";
import { clientId, clientName, startClient } from "./client";

let client: LanguageClient | null = null;

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const module = vscode.Uri.joinPath(context.extensionUri, "server", "dist", "server.js").fsPath;
  const run = { module, transport: TransportKind.ipc };
  await startClient(context, (options) => {
    const debug = { ...run, options: { execArgv: ["--nolazy", "--inspect=6009"] } };
    client = new LanguageClient(clientId, clientName, { run, debug }, options);
    return client;
  });
}

export async function deactivate(): Promise<void> {
  await client?.dispose();
}
