import * as vscode from "vscode";
import {
  assert,
  assertEqual,
  eventually,
  gone,
  newFolder,
  openDockerfile,
  reported,
  rulesOf,
  suite,
  test,
  write,
} from "./testing";

suite("configuration", () => {
  test("follows the configuration file while it changes", async () => {
    const folder = await newFolder({ Dockerfile: "FROM node:latest\nUSER node\n" });
    const document = await vscode.workspace.openTextDocument(vscode.Uri.joinPath(folder, "Dockerfile"));
    await vscode.window.showTextDocument(document);
    await reported(document, "base-image-latest-tag");
    const configuration = vscode.Uri.joinPath(folder, ".plimsoll.yaml");
    await write(configuration, "rules:\n  base-image-latest-tag: off\n");
    await gone(document, "base-image-latest-tag");
    await write(configuration, "rules:\n  base-image-latest-tag: error\n");
    await eventually("the severity to become error", () =>
      vscode.languages
        .getDiagnostics(document.uri)
        .some((each) => each.severity === vscode.DiagnosticSeverity.Error && rulesOf(document).length > 0),
    );
    await vscode.workspace.fs.delete(configuration);
    await eventually("the severity to become warning again", () =>
      vscode.languages.getDiagnostics(document.uri).every((each) => each.severity !== vscode.DiagnosticSeverity.Error),
    );
  });

  test("reads hadolint's configuration where there is no other", async () => {
    const folder = await newFolder({
      ".hadolint.yaml": "ignored:\n  - DL3007\n",
      Dockerfile:
        "FROM node:latest\nRUN --mount=type=secret,id=npmrc,target=/root/.npmrc,mode=0444 npm ci\nUSER node\n",
    });
    const document = await vscode.workspace.openTextDocument(vscode.Uri.joinPath(folder, "Dockerfile"));
    await reported(document, "secret-mount-world-readable");
    assert(!rulesOf(document).includes("base-image-latest-tag"), "DL3007 is ignored by .hadolint.yaml");
  });

  test("follows the editor's settings", async () => {
    const document = await openDockerfile("FROM node:latest\nUSER node\n");
    await reported(document, "base-image-latest-tag");
    const settings = vscode.workspace.getConfiguration("plimsoll");
    await settings.update("rules", { "base-image-latest-tag": "off" });
    await gone(document, "base-image-latest-tag");
    await settings.update("rules", undefined);
    await reported(document, "base-image-latest-tag");
    await settings.update("enable", false);
    await eventually("no findings while switched off", () => rulesOf(document).length === 0);
    await settings.update("enable", undefined);
    await reported(document, "base-image-latest-tag");
  });

  test("marks a mistake in the configuration file where it is", async () => {
    const folder = await newFolder({
      ".plimsoll.yaml": "rules:\n  base-image-lastest-tag: off\n",
      Dockerfile: "FROM node:latest\nUSER node\n",
    });
    const document = await vscode.workspace.openTextDocument(vscode.Uri.joinPath(folder, "Dockerfile"));
    await reported(document, "base-image-latest-tag");
    const configuration = vscode.Uri.joinPath(folder, ".plimsoll.yaml");
    const diagnostic = await eventually("the mistake to be reported", () =>
      vscode.languages.getDiagnostics(configuration).find((each) => each.source === "plimsoll"),
    );
    assertEqual(diagnostic.range.start.line, 1, "line of the mistake");
    assert(diagnostic.message.includes("base-image-latest-tag"), `no suggestion: ${diagnostic.message}`);
  });
});
