/** What the client can do, read once from `initialize`. */
import type { ClientCapabilities } from "vscode-languageserver";
import type { ClientSupport } from "./convert";

/** Capabilities that concern the running of the server, not the shape of an answer. */
export interface ClientPowers {
  readonly configuration: boolean;
  readonly workspaceFolders: boolean;
  readonly registerConfiguration: boolean;
  readonly registerWatchers: boolean;
  readonly applyEdit: boolean;
  readonly showDocument: boolean;
  readonly refreshDiagnostics: boolean;
}

/** `previews`: the client shows rewrites itself, so that no edit needs to ask for confirmation. */
export function readSupport(capabilities: ClientCapabilities, previews: boolean): ClientSupport {
  const { textDocument, workspace } = capabilities;
  const published = textDocument?.publishDiagnostics;
  const edit = workspace?.workspaceEdit;
  return {
    related: published?.relatedInformation === true || textDocument?.diagnostic?.relatedInformation === true,
    tags: published?.tagSupport !== undefined || textDocument?.diagnostic?.tagSupport !== undefined,
    codeDescription:
      published?.codeDescriptionSupport === true || textDocument?.diagnostic?.codeDescriptionSupport === true,
    documentChanges: edit?.documentChanges === true,
    createFiles: edit?.resourceOperations?.includes("create") === true,
    annotations: edit?.changeAnnotationSupport !== undefined && !previews,
    resolveEdits:
      textDocument?.codeAction?.dataSupport === true &&
      textDocument.codeAction.resolveSupport?.properties.includes("edit") === true,
    markdownHover: textDocument?.hover?.contentFormat?.includes("markdown") ?? false,
  };
}

export function readPowers(capabilities: ClientCapabilities): ClientPowers {
  const { workspace, window } = capabilities;
  return {
    configuration: workspace?.configuration === true,
    workspaceFolders: workspace?.workspaceFolders === true,
    registerConfiguration: workspace?.didChangeConfiguration?.dynamicRegistration === true,
    registerWatchers: workspace?.didChangeWatchedFiles?.dynamicRegistration === true,
    applyEdit: workspace?.applyEdit === true,
    showDocument: window?.showDocument?.support === true,
    refreshDiagnostics: workspace?.diagnostics?.refreshSupport === true,
  };
}
