import * as vscode from "vscode";
import { assert, assertEqual, eventually, extension, newFolder, openDockerfile, suite, test } from "./testing";

suite("language features", () => {
  test("complete stages, flags and tags", async () => {
    const document = await openDockerfile("FROM node:\nFROM node:26 AS build\nFROM alpine\nCOPY --from=\n");
    const labels = async (line: number, character: number): Promise<readonly string[]> => {
      const list = await vscode.commands.executeCommand<vscode.CompletionList>(
        "vscode.executeCompletionItemProvider",
        document.uri,
        new vscode.Position(line, character),
      );
      return list.items.map(({ label }) => (typeof label === "string" ? label : label.label));
    };
    await eventually("the tags of node", async () => (await labels(0, 10)).includes("26"));
    const stages = await labels(3, 12);
    assert(stages.includes("build"), `no stage among: ${stages.slice(0, 20).join(", ")}`);
  });

  test("rename a stage with all its uses", async () => {
    const document = await openDockerfile("FROM node:26 AS build\nFROM alpine\nCOPY --from=build /a /b\n");
    const edit = await eventually(
      "an answer to the renaming",
      async () =>
        await vscode.commands.executeCommand<vscode.WorkspaceEdit | undefined>(
          "vscode.executeDocumentRenameProvider",
          document.uri,
          new vscode.Position(2, 14),
          "deps",
        ),
    );
    assert(await vscode.workspace.applyEdit(edit), "the renaming is applied");
    assertEqual(
      document.getText(),
      "FROM node:26 AS deps\nFROM alpine\nCOPY --from=deps /a /b\n",
      "the text after the renaming",
    );
  });

  test("outline, fold and colour the file", async () => {
    const document = await openDockerfile("FROM node:26 AS build\nRUN true \\\n && true\nFROM build\n");
    const ask = <T>(command: string): Thenable<T> => vscode.commands.executeCommand<T>(command, document.uri);
    const symbols = await eventually("the outline", async () => {
      const list = await ask<vscode.DocumentSymbol[]>("vscode.executeDocumentSymbolProvider");
      return list?.length === 2 && list;
    });
    assertEqual(
      symbols.map(({ name, children }) => [name, children.length]),
      [
        ["build", 1],
        ["stage 1", 0],
      ],
      "the outline",
    );
    const tokens = await ask<vscode.SemanticTokens>("vscode.provideDocumentSemanticTokens");
    assert(tokens.data.length > 0, "there are semantic tokens");
  });

  test("format the file, and leave the configuration file to others", async () => {
    const document = await openDockerfile("FROM   node:26\n");
    const edits = (of: vscode.TextDocument): Thenable<vscode.TextEdit[] | undefined> =>
      vscode.commands.executeCommand("vscode.executeFormatDocumentProvider", of.uri, {
        tabSize: 2,
        insertSpaces: true,
      });
    // The editor makes edits as small as they can be.
    await eventually("edits", async () => (await edits(document))?.length);
    const folder = await newFolder({ ".plimsoll.yaml": "rules:   {}\n" });
    const config = await vscode.workspace.openTextDocument(vscode.Uri.joinPath(folder, ".plimsoll.yaml"));
    assertEqual((await edits(config)) ?? [], [], "edits of the configuration file");
  });

  test("format nothing while the user wants another formatter", async () => {
    const document = await openDockerfile("FROM   node:26\n");
    const edits = async (): Promise<number> => {
      const options = { tabSize: 2, insertSpaces: true };
      const command = "vscode.executeFormatDocumentProvider";
      return (
        (await vscode.commands.executeCommand<vscode.TextEdit[] | undefined>(command, document.uri, options))?.length ??
        0
      );
    };
    await eventually("edits", async () => (await edits()) > 0);
    const other = vscode.extensions.all.find(({ id }) => id !== extension().id);
    // A web worker host may have none.
    if (!other) return;
    const settings = vscode.workspace.getConfiguration("editor", { languageId: "dockerfile" });
    await settings.update("defaultFormatter", other.id, vscode.ConfigurationTarget.Workspace, true);
    try {
      await eventually("no more edits", async () => (await edits()) === 0);
    } finally {
      await settings.update("defaultFormatter", undefined, vscode.ConfigurationTarget.Workspace, true);
    }
    await eventually("edits again", async () => (await edits()) > 0);
  });
});
