// Runs programs and says what they printed when they fail.
import { spawn } from "node:child_process";

const minute = 60_000;

/**
 * Runs a program to its end. Returns `{ status, stdout, stderr }`, texts as they came; a program that does not end in
 * time is killed and has the status null. Throws with the end of its output when it fails, unless `mayFail` is set.
 */
export function run(program, args, { mayFail = false, timeout = 10 * minute, ...options } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      stdio: ["ignore", "pipe", "pipe"],
      ...options,
      timeout,
      killSignal: "SIGKILL",
    });
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (text) => {
      stdout += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text) => {
      stderr += text;
    });
    child.on("error", reject);
    child.on("close", (status) => {
      if (status === 0 || mayFail) return resolve({ status, stdout, stderr });
      const end = lastLines(`${stdout}\n${stderr}`, 25);
      reject(new Error(`${[program, ...args].join(" ").slice(0, 300)} ended with ${status}:\n${end}`));
    });
  });
}

/** Asks again and again until the answer is not null; throws `what` when it never is. Times in milliseconds. */
export async function until(ask, what, { every = 200, timeout = 30_000 } = {}) {
  for (const end = Date.now() + timeout; Date.now() < end; ) {
    const answer = await ask();
    if (answer !== null) return answer;
    await new Promise((resolve) => setTimeout(resolve, every));
  }
  throw new Error(`${what} within ${timeout / 1000} s`);
}

function lastLines(text, count) {
  return text
    .split("\n")
    .filter((line) => line.trim() !== "")
    .slice(-count)
    .join("\n");
}
