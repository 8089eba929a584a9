/** Questions that are noted while somebody works and asked afterwards: for what is not known at once. */
import type { RegistryFault } from "./faults";
import type { Age, Answer } from "./registry";
import { inParallel } from "./wait";

export interface Asking {
  /** True when something was asked that is not known and was not tried in vain. */
  readonly wanting: boolean;
  /** Asks; true when anything was learnt. Never rejects. `progress` hears of every answer. */
  fetch(signal: AbortSignal, progress?: (done: number, all: number) => void): Promise<boolean>;
  /** Why questions have no answer, each reason once. */
  readonly faults: readonly RegistryFault[];
  /** Forgets faults, and answers that are older than allowed, so that they are asked again. */
  renew(): void;
}

/** `Asking`, with the way to look something up: undefined while it is not known, which is then noted. */
export interface Notebook extends Asking {
  look<T>(key: string, ask: (signal: AbortSignal) => Promise<Answer<T>>): T | null | undefined;
}

/** Questions that are under way at the same time. */
const mostAtOnce = 6;
/** Milliseconds after which a question without an answer may be asked again. */
const faultRest = 5 * 60_000;

interface Known {
  readonly value: unknown;
  /** When it was given. */
  readonly at: number;
  readonly fault: RegistryFault | null;
}

/** An empty one. `age`: how old an answer may be. */
export function createNotebook(now: () => number, age: Age): Notebook {
  const known = new Map<string, Known>();
  const wanted = new Map<string, (signal: AbortSignal) => Promise<Answer<unknown>>>();
  const isOld = ({ at, fault }: Known): boolean => at + (fault ? faultRest : Math.max(age, faultRest)) <= now();
  return {
    look<T>(key: string, ask: (signal: AbortSignal) => Promise<Answer<T>>): T | null | undefined {
      const entry = known.get(key);
      if (!entry || isOld(entry)) wanted.set(key, ask);
      return entry === undefined || entry.fault ? undefined : (entry.value as T | null);
    },
    get wanting() {
      return wanted.size > 0;
    },
    get faults() {
      const faults = new Map<string, RegistryFault>();
      for (const { fault } of known.values()) if (fault) faults.set(fault.message, fault);
      return [...faults.values()];
    },
    async fetch(signal, progress) {
      const questions = [...wanted];
      wanted.clear();
      let learnt = false;
      let done = 0;
      await inParallel(questions, mostAtOnce, async ([key, ask]) => {
        const answer = await ask(signal);
        progress?.(++done, questions.length);
        const before = known.get(key);
        if (answer.ok) {
          learnt ||= !before || before.fault !== null || JSON.stringify(before.value) !== JSON.stringify(answer.value);
          known.set(key, { value: answer.value, at: now(), fault: null });
        } else if (answer.fault.kind !== "cancelled") {
          known.set(key, { value: undefined, at: now(), fault: answer.fault });
        }
      });
      return learnt;
    },
    renew() {
      for (const [key, entry] of known) if (entry.fault || isOld(entry)) known.delete(key);
    },
  };
}
