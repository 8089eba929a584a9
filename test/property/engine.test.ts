/** What holds for every text there is: nothing throws, every place lies in the text, fixes parse and come to an end. */
import fc from "fast-check";
import { expect, it } from "vitest";
import { bundledCatalogue } from "../../server/src/core/catalogue/catalogue";
import type { LintInput, Model, Span } from "../../server/src/core/index";
import {
  allRules,
  applyEdits,
  applyFixes,
  buildModel,
  createInstructionCache,
  lint,
  resolveConfig,
} from "../../server/src/core/index";
import { anyText, dockerfile, mutated } from "./dockerfiles";
import { runs } from "./runs";

const config = resolveConfig(allRules, { presets: ["all"] });

it.each([
  ["sound", dockerfile],
  ["mutated", mutated],
  ["any", anyText],
])("%s texts: nothing throws and every place lies in the text", (_name, texts) => {
  fc.assert(
    fc.property(texts, (text) => {
      const input = inputFor(text);
      expect(faultyPlaces(input.model)).toEqual([]);
      const { reports, failures } = lint(input);
      if (failures.length > 0) throw failures[0]?.error;
      for (const report of reports) {
        expect(lies(report.span, text)).toBe(true);
        for (const related of report.related) expect(lies(related.range, text)).toBe(true);
        report.fixes();
      }
    }),
    runs(300),
  );
});

it.each([
  ["safe", dockerfile, false],
  ["safe", mutated, false],
  ["all", dockerfile, true],
  ["all", mutated, true],
])("%s fixes come to an end and leave no new problem", (_name, texts, unsafe) => {
  fc.assert(
    fc.property(texts, (text) => {
      const input = inputFor(text);
      const result = applyFixes(input, { unsafe });
      expect(result.converged).toBe(true);
      const after = inputFor(result.text);
      expect(after.model.problems.length).toBeLessThanOrEqual(input.model.problems.length);
      expect(applyFixes(after, { unsafe }).text).toBe(result.text);
    }),
    runs(200),
  );
});

it("a model from a warm cache is the model from a cold one", () => {
  fc.assert(
    fc.property(
      dockerfile,
      fc.array(fc.tuple(fc.nat(), fc.nat({ max: 3 }), fc.string({ maxLength: 3 }))),
      (start, changes) => {
        const cache = createInstructionCache();
        let text = start;
        for (const [where, length, newText] of changes) {
          const at = where % (text.length + 1);
          const end = Math.min(text.length, at + length);
          text = applyEdits(text, [{ span: { start: at, end }, newText }]);
          const warm = lint({ ...inputFor(text), model: buildModel(text, { cache }) });
          expect(spoken(warm)).toEqual(
            spoken(lint({ ...inputFor(text), model: buildModel(text, { cache: createInstructionCache() }) })),
          );
        }
      },
    ),
    runs(100),
  );
});

function inputFor(text: string): LintInput {
  return { model: buildModel(text), rules: allRules, config, catalogue: bundledCatalogue(), today: "2026-09-01" };
}

function spoken({ reports }: ReturnType<typeof lint>): unknown {
  return reports.map(({ rule, message, span }) => [rule.id, message, span]);
}

function lies({ start, end }: Span, text: string): boolean {
  return start >= 0 && start <= end && end <= text.length;
}

/** Places of a model that lie outside its text or out of order. */
function faultyPlaces(model: Model): unknown[] {
  const inText = [
    ...model.instructions.flatMap((instruction) => [instruction.span, instruction.keywordSpan]),
    ...model.comments.map((comment) => comment.span),
    ...model.problems.map((problem) => problem.span),
    ...model.suppressions.map((suppression) => suppression.span),
  ].filter((span) => !lies(span, model.text));
  const ordered = model.instructions.filter((instruction, index) => {
    const before = model.instructions[index - 1];
    return before !== undefined && before.span.end > instruction.span.start;
  });
  // A keyword may be broken over lines, so only its first character is sure to stand at its place.
  const keywords = model.instructions.filter(
    ({ keyword, keywordSpan }) => model.text.charAt(keywordSpan.start).toUpperCase() !== keyword.charAt(0),
  );
  return [...inText, ...[...ordered, ...keywords].map(({ keyword, span }) => ({ keyword, span }))];
}
