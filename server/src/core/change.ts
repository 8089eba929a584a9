/** Where two versions of a file differ, and whether that may matter elsewhere in it. */
import type { Instruction, Model } from "./model/types";

/** Where two versions of a text differ. */
export interface Change {
  /** All before this offset is the same in both. */
  readonly start: number;
  /** All behind this offset of the older text is the same, moved by `by`. */
  readonly end: number;
  readonly by: number;
  /** Keywords of the instructions that went or came; `$` where one of them may read a variable, `#`
   * where other lines changed, `problem` where what the
   * builder refuses did. */
  readonly keywords: ReadonlySet<string>;
  /** The instructions that came. */
  readonly fresh: readonly Instruction[];
  /** True when instructions behind the edit have other numbers than before. */
  readonly renumbers: boolean;
}

/** Instructions that decide what holds for others. */
const farReaching: ReadonlySet<string> = new Set(["FROM", "ARG", "ENV", "USER", "WORKDIR", "SHELL", "ONBUILD"]);

/** The difference between two versions of a file; null where it may matter for any instruction of it. */
export function changeBetween(before: Model, after: Model): Change | null {
  if (before.escape !== after.escape || before.templates.length + after.templates.length > 0) return null;
  const older = before.instructions;
  const newer = after.instructions;
  const by = after.text.length - before.text.length;
  const most = Math.min(older.length, newer.length);
  let head = 0;
  while (head < most && isSame(older[head], newer[head], 0)) head++;
  let tail = 0;
  while (tail < most - head && isSame(older[older.length - 1 - tail], newer[newer.length - 1 - tail], by)) tail++;
  // Directives stand before the first instruction, and comments there may speak for the whole file.
  const last = newer[head - 1];
  if (!last) return null;
  const start = last.blockStart + last.parsed.text.length;
  const end = older[older.length - tail]?.blockStart ?? before.text.length;
  if (before.text.slice(0, start) !== after.text.slice(0, start)) return null;
  if (before.text.slice(end) !== after.text.slice(end + by)) return null;

  const gone = older.slice(head, older.length - tail);
  const fresh = newer.slice(head, newer.length - tail);
  const keywords = new Set<string>();
  for (const { keyword, parsed } of [...gone, ...fresh]) {
    // What a stage takes from others decides which of them are needed.
    if (farReaching.has(keyword) || parsed.sources.length > 0) return null;
    keywords.add(keyword);
    if (/[$%]/.test(parsed.text)) keywords.add("$");
  }
  const oldLines = otherLines(before.text, start, end, gone);
  const newLines = otherLines(after.text, start, end + by, fresh);
  if (oldLines !== newLines) {
    // A comment may name the shell of the stages that follow.
    if (/shell/i.test(oldLines + newLines)) return null;
    keywords.add("#");
  }
  if (!sameProblems(before, after)) keywords.add("problem");
  return { start, end, by, keywords, fresh, renumbers: older.length !== newer.length };
}

function isSame(older: Instruction | undefined, newer: Instruction | undefined, by: number): boolean {
  return older && newer ? older.parsed === newer.parsed && older.blockStart + by === newer.blockStart : false;
}

function sameProblems({ problems: older }: Model, { problems: newer }: Model): boolean {
  return older.length === newer.length && older.every(({ message }, index) => newer[index]?.message === message);
}

/** The text of a stretch without its instructions. */
function otherLines(text: string, start: number, end: number, instructions: readonly Instruction[]): string {
  let lines = "";
  let at = start;
  for (const { blockStart, parsed } of instructions) {
    lines += text.slice(at, blockStart);
    at = blockStart + parsed.text.length;
  }
  return lines + text.slice(at, end);
}
