/**
 * Offers Plimsoll as a formatter where that is wanted, and takes the offer back where it is not. The server asks to be
 * registered; the requests that concern layout go through here.
 */
import * as vscode from "vscode";
import type { BaseLanguageClient, RegistrationParams, RegistrationRequest } from "vscode-languageclient";
import { formats } from "./peers";

const methods = ["textDocument/formatting", "textDocument/rangeFormatting", "textDocument/onTypeFormatting"] as const;
type Method = (typeof methods)[number];

export interface Formatting extends vscode.Disposable {
  /** To be the client's middleware for registrations. */
  readonly register: (params: RegistrationParams, next: RegistrationRequest.HandlerSignature) => Promise<void>;
  attach(client: BaseLanguageClient): void;
}

/** `own`: the id of this extension. */
export function createFormatting(own: string): Formatting {
  /** What the server asked for, by method. */
  const asked = new Map<Method, { readonly id: string; readonly options: unknown }>();
  let client: BaseLanguageClient | null = null;
  let isOffered = wanted(own);

  const update = (): void => {
    const isWanted = wanted(own);
    if (isWanted === isOffered || !client) return;
    isOffered = isWanted;
    for (const [method, { id, options }] of asked) {
      // The library types this by a name at a time; the three features are of one kind.
      const feature = client.getFeature(method as "textDocument/formatting");
      if (isWanted) feature.register({ id, registerOptions: options as never });
      else feature.unregister(id);
    }
  };
  const listeners = [
    vscode.extensions.onDidChange(update),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration("editor.defaultFormatter", { languageId: "dockerfile" })) update();
    }),
  ];
  return {
    async register({ registrations }, next) {
      const passed = registrations.filter(({ id, method, registerOptions }) => {
        const known = methods.find((one) => one === method);
        if (known) asked.set(known, { id, options: registerOptions });
        return !known || isOffered;
      });
      await next({ registrations: passed }, new vscode.CancellationTokenSource().token);
    },
    attach(attached) {
      client = attached;
    },
    dispose() {
      for (const listener of listeners) listener.dispose();
    },
  };
}

function wanted(own: string): boolean {
  const chosen = vscode.workspace
    .getConfiguration("editor", { languageId: "dockerfile" })
    .get<string>("defaultFormatter");
  return formats(chosen ?? null, own, (id) => vscode.extensions.getExtension(id) !== undefined);
}
