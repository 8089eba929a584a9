/** Scanning base images from VS Code: the server runs the scanner, shows how far it is, and says what came of it. */
import * as vscode from "vscode";
import type { BaseLanguageClient } from "vscode-languageclient";
import { commands } from "../../server/src/lsp/protocol";

/** Registers the command. */
export function registerScan(client: BaseLanguageClient): vscode.Disposable {
  return vscode.commands.registerCommand(commands.scanFile, async (uri: unknown) => {
    const document = vscode.window.activeTextEditor?.document;
    const active = document && client.code2ProtocolConverter.asUri(document.uri);
    const argument = typeof uri === "string" ? uri : active;
    if (argument === undefined) return;
    const call = { command: commands.scanFile, arguments: [argument] };
    await client.sendRequest("workspace/executeCommand", call).catch(() => undefined);
  });
}
