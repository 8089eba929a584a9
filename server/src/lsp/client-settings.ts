/** What the client says of its folders, its settings and its proxy. */
import type { Connection, InitializeParams } from "vscode-languageserver";
import type { EditorProxy } from "./registry";
import type { Session } from "./session";
import type { ClientPowers } from "./support";

/** The workspace folders, as URIs. */
export function foldersOf(params: InitializeParams): readonly string[] {
  const folders = params.workspaceFolders?.map((folder) => folder.uri);
  return folders ?? (params.rootUri ? [params.rootUri] : []);
}

/** Settings sections by folder. What was pushed counts only where the client cannot be asked: it knows no folders. */
export async function fetchSettings(
  connection: Connection,
  session: Session,
  powers: ClientPowers,
  pushed: unknown,
): Promise<ReadonlyMap<string | null, unknown>> {
  if (!powers.configuration) return new Map([[null, sectionOf(pushed)]]);
  const { folders } = session;
  const items = [{ section: "plimsoll" }, ...folders.map((folder) => ({ scopeUri: folder, section: "plimsoll" }))];
  const answers = await connection.workspace.getConfiguration(items).catch(() => []);
  const sections = new Map<string | null, unknown>([[null, answers[0]]]);
  for (const [at, folder] of folders.entries()) sections.set(folder, answers[at + 1]);
  return sections;
}

/** What VS Code says about proxies; this process does not get its patched network. */
export async function fetchProxy(connection: Connection, isOurClient: boolean): Promise<EditorProxy> {
  const none: EditorProxy = { proxy: null, noProxy: [] };
  if (!isOurClient) return none;
  const said: unknown = await connection.workspace.getConfiguration("http").catch(() => null);
  if (typeof said !== "object" || said === null) return none;
  const { proxy, noProxy, proxySupport } = said as { proxy?: unknown; noProxy?: unknown; proxySupport?: unknown };
  return {
    proxy: typeof proxy === "string" && proxy !== "" && proxySupport !== "off" ? proxy : null,
    noProxy: Array.isArray(noProxy) ? noProxy.filter((one) => typeof one === "string") : [],
  };
}

/** The section `plimsoll` of pushed settings, or the settings themselves where a client sends that section alone. */
function sectionOf(pushed: unknown): unknown {
  if (typeof pushed !== "object" || pushed === null) return undefined;
  return "plimsoll" in pushed ? pushed.plimsoll : Object.keys(pushed).length > 0 ? pushed : undefined;
}
