/** What can be done about findings, in the engine's words: titles at once, edits only for what was chosen. */

import { type Group, meets } from "../core/group";
import { applyFixes, type Edit, type Fix, type Model, type OtherFile, type Report, type Span } from "../core/index";
import type { Checked } from "./check-document";
import { lineEdits } from "./diff";
import { ignoreHere, ignoreInFile } from "./ignore";
import { type PinAction, pinActions } from "./pin";

/** How to find an action again when its edits are wanted. Plain data: it travels to the client and back. */
export type ActionKey =
  | { readonly do: "fix"; readonly rule: string; readonly start: number; readonly end: number; readonly nth: number }
  | { readonly do: "ignore"; readonly rule: string; readonly start: number; readonly where: "line" | "file" }
  | { readonly do: "ignore-workspace"; readonly rule: string }
  | { readonly do: "explain"; readonly rule: string }
  | { readonly do: "pin"; readonly what: PinAction; readonly start: number }
  | { readonly do: "fix-all" };

export interface Action {
  readonly title: string;
  readonly kind: "quickfix" | "refactor.rewrite" | "source.fixAll.plimsoll";
  readonly preferred: boolean;
  readonly group: Group | null;
  readonly key: ActionKey;
  /** To be shown once it was applied, or null. */
  readonly note: Note | null;
}

/** What to mind after an action. */
export interface Note {
  readonly text: string;
  /** The command line within the text that people will want to copy, or null. */
  readonly command: string | null;
}

/** What an action writes. */
export interface ActionEdits {
  readonly edits: readonly Edit[];
  readonly otherFiles: readonly OtherFile[];
  /** What the user should know before; null for what changes nothing that runs. */
  readonly reason: string | null;
  /** A rewrite to be looked at as a difference first. */
  readonly preview: boolean;
}

/** Which actions are asked for. */
export interface ActionQuery {
  readonly span: Span;
  /** LSP kinds; null for all but fix-all, which is then added at the end. */
  readonly only: readonly string[] | null;
  /** True when nobody opened a menu and a cursor merely moved: what costs much is left out. */
  readonly automatic: boolean;
  /** True when registries can be asked for the edits of an action once it is chosen. */
  readonly online: boolean;
  /** Stops looking for fixes when it answers true; what was found until then is offered. */
  readonly late: () => boolean;
}

/** Findings whose fixes are computed for one question: a selection of the whole file must not stall the editor. */
const mostGroups = 50;

/** The actions for a selection, best first. */
export function actionsAt(checked: Checked, query: ActionQuery): readonly Action[] {
  const wants = (kind: string): boolean => query.only === null || query.only.some((asked) => covers(asked, kind));
  const groups = checked.groups.filter((group) => meets(group, query.span)).slice(0, mostGroups);
  const actions: Action[] = [];
  if (wants("quickfix") || wants("refactor.rewrite")) {
    for (const group of groups) {
      if (query.late()) break;
      actions.push(...fixActions(group, query.online).filter((action) => wants(action.kind)));
    }
  }
  if (query.online && wants("refactor.rewrite")) {
    actions.push(...pinActions(checked.model, checked.input.catalogue, query.span));
  }
  if (wants("source.fixAll.plimsoll") && !(query.only === null && query.automatic) && hasSafeFix(checked)) {
    actions.push({
      title: "Apply all safe fixes (Plimsoll)",
      kind: "source.fixAll.plimsoll",
      preferred: false,
      group: null,
      key: { do: "fix-all" },
      note: null,
    });
  }
  if (wants("quickfix")) {
    // Where nothing can be mended, the first action is what Enter takes: reading does no harm, silencing may.
    actions.push(...explainActions(groups));
    for (const group of groups) actions.push(...ignoreActions(checked.model, group));
  }
  return actions;
}

/** The edits of an action on the very text that it was offered for; null when there is nothing to do any more. */
export function editsOf(checked: Checked, key: ActionKey): ActionEdits | null {
  if (key.do === "fix") {
    const fix = fixOf(checked, key);
    return fix?.edits ? fixEdits(fix) : null;
  }
  if (key.do === "ignore") {
    const { model } = checked;
    const edit = key.where === "file" ? ignoreInFile(model, key.rule) : ignoreHere(model, key.start, key.rule);
    return edit && { edits: [edit], otherFiles: [], reason: null, preview: false };
  }
  return key.do === "fix-all" ? fixAllEdits(checked) : null;
}

/** The fix that an action stands for; null when it is there no more. */
export function fixOf(checked: Checked, key: Extract<ActionKey, { do: "fix" }>): Fix | null {
  return findReport(checked, key)?.fixes()[key.nth] ?? null;
}

