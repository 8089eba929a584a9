/** Wires the language features of a Dockerfile to a connection: which request leads to which function of the engine. */
import {
  type ClientCapabilities,
  type CompletionItem,
  type CompletionList,
  type CompletionParams,
  type Connection,
  type FormattingOptions,
  LSPErrorCodes,
  type Position,
  type Registration,
  ResponseError,
  type ServerCapabilities,
} from "vscode-languageserver";
import type { Completion } from "../core/features/complete";
import { foldsOf } from "../core/features/folding";
import { hintsOf, lensesOf } from "../core/features/hints";
import { linksOf } from "../core/features/links";
import { definitionOf, type Named, nameAt, occurrencesOf, refusalToRename, rename } from "../core/features/names";
import { tokenModifiers, tokenTypes } from "../core/features/paint";
import { selectionsAt } from "../core/features/selection";
import { signatureAt } from "../core/features/signature";
import { outlineOf } from "../core/features/symbols";
import { tokensOf } from "../core/features/tokens";
import { type Model, toRange } from "../core/index";
import type { Clock } from "./clock";
import { type CompletionHost, complete, describe } from "./complete";
import type { ConfigDocuments } from "./config-documents";
import { toSpan } from "./convert";
import {
  type CompletionSupport,
  type LensCommands,
  toCodeLenses,
  toCompletionList,
  toDocumentation,
  toDocumentLinks,
  toDocumentSymbols,
  toFoldingRanges,
  toHighlights,
  toInlayHints,
  toLocation,
  toRenameEdit,
  toSelectionRange,
  toSignatureHelp,
  toSymbolInformation,
  toTextEdits,
} from "./convert-features";
import { createBriefReader, type FormatContext, format, formatNewLine } from "./format";
import { createFileLookup } from "./link-files";
import { staleLenses } from "./pin-lenses";
import { clientCommands } from "./protocol";
import type { Session } from "./session";
import { createTokenMemory } from "./token-memory";
import { createWorkspaceSymbols } from "./workspace-symbols";

/** What the features need from the server. */
export interface FeatureContext extends Omit<CompletionHost, "snippets"> {
  readonly session: Session;
  /** Our own configuration files, whose links the same request asks for. */
  readonly configs: ConfigDocuments;
  readonly support: FeatureSupport;
  readonly clock: Clock;
}

/** What the client said about the features; everything else is answered in a simpler way. */
export interface FeatureSupport {
  readonly symbolTree: boolean;
  readonly mostFolds: number;
  readonly documentChanges: boolean;
  readonly completion: CompletionSupport;
  readonly labelOffsets: boolean;
  readonly refreshHints: boolean;
  readonly refreshLenses: boolean;
  readonly lenses: LensCommands;
}

/** Reads the client's side of the bargain from `initialize`. */
export function readFeatureSupport(
  { textDocument, workspace }: ClientCapabilities,
  isOurClient: boolean,
): FeatureSupport {
  const item = textDocument?.completion?.completionItem;
  return {
    completion: {
      snippets: item?.snippetSupport === true,
      markdown: item?.documentationFormat?.includes("markdown") === true,
      deprecated: item?.tagSupport?.valueSet.includes(1) === true,
      sharedRange: textDocument?.completion?.completionList?.itemDefaults?.includes("editRange") === true,
      // Only of our own client do we know that it has this command.
      again: isOurClient ? "editor.action.triggerSuggest" : null,
    },
    labelOffsets: textDocument?.signatureHelp?.signatureInformation?.parameterInformation?.labelOffsetSupport === true,
    refreshHints: workspace?.inlayHint?.refreshSupport === true,
    refreshLenses: workspace?.codeLens?.refreshSupport === true,
    lenses: isOurClient ? clientCommands : { showReferences: null, showStages: null },
    symbolTree: textDocument?.documentSymbol?.hierarchicalDocumentSymbolSupport === true,
    mostFolds: textDocument?.foldingRange?.rangeLimit ?? Number.POSITIVE_INFINITY,
    documentChanges: workspace?.workspaceEdit?.documentChanges === true,
  };
}

