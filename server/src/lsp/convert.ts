/** From the engine's words to those of LSP. No other file knows both. */
import type {
  CodeAction,
  CodeDescription,
  CompletionItem,
  Diagnostic,
  Hover,
  Range as LspRange,
  MarkupContent,
  TextDocumentEdit,
  TextEdit,
  WorkspaceEdit,
} from "vscode-languageserver";
import type { Explanation, Proposal } from "../config/assist";
import { type ConfigFile, type ConfigProblem, ruleUrl } from "../config/index";
import { type Group, groupMessage, mostSevere } from "../core/group";
import {
  type Edit,
  indexLines,
  type LineIndex,
  type Model,
  type Report,
  type Severity,
  type Span,
  toRange,
} from "../core/index";
import { type Action, type ActionEdits, type ActionKey, type Note, ruleIds } from "./actions";
import type { Checked } from "./check-document";
import type { HoverText } from "./hover";
import { commands, type PreviewMark } from "./protocol";

/** The name under which diagnostics appear. */
export const source = "plimsoll";

/** More diagnostics than this help nobody and slow every client down. */
export const mostDiagnostics = 1000;

/** What a client said that it understands; everything else is left out or said more simply. */
export interface ClientSupport {
  readonly related: boolean;
  readonly tags: boolean;
  readonly codeDescription: boolean;
  readonly documentChanges: boolean;
  readonly createFiles: boolean;
  readonly annotations: boolean;
  /** Edits may come with `codeAction/resolve`. */
  readonly resolveEdits: boolean;
  readonly markdownHover: boolean;
}

/** LSP's numbers; written out, since the enums of the library cost a bundle more than they say. */
const severityNumbers: { readonly [severity in Severity]: 1 | 2 | 3 | 4 } = { error: 1, warning: 2, info: 3, hint: 4 };
const tagNumbers = { unnecessary: 1, deprecated: 2 } as const;

const descriptions = new Map<string, CodeDescription>();

/** The diagnostics of a document, at most a thousand. */
export function toDiagnostics(uri: string, checked: Checked, support: ClientSupport): Diagnostic[] {
  const groups = mostSevere(checked.groups, mostDiagnostics);
  return groups.map((group) => toDiagnostic(uri, checked.model, group, support));
}

/** One group of findings as one diagnostic. */
export function toDiagnostic(uri: string, model: Model, group: Group, support: ClientSupport): Diagnostic {
  const [report] = group.reports;
  const diagnostic: Diagnostic = {
    range: report.range,
    severity: severityNumbers[group.severity],
    code: report.rule.id,
    source,
    message: groupMessage(group),
    data: { rules: ruleIds(group) },
  };
  if (support.codeDescription) diagnostic.codeDescription = descriptionOf(report.rule.id);
  if (support.tags && report.tags.length > 0) diagnostic.tags = report.tags.map((tag) => tagNumbers[tag]);
  const related = group.reports.flatMap((item) => item.related);
  if (support.related && related.length > 0) {
    diagnostic.relatedInformation = related.map((item) => ({
      location: { uri, range: toRange(model.lines, item.range) },
      message: item.message,
    }));
  }
  return diagnostic;
}

/** The faults of a config file. */
export function toConfigDiagnostics(file: ConfigFile): Diagnostic[] {
  return file.problems.map((problem: ConfigProblem) => ({
    range: problem.range,
    severity: severityNumbers[problem.severity],
    code: "config",
    source,
    message: problem.message,
  }));
}

/** What a code action carries to be resolved later: plain data, checked when it comes back. */
export interface ActionData extends PreviewMark {
  readonly uri: string;
  readonly version: number;
  readonly key: ActionKey;
}

/** A code action without its edits. `diagnostics` are those of the client's question that it answers. */
export function toCodeAction(action: Action, data: ActionData, diagnostics: readonly Diagnostic[]): CodeAction {
  const result: CodeAction = { title: action.title, kind: action.kind, data };
  const code = action.group?.reports[0].rule.id;
  const answered = diagnostics.filter(
    (item) => item.source === source && item.code === code && sameStart(item, action),
  );
  if (answered.length > 0) result.diagnostics = answered;
  if (action.preferred) result.isPreferred = true;
  if (action.key.do === "explain") {
    result.command = { title: action.title, command: commands.explainRule, arguments: [action.key.rule] };
  } else if (action.note !== null) {
    result.command = { title: "Show what to mind", command: commands.showNote, arguments: noteArguments(action.note) };
  }
  return result;
}

