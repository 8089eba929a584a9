// What the tests inside VS Code share. They run in three hosts (Node, a web worker, and the window that
// @vscode/test-cli opens), so nothing of Node and nothing of the DOM is used here.
import * as vscode from "vscode";

interface MochaGlobals {
  readonly suite: (name: string, body: () => void) => void;
  readonly test: (name: string, body: () => Promise<void> | void) => void;
}

/** Mocha's words, taken from where it puts them, so that its global types do not leak into the other tests. */
export const { suite, test } = globalThis as unknown as MochaGlobals;

/** How long one answer of the extension may take on a machine that is busy with other things. */
const patience = 15_000;

let folders = 0;

/** Throws unless the two values are equal as JSON, showing both. */
export function assertEqual(actual: unknown, expected: unknown, what: string): void {
  const [one, other] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (one !== other) throw new Error(`${what}\n  expected ${other}\n  actual   ${one}`);
}

/** Throws with the message unless the condition holds. */
export function assert(condition: boolean, message: string): asserts condition {
  if (!condition) throw new Error(message);
}

/** Asks `probe` until it answers something that is neither undefined, null nor false; throws after a while. */
export async function eventually<T>(
  what: string | (() => string),
  probe: () => T | Promise<T>,
): Promise<Exclude<T, false | null | undefined>> {
  const deadline = Date.now() + patience;
  for (;;) {
    const answer = await probe();
    if (answer !== undefined && answer !== null && answer !== false) {
      return answer as Exclude<T, false | null | undefined>;
    }
    if (Date.now() > deadline) throw new Error(`Waited ${patience} ms for ${typeof what === "string" ? what : what()}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

/** Writes files into a new folder of the workspace and returns the folder, so that no test sees another's files. */
export async function newFolder(files: Readonly<Record<string, string>>): Promise<vscode.Uri> {
  const workspace = vscode.workspace.workspaceFolders?.[0];
  if (workspace === undefined) throw new Error("The tests need a workspace folder.");
  folders += 1;
  const folder = vscode.Uri.joinPath(workspace.uri, `case-${folders}`);
  for (const [name, text] of Object.entries(files)) await write(vscode.Uri.joinPath(folder, name), text);
  return folder;
}

/** Writes a file of the workspace. */
export async function write(file: vscode.Uri, text: string): Promise<void> {
  await vscode.workspace.fs.writeFile(file, new TextEncoder().encode(text));
}

/** Reads a file of the workspace; null when there is none. */
export async function read(file: vscode.Uri): Promise<string | null> {
  try {
    return new TextDecoder().decode(await vscode.workspace.fs.readFile(file));
  } catch {
    return null;
  }
}

/** Writes a Dockerfile into a new folder, opens it in an editor and returns it. */
export async function openDockerfile(text: string, name = "Dockerfile"): Promise<vscode.TextDocument> {
  const folder = await newFolder({ [name]: text });
  const document = await vscode.workspace.openTextDocument(vscode.Uri.joinPath(folder, name));
  await vscode.window.showTextDocument(document);
  return document;
}

/** The rule of a diagnostic, or null when it is another extension's. */
export function ruleOf(diagnostic: vscode.Diagnostic): string | null {
  if (diagnostic.source !== "plimsoll") return null;
  const { code } = diagnostic;
  return String(typeof code === "object" ? code.value : code);
}

/** The rules that are reported for a document now, sorted. */
export function rulesOf(document: vscode.TextDocument): readonly string[] {
  const rules = vscode.languages.getDiagnostics(document.uri).map(ruleOf);
  return rules.filter((rule) => rule !== null).sort();
}

/** Waits until a rule is reported for a document and returns its diagnostic. */
export function reported(document: vscode.TextDocument, rule: string): Promise<vscode.Diagnostic> {
  return eventually(
    () => `${rule} to be reported (there is ${rulesOf(document).join(", ") || "nothing"})`,
    () => vscode.languages.getDiagnostics(document.uri).find((each) => ruleOf(each) === rule),
  );
}

/** Waits until a rule is no longer reported for a document. */
export async function gone(document: vscode.TextDocument, rule: string): Promise<void> {
  await eventually(`${rule} to disappear`, () => !rulesOf(document).includes(rule));
}

/** The code actions at a range, with their edits resolved; `kind` narrows them as the editor's menus do. */
export async function actionsAt(
  document: vscode.TextDocument,
  range: vscode.Range,
  kind?: vscode.CodeActionKind,
): Promise<readonly vscode.CodeAction[]> {
  const all = await vscode.commands.executeCommand<vscode.CodeAction[]>(
    "vscode.executeCodeActionProvider",
    document.uri,
    range,
    kind?.value,
    100,
  );
  return all;
}

/** The first action whose title matches; throws listing the titles when none does. */
export function actionNamed(actions: readonly vscode.CodeAction[], title: RegExp): vscode.CodeAction {
  const found = actions.find((each) => title.test(each.title));
  if (found === undefined) throw new Error(`No action ${title} among: ${actions.map((a) => a.title).join(" | ")}`);
  return found;
}

/** Does what a click on the action does: its edit, then its command. */
export async function perform(action: vscode.CodeAction): Promise<void> {
  if (action.edit !== undefined) assert(await vscode.workspace.applyEdit(action.edit), `${action.title}: not applied`);
  if (action.command !== undefined) {
    await vscode.commands.executeCommand(action.command.command, ...(action.command.arguments ?? []));
  }
}

/** The text of every hover card at a position, joined. */
export async function hoverAt(document: vscode.TextDocument, position: vscode.Position): Promise<string> {
  const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
    "vscode.executeHoverProvider",
    document.uri,
    position,
  );
  const parts = hovers.flatMap((hover) => hover.contents);
  return parts.map((part) => (typeof part === "string" ? part : part.value)).join("\n");
}

/** The extension under test. */
export function extension(): vscode.Extension<unknown> {
  const found = vscode.extensions.all.find((each) => each.packageJSON.name === "plimsoll-vscode");
  if (found === undefined) throw new Error("The extension is not installed in this host.");
  return found;
}
