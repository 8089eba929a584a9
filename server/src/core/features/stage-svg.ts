/** The graph of stages as a picture: SVG that takes the colours of VS Code's theme, or of the system outside of it. */
import { takenText } from "./stage-arrows";
import type { StageGraph, StageNode } from "./stage-graph";
import { type Box, type Line, labelOf, layOutStages, measures, type Point } from "./stage-layout";

/** Characters that a card has room for. */
const longestTitle = 25;
const longestFact = 32;

/**
 * The picture. Each card is a link in all but name: it can be reached by the keyboard, `data-node` has the index of its
 * node. `standalone` adds the style; a page that shows the picture brings `stageStyle` itself.
 */
export function stageSvg(graph: StageGraph, standalone: boolean): string {
  const { width, height, boxes, lines } = layOutStages(graph);
  const arrows = graph.arrows.map(({ kind, taken }, at) => {
    const title =
      kind === "base"
        ? `${nameOf(graph, at, "to")} builds on ${nameOf(graph, at, "from")}`
        : `${nameOf(graph, at, "to")} takes from ${nameOf(graph, at, "from")}:\n${taken.map(takenText).join("\n")}`;
    return arrowSvg(lines[at] as Line, kind, title);
  });
  // Above all arrows, or one would strike through the text of another.
  const labels = graph.arrows.map(({ taken }, at) => labelSvg(lines[at]?.label ?? null, labelOf(taken)));
  const cards = graph.nodes.map((node, at) => cardSvg(node, boxes[at] as Box, at));
  const size = `width="${round(width)}" height="${round(height)}" viewBox="0 0 ${round(width)} ${round(height)}"`;
  const style = standalone ? `<style>${stageStyle}</style>` : "";
  return `<svg xmlns="http://www.w3.org/2000/svg" class="stages" role="group" aria-label="${escape(graph.summary)}" ${size}>${style}${[...arrows, ...labels].join("")}${cards.join("")}</svg>`;
}

/** One sentence or two about a node, for those who do not see the picture. */
export function describeNode({ kind, label, facts }: StageNode): string {
  const what = kind === "stage" ? "Stage" : kind === "image" ? "Image" : "Unknown image";
  return [`${what} ${label}`, ...facts].join(", ");
}

function cardSvg(node: StageNode, { x, y, width, height }: Box, at: number): string {
  const classes = ["card", node.kind, node.role, node.role === "ships" && node.isRoot ? "root" : ""];
  const middle = round(x + width / 2);
  const corner = node.kind === "stage" ? 5 : height / 2;
  const rows = node.facts.map((fact, row) => {
    const className = fact.startsWith("runs as ") ? "fact user" : "fact";
    const baseline = round(y + measures.title + row * measures.fact + 9);
    return `<text class="${className}" x="${middle}" y="${baseline}">${escape(cut(fact, longestFact))}</text>`;
  });
  return [
    `<g class="${classes.filter((name) => name !== "").join(" ")}" role="button" tabindex="0" data-node="${at}" aria-label="${escape(describeNode(node))}">`,
    `<title>${escape([node.label, ...node.facts].join("\n"))}</title>`,
    `<rect x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${round(height)}" rx="${round(Math.min(corner, 18))}"/>`,
    `<text class="name" x="${middle}" y="${round(y + 20)}">${escape(titleOf(node))}</text>`,
    ...rows,
    "</g>",
  ].join("");
}

function arrowSvg({ points }: Line, kind: string, title: string): string {
  const end = points[points.length - 1] as Point;
  const [x, y] = [round(end.x), round(end.y)];
  const head = `M${x - 4},${y - 7} L${x},${y} L${x + 4},${y - 7}z`;
  return `<g class="arrow ${kind}"><title>${escape(title)}</title><path class="line" d="${curve(points)}"/><path class="head" d="${head}"/></g>`;
}

function labelSvg(place: Point | null, text: string): string {
  return place ? `<text class="label" x="${round(place.x)}" y="${round(place.y + 4)}">${escape(text)}</text>` : "";
}

