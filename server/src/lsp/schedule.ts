/**
 * Decides when a document is checked. Small files are checked inside the very call that changed them; files whose check
 * takes longer wait until typing pauses, the longer the slower; many files opened at once are checked one at a time,
 * with room for requests in between.
 */
import type { Clock } from "./clock";

export interface Scheduler {
  /** A user changed the document; `cost` is what its check took lately, in milliseconds. */
  changed(key: string, cost: number): void;
  /** The document needs a check that nobody is typing for: it was opened, or its settings changed. */
  queue(key: string): void;
  /** Forgets what waits for the document: it was checked by someone else, or closed. */
  drop(key: string): void;
}

/** Checks quicker than this many milliseconds are done at once. */
const quick = 40;
/** The longest pause in milliseconds, however slow a check is. */
const longestPause = 400;
/** Somebody who types without a pause still gets an answer after this many pauses. */
const patience = 6;

/**
 * The pause in milliseconds before a check that took `cost` lately: none up to 40 ms, less than lies between two keys of a fast typist; from there a quarter of what is
 * beyond, so that it grows without a step. Fast typing then skips checks instead of queueing them, and somebody who
 * stops hardly waits longer than the check itself takes.
 */
export function pauseFor(cost: number): number {
  return cost <= quick ? 0 : Math.min(longestPause, (cost - quick) / 4);
}

/** `check` is called with a key; it must not throw. */
export function createScheduler(clock: Clock, check: (key: string) => void): Scheduler {
  const waiting = new Map<string, { cancel: () => void; readonly since: number }>();
  const queued = new Set<string>();
  let draining = false;

  const drop = (key: string): void => {
    waiting.get(key)?.cancel();
    waiting.delete(key);
    queued.delete(key);
  };
  const run = (key: string): void => {
    drop(key);
    check(key);
  };
  const drain = (): void => {
    const [key] = queued;
    if (key === undefined) {
      draining = false;
      return;
    }
    run(key);
    clock.soon(drain);
  };

  return {
    changed(key, cost) {
      const pause = pauseFor(cost);
      if (pause === 0) return run(key);
      const before = waiting.get(key);
      before?.cancel();
      queued.delete(key);
      const since = before?.since ?? clock.now();
      const rest = Math.max(0, since + pause * patience - clock.now());
      waiting.set(key, { since, cancel: clock.after(Math.min(pause, rest), () => run(key)) });
    },
    queue(key) {
      // Somebody is typing in it: the check that waits for the pause will do.
      if (waiting.has(key)) return;
      queued.add(key);
      if (draining) return;
      draining = true;
      clock.soon(drain);
    },
    drop,
  };
}
