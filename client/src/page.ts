/** Pages to read: Markdown in VS Code's own preview. */
import * as vscode from "vscode";

/** Shows a page. Markdown support may be switched off; then it is readable as it is. */
export async function showPage(page: vscode.Uri): Promise<void> {
  try {
    await vscode.commands.executeCommand("markdown.showPreview", page);
  } catch {
    await vscode.window.showTextDocument(page, { preview: true });
  }
}
