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

/** Adds a command before an item of the outermost list; the item runs only when it succeeded. Null as for `appendCommand`. */
export function prependCommand(
  model: Model,
  run: Instruction,
  script: Script,
  at: number,
  command: string,
): Edit | null {
  const items = script.script.topLevel;
  const item = items[at];
  const next = items[at + 1];
  if (!item || !isPlain(items[at - 1])) return null;
  const { start } = script.locate(item.from, item.from + 1);
  const gap = next && item.connector === "&&" ? gapBetween(model, script, item, next) : null;
  const join = gap && !gap.includes("#") ? gap : script.kind === "heredoc" ? " && " : ownJoiner(model, run, script);
  return { span: { start, end: start }, newText: `${command}${join}` };
}

/**
 * True when a command stands in the outermost list itself: in no subshell, condition, loop, function or `sh -c`, and not
 * behind `sudo` or the like, which a command beside it would need as well.
 */
export function isTopLevel(command: EffectiveCommand): boolean {
  return command.command.context.length === 0 && command.outer === command.command && command.wrappers.length === 0;
}

/** True for a script that stops at the first command that fails. */
export function stopsOnError(script: Script): boolean {
  return script.script.commands.some(
    ({ name, words, context }) =>
      name === "set" && context.length === 0 && words.some((word) => /^-[a-z]*e/.test(word.value ?? "")),
  );
}

function isPlain(item: ListItem | undefined): boolean {
  return item?.connector !== "||" && item?.connector !== "&";
}

/** What joins a new command to the item before it. */
function joiner(model: Model, run: Instruction, script: Script, at: number): string {
  const items = script.script.topLevel;
  const item = items[at] as ListItem;
  const previous = items[at - 1];
  const next = items[at + 1];
  if (next) {
    const gap = gapBetween(model, script, item, next);
    if (!gap.includes("#") && item.connector === "&&") return gap;
    if (!gap.includes("#") && item.connector === ";" && script.kind === "line") return gap;
    if (item.connector === "\n") return `${model.lineEnding}${indentAt(model, script, item)}`;
  } else if (script.kind === "heredoc" && stopsOnError(script)) {
    return `${model.lineEnding}${indentAt(model, script, item)}`;
  }
  if (script.kind === "heredoc") return " && ";
  const written = script.locate(item.from, item.to);
  const spansLines = model.text.slice(written.start, written.end).includes("\n");
  if (previous?.connector === "&&") {
    const gap = gapBetween(model, script, previous, item);
    if (!gap.includes("#") && (gap.includes("\n") || !spansLines)) return gap;
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
    if (gap.includes("\n") && !gap.includes("#")) return gap;
  }
  const indent = /\n([ \t]+)\S/.exec(run.parsed.text)?.[1];
  if (indent === undefined && !run.parsed.text.includes("\n")) return " && ";
  return ` ${model.escape}${model.lineEnding}${indent ?? "    "}&& `;
}

function gapBetween(model: Model, script: Script, one: ListItem, next: ListItem): string {
  return model.text.slice(script.locate(one.from, one.to).end, script.locate(next.from, next.from + 1).start);
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
