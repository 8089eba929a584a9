/**
 * dockerfile-ast behind a guard: it finds the keyword and where the arguments start. It is given one header at a time,
 * without heredoc bodies, and never asked about variables or the whole document (there it is quadratic, and can throw).
 */
import { DockerfileParser } from "dockerfile-ast";
import type { Escape } from "./types";

/** Where the keyword of a header lies. Offsets into the header. */
export interface Structure {
  readonly keyword: string;
  readonly from: number;
  readonly to: number;
}

/** Finds the keyword of an instruction's header, whose first character that is not blank stands at `first`. */
export function readStructure(header: string, first: number, escape: Escape): Structure {
  const simple = simpleKeyword(header, first);
  if (simple) return simple;
  return parsedKeyword(header, first, escape) ?? bareKeyword(header, first);
}

// Nearly every instruction: letters, then a blank, the end or a line end. Nothing is left to parse there.
function simpleKeyword(header: string, first: number): Structure | null {
  let to = first;
  while (to < header.length && isLetter(header.charCodeAt(to))) to++;
  const next = header[to];
  const ended = next === undefined || next === " " || next === "\t" || next === "\n" || next === "\r";
  return to > first && ended ? { keyword: header.slice(first, to), from: first, to } : null;
}

function parsedKeyword(header: string, first: number, escape: Escape): Structure | null {
  try {
    const lead = escape === "\\" ? "" : "# escape=`\n";
    const text = header.slice(first);
    const instruction = DockerfileParser.parse(lead + text).getInstructions()[0];
    if (!instruction) return null;
    const range = instruction.getInstructionRange();
    const shift = escape === "\\" ? 0 : 1;
    const from = first + offsetAt(text, range.start.line - shift, range.start.character);
    const to = first + offsetAt(text, range.end.line - shift, range.end.character);
    const keyword = instruction.getInstruction();
    return keyword !== "" && from === first && to > from ? { keyword, from, to } : null;
  } catch {
    return null;
  }
}

function bareKeyword(header: string, first: number): Structure {
  const word = /^\S+/.exec(header.slice(first))?.[0] ?? "";
  return { keyword: word, from: first, to: first + word.length };
}

function offsetAt(text: string, line: number, character: number): number {
  let at = 0;
  for (let i = 0; i < line; i++) at = text.indexOf("\n", at) + 1;
  return at + character;
}

function isLetter(code: number): boolean {
  return (code >= 65 && code <= 90) || (code >= 97 && code <= 122);
}
