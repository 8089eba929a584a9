/** Which files changed, as git sees it. Runs git, and only where `--changed-only` asked for it. */
import path from "node:path";
import type { ProcessOutcome, ProcessRunner } from "../core/index";
import { slashes } from "./files";
import { UsageError } from "./terminal";

/** Milliseconds that one question to git may take. */
const patience = 60_000;

/** Names that the default branch usually has, best first. */
const usualBranches = ["origin/main", "origin/master", "main", "master"] as const;

/**
 * Absolute paths (forward slashes) of the files that differ from the point where the present branch left `ref`: what was
 * committed since, what is not committed, and new files that git does not ignore. Null for `ref`: the default branch.
 * Throws UsageError where git cannot say.
 */
export async function changedFiles(
  processes: ProcessRunner,
  cwd: string,
  ref: string | null,
): Promise<ReadonlySet<string>> {
  const git = async (...args: string[]): Promise<ProcessOutcome> =>
    processes.run({ program: "git", args: ["-c", "core.fsmonitor=false", ...args], folder: cwd, limit: patience });
  const up = await git("rev-parse", "--show-cdup");
  if (up.kind === "absent") throw new UsageError("--changed-only needs git, which is not on the PATH.");
  if (up.kind === "failed") throw new UsageError(`--changed-only: git did not answer (${up.reason}).`);
  if (up.code !== 0) throw new UsageError(`--changed-only: ${firstLine(up.err) || "this is no git working tree"}.`);
  const root = path.resolve(cwd, up.out.trimEnd());

  const base = await branchPoint(git, ref);
  const changed = text(
    await git("-C", root, "diff", "--name-only", "--no-ext-diff", "--diff-filter=d", "-z", base, "--"),
  );
  const added = text(await git("-C", root, "ls-files", "--others", "--exclude-standard", "-z"));
  return new Set(
    `${changed}${added}`
      .split("\0")
      .filter((name) => name !== "")
      .map((name) => slashes(path.join(root, name))),
  );
}

type Git = (...args: string[]) => Promise<ProcessOutcome>;

async function branchPoint(git: Git, ref: string | null): Promise<string> {
  const branch = ref ?? (await defaultBranch(git));
  const known = await git("rev-parse", "--verify", "--quiet", "--end-of-options", `${branch}^{commit}`);
  if (known.kind !== "done" || known.code !== 0) {
    throw new UsageError(`--changed-only: git knows no commit "${branch}" here. Fetch it, or name another one.`);
  }
  const point = await git("merge-base", known.out.trim(), "HEAD");
  if (point.kind !== "done" || point.code !== 0) {
    const why = "In a shallow clone, fetch more of the history (fetch-depth: 0).";
    throw new UsageError(`--changed-only: git finds no common ancestor of ${branch} and HEAD. ${why}`);
  }
  return point.out.trim();
}

async function defaultBranch(git: Git): Promise<string> {
  const remote = await git("symbolic-ref", "--quiet", "--short", "refs/remotes/origin/HEAD");
  const candidates =
    remote.kind === "done" && remote.code === 0 ? [remote.out.trim(), ...usualBranches] : usualBranches;
  for (const name of candidates) {
    const found = await git("rev-parse", "--verify", "--quiet", "--end-of-options", `${name}^{commit}`);
    if (found.kind === "done" && found.code === 0) return name;
  }
  throw new UsageError("--changed-only: the default branch is not known here; name it: --changed-only=REF.");
}

function text(outcome: ProcessOutcome): string {
  if (outcome.kind === "done" && outcome.code === 0) return outcome.out;
  const why =
    outcome.kind === "done" ? firstLine(outcome.err) : outcome.kind === "failed" ? outcome.reason : "it is gone";
  throw new UsageError(`--changed-only: git failed (${why}).`);
}

function firstLine(text: string): string {
  return (text.split("\n")[0] ?? "").replace(/^(?:fatal|error): /, "").replace(/\.$/, "");
}
