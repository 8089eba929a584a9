/** Settings of what an editor shows between and above the lines. */
import type { HintSettings, LensSettings } from "../core/features/hints";

/** `plimsoll.inlayHints.*` and `plimsoll.codeLens.*`. */
export interface FeatureSettings {
  readonly hints: HintSettings;
  readonly lenses: LensSettings;
}

/** Hints are on, lenses off: a hint stands beside what it explains, a lens moves the text. */
export const defaultFeatures: FeatureSettings = {
  hints: { resolvedImage: true, imageSize: true, effectiveUser: true },
  lenses: { baseImage: false, references: false, stages: false },
};

/** Reads them from the settings section; what is missing or wrong keeps its default. */
export function readFeatureSettings(raw: Record<string, unknown>): FeatureSettings {
  return {
    hints: readSwitches(raw.inlayHints, defaultFeatures.hints),
    lenses: readSwitches(raw.codeLens, defaultFeatures.lenses),
  };
}

function readSwitches<T extends object>(raw: unknown, standard: T): T {
  if (typeof raw !== "object" || raw === null) return standard;
  const given = Object.entries(raw).filter(([name, value]) => name in standard && typeof value === "boolean");
  return { ...standard, ...Object.fromEntries(given) };
}
