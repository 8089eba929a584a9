/**
 * Says nothing twice: a finding is held back while another extension shows the same thing on the same lines, known by
 * the ids of other tools that our rules answer to. It comes back when the other one goes, so nothing is ever lost.
 */
import * as vscode from "vscode";
import type { BaseLanguageClient, HandleDiagnosticsSignature } from "vscode-languageclient";
import { clientRequests, type PeerIds } from "../../server/src/lsp/protocol";
import { isRepeated, reportingPeers, type Said } from "./peers";

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
  let isWanted = wanted();

  const show = (uri: vscode.Uri, always: boolean): void => {
    const last = received.get(uri.toString());
    if (!last) return;
    const kept = ids === null || !isWanted ? last.diagnostics : withoutRepeated(uri, last.diagnostics, ids);
    const fewer = last.diagnostics.length - kept.length;
    if (!always && (hidden.get(uri.toString()) ?? 0) === fewer) return;
    hidden.set(uri.toString(), fewer);
    last.next(uri, kept);
  };
  const showAll = (): void => {
    for (const key of received.keys()) show(vscode.Uri.parse(key), false);
  };
  const ask = async (): Promise<void> => {
    if (asked || !client || !isWanted) return;
    asked = true;
    ids = await client.sendRequest<PeerIds>(clientRequests.peerIds).catch(() => null);
    showAll();
  };
  // Extensions come and go, and so does the setting, without the window being opened anew.
  const again = (): void => {
    isWanted = wanted();
    void ask();
    showAll();
  };
  const listeners = [
    vscode.languages.onDidChangeDiagnostics(({ uris }) => {
      if (ids !== null && isWanted) for (const uri of uris) show(uri, false);
    }),
    vscode.extensions.onDidChange(again),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration(`${ownSource}.deduplicate`)) again();
    }),
  ];

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
    dispose() {
      for (const listener of listeners) listener.dispose();
    },
  };
}

function wanted(): boolean {
  const isOn = vscode.workspace.getConfiguration(ownSource).get("deduplicate", true);
  return isOn && reportingPeers.some((id) => vscode.extensions.getExtension(id) !== undefined);
}

function withoutRepeated(uri: vscode.Uri, own: readonly vscode.Diagnostic[], ids: PeerIds): vscode.Diagnostic[] {
  const others = vscode.languages
    .getDiagnostics(uri)
    .filter((item) => item.source !== ownSource)
    .map((item): Said => ({ source: item.source, code: codeOf(item), lines: linesOf(item) }));
  return others.length === 0 ? [...own] : own.filter((item) => !isRepeated(rulesOf(item), linesOf(item), others, ids));
}

function linesOf({ range }: vscode.Diagnostic): Said["lines"] {
  return { first: range.start.line, last: range.end.line };
}

/** All rules of a diagnostic; merged ones carry several. */
function rulesOf(diagnostic: vscode.Diagnostic): readonly string[] {
  const { data } = diagnostic as { data?: { rules?: readonly string[] } };
  return data?.rules ?? [String(codeOf(diagnostic))];
}

/** The code of a diagnostic, without the address that may come with it. */
export function codeOf({ code }: vscode.Diagnostic): string | number {
  return (typeof code === "object" ? code.value : code) ?? "";
}
