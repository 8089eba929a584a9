/** Edits of a RUN's list of commands that keep how the user lays it out. */
import type { Script } from "../model/scripts";
import type { Instruction, Model } from "../model/types";
import type { ListItem, ShellWord } from "../shell/ast";
import type { EffectiveCommand } from "../shell/commands";
import type { Edit } from "../text";
import { canChangeRun } from "./mount";
import { removeItems } from "./remove";

/**
 * True where a command of a RUN may be edited: a shell form that is not held back by ONBUILD, with neither a template nor
 * an open heredoc in it. (`run.keyword` is ONBUILD for a held back one, unless it was taken out of it: `isTrigger`.)
 */
export function canEditRun(model: Model, run: Instruction, isTrigger: boolean): boolean {
  return !isTrigger && !run.parsed.json && canChangeRun(model, run);
}

/** Writes `text` right behind a word. */
export function insertAfter(script: Script, word: ShellWord, text: string): Edit {
  const { end } = script.locate(word.from, word.to);
  return { span: { start: end, end }, newText: text };
}

/** Takes a word away, with the blanks and continuations before it. */
export function removeWord(model: Model, script: Script, word: ShellWord): Edit | null {
  const span = script.locate(word.from, word.to);
  let start = span.start;
  const { text } = model;
  while (start > 0 && (text[start - 1] === " " || text[start - 1] === "\t")) start--;
  // A word on a line of its own goes with that line; its continuation stays with the line before.
  if (text[start - 1] === "\n") {
    let at = start - 1;
    if (text[at - 1] === "\r") at--;
    while (at > 0 && (text[at - 1] === " " || text[at - 1] === "\t")) at--;
    if (text[at - 1] === model.escape) {
      at--;
      while (at > 0 && (text[at - 1] === " " || text[at - 1] === "\t")) at--;
      // A comment line above ends in no continuation, so this is the end of a line of words.
      return { span: { start: at, end: span.end }, newText: "" };
    }
    return null;
  }
  return { span: { start, end: span.end }, newText: "" };
}

/** Takes one item out of the outermost list; null where the others would then run differently, or a comment would go. */
export function dropItem(model: Model, script: Script, at: number): Edit | null {
  const edit = removeItems(script, at, at);
  return edit && !holdsComment(model, edit.span) ? edit : null;
}

/**
 * Adds a command behind an item of the outermost list, to be run only when that one succeeded. Null where the item is
 * part of a `||`, or runs in the background.
 */
export function appendCommand(
  model: Model,
  run: Instruction,
  script: Script,
  at: number,
  command: string,
): Edit | null {
  const items = script.script.topLevel;
  const item = items[at];
  if (!item || !isPlain(item) || !isPlain(items[at - 1])) return null;
  const { end } = script.locate(item.from, item.to);
  // `curl&& \` is how some write it: the new command need not touch what follows.
  const tail = model.text[end] === "&" ? " " : "";
  return { span: { start: end, end }, newText: `${joiner(model, run, script, at)}${command}${tail}` };
}

/**
 * Adds a command before an item of the outermost list. Where the script stops at errors, or the two are joined by `&&`,
 * the item runs only when the command succeeded. Null as for `appendCommand`.
 */
export function prependCommand(
  model: Model,
  run: Instruction,
  script: Script,
  at: number,
  command: string,
): Edit | null {
  const items = script.script.topLevel;
  const [previous, item, next] = [items[at - 1], items[at], items[at + 1]];
  if (!item || !isPlain(previous)) return null;
  const { start } = script.locate(item.from, item.from + 1);
  const ends = previous && previous.connector !== "&&" && stopsOnError(script, at);
  const join = ends
    ? gapBetween(model, script, previous, item)
    : next && item.connector === "&&"
      ? gapBetween(model, script, item, next)
      : script.kind === "heredoc"
        ? " && "
        : ownJoiner(model, run, script);
  return { span: { start, end: start }, newText: `${command}${join}` };
}

/**
 * True when a command stands in the outermost list itself: in no subshell, condition, loop, function or `sh -c`, and not
 * behind `sudo` or the like, which a command beside it would need as well.
 */
