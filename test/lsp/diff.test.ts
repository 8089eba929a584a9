import fc from "fast-check";
import { expect, test } from "vitest";
import { applyEdits } from "../../server/src/core/index";
import { lineEdits } from "../../server/src/lsp/diff";
import { runs } from "../property/runs";

test("only lines that differ are touched", () => {
  expect(lineEdits("a\nb\nc\nd\n", "a\nB\nc\nd\ne\n")).toEqual([
    { span: { start: 2, end: 4 }, newText: "B\n" },
    { span: { start: 8, end: 8 }, newText: "e\n" },
  ]);
});

test("a last line without an end is a line", () => {
  expect(lineEdits("a\nb", "a\nc")).toEqual([{ span: { start: 2, end: 3 }, newText: "c" }]);
});

test("equal texts need no edit", () => {
  expect(lineEdits("a\r\n", "a\r\n")).toEqual([]);
});

test("texts that have nothing in common become one edit", () => {
  const before = "x\n".repeat(1000);
  const after = "y\n".repeat(1000);
  expect(lineEdits(before, after)).toHaveLength(1);
  expect(applyEdits(before, lineEdits(before, after))).toBe(after);
});

test("the edits turn one text into the other", () => {
  const text = fc
    .array(fc.constantFrom("a\n", "b\n", "c\r\n", "\n", "d"), { maxLength: 30 })
    .map((list) => list.join(""));
  fc.assert(
    fc.property(text, text, (before, after) => {
      expect(applyEdits(before, lineEdits(before, after))).toBe(after);
    }),
    runs(200),
  );
});
