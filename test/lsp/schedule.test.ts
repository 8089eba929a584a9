import { beforeEach, describe, expect, test } from "vitest";
import type { Clock } from "../../server/src/lsp/clock";
import { createScheduler, pauseFor, type Scheduler } from "../../server/src/lsp/schedule";

/** A clock whose hands the test turns. */
function handClock(): Clock & { pass(milliseconds: number): void; turn(): void } {
  let now = 0;
  let timers: { readonly at: number; readonly run: () => void }[] = [];
  let soon: (() => void)[] = [];
  return {
    now: () => now,
    after(pause, run) {
      const timer = { at: now + pause, run };
      timers.push(timer);
      return () => {
        timers = timers.filter((other) => other !== timer);
      };
    },
    soon: (run) => void soon.push(run),
    pass(milliseconds) {
      now += milliseconds;
      const due = timers.filter((timer) => timer.at <= now);
      timers = timers.filter((timer) => timer.at > now);
      for (const timer of due) timer.run();
    },
    turn() {
      const due = soon;
      soon = [];
      for (const run of due) run();
    },
  };
}

let clock: ReturnType<typeof handClock>;
let checked: string[];
let scheduler: Scheduler;
beforeEach(() => {
  clock = handClock();
  checked = [];
  scheduler = createScheduler(clock, (key) => checked.push(key));
});

test("the pause is none up to forty milliseconds and grows without a step", () => {
  expect([0, 39.9, 40, 42, 60, 100, 5000].map(pauseFor)).toEqual([0, 0, 0, 0.5, 5, 15, 400]);
});

describe("typing", () => {
  test("a quick file is checked in the very call", () => {
    scheduler.changed("a", 3);
    expect(checked).toEqual(["a"]);
  });

  test("a slow file waits, and each key starts the pause anew", () => {
    scheduler.changed("a", 240);
    clock.pass(49);
    scheduler.changed("a", 240);
    clock.pass(49);
    expect(checked).toEqual([]);
    clock.pass(1);
    expect(checked).toEqual(["a"]);
  });

  test("who never pauses gets an answer all the same", () => {
    for (let i = 0; i < 20; i++) {
      scheduler.changed("a", 240);
      clock.pass(30);
    }
    expect(checked).toEqual(["a", "a"]);
  });

  test("a check that somebody else made takes the place of the one that waits", () => {
    scheduler.changed("a", 240);
    scheduler.drop("a");
    clock.pass(1000);
    expect(checked).toEqual([]);
  });
});

describe("many at once", () => {
  test("one at a time, in order, each once", () => {
    for (const key of ["a", "b", "a", "c"]) scheduler.queue(key);
    expect(checked).toEqual([]);
    clock.turn();
    expect(checked).toEqual(["a"]);
    clock.turn();
    clock.turn();
    clock.turn();
    expect(checked).toEqual(["a", "b", "c"]);
    scheduler.queue("d");
    clock.turn();
    expect(checked).toEqual(["a", "b", "c", "d"]);
  });

  test("the one that is typed in does not wait for its turn, nor is it checked twice", () => {
    for (const key of ["a", "b", "c"]) scheduler.queue(key);
    scheduler.changed("c", 1);
    for (let i = 0; i < 5; i++) clock.turn();
    expect(checked).toEqual(["c", "a", "b"]);
  });

  test("what waits for a pause is not checked before", () => {
    scheduler.changed("a", 240);
    scheduler.queue("a");
    clock.turn();
    expect(checked).toEqual([]);
    clock.pass(50);
    expect(checked).toEqual(["a"]);
  });
});
