/**
 * Rewrites as a difference to look at first. VS Code's own preview of a change that wants confirmation leaves every box
 * empty, so that its Apply button does nothing; two texts side by side say more, and one button takes the change.
 */
import * as vscode from "vscode";
import type { Middleware } from "vscode-languageclient";
import type { PreviewMark } from "../../server/src/lsp/protocol";

/** Scheme of the texts that a change would lead to; package.json names it beside the button. */
export const previewScheme = "plimsoll-preview";

interface Preview {
  /** The text that would be: the right side. */
  readonly after: vscode.Uri;
  readonly document: vscode.TextDocument;
  /** Of the document, when the change was worked out. */
  readonly version: number;
  readonly edit: vscode.WorkspaceEdit;
  /** What the action runs behind its edit. */
  readonly then: vscode.Command | undefined;
}

export interface Previews extends vscode.Disposable {
  /** Turns the edit of an action that is to be looked at into a command that shows it. */
  readonly resolve: NonNullable<Middleware["resolveCodeAction"]>;
}

/** Registers the commands and the texts of the right side. One change is looked at at a time: the last one. */
export function createPreviews(): Previews {
  let shown: Preview | null = null;
  let count = 0;
  const texts = new Map<string, string>();

  const show = async (title: string, edit: vscode.WorkspaceEdit, then?: vscode.Command): Promise<void> => {
    const [entry] = edit.entries();
    if (!entry) return;
    const [uri, edits] = entry;
    const document = await vscode.workspace.openTextDocument(uri);
    const after = vscode.Uri.from({ scheme: previewScheme, path: uri.path, query: String(++count) });
    texts.set(after.toString(), edited(document, edits));
    const preview: Preview = { after, document, version: document.version, edit, then };
    shown = preview;
    const name = uri.path.slice(uri.path.lastIndexOf("/") + 1);
    await vscode.commands.executeCommand("vscode.diff", uri, after, `${name}: as it would be`, { preview: true });
    const answer = await vscode.window.showInformationMessage(`${title}?`, "Apply", "Discard");
    // Meanwhile the button may have taken it, or another change be shown.
    if (shown !== preview || answer === undefined) return;
    await (answer === "Apply" ? apply() : close(preview));
  };

  const apply = async (): Promise<void> => {
    const preview = shown;
    if (!preview) return;
    shown = null;
    const { document, version, edit, then } = preview;
    await close(preview);
    if (document.version !== version) {
      void vscode.window.showInformationMessage("The file has changed meanwhile. Choose the action again.");
      return;
    }
    const done = await vscode.workspace.applyEdit(edit);
    await vscode.window.showTextDocument(document);
    if (done && then) await vscode.commands.executeCommand(then.command, ...(then.arguments ?? []));
  };

  const registered = [
    vscode.workspace.registerTextDocumentContentProvider(previewScheme, {
      provideTextDocumentContent: (uri) => texts.get(uri.toString()) ?? null,
    }),
    vscode.workspace.onDidCloseTextDocument(({ uri }) => {
      texts.delete(uri.toString());
      if (shown?.after.toString() === uri.toString()) shown = null;
    }),
    vscode.commands.registerCommand("plimsoll.showPreview", show),
    vscode.commands.registerCommand("plimsoll.applyPreview", apply),
  ];
  return {
    async resolve(item, token, next) {
      const action = await next(item, token);
      const { data } = item as { readonly data?: PreviewMark };
      if (!action?.edit || data?.preview !== true) return action;
      const { edit, command, ...rest } = action;
      const look = { title: action.title, command: "plimsoll.showPreview", arguments: [action.title, edit, command] };
      return Object.assign(new vscode.CodeAction(action.title, action.kind), rest, { command: look });
    },
    dispose: () => vscode.Disposable.from(...registered).dispose(),
  };
}

/** The text with edits that do not overlap, as all edits of one change. */
function edited(document: vscode.TextDocument, edits: readonly vscode.TextEdit[]): string {
  const text = document.getText();
  const pieces: string[] = [];
  let from = 0;
  for (const { range, newText } of [...edits].sort((a, b) => a.range.start.compareTo(b.range.start))) {
    pieces.push(text.slice(from, document.offsetAt(range.start)), newText);
    from = document.offsetAt(range.end);
  }
  return [...pieces, text.slice(from)].join("");
}

async function close({ after }: Preview): Promise<void> {
  const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
  const isShown = ({ input }: vscode.Tab): boolean =>
    input instanceof vscode.TabInputTextDiff && input.modified.toString() === after.toString();
  await vscode.window.tabGroups.close(tabs.filter(isShown));
}
