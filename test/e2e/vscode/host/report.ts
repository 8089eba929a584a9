import type { Runner } from "mocha";

/** The word that a line of the console begins with when it carries a result for the script outside the editor. */
const mark = "PLIMSOLL-E2E ";

/**
 * Prints each result as one line of JSON on the console, which reaches the script that opened the page from either
 * host. Resolves when all tests ran, rejects when one failed, as VS Code wants it from an extension's tests.
 */
export function report(runner: Runner): Promise<void> {
  const tell = (result: object) => console.log(mark + JSON.stringify(result));
  tell({ start: true });
  runner.on("pass", (test) => tell({ name: test.fullTitle(), passed: true }));
  runner.on("fail", (test, error) => tell({ name: test.fullTitle(), passed: false, error: String(error.message) }));
  return new Promise((resolve, reject) => {
    runner.on("end", () => {
      const failures = runner.stats?.failures ?? 1;
      tell({ end: true });
      if (failures === 0) resolve();
      else reject(new Error(`${failures} tests failed`));
    });
  });
}
