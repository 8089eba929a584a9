/**
 * How often a property is tried. All properties draw their cases from one seed, so that a green run stays green and a
 * red one can be run again. `PLIMSOLL_SEED=random` (or a number) and `PLIMSOLL_RUNS=20` (times as many) look further.
 */
export function runs(numRuns: number): { numRuns: number; seed?: number } {
  const times = Number(process.env["PLIMSOLL_RUNS"] ?? 1);
  const seed = process.env["PLIMSOLL_SEED"] ?? "1875";
  return seed === "random" ? { numRuns: numRuns * times } : { numRuns: numRuns * times, seed: Number(seed) };
}