/** What the server says about the features in its answer to `initialize`. */
export function featureCapabilities({ textDocument }: ClientCapabilities, isOurClient: boolean): ServerCapabilities {
  return {
    // Our client is told of these later, and for Dockerfiles alone: see `dockerfileRegistrations`.
    ...(isOurClient
      ? {}
      : {
          documentFormattingProvider: true,
          documentRangeFormattingProvider: true,
          documentOnTypeFormattingProvider: onTypeOptions,
          semanticTokensProvider: tokenOptions,
        }),
    completionProvider: { triggerCharacters: [" ", "$", "{", "=", ",", ":", "/", "-"], resolveProvider: true },
    signatureHelpProvider: { triggerCharacters: [" ", "=", ":"] },
    documentLinkProvider: {},
    selectionRangeProvider: true,
    inlayHintProvider: true,
    codeLensProvider: {},
    workspaceSymbolProvider: true,
    documentSymbolProvider: true,
    foldingRangeProvider: true,
    documentHighlightProvider: true,
    definitionProvider: true,
    referencesProvider: true,
    renameProvider: textDocument?.rename?.prepareSupport ? { prepareProvider: true } : true,
  };
}

const onTypeOptions = { firstTriggerCharacter: "\n" };
const tokenOptions = {
  legend: { tokenTypes: [...tokenTypes], tokenModifiers: [...tokenModifiers] },
  full: { delta: true },
  range: true,
};

/**
 * What our own client is told once it runs. It also hands us `.plimsoll.yaml`, where an editor must not take us for a
 * formatter or a painter: it would ask the user which one to use, or leave the text without colours.
 */
export function dockerfileRegistrations(): Registration[] {
  const documentSelector = [{ language: "dockerfile" }];
  const options: { readonly [method: string]: object } = {
    "textDocument/formatting": {},
    "textDocument/rangeFormatting": {},
    "textDocument/onTypeFormatting": onTypeOptions,
    "textDocument/semanticTokens": tokenOptions,
  };
  return Object.entries(options).map(([method, more]) => ({
    id: method,
    method,
    registerOptions: { documentSelector, ...more },
  }));
}

/** Registers the handlers. Every one answers from the model of the present version and finds nothing out anew. */
export function registerFeatures(connection: Connection, context: FeatureContext): void {
  const { session, support } = context;
  // Outline, breadcrumbs and sticky lines ask for the same one after the other.
  const symbols = perModel((model, uri: string) =>
    support.symbolTree
      ? toDocumentSymbols(model.lines, outlineOf(model))
      : toSymbolInformation(uri, model.lines, outlineOf(model)),
  );
  connection.onDocumentSymbol(async ({ textDocument: { uri } }) => {
    const model = await session.model(uri);
    return model && symbols(model, uri);
  });
  connection.onFoldingRanges(async ({ textDocument: { uri } }) => {
    const model = await session.model(uri);
    return model && toFoldingRanges(foldsOf(model), support.mostFolds);
  });
  connection.onDocumentHighlight(async ({ textDocument: { uri }, position }) => {
    const found = await nameIn(session, uri, position);
    return found && toHighlights(found.model.lines, occurrencesOf(found.model, found.named));
  });
  connection.onDefinition(async ({ textDocument: { uri }, position }) => {
    const found = await nameIn(session, uri, position);
    const span = found && definitionOf(found.model, found.named);
    return span && toLocation(uri, found.model.lines, span);
  });
  connection.onReferences(async ({ textDocument: { uri }, position, context: { includeDeclaration } }) => {
    const found = await nameIn(session, uri, position);
    if (!found) return null;
    const { model, named } = found;
    const declared = includeDeclaration ? null : definitionOf(model, named);
    return occurrencesOf(model, named)
      .filter(({ span }) => span.start !== declared?.start)
      .map(({ span }) => toLocation(uri, model.lines, span));
  });
  connection.onPrepareRename(async ({ textDocument: { uri }, position }) => {
    const found = await nameIn(session, uri, position);
    if (!found) return null;
    const { model, named } = found;
    const refusal = refusalToRename(model, named);
    if (refusal !== null) throw refused(refusal);
    return { range: toRange(model.lines, named.span), placeholder: model.text.slice(named.span.start, named.span.end) };
  });
  connection.onRenameRequest(async ({ textDocument: { uri }, position, newName }) => {
    const found = await nameIn(session, uri, position);
    if (!found) return null;
    const { model, named } = found;
    const renaming = rename(model, named, newName);
    if ("refusal" in renaming) throw refused(renaming.refusal);
    const document = { uri, version: session.versionOf(uri), lines: model.lines };
    return toRenameEdit(document, renaming.edits, support.documentChanges);
  });
  registerTokens(connection, session);
  registerAround(connection, context);
  registerFormatting(connection, context);
}

