import * as vscode from "vscode";
import {
  assert,
  assertEqual,
  eventually,
  extension,
  newFolder,
  openDockerfile,
  reported,
  suite,
  test,
} from "./testing";

suite("activation", () => {
  test("stays asleep while no Dockerfile is open", async () => {
    const folder = await newFolder({ "notes.txt": "FROM node:latest\n" });
    await vscode.window.showTextDocument(vscode.Uri.joinPath(folder, "notes.txt"));
    assertEqual(extension().isActive, false, "active beside a text file");
  });

  test("wakes up when a Dockerfile is opened", async () => {
    const document = await openDockerfile("FROM node:latest\n");
    assertEqual(document.languageId, "dockerfile", "language of a Dockerfile");
    await eventually("the extension to be active", () => extension().isActive);
    await reported(document, "base-image-latest-tag");
  });

  test("registers every command of its manifest", async () => {
    const contributed: readonly { command: string }[] = extension().packageJSON.contributes?.commands ?? [];
    assert(contributed.length > 0, "the manifest has no commands");
    const known = new Set(await vscode.commands.getCommands(true));
    const missing = contributed.map((each) => each.command).filter((command) => !known.has(command));
    assertEqual(missing, [], "commands in the manifest that nobody registered");
  });
});
