/** Runs missing-multi-stage over a text: what the tests of the ecosystems share. */
import { expect } from "vitest";
import { factsOf } from "../../../server/scripts/example";
import { bundledCatalogue } from "../../../server/src/core/catalogue/catalogue";
import { lint, type Report } from "../../../server/src/core/lint";
import { buildModel } from "../../../server/src/core/model/build";
import type { Instruction } from "../../../server/src/core/model/types";
import { resolvePath } from "../../../server/src/core/multistage/paths";
import { resolveConfig } from "../../../server/src/core/preset";
import type { Facts } from "../../../server/src/core/rule";
import rule from "../../../server/src/core/rules/stage/missing-multi-stage";
import { applyEdits } from "../../../server/src/core/text";

export interface World {
  /** Files of the build context; nothing is known of it where they are left out. */
  readonly files?: { readonly [path: string]: string };
  readonly path?: string;
}

/** Lines as a file of them. */
export function lines(...parts: readonly string[]): string {
  return `${parts.join("\n")}\n`;
}

/** What the rule says about a text. */
export function reportsOf(text: string, { files, path }: World = {}): readonly Report[] {
  return lintWith(text, factsOf(files), path);
}

function lintWith(text: string, facts: Facts, path?: string): readonly Report[] {
  const result = lint({
    model: buildModel(text),
    rules: [rule],
    config: resolveConfig([rule], { presets: ["all"] }),
    catalogue: bundledCatalogue(),
    today: "2026-09-01",
    facts,
    ...(path ? { path } : {}),
  });
  expect(result.failures).toEqual([]);
  return result.reports;
}

/** One way to split: its text, and what it says may change. */
export interface Offer {
  readonly text: string;
  readonly reason: string;
  /** What the last FROM names. */
  readonly base: string;
}

/** The ways to split the one stage that the rule finds; each is checked to lose nothing. */
export function offersOf(text: string, world?: World): readonly Offer[] {
  const reports = reportsOf(text, world);
  expect(reports.length).toBe(1);
  return (reports[0]?.fixes() ?? []).map((fix) => {
    expect(fix.kind).toBe("refactor");
    expect(fix.applicability).toBe("unsafe");
    expect(fix.reason).toMatch(/\.$/);
    const after = applyEdits(text, fix.edits ?? []);
    expect(reportsOf(after, world)).toEqual([]);
    expectNoLoss(text, after);
    return {
      text: after,
      reason: fix.reason ?? "",
      base: /^FROM (?:--\S+ )?(\S+)/im.exec(lastStage(after))?.[1] ?? "",
    };
  });
}

/** The texts after each way to split, where files are known by name alone and no folder is. */
export function partlyKnown(text: string, files: Readonly<Record<string, string>>): readonly string[] {
  const facts = { file: (path: string) => files[path], list: () => undefined };
  const [report] = lintWith(text, facts);
  return (report?.fixes() ?? []).map((fix) => applyEdits(text, fix.edits ?? []));
}

/** The text from the last FROM on. */
export function lastStage(text: string): string {
  return text.slice(text.search(/^FROM (?![\s\S]*^FROM )/im));
}

/** Instructions that say how a container runs; they move without a change. */
const kept = ["ENTRYPOINT", "CMD", "EXPOSE", "LABEL", "VOLUME", "STOPSIGNAL", "HEALTHCHECK"];

/** CMD and the like are the same, the folder too, and every path that they name is copied or lies in the base. */
function expectNoLoss(before: string, after: string): void {
  const [old, model] = [buildModel(before).finalStage, buildModel(after).finalStage];
  expect(buildModel(after).problems).toEqual([]);
  if (!old || !model) throw new Error("no stage");
  const said = (keyword: string, list: readonly Instruction[]) =>
    list.filter((one) => one.keyword === keyword).map((one) => one.parsed.text.trim());
  for (const keyword of kept) {
    expect(said(keyword, model.instructions), keyword).toEqual(said(keyword, old.instructions));
  }
  expect(model.workdirAtEnd).toBe(old.workdirAtEnd);
  const folder = model.workdirAtEnd ?? "/";
  const copied = model.instructions
    .filter((one) => one.keyword === "COPY")
    .map((one) => resolvePath(one.parsed.words.at(-1)?.value ?? "", folder) ?? "");
  for (const one of model.instructions) {
    if (one.keyword !== "CMD" && one.keyword !== "ENTRYPOINT") continue;
    for (const word of one.parsed.json ?? []) {
      const value = word.value ?? "";
      if (!value.includes("/") || value.startsWith("-") || value.includes("://")) continue;
      const path = resolvePath(value, folder) ?? "";
      expect(
        copied.some((place) => path === place || path.startsWith(`${place === "/" ? "" : place}/`)),
        path,
      ).toBe(true);
    }
  }
}

/** What the second stage of the first offer copies from the first one, a line each, without the flag. */
export function copied(text: string, files?: Readonly<Record<string, string>>): readonly string[] {
  return offersOf(text, files ? { files } : {})
    .slice(0, 1)
    .flatMap((offer) => lastStage(offer.text).match(/^COPY --from=.*$/gm) ?? [])
    .map((line) => line.replace(/^COPY --from=\S+ /, ""));
}