/** Remembers an answer with the model that it was made from. */
function perModel<Answer, Rest extends readonly unknown[]>(
  make: (model: Model, ...rest: Rest) => Answer,
): (model: Model, ...rest: Rest) => Answer {
  const known = new WeakMap<Model, Answer>();
  return (model, ...rest) => {
    let answer = known.get(model);
    if (answer === undefined) {
      answer = make(model, ...rest);
      known.set(model, answer);
    }
    return answer;
  };
}

function registerFormatting(connection: Connection, context: FeatureContext): void {
  const { session } = context;
  const files = createBriefReader(context.files, context.clock);
  const contextOf = async (uri: string, editor: FormattingOptions): Promise<FormatContext | null> => {
    const { config, folder } = await session.configOf(uri);
    const model = await session.model(uri);
    return model && { uri, model, config, folder, files, editor };
  };
  connection.onDocumentFormatting(async ({ textDocument: { uri }, options }) => {
    const document = await contextOf(uri, options);
    return document && toTextEdits(document.model.lines, (await format(document, null)) ?? []);
  });
  connection.onDocumentRangeFormatting(async ({ textDocument: { uri }, range, options }) => {
    const document = await contextOf(uri, options);
    if (!document) return null;
    const { lines } = document.model;
    return toTextEdits(lines, (await format(document, toSpan(lines, range))) ?? []);
  });
  connection.onDocumentOnTypeFormatting(async ({ textDocument: { uri }, position, options }) => {
    const document = await contextOf(uri, options);
    if (!document) return null;
    const { lines } = document.model;
    return toTextEdits(lines, await formatNewLine(document, lines.offsetAt(position)));
  });
}

/** What stands at, behind and above things. */
function registerAround(connection: Connection, context: FeatureContext): void {
  const { session, support, catalogue, files } = context;
  connection.onSignatureHelp(async ({ textDocument: { uri }, position }) => {
    const model = await session.model(uri);
    const hint = model && signatureAt(model, model.lines.offsetAt(position));
    return hint && toSignatureHelp(hint, support.labelOffsets);
  });
  connection.onDocumentLinks(async ({ textDocument: { uri } }) => {
    const config = await context.configs.links(uri);
    if (config) {
      const named = config.links.map(({ span, rule }) => ({ span, kind: "rule" as const, target: rule }));
      return toDocumentLinks(config.lines, named, () => null);
    }
    const model = await session.model(uri);
    if (!model) return null;
    const links = linksOf(model, (id) => context.rules.some((rule) => rule.id === id));
    return toDocumentLinks(model.lines, links, await createFileLookup(files, uri, links));
  });
  connection.onSelectionRanges(async ({ textDocument: { uri }, positions }) => {
    const model = await session.model(uri);
    if (!model) return null;
    return positions.map((position) =>
      toSelectionRange(model.lines, selectionsAt(model, model.lines.offsetAt(position))),
    );
  });
  connection.languages.inlayHint.on(async ({ textDocument: { uri }, range }) => {
    const model = await session.model(uri);
    const { hints } = session.featuresOf(uri);
    if (!model || !Object.values(hints).includes(true)) return null;
    return toInlayHints(model.lines, hintsOf(model, toSpan(model.lines, range), hints, catalogue()));
  });
  connection.onCodeLens(async ({ textDocument: { uri } }) => {
    const model = await session.model(uri);
    const { lenses } = session.featuresOf(uri);
    if (!model) return null;
    const plain = lensesOf(model, lenses, catalogue(), context.today());
    const { registry } = await session.configOf(uri);
    const stale = staleLenses(uri, model, catalogue(), context.online, registry);
    const all = [...toCodeLenses(uri, model.lines, plain, support.lenses), ...stale];
    return all.length > 0 ? all : null;
  });
  const workspaceSymbols = createWorkspaceSymbols(session, files);
  connection.onWorkspaceSymbol(({ query }, token) => workspaceSymbols(query, () => token.isCancellationRequested));
}

