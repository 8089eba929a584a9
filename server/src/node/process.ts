/** Runs programs in Node. */
import { execFile } from "node:child_process";
import { accessSync, constants, statSync } from "node:fs";
import path from "node:path";
import type { ProcessOutcome, ProcessRunner } from "../core/index";

/** A program that writes more than this many bytes is ended. */
const mostOutput = 64 * 1024 * 1024;

/** Runs programs of the PATH, without a shell. */
export const processRunner: ProcessRunner = {
  run({ program, args, folder, input, limit }) {
    const file = findProgram(program, process.env);
    if (file === null) return Promise.resolve({ kind: "absent" });
    return new Promise((resolve) => {
      const options = {
        ...(folder === undefined ? {} : { cwd: folder }),
        encoding: "utf8" as const,
        maxBuffer: mostOutput,
        timeout: limit,
        killSignal: "SIGKILL" as const,
        windowsHide: true,
      };
      const child = execFile(file, [...args], options, (error, out, err) => resolve(outcome(error, out, err, limit)));
      // A program that ends before it has read everything is judged by its exit code, not by the broken pipe.
      child.stdin?.on("error", () => undefined);
      child.stdin?.end(input ?? "");
    });
  },
};

/**
 * The full path of a program, or null. Only absolute folders of the PATH count: a folder such as `.` would let the
 * project that is looked at bring a program of its own, and Windows would look there first.
 */
export function findProgram(program: string, env: NodeJS.ProcessEnv): string | null {
  const windows = process.platform === "win32";
  const list = (env.PATH ?? env.Path ?? "").split(path.delimiter).filter((folder) => path.isAbsolute(folder));
  for (const folder of list) {
    const file = path.join(folder, windows ? `${program}.exe` : program);
    if (isProgram(file)) return file;
  }
  return null;
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

function outcome(error: unknown, out: string, err: string, limit: number): ProcessOutcome {
  if (!error) return { kind: "done", code: 0, out, err };
  const { code, killed, message } = error as { code?: number | string; killed?: boolean; message: string };
  if (typeof code === "number") return { kind: "done", code, out, err };
  if (code === "ERR_CHILD_PROCESS_STDIO_MAXBUFFER") return { kind: "failed", reason: "it wrote too much" };
  if (killed) return { kind: "failed", reason: `it was not done after ${limit / 1000} seconds` };
  return { kind: "failed", reason: message.split("\n")[0] ?? message };
}
