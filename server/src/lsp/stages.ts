/** Answers who asks for the stages of a document, in LSP's positions. */
import type { Catalogue, Day } from "../core/catalogue/types";
import { takenText } from "../core/features/stage-arrows";
import { stageGraph } from "../core/features/stage-graph";
import { stageStyle, stageSvg } from "../core/features/stage-svg";
import { stageMermaid, stageText } from "../core/features/stage-text";
import { type Model, toRange } from "../core/index";
import type { StagesParams, StagesResult } from "./protocol";

/** The stages of a document, as data and drawn. */
export function stagesOf(
  { uri, styled }: StagesParams,
  version: number | null,
  model: Model,
  catalogue: Catalogue,
  today: Day,
): StagesResult {
  const graph = stageGraph(model, catalogue, today);
  return {
    uri,
    version,
    summary: graph.summary,
    nodes: graph.nodes.map(({ kind, label, role, facts, user, baseBytes, span }) => ({
      ...{ kind, label, role, facts, user, baseBytes },
      range: toRange(model.lines, span),
    })),
    arrows: graph.arrows.map(({ from, to, kind, taken, span }) => ({
      ...{ from, to, kind },
      taken: taken.map(takenText),
      range: toRange(model.lines, span),
    })),
    svg: stageSvg(graph, styled !== false),
    style: stageStyle,
    mermaid: stageMermaid(graph),
    text: stageText(graph),
  };
}
