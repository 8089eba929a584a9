/** How the tests of the root family read a text: against the small catalogue of the examples, without a context. */
import { expect } from "vitest";
import { factsOf } from "../../../server/scripts/example";
import { exampleCatalogue } from "../../../server/src/core/catalogue/examples";
import type { LintInput, Report } from "../../../server/src/core/lint";
import { lint } from "../../../server/src/core/lint";
import { buildModel } from "../../../server/src/core/model/build";
import { resolveConfig } from "../../../server/src/core/preset";
import { userRules } from "../../../server/src/core/rules/user/index";
import { applyEdits } from "../../../server/src/core/text";

/** What is around the file. */
export interface Setting {
  readonly rules?: readonly string[];
  readonly path?: string;
  readonly files?: { readonly [path: string]: string };
  readonly options?: { readonly [name: string]: boolean | number | string };
  readonly target?: string;
}

/** The rules that say that the container runs as root. */
export const family = ["missing-user", "final-user-root"];

/** What the engine reads: by default with the two rules that say who runs. */
export function input(text: string, { rules = family, path, files, options, target }: Setting = {}): LintInput {
  const chosen = userRules.filter((rule) => rules.includes(rule.id));
  const overrides = [new Map(rules.map((id) => [id, { severity: "on" as const, options: options ?? {} }]))];
  return {
    model: buildModel(text, { target: target ?? null }),
    rules: chosen,
    config: resolveConfig(chosen, { presets: [], overrides, target: target ?? null }),
    catalogue: exampleCatalogue(),
    today: "2026-09-01",
    facts: factsOf(files),
    path: path ?? "Dockerfile",
  };
}

/** What is said of a text. */
export function reports(text: string, setting?: Setting): readonly Report[] {
  const { reports, failures } = lint(input(text, setting));
  expect(failures).toEqual([]);
  return reports;
}

/** The text after the fix of the given place in the list, of the only finding. */
export function fixed(text: string, setting?: Setting, place = 0): string {
  const found = reports(text, setting);
  expect(found).toHaveLength(1);
  return applyEdits(text, found[0]?.fixes()[place]?.edits ?? []);
}

/** The titles of the fixes of each finding. */
export const titles = (text: string, setting?: Setting) =>
  reports(text, setting).map((report) => report.fixes().map((fix) => fix.title));

/** A finding, but no fix: the remedy is not one line. */
export const noAction = [[]];
