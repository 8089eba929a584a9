/** Checks all Dockerfiles of the workspace, open or not. */
import type { Connection } from "vscode-languageserver";
import type { FileReader } from "../core/index";
import { notify } from "./messages";
import { type InitializationOptions, serverRequests, type WorkspaceReport } from "./protocol";
import type { Session } from "./session";
import { listDockerfiles } from "./workspace-files";

/** URIs of all Dockerfiles in the workspace folders, each once. */
export async function dockerfilesOf(
  connection: Connection,
  session: Session,
  files: FileReader,
  options: InitializationOptions,
  stopped: () => boolean,
): Promise<readonly string[]> {
  const found = new Set<string>();
  for (const folder of session.folders) {
    const listed =
      options.fileAccess === true
        ? await connection
            .sendRequest<string[] | null>(serverRequests.listFiles, { uri: folder, what: "dockerfiles" })
            .catch(() => null)
        : null;
    for (const uri of listed ?? (await listDockerfiles(files, folder, stopped))) found.add(uri);
  }
  return [...found];
}

/** Shows the findings of each; `remembered` holds those that have some shown while they are closed. */
export async function checkWorkspace(
  connection: Connection,
  session: Session,
  files: FileReader,
  options: InitializationOptions,
  remembered: Set<string>,
  stopped: () => boolean,
): Promise<WorkspaceReport> {
  const before = new Set(remembered);
  remembered.clear();
  let findings = 0;
  let count = 0;
  for (const uri of await dockerfilesOf(connection, session, files, options, stopped)) {
    if (stopped()) break;
    const result = (await session.checkFile(uri)) ?? (await session.current(uri));
    if (!result) continue;
    remembered.add(uri);
    before.delete(uri);
    count += result.checked ? 1 : 0;
    findings += result.checked?.groups.length ?? 0;
  }
  // Files that are gone since the last check.
  if (!stopped()) {
    for (const uri of before) {
      if (session.versionOf(uri) === null)
        notify(connection, "textDocument/publishDiagnostics", { uri, diagnostics: [] });
    }
  }
  return { files: count, findings, stopped: stopped() };
}
