/** Writes the comments that silence a rule: `# plimsoll ignore=rule` and `# plimsoll ignore-file=rule`. */
import type { Edit, Model, Suppression } from "../core/index";
import { instructionAt } from "./locate";

/**
 * The edit that silences a rule for the instruction at an offset: the list of the comment that already stands over it
 * grows, else a comment line is put right above it, indented alike. Null where no instruction is.
 */
export function ignoreHere(model: Model, offset: number, rule: string): Edit | null {
  const instruction = instructionAt(model, offset);
  if (!instruction) return null;
  const own = ownSuppression(
    model,
    (suppression) =>
      suppression.reach === "instruction" &&
      suppression.covers.start <= instruction.keywordSpan.start &&
      instruction.keywordSpan.start < suppression.covers.end,
  );
  if (own) return extend(own, rule);
  const at = instruction.blockStart;
  const indent = model.text.slice(at, instruction.keywordSpan.start);
  return insertLine(model, at, `${/^[ \t]*$/.test(indent) ? indent : ""}# plimsoll ignore=${rule}`);
}

/**
 * The edit that silences a rule for the whole file: the list of an `ignore-file` comment grows, else one is put at the
 * top, below directives such as `# syntax=`, which count only while nothing stands before them.
 */
export function ignoreInFile(model: Model, rule: string): Edit {
  const own = ownSuppression(model, (suppression) => suppression.reach === "file");
  return own ? extend(own, rule) : insertLine(model, topOfFile(model), `# plimsoll ignore-file=${rule}`);
}

function ownSuppression(model: Model, wanted: (suppression: Suppression) => boolean): Suppression | null {
  const fits = (item: Suppression): boolean => item.dialect === "plimsoll" && item.ids.length > 0 && wanted(item);
  return model.suppressions.find(fits) ?? null;
}

function extend(suppression: Suppression, rule: string): Edit {
  const end = suppression.ids.at(-1)?.span.end ?? suppression.span.end;
  return { span: { start: end, end }, newText: `,${rule}` };
}

/** Where the first line stands that is no directive, no `#!` line and not the byte order mark. */
function topOfFile(model: Model): number {
  const { text, directives, lines } = model;
  const last = directives.at(-1);
  if (last) return lines.lineStart(lines.positionAt(last.end).line + 1);
  const start = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  return text.startsWith("#!", start) ? lines.lineStart(1) : start;
}

/** Puts a line in front of the line that starts at `at`; at the end of a text without a last line end, behind it. */
function insertLine(model: Model, at: number, line: string): Edit {
  const { text, lineEnding } = model;
  const open = at > 0 && at === text.length && !/[\r\n\ufeff]/.test(text.charAt(at - 1));
  return {
    span: { start: at, end: at },
    newText: open ? `${lineEnding}${line}` : `${line}${lineEnding}`,
  };
}
