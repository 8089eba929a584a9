// Counts what passed, failed and was skipped, prints it while it happens, and leaves the sums for the caller.
import { writeFileSync } from "node:fs";

/**
 * A tally for one suite. `step` runs a check that may throw, `pass`, `fail` and `skip` record what ran elsewhere,
 * `finish` writes `{ passed, failed, skipped: [reason] }` to the file named by RESULT_JSON and sets the exit code.
 */
export function createResults(suite) {
  const start = Date.now();
  const skipped = [];
  let passed = 0;
  let failed = 0;
  const say = (word, text) => console.log(`${suite} ${((Date.now() - start) / 1000).toFixed(1)}s ${word} ${text}`);

  const pass = (name) => {
    passed += 1;
    say("passed ", name);
  };
  const fail = (name, error) => {
    failed += 1;
    say("FAILED ", `${name}\n    ${String(error?.stack ?? error).replaceAll("\n", "\n    ")}`);
  };
  const skip = (reason) => {
    skipped.push(reason);
    say("skipped", reason);
  };
  const step = async (name, check) => {
    try {
      await check();
      pass(name);
      return true;
    } catch (error) {
      fail(name, error);
      return false;
    }
  };
  const finish = () => {
    say("done   ", `${passed} passed, ${failed} failed${skipped.length > 0 ? `, ${skipped.length} skipped` : ""}`);
    if (process.env.RESULT_JSON) writeFileSync(process.env.RESULT_JSON, JSON.stringify({ passed, failed, skipped }));
    process.exitCode = failed > 0 ? 1 : 0;
  };
  return { step, pass, fail, skip, finish, say: (text) => say("       ", text) };
}
