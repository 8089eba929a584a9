/** Runs programs in Node. */
import { execFile, spawnSync } from "node:child_process";
import { accessSync, constants, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { ProcessCall, ProcessOutcome, ProcessRunner } from "../core/index";

/** A program that writes more than this many bytes is ended. */
const mostOutput = 64 * 1024 * 1024;

/** Runs programs of the PATH, without a shell. */
export const processRunner: ProcessRunner = {
  async run(call) {
    const file = findProgram(call.program, process.env);
    if (file === null) return { kind: "absent" };
    const place = openFolder(call);
    if ("reason" in place) return place;
    const done = await new Promise<ProcessOutcome>((resolve) => {
      let stopped = false;
      const child = execFile(file, [...call.args], optionsOf(call, place.folder), (error, out, err) =>
        resolve(stopped ? { kind: "failed", reason: "it was stopped" } : outcome(error, out, err, call.limit)),
      );
      call.onStart?.(() => {
        stopped = true;
        child.kill("SIGKILL");
      });
      // A program that ends before it has read everything is judged by its exit code, not by the broken pipe.
      child.stdin?.on("error", () => undefined);
      child.stdin?.end(call.input ?? "");
    });
    place.close();
    return done;
  },
  runNow(call) {
    const file = findProgram(call.program, process.env);
    if (file === null) return { kind: "absent" };
    const place = openFolder(call);
    if ("reason" in place) return place;
    const options = { ...optionsOf(call, place.folder), input: call.input ?? "" };
    const { error, status, stdout, stderr } = spawnSync(file, [...call.args], options);
    place.close();
    if (error) return outcome(error, stdout ?? "", stderr ?? "", call.limit);
    if (status === null) return { kind: "failed", reason: "it was ended from outside" };
    return { kind: "done", code: status, out: stdout, err: stderr };
  },
};

function optionsOf({ limit, unset, set }: ProcessCall, folder: string | undefined) {
  const env = { ...process.env, ...set };
  for (const name of unset ?? []) delete env[name];
  return {
    ...(folder === undefined ? {} : { cwd: folder }),
    env,
    encoding: "utf8" as const,
    maxBuffer: mostOutput,
    timeout: limit,
    killSignal: "SIGKILL" as const,
    windowsHide: true,
  };
}

/** The working folder; one of its own, which nobody else may read, where the call brings files. */
function openFolder({ files, folder }: ProcessCall): { folder: string | undefined; close(): void } | Failed {
  if (!files) return { folder, close: () => undefined };
  try {
    const made = mkdtempSync(path.join(tmpdir(), "plimsoll-"));
    const close = () => rmSync(made, { recursive: true, force: true });
    try {
      for (const [name, text] of Object.entries(files)) writeFileSync(path.join(made, name), text);
    } catch (error) {
      close();
      throw error;
    }
    return { folder: made, close };
  } catch (error) {
    return { kind: "failed", reason: error instanceof Error ? error.message : String(error) };
  }
}

type Failed = Extract<ProcessOutcome, { kind: "failed" }>;

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
  const late = killed === true || code === "ETIMEDOUT";
  if (typeof code === "number") return { kind: "done", code, out, err };
  if (code === "ERR_CHILD_PROCESS_STDIO_MAXBUFFER" || code === "ENOBUFS")
    return { kind: "failed", reason: "it wrote too much" };
  if (late) return { kind: "failed", reason: `it was not done after ${limit / 1000} seconds` };
  return { kind: "failed", reason: message.split("\n")[0] ?? message };
}
