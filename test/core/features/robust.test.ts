import { expect, test } from "vitest";
import { exampleCatalogue } from "../../../server/src/core/catalogue/examples";
import { completionsAt } from "../../../server/src/core/features/complete";
import { explainAt } from "../../../server/src/core/features/explain";
import { foldsOf } from "../../../server/src/core/features/folding";
import { hintsOf, lensesOf } from "../../../server/src/core/features/hints";
import { linksOf } from "../../../server/src/core/features/links";
import { nameAt, occurrencesOf, rename } from "../../../server/src/core/features/names";
import { indentNewLine } from "../../../server/src/core/features/on-type";
import { selectionsAt } from "../../../server/src/core/features/selection";
import { signatureAt } from "../../../server/src/core/features/signature";
import { type OutlineSymbol, outlineOf } from "../../../server/src/core/features/symbols";
import { tokensOf } from "../../../server/src/core/features/tokens";
import { allRules, applyEdits, buildModel } from "../../../server/src/core/index";
import { readMarks } from "../../../server/src/core/marks";
import type { Model } from "../../../server/src/core/model/types";
import type { Span } from "../../../server/src/core/text";

const catalogue = exampleCatalogue();

/** Examples of the rules: they hold every odd shape that somebody thought of. */
const texts = allRules
  .flatMap((rule) => rule.examples.map((example) => readMarks(example.code).text))
  .filter((text, index) => text.length < 600 && index % 9 === 0);

const inside = (model: Model, { start, end }: Span): boolean => start >= 0 && start <= end && end <= model.text.length;

test("features that look at the whole file stay within it", () => {
  for (const text of texts) {
    const model = buildModel(text);
    expect(tokensFit(model), text).toBe(true);
    const symbolsFit = (symbols: readonly OutlineSymbol[], outer: Span): boolean =>
      symbols.every(
        ({ span, selection, children }) =>
          span.start >= outer.start &&
          span.end <= outer.end &&
          selection.start >= span.start &&
          selection.end <= span.end &&
          symbolsFit(children, span),
      );
    expect(symbolsFit(outlineOf(model), { start: 0, end: text.length }), text).toBe(true);
    expect(
      foldsOf(model).every((fold) => fold.startLine < fold.endLine && fold.endLine < model.lines.lineCount),
      text,
    ).toBe(true);
    const all = { start: 0, end: text.length };
    const hints = hintsOf(model, all, { resolvedImage: true, imageSize: true, effectiveUser: true }, catalogue);
    const lenses = lensesOf(model, { baseImage: true, references: true, stages: true }, catalogue, "2026-09-01");
    const spans = [
      ...linksOf(model, () => true).map((link) => link.span),
      ...lenses.flatMap((lens) => [lens.span, ...(lens.uses?.places ?? [])]),
      ...hints.map(({ offset }) => ({ start: offset, end: offset })),
    ];
    expect(
      spans.filter((span) => !inside(model, span)),
      text,
    ).toEqual([]);
  }
});

test("features that look at a place answer at every place, also of unfinished texts", () => {
  const context = { catalogue, today: "2026-09-01", rules: allRules, findings: [], snippets: true, trigger: null };
  for (const [index, whole] of texts.entries()) {
    for (let offset = index % 5; offset <= whole.length; offset += 5) {
      // Half of the time what follows is not written yet.
      const text = offset % 2 === 0 ? whole : whole.slice(0, offset);
      const model = buildModel(text);
      const { items } = completionsAt(model, offset, { ...context, list: () => ["a b", "c/"] });
      for (const { span } of items) {
        expect(span.end === offset && !/[\r\n]/.test(text.slice(span.start, span.end)), text).toBe(true);
      }
      signatureAt(model, offset);
      const explained = explainAt(model, offset, { catalogue, rules: allRules, pageOf: (rule) => rule });
      if (explained) expect(inside(model, explained.span) && explained.markdown !== "", text).toBe(true);
      const selections = selectionsAt(model, offset);
      expect(
        selections.every(({ start, end }) => start <= offset && offset <= end),
        text,
      ).toBe(true);
      applyEdits(text, indentNewLine(model, offset, "  "));
      const named = nameAt(model, offset);
      if (!named) continue;
      const places = occurrencesOf(model, named);
      expect(
        // The sign before a name counts as the name: `$`, `${`, `$env:`.
        places.some(({ span }) => span.start - 6 <= offset && offset <= span.end),
        `${text}\n${offset}`,
      ).toBe(true);
      const renamed = rename(model, named, "surely_new");
      if ("edits" in renamed) {
        const after = buildModel(applyEdits(text, renamed.edits));
        expect(after.problems.length, text).toBeLessThanOrEqual(model.problems.length);
        expect(after.instructions.length, text).toBe(model.instructions.length);
      }
    }
  }
});

/** Every token lies in its line and behind the one before. */
function tokensFit(model: Model): boolean {
  const data = tokensOf(model);
  let line = 0;
  let end = 0;
  let character = 0;
  for (let at = 0; at < data.length; at += 5) {
    const [down = 0, along = 0, length = 0] = data.slice(at, at + 3);
    line += down;
    if (down > 0) end = 0;
    character = down > 0 ? along : character + along;
    if (character < end || length <= 0 || down < 0) return false;
    end = character + length;
    const start = model.lines.lineStart(line);
    const text = model.text.slice(start, start + end);
    if (text.length < end || text.includes("\n")) return false;
  }
  return true;
}
