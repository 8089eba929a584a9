/** Pinning images from VS Code: the commands, and telling the server when the user trusts the workspace. */
import * as vscode from "vscode";
import type { BaseLanguageClient } from "vscode-languageclient";
import { clientNotifications, commands, type PinReport } from "../../server/src/lsp/protocol";

/** Registers the commands. The server asks the registries, shows how far it is, and changes the files. */
export function registerPins(client: BaseLanguageClient): vscode.Disposable {
  const run = async (command: string, uri: unknown): Promise<void> => {
    const argument = typeof uri === "string" ? uri : activeUri(client);
    if (argument === null && command !== commands.pinWorkspace) return;
    const call = { command, arguments: [argument] };
    const report = await client.sendRequest<PinReport | null>("workspace/executeCommand", call).catch(() => null);
    if (report) await tell(report);
  };
  const registered = [commands.pinFile, commands.updateDigests, commands.pinWorkspace].map((command) =>
    vscode.commands.registerCommand(command, (uri: unknown) => run(command, uri)),
  );
  const trust = vscode.workspace.onDidGrantWorkspaceTrust(
    () => void client.sendNotification(clientNotifications.trusted).catch(() => undefined),
  );
  return vscode.Disposable.from(...registered, trust);
}

function activeUri(client: BaseLanguageClient): string | null {
  const document = vscode.window.activeTextEditor?.document;
  return document ? client.code2ProtocolConverter.asUri(document.uri) : null;
}

/** What came of it: a passing message where all went well, one that stays where something has no answer. */
async function tell({ images, files, left, unknown, faults, stopped }: PinReport): Promise<void> {
  if (stopped) return void vscode.window.setStatusBarMessage("Plimsoll: stopped, nothing was pinned", 10_000);
  const parts = [
    `${images} image${images === 1 ? "" : "s"} pinned in ${files} file${files === 1 ? "" : "s"}`,
    ...(left > 0 ? [`${left} left alone, since variables decide about them`] : []),
    ...(unknown > 0 ? [`${unknown} without an answer`] : []),
  ];
  const text = `Plimsoll: ${parts.join("; ")}.`;
  if (unknown === 0) return void vscode.window.setStatusBarMessage(text, 10_000);
  await vscode.window.showWarningMessage([text, ...faults.slice(0, 2)].join(" "));
}
