/** Lays out one instruction: indentation of continued lines, blanks between words, the place of operators. */
import { scriptsOf } from "../model/scripts";
import type { Instruction, Model } from "../model/types";
import type { Escape, ParsedInstruction } from "../syntax/types";
import { type HeaderLine, quoteAfter, readLines } from "./lines";
import type { FormatOptions } from "./options";

/** Options with the indentation settled. */
export type SettledOptions = FormatOptions & { readonly indent: string };

/**
 * The new text of an instruction's block. Heredoc bodies and the texts in quotes stay as they are, and so do comments,
 * apart from their indentation. Whether the meaning stayed the same is for the caller to see.
 */
export function formatInstruction(
  model: Model,
  instruction: Instruction,
  headerLength: number,
  options: SettledOptions,
): string {
  const { parsed, shell } = instruction;
  const { indent, operators, lineWidth } = options;
  const key = [headerLength, indent, operators, lineWidth, shell.kind, model.lineEnding].join(" ");
  const known = remembered.get(parsed);
  if (known?.key === key) return known.text;
  const text = layOutAnew(model, instruction, headerLength, options);
  remembered.set(parsed, { key, text });
  return text;
}

/** The layout of an instruction stays with it, so that formatting after an edit costs the instruction that changed. */
const remembered = new WeakMap<ParsedInstruction, { readonly key: string; readonly text: string }>();

function layOutAnew(model: Model, instruction: Instruction, headerLength: number, options: SettledOptions): string {
  const { parsed } = instruction;
  const header = parsed.text.slice(0, headerLength);
  const rest = parsed.text.slice(headerLength);
  const split = header.includes("\n") ? null : splitLongRun(model, instruction, header, options);
  if (split !== null) return split + rest;
  const lines = readLines(header, parsed.escape).filter(({ kind, startsQuoted }) => kind !== "blank" || startsQuoted);
  const moved =
    isShellForm(instruction) && parsed.heredocs.length === 0 ? moveOperators(lines, options.operators) : lines;
  return layOut(moved, instruction, options) + rest;
}

function layOut(lines: readonly HeaderLine[], instruction: Instruction, options: SettledOptions): string {
  const { escape, keyword } = instruction.parsed;
  const width = options.indent.startsWith("\t") ? 4 : options.indent.length;
  const least = Math.min(
    ...lines
      .slice(1)
      .filter(
        (line, at) => line.kind === "code" && line.content !== "" && !line.startsQuoted && !isGlued(lines, at + 1),
      )
      .map((line) => depthOf(line.indent, width)),
  );
  const collapses =
    collapsing.has(keyword) && !instruction.parsed.json && !instruction.parsed.pairs.some(({ legacy }) => legacy);
  let quote = "";
  let text = "";
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] as HeaderLine;
    const next = lines[at + 1];
    const content = line.kind === "code" && collapses ? collapse(line.content, quote, escape) : line.content;
    if (line.kind === "code") quote = quoteAfter(line.content, quote, escape);
    if (at === 0) text += firstLine(content, instruction);
    else if (line.startsQuoted || isGlued(lines, at)) text += line.indent + content;
    else text += indentation(depthOf(line.indent, width) - least, options.indent, width) + content;
    if (line.continues)
      text +=
        line.endsQuoted || (next && isGlued(lines, at + 1))
          ? line.gap + escape
          : content === ""
            ? escape
            : ` ${escape}`;
    text += line.ending;
  }
  return text;
}

/** True for a line whose first word continues the last word of the line before: no blank stands between the two. */
function isGlued(lines: readonly HeaderLine[], at: number): boolean {
  const line = lines[at];
  if (line?.kind !== "code" || line.indent !== "" || line.startsQuoted) return false;
  let before = at - 1;
  while (before >= 0 && lines[before]?.kind !== "code") before--;
  return lines[before]?.gap === "" && before >= 0 && lines[before]?.content !== "";
}

function indentation(deeper: number, unit: string, width: number): string {
  const more = Math.max(0, deeper);
  if (!unit.startsWith("\t")) return unit + " ".repeat(more);
  return unit + "\t".repeat(Math.floor(more / width)) + " ".repeat(more % width);
}

/** Columns of an indentation; a tab counts as one step. */
function depthOf(indent: string, width: number): number {
  let depth = 0;
  for (const char of indent) depth += char === "\t" ? width : 1;
  return depth;
}

