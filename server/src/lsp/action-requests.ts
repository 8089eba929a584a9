/** What the editor asks about code actions: which there are, and what each of them edits. */
import {
  CancellationToken,
  type CodeAction,
  type CodeActionParams,
  type Connection,
  LSPErrorCodes,
  ResponseError,
  type WorkspaceEdit,
} from "vscode-languageserver";
import { joinPath, parentOf } from "../config/index";
import type { FileReader, LineIndex } from "../core/index";
import { indexLines } from "../core/index";
import { type Action, type ActionEdits, actionsAt, editsOf, fixAllEdits } from "./actions";
import type { Result } from "./check-document";
import type { Clock } from "./clock";
import {
  type ActionData,
  type ClientSupport,
  type OtherEdit,
  toCodeAction,
  toSpan,
  toTextEdit,
  toWorkspaceEdit,
} from "./convert";
import { tell } from "./messages";
import { asksRegistry, type OnlineContext, onlineEdits } from "./online-handlers";
import type { Session } from "./session";

/** Answers about the build context may lead to further questions; what is not known by then stays unknown. */
const mostRounds = 4;

/** Milliseconds that computing fixes may take for one question about code actions. */
const fixBudget = 120;

/** What answering needs. */
export interface ActionContext {
  readonly session: Session;
  readonly support: ClientSupport;
  readonly files: FileReader;
  readonly clock: Clock;
  /** Null: registries are never asked. */
  readonly online: OnlineContext | null;
}

/** The actions for a selection. A client that does not ask for edits later gets them at once. */
export async function codeActions(context: ActionContext, question: CodeActionParams): Promise<CodeAction[]> {
  const { uri } = question.textDocument;
  let result = await context.session.current(uri);
  let actions: readonly Action[] = [];
  // Fixes look into the build context; what they ask for the first time is fetched, and they are asked again.
  for (let round = 0; round < mostRounds; round++) {
    if (!result?.checked || result.version === null) return [];
    const end = context.clock.now() + fixBudget;
    actions = actionsAt(result.checked, {
      span: toSpan(result.checked.model.lines, question.range),
      only: question.context.only ?? null,
      automatic: question.context.triggerKind === 2,
      // A client that wants the edits at once would wait for the network.
      online: context.online !== null && context.support.resolveEdits,
      late: () => context.clock.now() > end,
    });
    if (round + 1 === mostRounds || !(await context.session.learnMore(uri))) break;
    result = await context.session.current(uri);
  }
  const version = result?.version ?? null;
  if (version === null) return [];
  const converted: CodeAction[] = [];
  for (const action of actions) {
    const isRewrite = action.kind === "refactor.rewrite" && action.key.do === "fix";
    const data: ActionData = { uri, version, key: action.key, ...(isRewrite ? { preview: true } : {}) };
    const made = toCodeAction(action, data, question.context.diagnostics);
    if (!context.support.resolveEdits && action.key.do !== "explain") {
      const edit = await resolveEdit(context, data);
      if (!edit) continue;
      made.edit = edit;
      delete made.data;
      // Of such clients ALE runs the command of an action in the place of its edit, and nothing would be mended.
      delete made.command;
    }
    converted.push(made);
  }
  return converted;
}

/** The edits of an action. Refuses when the text changed since it was offered. */
export async function resolveEdit(
  context: ActionContext,
  data: ActionData,
  token: CancellationToken = CancellationToken.None,
): Promise<WorkspaceEdit | null> {
  const { session } = context;
  const result = await session.current(data.uri);
  if (!result?.checked || result.version !== data.version) throw changedSince();
  const { checked, config } = result;
  if (data.key.do === "ignore-workspace") {
    const { ignoreInWorkspace } = await import("./ignore-workspace");
    const other = await ignoreInWorkspace(context.files, config, data.uri, data.key.rule, checked.input.rules);
    return other && toWorkspaceEdit(documentOf(result, checked.model.lines), noEdits, [other], context.support);
  }
  let edits: ActionEdits | string | null;
  if (context.online && asksRegistry(checked, data.key)) {
    edits = await onlineEdits(context.online, result, checked, data.key, token);
    if (session.versionOf(data.uri) !== data.version) throw changedSince();
    // That nothing can be had is no fault of the editor's, and no reason for a dialogue.
    if (typeof edits === "string") tell(context.online.connection, edits);
  } else edits = editsOf(checked, data.key);
  if (!edits || typeof edits === "string") return null;
  const others = await otherEdits(context.files, data.uri, edits);
  if (session.versionOf(data.uri) !== data.version) throw changedSince();
  return toWorkspaceEdit(documentOf(result, checked.model.lines), edits, others, context.support);
}

const noEdits: ActionEdits = { edits: [], otherFiles: [], reason: null, preview: false };

function documentOf(result: Result, lines: LineIndex): { uri: string; version: number; lines: LineIndex } {
  return { uri: result.uri, version: result.version ?? 0, lines };
}

/** Lines that a fix adds to files beside the Dockerfile; those that are there already are left out. */
async function otherEdits(files: FileReader, uri: string, action: ActionEdits): Promise<readonly OtherEdit[]> {
  const folder = parentOf(uri) ?? uri;
  const made: OtherEdit[] = [];
  for (const other of action.otherFiles) {
    const place = joinPath(folder, other.path.split("/").map(encodeURIComponent).join("/"));
    const text = await files.read(place);
    const present = new Set(text?.split(/\r?\n/));
    const missing = other.append.split("\n").filter((line) => line !== "" && !present.has(line));
    if (missing.length === 0) continue;
    const open = text !== null && text !== "" && !text.endsWith("\n");
    const span = { start: text?.length ?? 0, end: text?.length ?? 0 };
    const newText = `${open ? "\n" : ""}${missing.join("\n")}\n`;
    made.push({ uri: place, create: text === null, edits: [toTextEdit(indexLines(text ?? ""), { span, newText })] });
  }
  return made;
}

function changedSince(): ResponseError<void> {
  return new ResponseError(LSPErrorCodes.ContentModified, "The text changed since this action was offered.");
}

/** Applies all safe fixes to an open document; false when there are none or the client refused. */
export async function fixAll(connection: Connection, context: ActionContext, uri: string): Promise<boolean> {
  const result = await context.session.current(uri);
  if (!result?.checked) return false;
  const edits = fixAllEdits(result.checked);
  if (!edits) return false;
  const others = await otherEdits(context.files, uri, edits);
  const edit = toWorkspaceEdit(documentOf(result, result.checked.model.lines), edits, others, context.support);
  const answer = await connection.workspace.applyEdit({ label: "Apply all safe fixes", edit });
  return answer.applied;
}
