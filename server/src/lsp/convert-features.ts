/** From what the language features say to LSP's types. Beside `convert.ts`, which does the same for findings. */
import type {
  CodeLens,
  CompletionItem,
  DocumentHighlight,
  DocumentLink,
  DocumentSymbol,
  FoldingRange,
  InlayHint,
  Location,
  CompletionList as LspCompletionList,
  SelectionRange,
  SignatureHelp,
  SymbolInformation,
  TextEdit,
  WorkspaceEdit,
} from "vscode-languageserver";
import { ruleUrl } from "../config/index";
import type { Completion, CompletionKind, CompletionList } from "../core/features/complete";
import type { Fold } from "../core/features/folding";
import type { Hint, Lens } from "../core/features/hints";
import type { Link } from "../core/features/links";
import type { Occurrence } from "../core/features/names";
import type { SignatureHint } from "../core/features/signature";
import type { OutlineSymbol } from "../core/features/symbols";
import { type Edit, type LineIndex, type Span, toRange } from "../core/index";
import { toTextEdit } from "./convert";

// LSP's numbers are written out: the enums of the library cost a bundle more than they say.

/** Kinds of symbols by keyword: what an outline shows as an icon. 12 is a function. */
const symbolKinds: { readonly [keyword: string]: DocumentSymbol["kind"] } = {
  ARG: 13,
  ENV: 14,
  LABEL: 7,
  COPY: 1,
  ADD: 1,
  WORKDIR: 4,
  VOLUME: 4,
  USER: 20,
  EXPOSE: 11,
  CMD: 24,
  ENTRYPOINT: 24,
};

/** The outline as a tree. */
export function toDocumentSymbols(lines: LineIndex, outline: readonly OutlineSymbol[]): DocumentSymbol[] {
  return outline.map((symbol) => {
    const made: DocumentSymbol = {
      name: symbol.name,
      kind: symbolKind(symbol),
      range: toRange(lines, symbol.span),
      selectionRange: toRange(lines, symbol.selection),
    };
    if (symbol.detail !== "") made.detail = symbol.detail;
    if (symbol.children.length > 0) made.children = toDocumentSymbols(lines, symbol.children);
    return made;
  });
}

/** The outline as a list, for clients that know no trees. */
export function toSymbolInformation(
  uri: string,
  lines: LineIndex,
  outline: readonly OutlineSymbol[],
): SymbolInformation[] {
  return outline.flatMap((symbol) => [
    symbolInformation(uri, lines, symbol, null),
    ...symbol.children.map((child) => symbolInformation(uri, lines, child, symbol.name)),
  ]);
}

/** One entry of a list of symbols. */
export function symbolInformation(
  uri: string,
  lines: LineIndex,
  symbol: OutlineSymbol,
  container: string | null,
): SymbolInformation {
  const location = { uri, range: toRange(lines, symbol.span) };
  const made: SymbolInformation = { name: symbol.name, kind: symbolKind(symbol), location };
  if (container !== null) made.containerName = container;
  return made;
}

function symbolKind({ kind, keyword }: OutlineSymbol): DocumentSymbol["kind"] {
  // 5: class. 7: property.
  return kind === "stage" ? 5 : kind === "directive" ? 7 : (symbolKinds[keyword] ?? 12);
}

/** Folds, no more than the client wants: the longest first where there are too many. */
export function toFoldingRanges(folds: readonly Fold[], most: number): FoldingRange[] {
  const kept =
    folds.length <= most
      ? folds
      : [...folds].sort((a, b) => b.endLine - b.startLine - (a.endLine - a.startLine)).slice(0, most);
  return kept.map(({ startLine, endLine, kind }) =>
    kind === "code" ? { startLine, endLine } : { startLine, endLine, kind },
  );
}

/** The places of a name in the document that is looked at. */
export function toHighlights(lines: LineIndex, occurrences: readonly Occurrence[]): DocumentHighlight[] {
  // 2: read. 3: write.
  return occurrences.map(({ span, access }) => ({ range: toRange(lines, span), kind: access === "read" ? 2 : 3 }));
}

/** A place in a document. */
export function toLocation(uri: string, lines: LineIndex, span: Span): Location {
  return { uri, range: toRange(lines, span) };
}

/** Edits of one document. */
export function toRenameEdit(
  document: { readonly uri: string; readonly version: number | null; readonly lines: LineIndex },
  edits: readonly Edit[],
  versioned: boolean,
): WorkspaceEdit {
  const { uri, version, lines } = document;
  const made = edits.map((edit) => toTextEdit(lines, edit));
  return versioned
    ? { documentChanges: [{ textDocument: { uri, version }, edits: made }] }
    : { changes: { [uri]: made } };
}

/** What the client understands of completion. */
export interface CompletionSupport {
  readonly snippets: boolean;
  readonly markdown: boolean;
  readonly deprecated: boolean;
  /** One range for the whole list (`itemDefaults.editRange`). */
  readonly sharedRange: boolean;
  /** The command that opens the list again; null where the client has none. */
  readonly again: string | null;
}

const completionKinds: { readonly [kind in CompletionKind]: NonNullable<CompletionItem["kind"]> } = {
  keyword: 14,
  snippet: 15,
  flag: 5,
  value: 12,
  variable: 6,
  stage: 9,
  image: 7,
  tag: 21,
  user: 12,
  file: 17,
  folder: 19,
  rule: 18,
  property: 10,
  package: 9,
};

