/**
 * Asks `probe` again and again until it answers something truthy, which is returned. After `milliseconds` it throws,
 * naming what was waited for and the last error of the probe.
 */
export async function waitFor(what, milliseconds, probe) {
  const deadline = Date.now() + milliseconds;
  let lastError = null;
  for (;;) {
    try {
      const answer = await probe();
      if (answer) return answer;
    } catch (error) {
      lastError = error;
    }
    if (Date.now() > deadline) throw new Error(`Waited ${milliseconds} ms for ${what}`, { cause: lastError });
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Resolves like `promise`, or rejects after `milliseconds`, naming what was waited for. */
export function withDeadline(what, milliseconds, promise) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`Waited ${milliseconds} ms for ${what}`)), milliseconds);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

/** Runs `start` once more when its first run throws: a cold machine may need it, a test may not. */
export async function startTwice(start) {
  try {
    return await start();
  } catch {
    return await start();
  }
}
