import * as vscode from "vscode";
import {
  actionNamed,
  actionsAt,
  assert,
  assertEqual,
  eventually,
  gone,
  openDockerfile,
  perform,
  read,
  reported,
  suite,
  test,
  write,
} from "./testing";

const untidy =
  'FROM node:26\nRUN --mount=type=secret,id=npmrc,target=/root/.npmrc,mode=0444 npm ci\nUSER node\nCMD ["node", "server.js"]\n';
const tidy =
  'FROM node:26\nRUN --mount=type=secret,id=npmrc,target=/root/.npmrc,mode=0400 npm ci\nUSER node\nCMD ["node", "server.js"]\n';

suite("actions", () => {
  test("pins the moving tag with the preferred quick fix, and undo takes it back", async () => {
    const before = 'FROM node:latest\nUSER node\nCMD ["node", "server.js"]\n';
    const document = await openDockerfile(before);
    const diagnostic = await reported(document, "base-image-latest-tag");
    const actions = await actionsAt(document, diagnostic.range, vscode.CodeActionKind.QuickFix);
    const preferred = actions.filter((each) => each.isPreferred);
    assertEqual(preferred.length, 1, `preferred actions of ${actions.map((each) => each.title).join(" | ")}`);
    await perform(preferred[0] as vscode.CodeAction);
    assertEqual(document.getText(), before.replace("node:latest", "node:26"), "text after the quick fix");
    await gone(document, "base-image-latest-tag");
    await vscode.window.showTextDocument(document);
    await vscode.commands.executeCommand("undo");
    await eventually("undo to bring the text back", () => document.getText() === before);
    await reported(document, "base-image-latest-tag");
  });

  test("shows a rewrite as a difference, and writes it once it is taken", async () => {
    const before =
      'FROM golang:1.27\nWORKDIR /src\nCOPY . .\nRUN CGO_ENABLED=0 go build -o /usr/local/bin/app .\nUSER nobody\nCMD ["app"]\n';
    const document = await openDockerfile(before);
    const diagnostic = await reported(document, "missing-multi-stage");
    const actions = await actionsAt(document, diagnostic.range, vscode.CodeActionKind.Refactor);
    const rewrite = actionNamed(actions, /earlier stage/);
    assertEqual(rewrite.edit, undefined, "the edit of a rewrite that nobody has looked at");
    const { command = "", arguments: wanted = [] } = rewrite.command ?? {};
    // It waits for the answer to its question, which nobody gives here.
    void vscode.commands.executeCommand(command, ...wanted);
    const difference = () => vscode.window.tabGroups.activeTabGroup.activeTab?.input;
    await eventually("the difference to be shown", () => difference() instanceof vscode.TabInputTextDiff);
    const { modified } = difference() as vscode.TabInputTextDiff;
    const after = (await vscode.workspace.openTextDocument(modified)).getText();
    assertEqual(document.getText(), before, "text before the change is taken");
    assertEqual(vscode.languages.getDiagnostics(modified).length, 0, "diagnostics of the other side");
    await vscode.commands.executeCommand("plimsoll.applyPreview");
    assertEqual(document.getText(), after, "text after the change was taken");
    assert(/ AS build\n[\s\S]*COPY --from=build/.test(after), `no second stage in ${after}`);
    assert(!(difference() instanceof vscode.TabInputTextDiff), "the difference is still shown");
    await gone(document, "missing-multi-stage");
  });

  test("gives a root image a user", async () => {
    const document = await openDockerfile('FROM node:26\nCMD ["node", "server.js"]\n');
    const diagnostic = await reported(document, "missing-user");
    const actions = await actionsAt(document, diagnostic.range, vscode.CodeActionKind.QuickFix);
    await perform(actionNamed(actions, /user/i));
    assert(/^USER node$/m.test(document.getText()), `no USER in ${document.getText()}`);
    await gone(document, "missing-user");
  });

  test("fixes all that is safe, and nothing else", async () => {
    const document = await openDockerfile(untidy.replace("node:26", "node:latest"));
    await reported(document, "secret-mount-world-readable");
    const whole = new vscode.Range(0, 0, document.lineCount, 0);
    const kind = vscode.CodeActionKind.SourceFixAll.append("plimsoll");
    const actions = await actionsAt(document, whole, kind);
    assertEqual(actions.length, 1, "fix-all actions");
    await perform(actions[0] as vscode.CodeAction);
    assertEqual(document.getText(), tidy.replace("node:26", "node:latest"), "text after fix all");
    await gone(document, "secret-mount-world-readable");
  });

  test("fixes on save when the user asks for it", async () => {
    const settings = vscode.workspace.getConfiguration("editor");
    await settings.update("codeActionsOnSave", { "source.fixAll.plimsoll": "explicit" });
    try {
      const document = await openDockerfile(untidy);
      await reported(document, "secret-mount-world-readable");
      const editor = await vscode.window.showTextDocument(document);
      await editor.edit((edit) => edit.insert(new vscode.Position(4, 0), "# end\n"));
      assert(await document.save(), "the document was not saved");
      assertEqual(await read(document.uri), `${tidy}# end\n`, "file on disk after saving");
    } finally {
      await settings.update("codeActionsOnSave", undefined);
    }
  });

  test("ignores a rule on one line", async () => {
    const document = await openDockerfile("FROM node:latest\nUSER node\n");
    const diagnostic = await reported(document, "base-image-latest-tag");
    const actions = await actionsAt(document, diagnostic.range);
    await perform(actionNamed(actions, /ignore.*base-image-latest-tag.*line/i));
    assert(
      /^# plimsoll ignore=base-image-latest-tag.*\nFROM node:latest\n/.test(document.getText()),
      `no comment above the line: ${document.getText()}`,
    );
    await gone(document, "base-image-latest-tag");
  });

  test("ignores a rule in one file", async () => {
    const document = await openDockerfile("# syntax=docker/dockerfile:1\nFROM node:latest\nUSER node\n");
    const diagnostic = await reported(document, "base-image-latest-tag");
    await perform(actionNamed(await actionsAt(document, diagnostic.range), /ignore.*base-image-latest-tag.*file/i));
    assert(document.lineAt(0).text === "# syntax=docker/dockerfile:1", `directive moved: ${document.getText()}`);
    assert(document.getText().includes("ignore-file=base-image-latest-tag"), `no comment: ${document.getText()}`);
    await gone(document, "base-image-latest-tag");
  });

  test("ignores a rule in the workspace, in the configuration file", async () => {
    const document = await openDockerfile("FROM node:latest\nUSER node\n");
    const workspace = vscode.workspace.getWorkspaceFolder(document.uri);
    assert(workspace !== undefined, "the document has no workspace folder");
    const configuration = vscode.Uri.joinPath(workspace.uri, ".plimsoll.yaml");
    assertEqual(await read(configuration), null, "configuration before");
    try {
      const diagnostic = await reported(document, "base-image-latest-tag");
      const actions = await actionsAt(document, diagnostic.range);
      await perform(actionNamed(actions, /ignore.*base-image-latest-tag.*workspace/i));
      await vscode.workspace.saveAll();
      await gone(document, "base-image-latest-tag");
      const text = await read(configuration);
      assert(text?.includes("base-image-latest-tag") === true, `configuration after: ${text}`);
    } finally {
      await write(configuration, "");
      await vscode.workspace.fs.delete(configuration);
    }
    await reported(document, "base-image-latest-tag");
  });
});
