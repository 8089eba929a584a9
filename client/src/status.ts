/** The items in the status bar that say why a Dockerfile shows what it shows, and lead to its stages. */
import * as vscode from "vscode";
import { clientCommands, type StatusParams } from "../../server/src/lsp/protocol";

export interface StatusItem extends vscode.Disposable {
  update(params: StatusParams): void;
}

/** Shown while a document of the selector is in front. */
export function createStatusItem(selector: vscode.DocumentSelector): StatusItem {
  const item = vscode.languages.createLanguageStatusItem("plimsoll.status", selector);
  item.name = "Plimsoll";
  item.text = "Plimsoll";
  item.command = { title: "Settings in force", command: "plimsoll.showEffectiveConfig" };
  const stages = vscode.languages.createLanguageStatusItem("plimsoll.stages", selector);
  stages.name = "Plimsoll: stages";
  stages.command = { title: "Show stages", command: clientCommands.showStages };
  const statuses = new Map<string, StatusParams>();
  const show = (): void => {
    const document = vscode.window.activeTextEditor?.document;
    const status = document && statuses.get(document.uri.toString());
    if (!status) return;
    item.text = `Plimsoll: ${status.message}`;
    stages.text = status.stages === 1 ? "1 stage" : `${status.stages} stages`;
    item.detail =
      status.detail ?? (status.configFile === null ? "Default settings" : `Settings of ${status.configFile}`);
    item.severity =
      status.state === "problem" ? vscode.LanguageStatusSeverity.Warning : vscode.LanguageStatusSeverity.Information;
  };
  const listeners = [
    vscode.window.onDidChangeActiveTextEditor(show),
    vscode.workspace.onDidCloseTextDocument((document) => statuses.delete(document.uri.toString())),
  ];
  return {
    update(params) {
      statuses.set(vscode.Uri.parse(params.uri).toString(), params);
      show();
    },
    dispose() {
      item.dispose();
      stages.dispose();
      for (const listener of listeners) listener.dispose();
    },
  };
}
