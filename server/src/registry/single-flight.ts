/** One question at a time about one thing: who asks the same meanwhile gets the same answer. */
import { unlessCancelled } from "./wait";

/** Joins the flight of a key, or starts it. The flight is ended when nobody waits for it any more. */
export type SingleFlight = <T>(
  key: string,
  signal: AbortSignal,
  start: (signal: AbortSignal) => Promise<T>,
) => Promise<T>;

interface Flight {
  readonly promise: Promise<unknown>;
  readonly abort: AbortController;
  waiting: number;
}

export function createSingleFlight(): SingleFlight {
  const flights = new Map<string, Flight>();
  return async <T>(key: string, signal: AbortSignal, start: (signal: AbortSignal) => Promise<T>): Promise<T> => {
    let flight = flights.get(key);
    if (!flight || flight.abort.signal.aborted) {
      const abort = new AbortController();
      const made: Flight = { promise: start(abort.signal), abort, waiting: 0 };
      const gone = (): void => {
        if (flights.get(key) === made) flights.delete(key);
      };
      made.promise.then(gone, gone);
      flights.set(key, made);
      flight = made;
    }
    flight.waiting++;
    try {
      return (await unlessCancelled(flight.promise, signal)) as T;
    } finally {
      if (--flight.waiting === 0) flight.abort.abort();
    }
  };
}
