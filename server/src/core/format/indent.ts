/** How a file indents the lines that continue an instruction. */
import type { Model } from "../model/types";
import type { ParsedInstruction } from "../syntax/types";
import { readLines } from "./lines";

/**
 * The indentation that most continued instructions of the file begin with: that of their least indented line. The first
 * one wins where two are equally common; four blanks where nothing is indented.
 */
export function ownIndent(model: Model): string {
  const counts = new Map<string, number>();
  for (const { parsed } of model.instructions) {
    const indent = indentOf(parsed);
    if (indent !== null) counts.set(indent, (counts.get(indent) ?? 0) + 1);
  }
  let best = "    ";
  let most = 0;
  for (const [indent, count] of counts) {
    if (count <= most) continue;
    best = indent;
    most = count;
  }
  return best;
}

const remembered = new WeakMap<ParsedInstruction, string | null>();

/** The indentation of one instruction, or null where it has none that could be anybody's style. */
function indentOf(parsed: ParsedInstruction): string | null {
  const known = remembered.get(parsed);
  if (known !== undefined) return known;
  const header = parsed.text.slice(0, parsed.heredocs[0]?.bodySpan.from ?? parsed.text.length);
  const indent = header.includes("\n") ? leastIndent(header, parsed.escape) : null;
  remembered.set(parsed, indent);
  return indent;
}

function leastIndent(header: string, escape: "\\" | "`"): string | null {
  let least: string | null = null;
  readLines(header, escape).forEach((line, at) => {
    if (at === 0 || line.kind !== "code" || line.startsQuoted || line.content === "") return;
    if (least === null || line.indent.length < least.length) least = line.indent;
  });
  // A mix of tabs and blanks is nobody's style, and neither is an indentation that follows a word above.
  const found = least as string | null;
  return found !== null && /^(?:\t{1,2}| {1,4}| {8})$/.test(found) ? found : null;
}
