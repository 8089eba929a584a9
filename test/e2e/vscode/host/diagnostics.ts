import * as vscode from "vscode";
import {
  assert,
  assertEqual,
  eventually,
  gone,
  newFolder,
  openDockerfile,
  reported,
  ruleOf,
  rulesOf,
  suite,
  test,
} from "./testing";

suite("diagnostics", () => {
  test("marks the moving tag, with its rule, its page and its range", async () => {
    const document = await openDockerfile("FROM node:latest\nUSER node\n");
    const diagnostic = await reported(document, "base-image-latest-tag");
    assertEqual(diagnostic.range, new vscode.Range(0, 5, 0, 16), "range");
    assertEqual(diagnostic.severity, vscode.DiagnosticSeverity.Warning, "severity");
    assert(diagnostic.message.includes("latest"), `message names the tag: ${diagnostic.message}`);
    const code = diagnostic.code;
    assert(typeof code === "object", "code without a page");
    assert(code.target.path.includes("base-image-latest-tag"), `page of another rule: ${code.target}`);
  });

  test("reports an image that runs as root", async () => {
    const document = await openDockerfile('FROM node:26\nCMD ["node", "server.js"]\n');
    await reported(document, "missing-user");
  });

  test("follows what is typed", async () => {
    const document = await openDockerfile("FROM node:26\nUSER node\n");
    const editor = await vscode.window.showTextDocument(document);
    await editor.edit((edit) => edit.replace(new vscode.Range(0, 10, 0, 12), "latest"));
    await reported(document, "base-image-latest-tag");
    await editor.edit((edit) => edit.replace(new vscode.Range(0, 10, 0, 16), "26"));
    await gone(document, "base-image-latest-tag");
  });

  test("makes one diagnostic of what is wrong with one base image", async () => {
    const document = await openDockerfile('FROM node:latest\nUSER node\nCMD ["node", "server.js"]\n');
    await reported(document, "base-image-latest-tag");
    const onFrom = vscode.languages.getDiagnostics(document.uri).filter((each) => each.range.start.line === 0);
    assertEqual(onFrom.map(ruleOf), ["base-image-latest-tag"], "diagnostics on the FROM line");
  });

  test("reads Containerfiles", async () => {
    await reported(await openDockerfile("FROM node:latest\n", "Containerfile"), "base-image-latest-tag");
  });

  test("reads a document that has no file yet", async () => {
    const untitled = await vscode.workspace.openTextDocument({ language: "dockerfile", content: "FROM node:latest\n" });
    await reported(untitled, "base-image-latest-tag");
  });

  test("leaves templates alone, though the editor calls them Dockerfiles", async () => {
    const folder = await newFolder({ "Dockerfile.j2": "FROM node:latest\n", Dockerfile: "FROM node:latest\n" });
    const template = await vscode.workspace.openTextDocument(vscode.Uri.joinPath(folder, "Dockerfile.j2"));
    await vscode.languages.setTextDocumentLanguage(template, "dockerfile");
    // The other file is opened later and answered in order, so its finding shows that the template had its turn.
    const plain = await vscode.workspace.openTextDocument(vscode.Uri.joinPath(folder, "Dockerfile"));
    await reported(plain, "base-image-latest-tag");
    assertEqual(rulesOf(template), [], "findings in a template");
  });

  test("diagnoses many files that are opened at once", async () => {
    // VS Code closes documents that no editor shows when there are more than fifty of them.
    const names = Array.from({ length: 40 }, (_, at) => `Dockerfile.${at}`);
    const folder = await newFolder(Object.fromEntries(names.map((name) => [name, "FROM node:latest\n"])));
    const documents = await Promise.all(
      names.map((name) => vscode.workspace.openTextDocument(vscode.Uri.joinPath(folder, name))),
    );
    const silent = () => documents.filter((document) => !rulesOf(document).includes("base-image-latest-tag"));
    await eventually(
      () => `every file to be diagnosed, not yet: ${silent().map(({ fileName }) => fileName)}`,
      () => silent().length === 0,
    );
  });
});
