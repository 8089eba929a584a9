/** Works something out with a registry's answers: asks for what is missing until it is there, or cannot be had. */
import type { RegistryFacts } from "../core/image/registry";
import type { AskingFacts } from "./facts";

/** Rounds of asking: the tags, the digest of one of them, the index behind it. */
const mostRounds = 4;

/** What `work` makes of the answers; undefined where one of them cannot be had. Never rejects. */
export async function workOut<T>(
  facts: AskingFacts,
  signal: AbortSignal,
  work: (registry: RegistryFacts) => T | undefined,
): Promise<T | undefined> {
  for (let round = 0; round < mostRounds; round++) {
    const made = work(facts);
    if (made !== undefined || !facts.wanting || signal.aborted) return made;
    if (!(await facts.fetch(signal))) break;
  }
  return work(facts);
}
