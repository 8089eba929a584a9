import * as vscode from "vscode";
import { assert, assertEqual, eventually, newFolder, openDockerfile, reported, ruleOf, suite, test } from "./testing";

suite("commands", () => {
  test("check files that nobody opened", async () => {
    const folder = await newFolder({
      "api/Dockerfile": "FROM node:latest\n",
      "api/Dockerfile.j2": "FROM node:latest\n",
    });
    await openDockerfile("FROM node:26\nUSER node\n");
    await vscode.commands.executeCommand("plimsoll.checkWorkspace");
    const diagnosticsOf = (name: string) => vscode.languages.getDiagnostics(vscode.Uri.joinPath(folder, "api", name));
    await eventually("the closed file to be in the Problems panel", () =>
      diagnosticsOf("Dockerfile").some((each) => ruleOf(each) === "base-image-latest-tag"),
    );
    assertEqual(diagnosticsOf("Dockerfile.j2"), [], "findings in a template");
  });

  test("mend the open file", async () => {
    const document = await openDockerfile(
      "FROM node:26\nRUN --mount=type=secret,id=npmrc,target=/root/.npmrc,mode=0444 npm ci\nUSER node\n",
    );
    await reported(document, "secret-mount-world-readable");
    await vscode.commands.executeCommand("plimsoll.fixAll");
    await eventually(
      () => `the file to be mended: ${document.getText()}`,
      () =>
        document.getText() ===
        "FROM node:26\nRUN --mount=type=secret,id=npmrc,target=/root/.npmrc,mode=0400 npm ci\nUSER node\n",
    );
  });

  test("explain a rule in a page of their own", async () => {
    await vscode.commands.executeCommand("plimsoll.explainRule", "base-image-latest-tag");
    await eventually("a tab with the rule's page", () =>
      vscode.window.tabGroups.all.some(({ tabs }) => tabs.some(({ label }) => label.includes("base-image-latest-tag"))),
    );
  });

  test("show the settings in force", async () => {
    const folder = await newFolder({
      ".plimsoll.yaml": "rules:\n  missing-user: error\n",
      Dockerfile: "FROM node:26\n",
    });
    await vscode.window.showTextDocument(vscode.Uri.joinPath(folder, "Dockerfile"));
    await vscode.commands.executeCommand("plimsoll.showEffectiveConfig");
    const shown = await eventually("the settings to be shown", () => {
      const document = vscode.window.activeTextEditor?.document;
      return document?.uri.scheme === "plimsoll-config" && document;
    });
    assert(
      /missing-user["']?: *\{?.*error/.test(shown.getText()),
      `not the settings: ${shown.getText().slice(0, 500)}`,
    );
  });

  test("start the server again", async () => {
    const document = await openDockerfile("FROM node:latest\nUSER node\n");
    await reported(document, "base-image-latest-tag");
    await vscode.commands.executeCommand("plimsoll.restartServer");
    await reported(document, "base-image-latest-tag");
    const editor = await vscode.window.showTextDocument(document);
    await editor.edit((edit) =>
      edit.insert(new vscode.Position(1, 0), "RUN --mount=type=secret,id=npmrc,target=/root/.npmrc,mode=0444 npm ci\n"),
    );
    await reported(document, "secret-mount-world-readable");
  });
});
