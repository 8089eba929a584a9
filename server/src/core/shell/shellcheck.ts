/**
 * How scripts are handed to ShellCheck and its answer is read: file in, JSON out. Facts about its command line and its
 * format `json1`: ShellCheck's manual. Columns of its answer count code points from 1, a tab as one.
 */

/** A script to look at. Plain data: two scripts with the same parts get the same answer. */
export interface ShellCheckScript {
  readonly dialect: "sh" | "bash" | "dash" | "ksh";
  /** Variables that come from the Dockerfile; they are no typing errors. */
  readonly names: readonly string[];
  readonly text: string;
}

export type ShellCheckLevel = "error" | "warning" | "info" | "style";

/** One remark. Offsets are UTF-16 code units in the script's text. */
export interface ShellCheckRemark {
  readonly from: number;
  readonly to: number;
  readonly level: ShellCheckLevel;
  /** The number behind `SC`. */
  readonly code: number;
  readonly message: string;
  /** Its proposal; empty without one. */
  readonly replacements: readonly ShellCheckReplacement[];
}

export interface ShellCheckReplacement {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

// Remarks about what is no part of the script: its first line, files it reads, the name it has.
const irrelevant = "SC1090,SC1091,SC1128,SC2148,SC2187";

/** The arguments for files named as `scriptName` does. A project's .shellcheckrc is about its scripts, not about RUN. */
export function shellCheckArguments(count: number): readonly string[] {
  const names = Array.from({ length: count }, (_, index) => scriptName(index));
  return ["--norc", "--format=json1", `--exclude=${irrelevant}`, ...names];
}

/** The name of the file that holds the script at an index. */
export function scriptName(index: number): string {
  return `${index}.sh`;
}

const head = 2;

/** The content of a script's file: two lines of ours, then the text. */
export function scriptContent({ dialect, names, text }: ShellCheckScript): string {
  const known = names.length === 0 ? ":" : `export ${names.map((name) => `${name}=1`).join(" ")}`;
  return `#!/bin/${dialect}\n${known}\n${text}\n`;
}

/** What ShellCheck said of each script, in their order; null when its output is not what it should be. */
export function readRemarks(output: string, scripts: readonly ShellCheckScript[]): ShellCheckRemark[][] | null {
  let value: unknown;
  try {
    value = JSON.parse(output);
  } catch {
    return null;
  }
  const comments = isRecord(value) ? value.comments : null;
  if (!Array.isArray(comments)) return null;
  const remarks: ShellCheckRemark[][] = scripts.map(() => []);
  const places = new Map<number, (line: number, column: number) => number | null>();
  for (const comment of comments) {
    if (!isRecord(comment)) continue;
    const index = Number.parseInt(String(comment.file).replace(/^.*[\\/]/, ""), 10);
    const script = scripts[index];
    if (!script) continue;
    const place = places.get(index) ?? placesOf(script.text);
    places.set(index, place);
    const remark = readRemark(comment, place);
    if (remark) remarks[index]?.push(remark);
  }
  return remarks;
}

function readRemark(
  comment: { readonly [key: string]: unknown },
  place: (line: number, column: number) => number | null,
): ShellCheckRemark | null {
  const span = readSpan(comment, place);
  const { level, code, message, fix } = comment;
  if (!span || !isLevel(level) || typeof code !== "number" || typeof message !== "string") return null;
  const listed = isRecord(fix) && Array.isArray(fix.replacements) ? fix.replacements : [];
  const replacements = listed.map((one: unknown) => {
    const where = isRecord(one) ? readSpan(one, place) : null;
    return where && isRecord(one) && typeof one.replacement === "string" ? { ...where, text: one.replacement } : null;
  });
  // Half of a proposal would break what it mends.
  const whole = replacements.filter((one) => one !== null);
  return { ...span, level, code, message, replacements: whole.length === listed.length ? whole : [] };
}

function readSpan(
  value: { readonly [key: string]: unknown },
  place: (line: number, column: number) => number | null,
): { from: number; to: number } | null {
  const from = place(Number(value.line), Number(value.column));
  const to = place(Number(value.endLine), Number(value.endColumn));
  return from === null || to === null || to < from ? null : { from, to };
}

/** From lines and columns of the file to offsets of the text; null for what lies outside of it. */
function placesOf(text: string): (line: number, column: number) => number | null {
  const starts = [0];
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  // Only texts with characters beyond the first plane need counting, and those of one line only once.
  const offsets = new Map<number, number[] | null>();
  return (line, column) => {
    const index = line - 1 - head;
    const start = starts[index];
    if (start === undefined || !(column >= 1)) return null;
    const end = starts[index + 1] === undefined ? text.length : (starts[index + 1] as number) - 1;
    let points = offsets.get(index);
    if (points === undefined) {
      points = codePointOffsets(text.slice(start, end));
      offsets.set(index, points);
    }
    const offset = points ? (points[column - 1] ?? null) : column - 1;
    return offset === null || start + offset > end ? null : start + offset;
  };
}

/** Where each code point of a line begins, the end included; null where that is the same as counting code units. */
function codePointOffsets(line: string): number[] | null {
  if (!/[\ud800-\udbff]/.test(line)) return null;
  const offsets: number[] = [];
  let at = 0;
  for (const character of line) {
    offsets.push(at);
    at += character.length;
  }
  return [...offsets, at];
}

function isLevel(value: unknown): value is ShellCheckLevel {
  return value === "error" || value === "warning" || value === "info" || value === "style";
}

function isRecord(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === "object" && value !== null;
}
