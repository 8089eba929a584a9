/** The graph of stages as text: for a terminal, and for Mermaid, which Markdown pages on GitHub and GitLab draw. */
import { takenText } from "./stage-arrows";
import type { StageGraph, StageNode } from "./stage-graph";

/** For a terminal: one paragraph a stage, with what it takes; plain text that ends in a line break. */
export function stageText({ nodes, arrows, summary }: StageGraph): string {
  const taking = new Map<number, string[]>();
  for (const { from, to, kind, taken } of arrows) {
    const giver = nodes[from];
    if (!giver) continue;
    const lines = taking.get(to) ?? [];
    taking.set(to, lines);
    if (kind === "base") lines.push(`  builds on ${named(giver)}`);
    else for (const what of taken) lines.push(`  from ${giver.label}: ${takenText(what)}`);
  }
  const paragraphs = nodes.flatMap((node, at) => {
    if (node.kind !== "stage") return [];
    return [[`${node.label}: ${node.facts.join(", ")}`, ...(taking.get(at) ?? [])].join("\n")];
  });
  return `${[...paragraphs, summary].join("\n\n")}\n`;
}

/** An image with what is known of it. */
function named({ kind, label, facts }: StageNode): string {
  return kind === "stage" || facts.length === 0 ? label : `${label} (${facts.join(", ")})`;
}

/** A Mermaid flowchart; ends in a line break. */
export function stageMermaid({ nodes, arrows }: StageGraph): string {
  const lines = ["flowchart TB"];
  for (const [at, node] of nodes.entries()) {
    const text = quoted([node.label, ...node.facts].join("<br>"));
    lines.push(node.kind === "stage" ? `  n${at}[${text}]` : `  n${at}([${text}])`);
  }
  for (const { from, to, kind, taken } of arrows) {
    const label = taken.length === 0 ? "" : `|${quoted(taken.map(takenText).join("<br>"))}|`;
    lines.push(`  n${from} ${kind === "base" ? "==>" : "-.->"}${label} n${to}`);
  }
  const ships = nodes.flatMap(({ role }, at) => (role === "ships" ? [`n${at}`] : []));
  if (ships.length > 0) lines.push(`  style ${ships.join(",")} stroke-width:3px`);
  return `${lines.join("\n")}\n`;
}

// Mermaid reads entities with a hash in place of the ampersand; a quote or a line break would end the text.
function quoted(text: string): string {
  const safe = text
    .replace(/#/g, "#35;")
    .replace(/"/g, "#quot;")
    .replace(/&/g, "#amp;")
    .replace(/<(?!br>)/g, "#lt;")
    .replace(/[\r\n]+/g, " ");
  return `"${safe}"`;
}