export function isTopLevel(command: EffectiveCommand): boolean {
  return command.command.context.length === 0 && command.outer === command.command && command.wrappers.length === 0;
}

/** True for a script that stops at the first command that fails; with `at`, for one that does so from that item on. */
export function stopsOnError(script: Script, at = Number.POSITIVE_INFINITY): boolean {
  let stops = false;
  for (const { name, words, context, item } of script.script.commands) {
    if (name !== "set" || context.length > 0 || item >= at) continue;
    const last = words.filter((word) => /^[-+][a-z]*e/.test(word.value ?? "")).at(-1);
    if (last) stops = last.value?.startsWith("-") ?? false;
  }
  return stops;
}

function isPlain(item: ListItem | undefined): boolean {
  return item?.connector !== "||" && item?.connector !== "&";
}

/**
 * What joins a new command to the item before it. `&&` behind a command takes its failure away from `set -e`, and `;`
 * takes it away from the RUN's own result: so each is written only where the item's failure still counts as it did.
 */
function joiner(model: Model, run: Instruction, script: Script, at: number): string {
  const items = script.script.topLevel;
  const item = items[at] as ListItem;
  const previous = items[at - 1];
  const next = items[at + 1];
  if (next) return gapBetween(model, script, item, next);
  // The last item's failure is the RUN's, unless `set -e` has stopped it before.
  const stops = previous && previous.connector !== "&&" && stopsOnError(script, at);
  if (stops) return gapBetween(model, script, previous, item);
  if (script.kind === "heredoc") return " && ";
  const written = script.locate(item.from, item.to);
  const spansLines = model.text.slice(written.start, written.end).includes("\n");
  if (previous?.connector === "&&") {
    const gap = gapBetween(model, script, previous, item);
    if (gap.includes("\n") || !spansLines) return gap;
  }
  return spansLines || run.parsed.text.includes("\n") ? ownJoiner(model, run, script) : " && ";
}

/** `&&` on a line of its own, indented as the instruction's other lines. */
function ownJoiner(model: Model, run: Instruction, script: Script): string {
  const items = script.script.topLevel;
  for (let i = 1; i < items.length; i++) {
    const before = items[i - 1] as ListItem;
    if (before.connector !== "&&") continue;
    const gap = gapBetween(model, script, before, items[i] as ListItem);
    if (gap.includes("\n")) return gap;
  }
  const indent = /\n([ \t]+)\S/.exec(run.parsed.text)?.[1];
  if (indent === undefined && !run.parsed.text.includes("\n")) return " && ";
  return ` ${model.escape}${model.lineEnding}${indent ?? "    "}&& `;
}

/** How two neighbours are joined and laid out: the text between them without comments, empty lines and idle blanks. */
function gapBetween(model: Model, script: Script, one: ListItem, next: ListItem): string {
  // A line end may hide comments and empty lines behind it; nothing but the indentation of the next one matters.
  if (one.connector === "\n") return `${model.lineEnding}${indentAt(model, script, next)}`;
  const { end } = script.locate(one.from, one.to);
  const { start } = script.locate(next.from, next.from + 1);
  const lines = model.text.slice(end, start).split(/\r?\n/);
  const last = lines.length - 1;
  return lines
    .map((line) => line.replace(/#.*$/, "").trimEnd())
    .filter((line, at) => at === 0 || at === last || (line.trim() !== "" && line.trim() !== model.escape))
    .map((line, at, kept) => (at === kept.length - 1 ? lines[last] : line))
    .join(model.lineEnding);
}

function indentAt(model: Model, script: Script, item: ListItem): string {
  const { start } = script.locate(item.from, item.from + 1);
  let line = start;
  while (line > 0 && model.text[line - 1] !== "\n") line--;
  return /^[ \t]*/.exec(model.text.slice(line, start))?.[0] ?? "";
}

function holdsComment(model: Model, span: { readonly start: number; readonly end: number }): boolean {
  if (!model.text.slice(span.start, span.end).includes("#")) return false;
  return model.comments.some((comment) => comment.span.start < span.end && span.start < comment.span.end);
}
