/**
 * Places the graph of stages on a plane: what gives lies above what takes, so the image that ships is at the bottom, as it
 * is in the file. The work grows with the number of nodes and arrows.
 */
import type { StageArrow, Taken } from "./stage-arrows";
import type { StageGraph } from "./stage-graph";
import { arrangeInRows, type Place } from "./stage-rows";

/** A rectangle, in pixels of the picture. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** One arrow: the points it passes, from the lower edge of the giver to the upper edge of the taker. */
export interface Line {
  readonly points: readonly Point[];
  /** The middle of its text; null for an arrow without one. */
  readonly label: Point | null;
}

/** Where everything goes; boxes and lines stand in the order of the graph's nodes and arrows. */
export interface StageLayout {
  readonly width: number;
  readonly height: number;
  readonly boxes: readonly Box[];
  readonly lines: readonly Line[];
}

/** Sizes in pixels, for a text of 12 pixels. `space` lies between two rows, and a `lane` more for each row of labels. */
export const measures = {
  card: 210,
  bend: 14,
  gap: 28,
  title: 28,
  fact: 17,
  foot: 8,
  space: 44,
  lane: 16,
  margin: 16,
} as const;

/** Characters of an arrow's text that are shown. */
const longestLabel = 28;
const labelWidth = 6.7;

/** Rows of labels between two rows of cards; more of them lie upon each other. */
const mostLanes = 6;

/** Lays a graph out. */
export function layOutStages({ nodes, arrows }: StageGraph): StageLayout {
  const { rows, nodes: places, chains } = arrangeInRows(nodes.length, arrows, measures);
  const left = rows.reduce((edge, row) => Math.min(edge, edgeOf(row[0], -1)), 0);
  const right = rows.reduce((edge, row) => Math.max(edge, edgeOf(row[row.length - 1], 1)), 0);
  for (const row of rows) for (const place of row) place.x += measures.margin - left;

  const heights = nodes.map(({ facts }) => measures.title + facts.length * measures.fact + measures.foot);
  const tallest = rows.map(() => 0);
  for (const [at, { row }] of places.entries()) tallest[row] = Math.max(tallest[row] ?? 0, heights[at] ?? 0);
  const leaving = spreadEnds(arrows, chains, "from", places.length);
  const arriving = spreadEnds(arrows, chains, "to", places.length);
  const labels = arrows.map(({ taken, from }, at) => {
    const chain = chains[at] ?? [];
    const slack = chain.length === 2 ? (tallest[chain[0]?.row ?? 0] ?? 0) - (heights[from] ?? 0) : 0;
    return placeLabel(taken, chain, arriving[at] ?? 0, slack);
  });
  const lanes = assignLanes(labels, rows.length);
  const tops: number[] = [];
  let y: number = measures.margin;
  for (const [row, height] of tallest.entries()) {
    if (row > 0) y += measures.space + (lanes.counts[row] ?? 0) * measures.lane;
    tops.push(y);
    y += height;
  }

  const boxes = places.map((place, at) => ({
    x: place.x - place.width / 2,
    y: tops[place.row] ?? 0,
    width: place.width,
    height: heights[at] ?? 0,
  }));
  const lines = chains.map((chain, at): Line => {
    const box = boxes[arrows[at]?.from ?? 0];
    const points = chain.flatMap((place, step): Point[] => {
      const top = tops[place.row] ?? 0;
      if (step === 0) return [{ x: place.x + (leaving[at] ?? 0), y: top + (box?.height ?? 0) }];
      if (step === chain.length - 1) return [{ x: place.x + (arriving[at] ?? 0), y: top }];
      return [
        { x: place.x, y: top },
        { x: place.x, y: top + (tallest[place.row] ?? 0) },
      ];
    });
    const label = labels[at];
    const [start, end] = points.slice(-2);
    if (!label || !start || !end) return { points, label: null };
    const labelY = end.y - measures.space / 2 - (lanes.lanes[at] ?? 0) * measures.lane;
    const x = start.x + (end.x - start.x) * acrossAt((labelY - start.y) / (end.y - start.y));
    return { points, label: { x, y: labelY } };
  });
  return { width: right - left + 2 * measures.margin, height: y + measures.margin, boxes, lines };
}