/** One blank behind the keyword and between the flags of a RUN. */
function firstLine(content: string, { keyword, parsed }: Instruction): string {
  if (keyword === "RUN" || keyword === "ONBUILD" || keyword === "HEALTHCHECK") {
    const flags = parsed.flags.length > 0 ? /^\S+(?:[ \t]+--[^\s"'\\`]+)*[ \t]+/ : /^\S+[ \t]+/;
    return content.replace(flags, (start) => start.replace(/[ \t]+/g, " "));
  }
  return content.replace(/^(\S+)[ \t]+/, "$1 ");
}

/** Instructions whose words are told apart by blanks, however many. */
const collapsing: ReadonlySet<string> = new Set(["FROM", "COPY", "ADD", "ARG", "ENV", "LABEL", "EXPOSE", "VOLUME"]);

/** One blank between words, outside quotes and not behind the escape character. */
function collapse(content: string, before: string, escape: Escape): string {
  let result = "";
  let quote = before;
  for (let at = 0; at < content.length; at++) {
    const char = content[at] as string;
    if (quote === "" && (char === " " || char === "\t")) {
      if (!result.endsWith(" ") || isEscapedEnd(result, escape)) result += " ";
      continue;
    }
    result += char;
    if (char === escape && quote !== "'") {
      at++;
      result += content[at] ?? "";
    } else if (char === quote) quote = "";
    else if (quote === "" && (char === "'" || char === '"')) quote = char;
  }
  return result;
}

/** True when the blank at the end is escaped and so belongs to a word. */
function isEscapedEnd(text: string, escape: Escape): boolean {
  return text.endsWith(`${escape} `);
}

function isShellForm({ keyword, parsed, shell }: Instruction): boolean {
  return shell.kind === "posix" && !parsed.json && (keyword === "RUN" || keyword === "CMD" || keyword === "ENTRYPOINT");
}

/** Moves `&&` and `||` between the end of a line and the beginning of the next one. */
function moveOperators(lines: readonly HeaderLine[], place: FormatOptions["operators"]): readonly HeaderLine[] {
  if (place === "keep") return lines;
  const moved = [...lines];
  let before = -1;
  for (let at = 0; at < moved.length; at++) {
    const line = moved[at] as HeaderLine;
    if (line.kind !== "code") continue;
    const previous = moved[before];
    if (previous && !previous.endsQuoted && !isGlued(moved, at)) {
      const [from, to] = place === "leading" ? pushDown(previous, line) : pullUp(previous, line);
      moved[before] = from;
      moved[at] = to;
    }
    before = at;
  }
  return moved;
}

function pushDown(line: HeaderLine, next: HeaderLine): [HeaderLine, HeaderLine] {
  const match = /^(.*\S)[ \t]*(&&|\|\|)$/.exec(line.content);
  // An escaped sign is no operator, and neither is what a shell comment holds.
  if (!match || next.content === "" || /\\$|(?:^|\s)#/.test(match[1] ?? "")) return [line, next];
  return [
    { ...line, content: match[1] as string, gap: " " },
    { ...next, content: `${match[2]} ${next.content}` },
  ];
}

function pullUp(line: HeaderLine, next: HeaderLine): [HeaderLine, HeaderLine] {
  const match = /^(&&|\|\|)[ \t]*(\S.*)$/.exec(next.content);
  if (!match || line.content === "" || /(?:^|\s)#/.test(line.content)) return [line, next];
  return [
    { ...line, content: `${line.content} ${match[1]}`, gap: " " },
    { ...next, content: match[2] as string },
  ];
}

/** A RUN on one long line, with each `&&` of its outermost list on a line of its own; null when it stays. */
function splitLongRun(model: Model, instruction: Instruction, header: string, options: SettledOptions): string | null {
  if (options.lineWidth <= 0 || header.trimEnd().length <= options.lineWidth || instruction.keyword !== "RUN")
    return null;
  if (instruction.parsed.heredocs.length > 0 || instruction.parsed.json) return null;
  const [script] = scriptsOf(instruction);
  if (!script?.script.wellFormed) return null;
  const items = script.script.topLevel;
  if (items.length < 2 || items.some(({ connector }) => connector !== null && connector !== "&&")) return null;
  const eol = `${model.escape}${model.lineEnding}${options.indent}`;
  let text = "";
  let at = 0;
  for (const { connectorSpan } of items) {
    if (!connectorSpan) continue;
    const { start, end } = script.locate(connectorSpan.from, connectorSpan.to);
    const [from, to] = [start - instruction.blockStart, end - instruction.blockStart];
    const piece = header.slice(at, from).trim();
    text += options.operators === "trailing" ? `${piece} && ${eol}` : `${piece} ${eol}&& `;
    at = to;
  }
  return firstLine(text + header.slice(at).trim(), instruction);
}