/** What fix-all writes: the safe fixes of every finding, until none is left. */
export function fixAllEdits(checked: Checked): ActionEdits | null {
  const result = applyFixes(checked.input);
  const edits = lineEdits(checked.model.text, result.text);
  return edits.length + result.otherFiles.length === 0
    ? null
    : { edits, otherFiles: result.otherFiles, reason: null, preview: false };
}

function fixActions(group: Group, online: boolean): readonly Action[] {
  const actions: Action[] = [];
  for (const report of group.reports) {
    report.fixes().forEach((fix, nth) => {
      // A fix that waits for a registry has nothing to write until somebody asks it.
      if (fix.edits === null && !(online && fix.later)) return;
      const { start, end } = report.span;
      const refactor = fix.kind === "refactor";
      actions.push({
        title: titleOf(fix),
        kind: refactor ? "refactor.rewrite" : "quickfix",
        preferred: !refactor && !actions.some((action) => action.preferred),
        group,
        key: { do: "fix", rule: report.rule.id, start, end, nth },
        note: fix.note === undefined ? null : { text: fix.note, command: fix.command ?? null },
      });
    });
  }
  return actions;
}

/** The effect, and in brackets how a fix may change what runs. */
function titleOf(fix: Fix): string {
  if (fix.edits === null) return `${fix.title} (asks the registry)`;
  if (fix.applicability === "safe" || !fix.reason) return fix.title;
  return `${fix.title.replace(/\.$/, "")} (${asClause(fix.reason)})`;
}

/** A reason of more characters is cut behind its first clause: what stands behind makes the menu wider than the editor. */
const longestReason = 80;

/** A sentence as it reads in brackets: no full stop, and no capital letter where it is no name's. */
function asClause(sentence: string): string {
  const whole = sentence.replace(/\.$/, "");
  const clause = whole.length > longestReason ? (/^.{20,}?(?=; |: |\. )/.exec(whole)?.[0] ?? whole) : whole;
  const first = /^\w*/.exec(clause)?.[0] ?? "";
  return plainStarts.has(first) ? clause.charAt(0).toLowerCase() + clause.slice(1) : clause;
}

/** Words that begin a sentence with a capital letter and are no names. */
const plainStarts: ReadonlySet<string> = new Set([
  ..."A An And All Another Anything As At Both By Commands Compilers Containers Each Every Everything".split(" "),
  ..."Files For From Headers If In It Its Later Many More No Nobody Nothing Of On One Only Other Others Outside Packages".split(
    " ",
  ),
  ..."Programs Should Some That The Then There These They This Those Today Until What Whatever When Where".split(" "),
  ..."Whether Which Who Whoever With Without".split(" "),
]);

function ignoreActions(model: Model, group: Group): readonly Action[] {
  const actions: Action[] = [];
  const add = (title: string, key: ActionKey): void => {
    actions.push({ title, kind: "quickfix", preferred: false, group, key, note: null });
  };
  for (const rule of ruleIds(group)) {
    const { start } = (group.reports.find((report) => report.rule.id === rule) as Report).span;
    if (ignoreHere(model, start, rule))
      add(`Ignore ${rule} on this line`, { do: "ignore", rule, start, where: "line" });
    add(`Ignore ${rule} in this file`, { do: "ignore", rule, start, where: "file" });
    add(`Ignore ${rule} in this workspace`, { do: "ignore-workspace", rule });
  }
  return actions;
}

function explainActions(groups: readonly Group[]): readonly Action[] {
  const rules = new Set(groups.flatMap(ruleIds));
  return [...rules].map((rule) => ({
    title: `Explain ${rule}`,
    kind: "quickfix",
    preferred: false,
    group: groups.find((group) => ruleIds(group).includes(rule)) ?? null,
    key: { do: "explain", rule },
    note: null,
  }));
}

/** Ids of the rules in a group, each once. */
export function ruleIds(group: Group): readonly string[] {
  return [...new Set(group.reports.map((report) => report.rule.id))];
}

function fixEdits(fix: Fix): ActionEdits {
  return {
    edits: fix.edits ?? [],
    otherFiles: fix.otherFiles ?? [],
    reason: fix.applicability === "safe" ? null : (fix.reason ?? null),
    preview: fix.kind === "refactor",
  };
}

function findReport(checked: Checked, key: { rule: string; start: number; end: number }): Report | null {
  for (const { reports } of checked.groups) {
    for (const report of reports) {
      const { span, rule } = report;
      if (rule.id === key.rule && span.start === key.start && span.end === key.end) return report;
    }
  }
  return null;
}

// Whether a fix exists is known only by computing it; that one may exist is enough to offer the command.
function hasSafeFix(checked: Checked): boolean {
  return checked.groups.some((group) => group.reports.some((report) => report.rule.fixable === "safe"));
}

/** True when a kind that a client asks for holds an action's kind: `source` holds `source.fixAll`. */
function covers(asked: string, kind: string): boolean {
  return asked === "" || asked === kind || kind.startsWith(`${asked}.`);
}