/** Goes down from each point and comes down upon the next. */
function curve(points: readonly Point[]): string {
  const [start, ...rest] = points;
  if (!start) return "";
  let d = `M${round(start.x)},${round(start.y)}`;
  let last = start;
  for (const point of rest) {
    const half = (last.y + point.y) / 2;
    d += ` C${round(last.x)},${round(half)} ${round(point.x)},${round(half)} ${round(point.x)},${round(point.y)}`;
    last = point;
  }
  return d;
}

function nameOf({ nodes, arrows }: StageGraph, at: number, end: "from" | "to"): string {
  const arrow = arrows[at];
  return (arrow && nodes[arrow[end]]?.label) ?? "?";
}

/** Of an image the end of the name says most, of a stage its beginning. */
function titleOf({ kind, label }: StageNode): string {
  if (kind === "stage" || label.length <= longestTitle) return cut(label, longestTitle);
  return `…${label.slice(1 - longestTitle)}`;
}

function cut(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

const entities: { readonly [sign: string]: string } = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

// Control characters are no part of XML, in whatever form they are written.
function escape(text: string): string {
  return text.replace(/[&<>"]/g, (sign) => entities[sign] ?? sign).replace(/[^\P{Cc}\t\n]/gu, "");
}

/**
 * The style of the picture. VS Code gives its colours to the pages in it; elsewhere those of the system's light or dark
 * theme hold. Roles differ in their lines too, not in colour alone.
 */
export const stageStyle = `
.stages { --ink: var(--vscode-editor-foreground, #1f2328); --soft: var(--vscode-descriptionForeground, #59636e);
  --paper: var(--vscode-editor-background, #ffffff); --card: var(--vscode-editorWidget-background, #f6f8fa);
  --edge: var(--vscode-contrastBorder, var(--vscode-charts-lines, #8c959f)); --ship: var(--vscode-charts-blue, #0969da);
  --warn: var(--vscode-editorWarning-foreground, #9a6700); --line: var(--vscode-charts-lines, #8c959f);
  --focus: var(--vscode-focusBorder, #0969da); font: 12px var(--vscode-font-family, system-ui, sans-serif); }
@media (prefers-color-scheme: dark) { .stages { --ink: var(--vscode-editor-foreground, #e6edf3);
  --soft: var(--vscode-descriptionForeground, #9198a1); --paper: var(--vscode-editor-background, #0d1117);
  --card: var(--vscode-editorWidget-background, #161b22); --edge: var(--vscode-contrastBorder, var(--vscode-charts-lines, #656c76));
  --ship: var(--vscode-charts-blue, #4493f8); --warn: var(--vscode-editorWarning-foreground, #d29922); } }
.stages text { text-anchor: middle; fill: var(--ink); }
.stages .card { cursor: pointer; outline: none; }
.stages .card rect { fill: var(--card); stroke: var(--edge); }
.stages .card .name { font-weight: 600; font-size: 13px; }
.stages .card .fact { fill: var(--soft); }
.stages .ships rect { stroke: var(--ship); stroke-width: 2.5; }
.stages .part rect { stroke: var(--ship); }
.stages .unused rect { stroke-dasharray: 4 3; }
.stages .unused .name { fill: var(--soft); }
.stages .root .user { fill: var(--warn); font-weight: 600; }
.stages .card:hover rect, .stages .card:focus-visible rect { stroke: var(--focus); stroke-width: 3; }
.stages .line { fill: none; stroke: var(--line); stroke-width: 1.5; }
.stages .copy .line { stroke-dasharray: 5 3; }
.stages .head { fill: var(--line); }
.stages .label { pointer-events: none; fill: var(--soft); font-size: 11px; paint-order: stroke; stroke: var(--paper); stroke-width: 4px;
  stroke-linejoin: round; font-family: var(--vscode-editor-font-family, ui-monospace, monospace); }
`;
