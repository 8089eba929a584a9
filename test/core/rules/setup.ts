/** Runs some rules of a theme over a text: what the tests of the themes instruction, label and copy share. */
import { expect } from "vitest";
import { factsOf } from "../../../server/scripts/example";
import { exampleCatalogue } from "../../../server/src/core/catalogue/examples";
import { applyFixes } from "../../../server/src/core/fix";
import type { LintInput, Report } from "../../../server/src/core/lint";
import { lint } from "../../../server/src/core/lint";
import { readMarks, writeMarks } from "../../../server/src/core/marks";
import { buildModel } from "../../../server/src/core/model/build";
import { resolveConfig } from "../../../server/src/core/preset";
import type { AnyRule } from "../../../server/src/core/rule";
import { applyEdits } from "../../../server/src/core/text";

export interface Setting {
  readonly files?: { readonly [path: string]: string };
  readonly options?: { readonly [name: string]: string | readonly string[] };
  readonly path?: string;
}

/** Questions about rules by their ids. */
export interface Bench {
  reports(text: string, ids: readonly string[], setting?: Setting): readonly Report[];
  /** Compares the findings with the marks in the text. */
  expectMarks(marked: string, ids: readonly string[], setting?: Setting): readonly Report[];
  /** The text after the first fix of the only finding; null where it has none. */
  fixed(text: string, ids: readonly string[], setting?: Setting): string | null;
  /** The text after all fixes, unsafe ones too. */
  mended(text: string, ids: readonly string[], setting?: Setting): string;
}

/** A bench for the rules of a theme. */
export function benchOf(rules: readonly AnyRule[]): Bench {
  const input = (text: string, ids: readonly string[], setting: Setting = {}): LintInput => {
    const chosen = rules.filter((rule) => ids.includes(rule.id));
    expect(chosen.map((rule) => rule.id).sort()).toEqual([...ids].sort());
    const overrides = [new Map(ids.map((id) => [id, { severity: "on" as const, options: setting.options ?? {} }]))];
    return {
      model: buildModel(text),
      rules: chosen,
      config: resolveConfig(chosen, { presets: [], overrides }),
      catalogue: exampleCatalogue(),
      today: "2026-09-01",
      facts: factsOf(setting.files),
      path: setting.path ?? "Dockerfile",
    };
  };
  const reports: Bench["reports"] = (text, ids, setting) => {
    const result = lint(input(text, ids, setting));
    expect(result.failures).toEqual([]);
    return result.reports;
  };
  return {
    reports,
    expectMarks(marked, ids, setting) {
      const { text } = readMarks(marked);
      const found = reports(text, ids, setting);
      const spans = found.map((report) => report.span);
      expect(writeMarks(text, spans)).toBe(marked);
      return found;
    },
    fixed(text, ids, setting) {
      const found = reports(text, ids, setting);
      expect(found).toHaveLength(1);
      const fix = found[0]?.fixes()[0];
      return fix?.edits ? applyEdits(text, fix.edits) : null;
    },
    mended(text, ids, setting) {
      const result = applyFixes(input(text, ids, setting), { unsafe: true });
      expect(result.converged).toBe(true);
      return result.text;
    },
  };
}
