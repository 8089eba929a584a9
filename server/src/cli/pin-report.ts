/** What `plimsoll pin` says about its work. */
import type { PinItem, PinOutcome, PinPlan } from "../core/fixes/pin-file";
import type { Model } from "../core/index";
import type { Paint } from "./paint";
import { harmless } from "./width";

export interface PinShown {
  /** True: nothing is written. */
  readonly dry: boolean;
  /** True: only what could not be done is named. */
  readonly quiet: boolean;
}

/** How much came of everything. */
export interface PinCounts {
  readonly files: number;
  /** Places that were changed, or would be. */
  readonly changed: number;
  /** Places that are as they should be. */
  readonly current: number;
  /** Places without a digest or with a stale one, whether it can be written or not. */
  readonly open: number;
  /** Places of which it is not clear where to write. */
  readonly left: number;
  /** Places about which the registry said nothing that helps. */
  readonly unanswered: number;
}

export function countPins(plans: readonly PinPlan[]): PinCounts {
  const items = plans.flatMap((plan) => plan.items);
  const count = (...outcomes: PinOutcome[]): number => items.filter((item) => outcomes.includes(item.outcome)).length;
  return {
    files: plans.filter((plan) => plan.edits.length > 0).length,
    changed: count("pin", "update", "move"),
    current: count("current", "nameless", "stale"),
    open: count("pin", "update", "move", "stale") + items.filter(isLeftOpen).length,
    left: count("unclear"),
    unanswered: count("unknown", "missing"),
  };
}

function isLeftOpen({ outcome, place }: PinItem): boolean {
  return place.reference.digest === null && ["unclear", "unknown", "missing"].includes(outcome);
}

/** One line for each place that deserves one; each ends with a line break. */
export function pinLines(
  path: string,
  model: Model,
  plan: PinPlan,
  shown: PinShown & { readonly paint: Paint },
): string {
  const { quiet, paint } = shown;
  return plan.items
    .map((item) => {
      const said = words(item);
      if (said === null || (quiet && item.wanted !== null)) return "";
      const { line } = model.lines.positionAt(item.place.span.start);
      const place = paint("bold", harmless(`${path}:${line + 1}`));
      return `${place} ${harmless(item.place.reference.text)} ${paint(item.wanted === null ? "yellow" : "green", harmless(said))}\n`;
    })
    .join("");
}

function words({ outcome, wanted, place }: PinItem): string | null {
  switch (outcome) {
    case "pin":
    case "update":
    case "move":
      return `→ ${wanted}`;
    case "current":
      return null;
    case "stale":
      return "has a digest that its tag no longer points to; --update replaces it";
    case "nameless":
      return "has no tag, so nobody can tell whether there is a newer one";
    case "missing":
      return "is not there: the registry has no such tag";
    case "unknown":
      return "is not known: the registry gave no answer";
    case "unclear":
      return place.reference.digest === null
        ? "was left alone: variables make its name, and the digest would stay when they change"
        : "was left alone: it is not clear where to write";
  }
}

/** The last line. */
export function pinSummary({ files, changed, current, left, unanswered }: PinCounts, { dry }: PinShown): string {
  const parts = [
    `${dry ? "Would pin" : "Pinned"} ${plural(changed, "image")} in ${plural(files, "file")}`,
    ...(current > 0 ? [`${current} pinned already`] : []),
    ...(left > 0 ? [`${left} left alone`] : []),
    ...(unanswered > 0 ? [`${unanswered} without an answer`] : []),
  ];
  return `${parts.join("; ")}.`;
}

function plural(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
