/** Time as a port, so that tests can turn the hands. */
export interface Clock {
  /** Milliseconds from some start; never goes back. */
  now(): number;
  /** Runs once after a pause in milliseconds; the answer cancels it. */
  after(pause: number, run: () => void): () => void;
  /** Runs once, as soon as what already waits (messages, timers that are due) had its turn. */
  soon(run: () => void): void;
}

/** The computer's day in its own time zone, `YYYY-MM-DD`. */
export function localDay(date: Date): string {
  const two = (value: number): string => String(value).padStart(2, "0");
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}