/** Tells the client that hints and lenses may look different now, where it wants to know. */
export function refreshFeatures(connection: Connection, support: FeatureSupport): void {
  if (support.refreshHints) void connection.languages.inlayHint.refresh().catch(() => undefined);
  if (support.refreshLenses) void connection.sendRequest("workspace/codeLens/refresh").catch(() => undefined);
}

/** Completion of Dockerfiles. */
export interface DockerfileCompletion {
  /** The entries; null where the document is none of ours. */
  ask(params: CompletionParams): Promise<CompletionList | null>;
  /** The entry with what there is to say of it, where it is one of the last list. */
  resolve(item: CompletionItem): CompletionItem;
}

export function createCompletion(context: FeatureContext): DockerfileCompletion {
  const support = context.support.completion;
  const host: CompletionHost = { ...context, snippets: support.snippets };
  let shown: readonly Completion[] = [];
  let number = 0;
  return {
    async ask(params) {
      const found = await complete(host, params);
      if (!found) return null;
      shown = found.list.items;
      return toCompletionList(found.model.lines, found.list, ++number, support);
    },
    resolve(item) {
      const [list, index] = Array.isArray(item.data) ? (item.data as readonly number[]) : [];
      const entry = list === number && index !== undefined ? shown[index] : undefined;
      const said = entry && describe(host, entry);
      if (!said) return item;
      const detail = item.detail ?? said.detail;
      return {
        ...item,
        ...(detail === null ? {} : { detail }),
        documentation: toDocumentation(said.markdown, support),
      };
    },
  };
}

function registerTokens(connection: Connection, session: Session): void {
  const memory = createTokenMemory();
  const tokens = connection.languages.semanticTokens;
  tokens.on(async ({ textDocument: { uri } }) => {
    const model = await session.model(uri);
    return model ? memory.full(uri, tokensOf(model)) : noTokens;
  });
  tokens.onDelta(async ({ textDocument: { uri }, previousResultId }) => {
    const model = await session.model(uri);
    return model ? memory.delta(uri, previousResultId, tokensOf(model)) : noTokens;
  });
  tokens.onRange(async ({ textDocument: { uri }, range }) => {
    const model = await session.model(uri);
    return model ? { data: tokensOf(model, toSpan(model.lines, range)) } : noTokens;
  });
}

const noTokens = { data: [] };

async function nameIn(
  session: Session,
  uri: string,
  position: Position,
): Promise<{ model: Model; named: Named } | null> {
  const model = await session.model(uri);
  const named = model && nameAt(model, model.lines.offsetAt(position));
  return named && { model, named };
}

/** An answer that the editor shows to the user as it is. */
function refused(reason: string): ResponseError<void> {
  return new ResponseError(LSPErrorCodes.RequestFailed, reason);
}
