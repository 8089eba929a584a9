/**
 * Says nothing twice: a finding is held back while another extension shows the same thing on the same lines, known by
 * the ids of other tools that our rules answer to. It comes back when the other one goes, so nothing is ever lost.
 */
import * as vscode from "vscode";
import type { BaseLanguageClient, HandleDiagnosticsSignature } from "vscode-languageclient";
import { clientRequests, type PeerIds } from "../../server/src/lsp/protocol";

/** Extensions that report on Dockerfiles themselves. Without one of them there is nothing to compare with. */
const peers = ["docker.docker", "exiasr.hadolint", "ms-azuretools.vscode-containers", "ms-azuretools.vscode-docker"];

const ownSource = "plimsoll";

export interface Deduplication extends vscode.Disposable {
  /** To be the client's middleware for diagnostics. */
  readonly handle: (uri: vscode.Uri, diagnostics: vscode.Diagnostic[], next: HandleDiagnosticsSignature) => void;
  /** Gives it the client to ask for ids. */
  attach(client: BaseLanguageClient): void;
}

export function createDeduplication(): Deduplication {
  const received = new Map<
    string,
    { readonly diagnostics: vscode.Diagnostic[]; readonly next: HandleDiagnosticsSignature }
  >();
  const hidden = new Map<string, number>();
  let client: BaseLanguageClient | null = null;
  let ids: PeerIds | null = null;
  let asked = false;

  const show = (uri: vscode.Uri, always: boolean): void => {
    const last = received.get(uri.toString());
    if (!last) return;
    const kept = ids === null ? last.diagnostics : withoutRepeated(uri, last.diagnostics, ids);
    const fewer = last.diagnostics.length - kept.length;
    if (!always && (hidden.get(uri.toString()) ?? 0) === fewer) return;
    hidden.set(uri.toString(), fewer);
    last.next(uri, kept);
  };
  const ask = async (): Promise<void> => {
    if (asked || !client || !vscode.workspace.getConfiguration(ownSource).get("deduplicate", true)) return;
    if (!peers.some((id) => vscode.extensions.getExtension(id) !== undefined)) return;
    asked = true;
    ids = await client.sendRequest<PeerIds>(clientRequests.peerIds).catch(() => null);
    for (const key of received.keys()) show(vscode.Uri.parse(key), false);
  };
  const listener = vscode.languages.onDidChangeDiagnostics(({ uris }) => {
    if (ids !== null) for (const uri of uris) show(uri, false);
  });

  return {
    handle(uri, diagnostics, next) {
      if (diagnostics.length === 0) received.delete(uri.toString());
      else received.set(uri.toString(), { diagnostics, next });
      if (diagnostics.length === 0) next(uri, diagnostics);
      else show(uri, true);
      void ask();
    },
    attach(attached) {
      client = attached;
    },
    dispose: () => listener.dispose(),
  };
}

function withoutRepeated(uri: vscode.Uri, own: readonly vscode.Diagnostic[], ids: PeerIds): vscode.Diagnostic[] {
  const others = vscode.languages.getDiagnostics(uri).filter((item) => item.source !== ownSource);
  if (others.length === 0) return [...own];
  const said = others.map((item) => ({ code: codeOf(item).toLowerCase(), range: item.range }));
  const isSaid = (rule: string, range: vscode.Range): boolean =>
    (ids[rule] ?? []).some((id) => said.some((item) => item.code === id.toLowerCase() && meetLines(item.range, range)));
  return own.filter((item) => !rulesOf(item).every((rule) => isSaid(rule, item.range)));
}

function meetLines(a: vscode.Range, b: vscode.Range): boolean {
  return a.start.line <= b.end.line && b.start.line <= a.end.line;
}

/** All rules of a diagnostic; merged ones carry several. */
function rulesOf(diagnostic: vscode.Diagnostic): readonly string[] {
  const { data } = diagnostic as { data?: { rules?: readonly string[] } };
  return data?.rules ?? [codeOf(diagnostic)];
}

function codeOf(diagnostic: vscode.Diagnostic): string {
  const { code } = diagnostic;
  return String(typeof code === "object" ? code.value : (code ?? ""));
}
