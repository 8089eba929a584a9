/** Puts the nodes of a graph into rows, and orders each row so that arrows are short and seldom cross. */
import type { StageArrow } from "./stage-arrows";

/** What stands in a row: a card, or the bend of an arrow that passes the row by. */
export interface Place {
  readonly row: number;
  readonly width: number;
  /** What it is bound to in the rows above and below. */
  readonly above: Place[];
  readonly below: Place[];
  /** Its middle; 0 is the middle of the picture. */
  x: number;
}

/** Places in rows. */
export interface Rows {
  /** From left to right. */
  readonly rows: readonly (readonly Place[])[];
  /** The place of each node. */
  readonly nodes: readonly Place[];
  /** The places that each arrow passes, both ends included. */
  readonly chains: readonly (readonly Place[])[];
}

/** Widths in pixels. */
export interface RowMeasures {
  readonly card: number;
  readonly bend: number;
  readonly gap: number;
}

/** Bends that arrows over several rows may have in total; beyond it they run straight, and the work stays linear. */
const mostBends = 1000;

/** Rows for `count` nodes: whoever gives stands above whoever takes. Arrows come in the order of those that take. */
export function arrangeInRows(count: number, arrows: readonly StageArrow[], measures: RowMeasures): Rows {
  const rows: Place[][] = [];
  const put = (row: number, width: number): Place => {
    while (rows.length <= row) rows.push([]);
    const place: Place = { row, width, above: [], below: [], x: 0 };
    rows[row]?.push(place);
    return place;
  };
  const nodes = rowNumbers(count, arrows).map((row) => put(row, measures.card));
  let bends = 0;
  const chains = arrows.map(({ from, to }): readonly Place[] => {
    const [giver, taker] = [nodes[from] as Place, nodes[to] as Place];
    bends += Math.max(0, taker.row - giver.row - 1);
    const chain = [giver];
    if (bends <= mostBends) {
      for (let row = giver.row + 1; row < taker.row; row++) chain.push(put(row, measures.bend));
    }
    chain.push(taker);
    bind(chain);
    return chain;
  });
  for (const row of rows) spread(row, measures.gap);
  const upwards = [...rows].reverse();
  for (const [order, side] of [
    [rows, "above"],
    [upwards, "below"],
    [rows, "above"],
  ] as const) {
    for (const row of order) sortBy(row, side, measures.gap);
  }
  for (const order of [upwards, rows, upwards, rows]) for (const row of order) settle(row, measures.gap);
  return { rows, nodes, chains };
}

/** Each node below all it takes from; who takes from nobody stands right above the first that takes from it. */
function rowNumbers(count: number, arrows: readonly StageArrow[]): readonly number[] {
  const rows = new Array<number>(count).fill(0);
  const takes = new Set<number>();
  // A stage takes from earlier stages only, so the row of the giver is settled here.
  for (const { from, to } of arrows) {
    takes.add(to);
    rows[to] = Math.max(rows[to] ?? 0, (rows[from] ?? 0) + 1);
  }
  const first = new Map<number, number>();
  for (const { from, to } of arrows) {
    if (!takes.has(from)) first.set(from, Math.min(first.get(from) ?? count, (rows[to] ?? 0) - 1));
  }
  for (const [node, row] of first) rows[node] = row;
  return rows;
}

function bind(chain: readonly Place[]): void {
  for (const [at, place] of chain.entries()) {
    const next = chain[at + 1];
    if (!next) continue;
    place.below.push(next);
    next.above.push(place);
  }
}

/** Side by side around the middle. */
function spread(row: readonly Place[], gap: number): void {
  let x = -row.reduce((sum, { width }) => sum + width + gap, -gap) / 2;
  for (const place of row) {
    place.x = x + place.width / 2;
    x += place.width + gap;
  }
}

function sortBy(row: Place[], side: "above" | "below", gap: number): void {
  const wishes = new Map(row.map((place) => [place, middleOf(place[side]) ?? place.x]));
  row.sort((a, b) => (wishes.get(a) ?? 0) - (wishes.get(b) ?? 0));
  spread(row, gap);
}

/** As near to what each is bound to as its neighbours allow. */
function settle(row: readonly Place[], gap: number): void {
  let edge = Number.NEGATIVE_INFINITY;
  let moved = 0;
  for (const place of row) {
    const wish = middleOf([...place.above, ...place.below]) ?? place.x;
    place.x = Math.max(wish, edge + place.width / 2);
    edge = place.x + place.width / 2 + gap;
    moved += place.x - wish;
  }
  for (const place of row) place.x -= moved / row.length;
}

function middleOf(places: readonly Place[]): number | null {
  return places.length === 0 ? null : places.reduce((sum, { x }) => sum + x, 0) / places.length;
}
