/** Days as `YYYY-MM-DD`, counted without a clock. */
import type { Day } from "./types";

/** How many days lie between two days; negative when `to` comes first. NaN when one is no day. */
export function daysBetween(from: Day, to: Day): number {
  return (Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86_400_000;
}
