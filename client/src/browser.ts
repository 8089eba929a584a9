/** Entry point in the browser (vscode.dev, github.dev): the server runs in a web worker. */
import * as vscode from "vscode";
import { LanguageClient } from "vscode-languageclient/browser";
import { clientId, clientName, startClient } from "./client";

let client: LanguageClient | null = null;

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const script = vscode.Uri.joinPath(context.extensionUri, "server", "dist", "worker.js");
  await startClient(context, (options) => {
    const startWorker = async (): Promise<Worker> => new Worker(script.toString(true));
    client = new LanguageClient(clientId, clientName, startWorker, options);
    return client;
  });
}

export async function deactivate(): Promise<void> {
  await client?.dispose();
}