function noteArguments({ text, command }: Note): string[] {
  return command === null ? [text] : [text, command];
}

/** An edit of another file, worked out by the caller. */
export interface OtherEdit {
  readonly uri: string;
  /** True when the file is not there yet. */
  readonly create: boolean;
  /** Of an open document; absent for what is on the disk alone. */
  readonly version?: number | null;
  readonly edits: readonly TextEdit[];
}

/** Edits of a document (and others) as one change. */
export function toWorkspaceEdit(
  document: { readonly uri: string; readonly version: number | null; readonly lines: LineIndex },
  action: Pick<ActionEdits, "edits" | "reason" | "preview">,
  others: readonly OtherEdit[],
  support: ClientSupport,
): WorkspaceEdit {
  const edits = action.edits.map((edit) => toTextEdit(document.lines, edit));
  if (!support.documentChanges) {
    const changes: { [uri: string]: TextEdit[] } = {};
    if (edits.length > 0) changes[document.uri] = edits;
    for (const other of others) changes[other.uri] = [...other.edits];
    return { changes };
  }
  const annotate = action.preview && support.annotations;
  const annotated = annotate ? edits.map((edit) => ({ ...edit, annotationId: "plimsoll" })) : edits;
  const changes: NonNullable<WorkspaceEdit["documentChanges"]> = [];
  for (const other of others) {
    if (other.create && support.createFiles) {
      changes.push({ kind: "create", uri: other.uri, options: { ignoreIfExists: true } });
    }
  }
  if (annotated.length > 0) changes.push(documentEdit(document.uri, document.version, annotated));
  for (const other of others) changes.push(documentEdit(other.uri, other.version ?? null, [...other.edits]));
  const result: WorkspaceEdit = { documentChanges: changes };
  if (annotate) {
    const description = action.reason === null ? {} : { description: action.reason };
    result.changeAnnotations = { plimsoll: { label: "Plimsoll", needsConfirmation: true, ...description } };
  }
  return result;
}

/** An edit in a text of the given lines. */
export function toTextEdit(lines: LineIndex, edit: Edit): TextEdit {
  return { range: toRange(lines, edit.span), newText: edit.newText };
}

/** A range of LSP as a span of the text. */
export function toSpan(lines: LineIndex, range: LspRange): Span {
  return { start: lines.offsetAt(range.start), end: lines.offsetAt(range.end) };
}

/** A hover text. */
export function toHover(model: Model, hover: HoverText, support: ClientSupport): Hover {
  return { range: toRange(model.lines, hover.span), contents: toContents(hover.markdown, support) };
}

/** What is said of a word of a configuration file. */
export function toConfigHover(text: string, { span, markdown }: Explanation, support: ClientSupport): Hover {
  return { range: toRange(indexLines(text), span), contents: toContents(markdown, support) };
}

/** Words for a configuration file, in the order they are given in. */
export function toCompletionItems(text: string, proposals: readonly Proposal[]): CompletionItem[] {
  const lines = indexLines(text);
  return proposals.map(({ label, kind, detail, documentation, span, newText }, order) => ({
    label,
    // 10: a property, 12: a value.
    kind: kind === "key" ? 10 : 12,
    ...(detail === "" ? {} : { detail }),
    ...(documentation === "" ? {} : { documentation: { kind: "markdown", value: documentation } }),
    sortText: String(order).padStart(4, "0"),
    textEdit: { range: toRange(lines, span), newText },
  }));
}

function toContents(markdown: string, support: ClientSupport): MarkupContent {
  const plain = (text: string): string =>
    text.replace(/\*\*|`|\*(?=[^\s*])|(?<=[^\s*])\*|\[([^\]]*)\]\([^)]*\)/g, "$1");
  return support.markdownHover ? { kind: "markdown", value: markdown } : { kind: "plaintext", value: plain(markdown) };
}

/** The report that a group's diagnostic stands at. */
export function primary(group: Group): Report {
  return group.reports[0];
}

function documentEdit(uri: string, version: number | null, edits: TextEdit[]): TextDocumentEdit {
  return { textDocument: { uri, version }, edits };
}

function sameStart(diagnostic: Diagnostic, action: Action): boolean {
  const start = action.group?.reports[0].range.start;
  return start?.line === diagnostic.range.start.line && start.character === diagnostic.range.start.character;
}

function descriptionOf(rule: string): CodeDescription {
  const known = descriptions.get(rule);
  if (known) return known;
  const made = { href: ruleUrl(rule) };
  descriptions.set(rule, made);
  return made;
}
