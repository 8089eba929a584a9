/**
 * ShellCheck as a guest: asked through the process port, one process for all scripts of a file, and never twice about the
 * same script. Nobody makes one of these unless the user asked for ShellCheck.
 */
import type { ProcessCall, ProcessOutcome, ProcessRunner } from "./ports";
import {
  readRemarks,
  type ShellCheckRemark,
  type ShellCheckScript,
  scriptContent,
  scriptName,
  shellCheckArguments,
} from "./shell/shellcheck";

/** Answers of ShellCheck, by script. */
export interface ShellCheckGuest {
  /** What is known of each script; undefined for those that it was not asked about yet. */
  known(scripts: readonly ShellCheckScript[]): readonly (readonly ShellCheckRemark[] | undefined)[];
  /** Asks about the scripts that are not known; true when anything was learnt. Never rejects. */
  learn(scripts: readonly ShellCheckScript[]): Promise<boolean>;
  /** The same at once, for hosts that can wait. */
  learnNow(scripts: readonly ShellCheckScript[]): boolean;
  /** Why it says nothing, as a sentence; null while it works. */
  readonly trouble: string | null;
}

/** Scripts that are remembered; the oldest go first. */
const mostRemembered = 5000;
/** Milliseconds that ShellCheck may take for one file. */
const patience = 30_000;

/** Makes the guest. */
export function createShellCheck(processes: ProcessRunner): ShellCheckGuest {
  const answers = new Map<string, readonly ShellCheckRemark[]>();
  let trouble: string | null = null;

  const unknown = (scripts: readonly ShellCheckScript[]): readonly ShellCheckScript[] => {
    const missing = new Map(scripts.map((script) => [scriptContent(script), script]));
    return [...missing].filter(([content]) => !answers.has(content)).map(([, script]) => script);
  };
  const take = (scripts: readonly ShellCheckScript[], outcome: ProcessOutcome): boolean => {
    trouble = troubleOf(outcome);
    const remarks = outcome.kind === "done" && trouble === null ? readRemarks(outcome.out, scripts) : null;
    if (remarks === null) {
      trouble ??= "ShellCheck answered in a form that is not known; its findings are missing.";
      return false;
    }
    for (const [index, script] of scripts.entries()) answers.set(scriptContent(script), remarks[index] ?? []);
    for (const key of answers.keys()) {
      if (answers.size <= mostRemembered) break;
      answers.delete(key);
    }
    return true;
  };

  return {
    known: (scripts) => scripts.map((script) => answers.get(scriptContent(script))),
    async learn(scripts) {
      const asked = unknown(scripts);
      return asked.length > 0 && take(asked, await processes.run(callFor(asked)));
    },
    learnNow(scripts) {
      const asked = unknown(scripts);
      return asked.length > 0 && take(asked, processes.runNow(callFor(asked)));
    },
    get trouble() {
      return trouble;
    },
  };
}

function callFor(scripts: readonly ShellCheckScript[]): ProcessCall {
  const files = Object.fromEntries(scripts.map((script, index) => [scriptName(index), scriptContent(script)]));
  // Options that the user keeps for scripts of another kind are not meant for RUN.
  return {
    program: "shellcheck",
    args: shellCheckArguments(scripts.length),
    files,
    unset: ["SHELLCHECK_OPTS"],
    limit: patience,
  };
}

// It exits with 1 when it found something; everything above is a fault of the call.
function troubleOf(outcome: ProcessOutcome): string | null {
  if (outcome.kind === "absent") return "ShellCheck was not found on the PATH; its findings are missing.";
  if (outcome.kind === "failed") return `ShellCheck did not run (${outcome.reason}); its findings are missing.`;
  if (outcome.code <= 1) return null;
  const why = outcome.err.split("\n")[0]?.trim() || `exit code ${outcome.code}`;
  return `ShellCheck failed (${why.slice(0, 200)}); its findings are missing.`;
}
