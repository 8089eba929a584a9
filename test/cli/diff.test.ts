import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { unifiedDiff } from "../../server/src/cli/diff";
import { runs } from "../property/runs";

// Applies a diff by its own rules: the answer that `patch` would give, without a process.
function apply(before: string, diff: string): string {
  const lines = before.match(/[^\n]*\n|[^\n]+$/g) ?? [];
  const rows = (diff.match(/[^\n]*\n/g) ?? []).slice(2);
  let out = "";
  let at = 0;
  for (const [index, row] of rows.entries()) {
    const hunk = /^@@ -(\d+)(?:,(\d+))? /.exec(row);
    if (hunk) {
      const start = Number(hunk[1]) - (hunk[2] === "0" ? 0 : 1);
      while (at < start) out += lines[at++];
      continue;
    }
    if (row.startsWith("\\")) continue;
    const text = rows[index + 1]?.startsWith("\\") ? row.slice(1, -1) : row.slice(1);
    if (!row.startsWith("+")) expect(lines[at++]).toBe(text);
    if (!row.startsWith("-")) out += text;
  }
  return out + lines.slice(at).join("");
}

const text = fc
  .tuple(fc.array(fc.constantFrom("a\n", "b\n", "c\n", "\n", "d\r\n"), { maxLength: 40 }), fc.constantFrom("", "end"))
  .map(([lines, end]) => lines.join("") + end);

test("a diff leads from one text to the other", () => {
  fc.assert(
    fc.property(text, text, (before, after) => {
      expect(apply(before, unifiedDiff("f", before, after))).toBe(before === after ? before : after);
    }),
    runs(200),
  );
});

test("patch agrees", () => {
  const folder = mkdtempSync(join(tmpdir(), "plimsoll-diff-"));
  const before = "a\nb\nc\nd\ne\nf\ng\nh\ni\nj\nk\nl";
  const after = "a\nB\nc\nd\ne\nf\ng\nh\ni\nj\nK\nk\nl\nm\n";
  writeFileSync(join(folder, "f"), before);
  execFileSync("git", ["apply", "-"], { cwd: folder, input: unifiedDiff("f", before, after) });
  expect(readFileSync(join(folder, "f"), "utf8")).toBe(after);
  rmSync(folder, { recursive: true });
});

test("few changes in a long text stay few rows, and take no time", () => {
  const lines = Array.from({ length: 20_000 }, (_, index) => `line ${index}\n`);
  const before = lines.join("");
  const after = before.replace("line 10\n", "x\n").replace("line 19990\n", "y\nz\n");
  expect(unifiedDiff("f", before, after).split("\n").length).toBeLessThan(25);
  expect(unifiedDiff("f", before, before.replaceAll("line", "row")).startsWith("--- a/f")).toBe(true);
});
