/** The work of the language features grows with the file, not with its square: counted, not timed. */
import { afterAll, expect, it } from "vitest";
import { startWorkCounter } from "./work";

const counter = startWorkCounter("server/src/core/");
afterAll(() => counter.stop());

const { buildModel, createInstructionCache } = await import("../../server/src/core/index");
const { bundledCatalogue } = await import("../../server/src/core/catalogue/catalogue");
const { completionsAt } = await import("../../server/src/core/features/complete");
const { explainAt } = await import("../../server/src/core/features/explain");
const { foldsOf } = await import("../../server/src/core/features/folding");
const { hintsOf, lensesOf } = await import("../../server/src/core/features/hints");
const { linksOf } = await import("../../server/src/core/features/links");
const { nameAt, occurrencesOf, rename } = await import("../../server/src/core/features/names");
const { selectionsAt } = await import("../../server/src/core/features/selection");
const { outlineOf } = await import("../../server/src/core/features/symbols");
const { stageGraph } = await import("../../server/src/core/features/stage-graph");
const { stageSvg } = await import("../../server/src/core/features/stage-svg");
const { stageText } = await import("../../server/src/core/features/stage-text");
const { tokensOf } = await import("../../server/src/core/features/tokens");

const shapes: { readonly [name: string]: (lines: number) => string } = {
  "many stages": (lines) =>
    Array.from(
      { length: lines / 4 },
      (_, i) => `FROM alpine AS s${i}\nARG V=$V\nRUN echo "$V" | tee a\nCOPY --from=s${i - 1} /a /b\n`,
    ).join(""),
  "a chain of stages": (lines) =>
    Array.from(
      { length: lines / 2 },
      (_, i) => `FROM ${i === 0 ? "alpine" : `s${i - 1}`} AS s${i}\nENV V=$V A${i}=$V\n`,
    ).join(""),
  "one long RUN": (lines) => `FROM alpine AS s0\nARG V\nRUN true \\\n${' && echo "$V" \\\n'.repeat(lines)} && true\n`,
  "a long heredoc": (lines) => `FROM alpine AS s0\nARG V\nRUN <<EOF\n${"echo $V # text\n".repeat(lines)}EOF\n`,
  "comments between": (lines) => `FROM alpine AS s0\nARG V\n${"# text\n\nRUN echo $V\n".repeat(lines / 3)}`,
};

function useEverything(text: string): void {
  const model = buildModel(text, { cache: createInstructionCache() });
  const all = { start: 0, end: text.length };
  const catalogue = bundledCatalogue();
  outlineOf(model);
  foldsOf(model);
  tokensOf(model);
  linksOf(model, () => true);
  hintsOf(model, all, { resolvedImage: true, imageSize: true, effectiveUser: true }, catalogue);
  lensesOf(model, { baseImage: true, references: true, stages: true }, catalogue, "2026-09-01");
  const graph = stageGraph(model, catalogue, "2026-09-01");
  stageSvg(graph, true);
  stageText(graph);
  for (const place of [text.indexOf("AS s0") + 4, text.indexOf("V"), text.lastIndexOf("$V") + 1]) {
    const named = nameAt(model, place);
    if (named) occurrencesOf(model, named);
    if (named) rename(model, named, "other");
    explainAt(model, place, { catalogue, rules: [], pageOf: () => "" });
    selectionsAt(model, place);
    const context = { catalogue, today: "2026-09-01", rules: [], findings: [], snippets: true, trigger: null };
    completionsAt(model, place, { ...context, list: () => undefined });
  }
}

for (const shape of Object.values(shapes)) useEverything(shape(24));

it.each(Object.keys(shapes))("%s", (name) => {
  const shape = shapes[name] as (lines: number) => string;
  const small = counter.count(() => useEverything(shape(1000)));
  const large = counter.count(() => useEverything(shape(10_000)));
  if (large > small * 13)
    expect.fail(`${(large / small).toFixed(1)} times the work; most of it:\n${counter.busiest()}`);
});
