/** What the words of a shell script are, for highlighting. */
import type { ShellRedirection, ShellScript, ShellWord } from "../shell/ast";
import type { EffectiveCommand } from "../shell/commands";
import type { LocalSpan } from "../text";
import type { Paint, TokenType } from "./paint";

/** Paints a script. `locate` leads from offsets of the script to those that are wanted. */
export function paintScript(
  paint: Paint[],
  script: ShellScript,
  commands: readonly EffectiveCommand[],
  locate: (from: number, to: number) => LocalSpan,
): void {
  const add = (from: number, to: number, type: TokenType): void => {
    if (to > from) paint.push({ ...locate(from, to), type });
  };
  paintGaps(script, add);
  for (const { command, words } of commands) {
    for (const { name, from, value } of command.assignments) {
      add(from, from + name.length, "variable");
      if (value) paintQuotes(value, add);
    }
    for (const word of command.words) paintWord(word, add);
    for (const word of [command.words[0], words[0]]) {
      if (word) add(word.from, word.to, word.value === "[" || word.value === "[[" ? "operator" : "function");
    }
    for (const redirection of command.redirections) paintRedirection(redirection, add);
  }
  for (const redirection of script.redirections) paintRedirection(redirection, add);
  for (const { from, to } of script.definitions) add(from, to, "variable");
  for (const { from, to } of script.variables) add(from, to, "variable");
  for (const { command, outer } of commands) {
    if (command === outer) continue;
    for (const word of command.words) for (const { from, to } of word.variables) add(from, to, "variable");
  }
}

type Add = (from: number, to: number, type: TokenType) => void;

function paintWord(word: ShellWord, add: Add): void {
  const { text, from, to } = word;
  if (text.startsWith("-") && text.length > 1) {
    const equals = text.indexOf("=");
    add(from, equals < 0 ? to : from + equals, "parameter");
  } else if (/^\d+$/.test(text)) add(from, to, "number");
  paintQuotes(word, add);
}

function paintQuotes(word: ShellWord, add: Add): void {
  const { text, from, to, quoted } = word;
  if (quoted === "none") return;
  if (quoted !== "mixed") {
    add(from, to, "string");
    return;
  }
  for (let at = 0; at < text.length; at++) {
    const quote = text[at];
    if (quote === "\\") at++;
    if (quote !== "'" && quote !== '"') continue;
    const start = at;
    for (at++; at < text.length && text[at] !== quote; at++) if (quote === '"' && text[at] === "\\") at++;
    add(from + start, from + Math.min(at + 1, text.length), "string");
  }
}

function paintRedirection({ from, to, operator, target, heredoc, descriptor }: ShellRedirection, add: Add): void {
  if (heredoc) {
    add(from, to, "macro");
    add(heredoc.from, heredoc.to, "string");
    return;
  }
  const digits = descriptor === null ? 0 : String(descriptor).length;
  // `<<EOF` whose body the builder takes away is painted as the Dockerfile's own.
  if (!operator.startsWith("<<") || operator === "<<<") add(from, from + digits + operator.length, "operator");
  if (target) paintQuotes(target, add);
}

const gapPattern = /(#[^\n]*)|(&&|\|\||;;&?|;&|[;|&(){}!])|([A-Za-z_]+)|[^\s&|;(){}!#]+/g;

const reserved: ReadonlySet<string> = new Set(
  "if then elif else fi for in while until do done case esac function select time coproc".split(" "),
);

/** Between the commands stand only what joins them, reserved words, and comments. */
function paintGaps({ text, commands }: ShellScript, add: Add): void {
  let at = 0;
  const gap = (to: number): void => {
    if (to <= at) return;
    for (const match of text.slice(at, to).matchAll(gapPattern)) {
      const from = at + match.index;
      const end = from + match[0].length;
      const [whole, comment, operator, word] = match;
      if (comment) add(from, end, "comment");
      else if (operator) add(from, end, "operator");
      else if (word && reserved.has(whole)) add(from, end, "keyword");
    }
  };
  for (const { from, to } of commands) {
    gap(from);
    at = Math.max(at, to);
  }
  gap(text.length);
}