/**
 * A list of completion. All of its entries take the place of the same piece of text. What an entry has to say beside its
 * label comes when somebody looks at it (`completionItem/resolve`), by the number of the list and its own.
 */
export function toCompletionList(
  lines: LineIndex,
  { items, isIncomplete }: CompletionList,
  number: number,
  support: CompletionSupport,
): LspCompletionList {
  const [first] = items;
  if (!first) return { isIncomplete, items: [] };
  const range = toRange(lines, first.span);
  const made = items.map((item, index) => toCompletionItem(item, [number, index], range, support));
  return { isIncomplete, items: made, ...(support.sharedRange ? { itemDefaults: { editRange: range } } : {}) };
}

function toCompletionItem(
  item: Completion,
  data: readonly [list: number, index: number],
  range: ReturnType<typeof toRange>,
  support: CompletionSupport,
): CompletionItem {
  const { label, insert } = item;
  const made: CompletionItem = {
    label,
    kind: completionKinds[item.kind],
    // The order is ours; editors would sort by the label.
    sortText: String(data[1]).padStart(4, "0"),
  };
  if (!support.sharedRange) made.textEdit = { range, newText: insert };
  else if (insert !== label) made.textEditText = insert;
  if (item.snippet) made.insertTextFormat = 2;
  if (item.detail !== undefined && item.detail !== "") made.detail = item.detail;
  if (item.deprecated && support.deprecated) made.tags = [1];
  if (item.image !== undefined || item.documentation) made.data = data;
  if (item.goesOn && support.again !== null) made.command = { title: "Go on", command: support.again };
  return made;
}

/** What is said of an entry when it is looked at. */
export function toDocumentation(
  markdown: string,
  support: CompletionSupport,
): NonNullable<CompletionItem["documentation"]> {
  return support.markdown ? { kind: "markdown", value: markdown } : plain(markdown);
}

function plain(markdown: string): string {
  return markdown
    .replace(/```\w*\n|```/g, "")
    .replace(/\[([^\]]*)\]\(([^)]*)\)/g, "$1: $2")
    .replace(/`|\*\*/g, "");
}

/** The ways to write an instruction. */
export function toSignatureHelp(hint: SignatureHint, labelOffsets: boolean): SignatureHelp {
  const signatures = hint.signatures.map(({ label, parameters }) => {
    let from = 0;
    return {
      label,
      documentation: hint.text,
      parameters: parameters.map((parameter) => {
        const start = label.indexOf(parameter, from);
        from = start + parameter.length;
        return { label: labelOffsets ? ([start, from] as [number, number]) : parameter };
      }),
    };
  });
  // Behind the last parameter: none of them is being written.
  const none = hint.signatures[hint.active]?.parameters.length ?? 0;
  return { signatures, activeSignature: hint.active, activeParameter: hint.parameter ?? none };
}

/** Links; those to files only where `fileOf` knows the file. */
export function toDocumentLinks(
  lines: LineIndex,
  links: readonly Link[],
  fileOf: (path: string) => string | null,
): DocumentLink[] {
  return links.flatMap(({ span, kind, target }) => {
    const address = kind === "url" ? target : kind === "rule" ? ruleUrl(target) : fileOf(target);
    return address === null ? [] : [{ range: toRange(lines, span), target: address }];
  });
}

/** A selection with all that lies around it. */
export function toSelectionRange(lines: LineIndex, spans: readonly Span[]): SelectionRange {
  const last = spans[spans.length - 1] ?? { start: 0, end: 0 };
  let range: SelectionRange = { range: toRange(lines, last) };
  for (let at = spans.length - 2; at >= 0; at--) {
    range = { range: toRange(lines, spans[at] as Span), parent: range };
  }
  return range;
}

/** Hints behind things. */
export function toInlayHints(lines: LineIndex, hints: readonly Hint[]): InlayHint[] {
  return hints.map(({ offset, label, tooltip }) => ({
    position: lines.positionAt(offset),
    label,
    paddingLeft: true,
    tooltip,
  }));
}

/** Commands that the client has for what lenses lead to; null where it has none. */
export interface LensCommands {
  readonly showReferences: string | null;
  readonly showStages: string | null;
}

/** Lines above things. Without a command that shows more, they only say what there is. */
export function toCodeLenses(
  uri: string,
  lines: LineIndex,
  lenses: readonly Lens[],
  { showReferences, showStages }: LensCommands,
): CodeLens[] {
  return lenses.map(({ span, title, uses, stages }) => {
    const range = toRange(lines, span);
    if (stages && showStages !== null) return { range, command: { title, command: showStages, arguments: [uri] } };
    if (!uses || uses.places.length === 0 || showReferences === null) return { range, command: { title, command: "" } };
    const places = uses.places.map((place) => toLocation(uri, lines, place));
    const at = lines.positionAt(uses.at);
    return { range, command: { title, command: showReferences, arguments: [uri, at, places] } };
  });
}

/** Edits of one document. */
export function toTextEdits(lines: LineIndex, edits: readonly Edit[]): TextEdit[] {
  return edits.map((edit) => toTextEdit(lines, edit));
}
