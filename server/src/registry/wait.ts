/** Waiting that ends: for an answer, for a pause, or because nobody is interested any more. */
import { RegistryFault } from "./faults";
import type { RegistryPorts } from "./ports";

/** Throws where the asker lost interest. */
export function stopIfCancelled(signal: AbortSignal): void {
  if (signal.aborted) throw cancelled();
}

function cancelled(): RegistryFault {
  return new RegistryFault("cancelled", "The question was withdrawn.");
}

/** The promise, or a fault as soon as the asker loses interest; what was under way goes on. */
export function unlessCancelled<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  if (signal.aborted) return Promise.reject(cancelled());
  return new Promise<T>((resolve, reject) => {
    const stop = (): void => reject(cancelled());
    signal.addEventListener("abort", stop, { once: true });
    const done = (): void => signal.removeEventListener("abort", stop);
    promise.then(resolve, reject).finally(done);
  });
}

/** A pause in milliseconds. */
export function pause(ports: Pick<RegistryPorts, "after">, length: number, signal: AbortSignal): Promise<void> {
  let stop: () => void = () => undefined;
  const over = new Promise<void>((resolve) => {
    stop = ports.after(length, resolve);
  });
  return unlessCancelled(over, signal).finally(() => stop());
}

/**
 * Runs something that has to be done after some milliseconds. It gets a signal of its own, which also follows the
 * asker's; `late` is thrown when the time is up.
 */
export async function within<T>(
  ports: Pick<RegistryPorts, "after">,
  length: number,
  signal: AbortSignal,
  late: () => RegistryFault,
  run: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  stopIfCancelled(signal);
  const own = new AbortController();
  let isLate = false;
  const follow = (): void => own.abort();
  signal.addEventListener("abort", follow, { once: true });
  const stop = ports.after(length, () => {
    isLate = true;
    own.abort();
  });
  try {
    return await unlessCancelled(run(own.signal), own.signal);
  } catch (error) {
    if (signal.aborted) throw cancelled();
    throw isLate ? late() : error;
  } finally {
    stop();
    signal.removeEventListener("abort", follow);
  }
}

/** Runs tasks, some at a time, in their order. */
export async function inParallel<T>(
  items: readonly T[],
  most: number,
  run: (item: T, index: number) => Promise<void>,
): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < items.length) {
      const index = next++;
      await run(items[index] as T, index);
    }
  };
  await Promise.all(Array.from({ length: Math.min(most, items.length) }, worker));
}