function edgeOf(place: Place | undefined, side: -1 | 1): number {
  return place ? place.x + (side * place.width) / 2 : 0;
}

/** The text of an arrow: the row it points to, the middle, and half the width. */
interface Label {
  readonly row: number;
  readonly x: number;
  readonly half: number;
}

/** On the arrow, above its head. `slack`: what lies between the giver's lower edge and that of its row. */
function placeLabel(taken: readonly Taken[], chain: readonly Place[], arriving: number, slack: number): Label | null {
  const [start, end] = chain.slice(-2);
  if (taken.length === 0 || !start || !end) return null;
  const half = (labelOf(taken).length * labelWidth) / 2 + 5;
  const across = acrossAt(1 - measures.space / 2 / (measures.space + slack));
  return { row: end.row, x: start.x + (end.x + arriving - start.x) * across, half };
}

/** How far across an arrow is when it is a part of the way down; both from 0 to 1. Arrows are drawn as such curves. */
function acrossAt(down: number): number {
  let [low, high] = [0, 1];
  for (let step = 0; step < 10; step++) {
    const t = (low + high) / 2;
    if (1.5 * t - 1.5 * t * t + t ** 3 < down) low = t;
    else high = t;
  }
  return 3 * low ** 2 - 2 * low ** 3;
}

/** Labels between the same two rows that would meet lie in lanes of their own; `counts` has the lanes of each row. */
function assignLanes(
  labels: readonly (Label | null)[],
  rows: number,
): { readonly lanes: readonly number[]; readonly counts: readonly number[] } {
  const lanes = labels.map(() => 0);
  const ends: number[][] = Array.from({ length: rows }, () => []);
  const byX = labels
    .flatMap((label, at) => (label ? [{ ...label, at }] : []))
    .sort((a, b) => a.x - a.half - (b.x - b.half));
  for (const { row, x, half, at } of byX) {
    const taken = ends[row] ?? [];
    const free = taken.findIndex((end) => end <= x - half);
    const lane = free >= 0 ? free : Math.min(taken.length, mostLanes - 1);
    taken[lane] = x + half;
    lanes[at] = lane;
  }
  return { lanes, counts: ends.map((taken) => Math.max(0, taken.length - 1)) };
}

/** The text of an arrow: what is taken first, and how much more. */
export function labelOf(taken: readonly Taken[]): string {
  const [first] = taken;
  if (!first) return "";
  const more = taken.length > 1 ? ` +${taken.length - 1}` : "";
  const room = longestLabel - more.length;
  // The end of a path says more than its beginning.
  return `${first.what.length > room ? `…${first.what.slice(1 - room)}` : first.what}${more}`;
}

/** Arrows that meet at one edge of a card arrive side by side, in the order they come from. Offsets from its middle. */
function spreadEnds(
  arrows: readonly StageArrow[],
  chains: readonly (readonly Place[])[],
  end: "from" | "to",
  count: number,
): readonly number[] {
  const byNode: number[][] = Array.from({ length: count }, () => []);
  for (const [at, arrow] of arrows.entries()) byNode[arrow[end]]?.push(at);
  const offsets = arrows.map(() => 0);
  const nextTo = (at: number): number => {
    const chain = chains[at] ?? [];
    return chain[end === "from" ? 1 : chain.length - 2]?.x ?? 0;
  };
  for (const together of byNode) {
    const step = Math.min(26, (measures.card - 40) / Math.max(1, together.length));
    together.sort((a, b) => nextTo(a) - nextTo(b));
    for (const [place, at] of together.entries()) offsets[at] = (place - (together.length - 1) / 2) * step;
  }
  return offsets;
}
