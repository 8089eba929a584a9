/** The difference of two texts as edits of whole lines, so that cursor, folds and marks outside of it stay. */
import type { Edit } from "../core/index";

/** Two texts that differ in more lines than this become one edit: the search takes lines times differences. */
const mostDifferences = 400;

/** Edits that turn `before` into `after`: whole lines, in order, without overlap. Empty when the texts are equal. */
export function lineEdits(before: string, after: string): readonly Edit[] {
  if (before === after) return [];
  const old = splitLines(before);
  const fresh = splitLines(after);
  let head = 0;
  while (head < old.length && head < fresh.length && old[head] === fresh[head]) head++;
  let tail = 0;
  while (
    tail < old.length - head &&
    tail < fresh.length - head &&
    old[old.length - 1 - tail] === fresh[fresh.length - 1 - tail]
  ) {
    tail++;
  }
  const oldMiddle = old.slice(head, old.length - tail);
  const freshMiddle = fresh.slice(head, fresh.length - tail);
  const pairs = commonLines(oldMiddle, freshMiddle) ?? [];
  const offsets = [old.slice(0, head).reduce((sum, line) => sum + line.length, 0)];
  for (const line of oldMiddle) offsets.push((offsets.at(-1) as number) + line.length);

  const edits: Edit[] = [];
  let i = 0;
  let j = 0;
  for (const [x, y] of [...pairs, [oldMiddle.length, freshMiddle.length] as const]) {
    if (x > i || y > j) {
      edits.push({
        span: { start: offsets[i] as number, end: offsets[x] as number },
        newText: freshMiddle.slice(j, y).join(""),
      });
    }
    i = x + 1;
    j = y + 1;
  }
  return edits;
}

/** Lines with their ends; the last one may have none. */
function splitLines(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

/** Pairs of equal lines on a shortest path (Myers 1986), or null where the texts differ too much. */
function commonLines(a: readonly string[], b: readonly string[]): readonly (readonly [number, number])[] | null {
  const most = Math.min(a.length + b.length, mostDifferences);
  const reach = new Map<number, number>([[1, 0]]);
  const steps: Map<number, number>[] = [];
  for (let d = 0; d <= most; d++) {
    steps.push(new Map(reach));
    for (let k = -d; k <= d; k += 2) {
      const down = k === -d || (k !== d && (reach.get(k - 1) ?? -1) < (reach.get(k + 1) ?? -1));
      let x = down ? (reach.get(k + 1) ?? 0) : (reach.get(k - 1) ?? 0) + 1;
      while (x < a.length && x - k < b.length && a[x] === b[x - k]) x++;
      reach.set(k, x);
      if (x >= a.length && x - k >= b.length) return walkBack(a, b, steps);
    }
  }
  return null;
}

function walkBack(
  a: readonly string[],
  b: readonly string[],
  steps: readonly ReadonlyMap<number, number>[],
): readonly (readonly [number, number])[] {
  const pairs: [number, number][] = [];
  let x = a.length;
  let y = b.length;
  for (let d = steps.length - 1; d >= 0; d--) {
    const reach = steps[d] as ReadonlyMap<number, number>;
    const k = x - y;
    const down = k === -d || (k !== d && (reach.get(k - 1) ?? -1) < (reach.get(k + 1) ?? -1));
    const from = down ? k + 1 : k - 1;
    const fromX = d === 0 ? 0 : (reach.get(from) ?? 0);
    const fromY = d === 0 ? 0 : fromX - from;
    while (x > fromX && y > fromY && a[x - 1] === b[y - 1]) {
      x--;
      y--;
      pairs.push([x, y]);
    }
    x = fromX;
    y = fromY;
  }
  return pairs.reverse();
}
