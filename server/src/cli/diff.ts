/** A unified diff of two texts, as `patch` and `git apply` read it. */

const contextLines = 3;

/** The diff, or an empty text when nothing differs. Lines keep their own ends; `path` goes into the header. */
export function unifiedDiff(path: string, before: string, after: string): string {
  if (before === after) return "";
  const a = linesOf(before);
  const b = linesOf(after);
  const hunks = group(changes(a, b));
  const header = `--- a/${path}\n+++ b/${path}\n`;
  return header + hunks.map((hunk) => hunkText(hunk, a, b)).join("");
}

/** `a[from..to)` is replaced by `b[newFrom..newTo)`. */
interface Change {
  readonly from: number;
  readonly to: number;
  readonly newFrom: number;
  readonly newTo: number;
}

function linesOf(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

// Common lines at both ends are set aside, the rest is compared by Myers' algorithm.
function changes(a: readonly string[], b: readonly string[]): Change[] {
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head++;
  let tail = 0;
  while (tail < a.length - head && tail < b.length - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail++;
  const middle = shortest(a.slice(head, a.length - tail), b.slice(head, b.length - tail));
  return middle.map((change) => ({
    from: change.from + head,
    to: change.to + head,
    newFrom: change.newFrom + head,
    newTo: change.newTo + head,
  }));
}

// Beyond this many changed lines the whole middle is shown as replaced: a diff of that size is not read line by line.
const mostSteps = 1500;

function shortest(a: readonly string[], b: readonly string[]): Change[] {
  const whole = [{ from: 0, to: a.length, newFrom: 0, newTo: b.length }];
  if (a.length === 0 || b.length === 0) return whole;
  const most = Math.min(a.length + b.length, mostSteps);
  const trace: Int32Array[] = [];
  let reach = new Int32Array(2 * most + 3);
  const middle = most + 1;
  for (let step = 0; step <= most; step++) {
    const next = reach.slice();
    for (let diagonal = -step; diagonal <= step; diagonal += 2) {
      const left = reach[middle + diagonal - 1] as number;
      const right = reach[middle + diagonal + 1] as number;
      const down = diagonal === -step || (diagonal !== step && left < right);
      let x = down ? right : left + 1;
      while (x < a.length && x - diagonal < b.length && a[x] === b[x - diagonal]) x++;
      next[middle + diagonal] = x;
      if (x >= a.length && x - diagonal >= b.length) return walkBack(trace, reach, step, middle, a.length, b.length);
    }
    trace.push(reach);
    reach = next;
  }
  return whole;
}

function walkBack(
  trace: readonly Int32Array[],
  last: Int32Array,
  steps: number,
  middle: number,
  x: number,
  y: number,
): Change[] {
  const found: Change[] = [];
  for (let step = steps; step > 0; step--) {
    const reach = step === steps ? last : (trace[step] as Int32Array);
    const diagonal = x - y;
    const left = reach[middle + diagonal - 1] as number;
    const right = reach[middle + diagonal + 1] as number;
    const down = diagonal === -step || (diagonal !== step && left < right);
    const startX = down ? right : left;
    const startY = startX - (down ? diagonal + 1 : diagonal - 1);
    found.push({ from: startX, to: down ? startX : startX + 1, newFrom: startY, newTo: down ? startY + 1 : startY });
    x = startX;
    y = startY;
  }
  return join(found.reverse());
}

function join(list: readonly Change[]): Change[] {
  const joined: Change[] = [];
  for (const change of list) {
    const before = joined.at(-1);
    if (before && before.to === change.from && before.newTo === change.newFrom) {
      joined[joined.length - 1] = { ...before, to: change.to, newTo: change.newTo };
    } else joined.push(change);
  }
  return joined;
}

function group(list: readonly Change[]): Change[][] {
  const groups: Change[][] = [];
  for (const change of list) {
    const last = groups.at(-1);
    const before = last?.at(-1);
    if (last && before && change.from - before.to <= 2 * contextLines) last.push(change);
    else groups.push([change]);
  }
  return groups;
}

function hunkText(list: readonly Change[], a: readonly string[], b: readonly string[]): string {
  const first = list[0] as Change;
  const last = list[list.length - 1] as Change;
  const from = Math.max(0, first.from - contextLines);
  const to = Math.min(a.length, last.to + contextLines);
  const newFrom = first.newFrom - (first.from - from);
  const newTo = last.newTo + (to - last.to);
  let text = `@@ -${span(from, to)} +${span(newFrom, newTo)} @@\n`;
  let at = from;
  for (const change of list) {
    for (; at < change.from; at++) text += row(" ", a[at]);
    for (; at < change.to; at++) text += row("-", a[at]);
    for (let i = change.newFrom; i < change.newTo; i++) text += row("+", b[i]);
  }
  for (; at < to; at++) text += row(" ", a[at]);
  return text;
}

// A span of no lines is named after the line before it.
function span(from: number, to: number): string {
  const count = to - from;
  return `${count === 0 ? from : from + 1}${count === 1 ? "" : `,${count}`}`;
}

function row(sign: string, line: string | undefined): string {
  const text = line ?? "";
  return text.endsWith("\n") ? sign + text : `${sign}${text}\n\\ No newline at end of file\n`;
}
