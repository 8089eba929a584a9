/** Entry point in the browser (vscode.dev, github.dev): the server runs in a web worker. */
import * as vscode from "vscode";
import {
  BrowserMessageReader,
  BrowserMessageWriter,
  LanguageClient,
  type MessageTransports,
} from "vscode-languageclient/browser";
import { clientId, clientName, startClient } from "./client";

let client: LanguageClient | null = null;
let worker: Worker | null = null;

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const script = vscode.Uri.joinPath(context.extensionUri, "server", "dist", "worker.js");
  // The two ends instead of the worker itself: VS Code's own class stands in for it there, and the library, which asks
  // `instanceof Worker`, would not know it. Called again when the server is restarted.
  const startWorker = async (): Promise<MessageTransports> => {
    worker?.terminate();
    worker = new Worker(script.toString(true));
    return { reader: new BrowserMessageReader(worker), writer: new BrowserMessageWriter(worker) };
  };
  await startClient(context, (options) => {
    client = new LanguageClient(clientId, clientName, startWorker, options);
    return client;
  });
}

export async function deactivate(): Promise<void> {
  await client?.dispose();
  worker?.terminate();
}
