// Measures, inside an extension host of a window that was just opened, how long a Dockerfile waits for its first
// findings, and reads what VS Code itself noted about the extension's start.
import * as vscode from "vscode";
import { example } from "../../../../client/src/example";
import { eventually, extension, newFolder } from "./testing";

/** The word that a line of the console begins with when it is meant for the script outside the editor. */
const mark = "PLIMSOLL-E2E ";

/** The columns of VS Code's own table that are times, in milliseconds: `Developer: Startup Performance`. */
const columns = { loadCode: 2, callActivate: 3, finishActivate: 4 } as const;

/** After so many milliseconds a new window has done what it puts off at its start. */
const calm = 5000;

export async function run(): Promise<void> {
  console.log(mark + JSON.stringify({ start: true }));
  const folder = await newFolder({ "one.dockerfile": example, "two.dockerfile": example });
  if (extension().isActive) throw new Error("The extension was awake before a Dockerfile was opened.");
  const first = await openAndWait(vscode.Uri.joinPath(folder, "one.dockerfile"));
  await new Promise((resolve) => setTimeout(resolve, calm));
  const second = await openAndWait(vscode.Uri.joinPath(folder, "two.dockerfile"));
  const times = { ...first, ...(await startOfExtension()), next: second.findings };
  console.log(mark + JSON.stringify({ times }));
  console.log(mark + JSON.stringify({ end: true }));
}

/** Opens an editor on a file. Each answer is in milliseconds since that was asked for. */
async function openAndWait(file: vscode.Uri): Promise<{ opened: number; active: number; findings: number }> {
  const start = performance.now();
  const since = () => performance.now() - start;
  const findings = new Promise<number>((resolve) => {
    const listener = vscode.languages.onDidChangeDiagnostics(({ uris }) => {
      const ours = uris.some((uri) => uri.toString() === file.toString());
      if (!ours || vscode.languages.getDiagnostics(file).length === 0) return;
      listener.dispose();
      resolve(since());
    });
  });
  const active = untilActive().then(since);
  const document = await vscode.workspace.openTextDocument(file);
  const opened = since();
  await vscode.window.showTextDocument(document);
  return { opened, active: await active, findings: await findings };
}

/** Asking the extension to become active would wake it, so one looks now and then. */
async function untilActive(): Promise<void> {
  while (!extension().isActive) await new Promise((resolve) => setTimeout(resolve, 4));
}

/** What VS Code noted: loading the code, the call of `activate`, and until its promise was kept; milliseconds. */
async function startOfExtension(): Promise<Record<keyof typeof columns, number>> {
  await vscode.commands.executeCommand("perfview.show");
  const row = await eventually("VS Code's page about its own start", () => {
    const page = vscode.workspace.textDocuments.find(({ uri }) => uri.scheme === "perf");
    const lines = page?.getText().split("\n") ?? [];
    return lines.find(
      (line) => line.toLowerCase().includes(extension().id.toLowerCase()) && line.includes("onLanguage"),
    );
  });
  const cells = row.split("|").map((cell) => cell.trim());
  const at = (column: number) => Number(cells[column + 1]);
  return {
    loadCode: at(columns.loadCode),
    callActivate: at(columns.callActivate),
    finishActivate: at(columns.finishActivate),
  };
}
