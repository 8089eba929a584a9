import { defineRule } from "../../rule";
import { flagValue, hasFlag, splitArguments } from "../../shell/arguments";
import type { ShellWord } from "../../shell/ast";
import type { EffectiveCommand } from "../../shell/commands";
import { callSpan, callsOf, isPlain, type Run } from "./calls";

export default defineRule({
  id: "git-clone-unpinned",
  theme: "shell",
  category: "reproducibility",
  severity: "info",
  recommended: true,
  since: "0.1.0",
  summary: "git clone follows a moving branch.",
  why: "The clone is whatever the branch holds on the day of the build, and the layer is cached, so nobody knows which day that was. A tag (`--branch v1.2.3`), a commit that is checked out afterwards (best in the same RUN: a cached clone may lack it), or `ADD https://github.com/owner/repo.git#v1.2.3 /src` says it. A branch or address that comes from a variable is left alone.",
  aliases: {},
  reads: ["RUN"],
  fixable: "none",
  examples: [
    {
      title: "Whatever the default branch holds",
      code: "FROM golang:1.26\nRUN [|git clone https://github.com/a/b.git /src|] && cd /src && make\n",
    },
    {
      title: "A branch that moves",
      code: "FROM golang:1.26\nRUN [|git clone -b main --depth 1 https://github.com/a/b.git /src|]\n",
    },
    {
      title: "A tag",
      code: "FROM golang:1.26\nRUN git clone --depth 1 --branch v1.2.3 https://github.com/a/b.git /src\n",
    },
    {
      title: "A commit is checked out in the same RUN",
      code: "FROM golang:1.26\nRUN git clone https://github.com/a/b.git /src && cd /src && git checkout 0a1b2c3d\n",
    },
    {
      title: "Or in a later one",
      code: "FROM golang:1.26\nRUN git clone https://github.com/a/b.git /src\nWORKDIR /src\nARG COMMIT\nRUN git checkout $COMMIT && make\n",
    },
    {
      title: "A variable decides",
      code: "FROM golang:1.26\nARG REF=main\nRUN git clone -b $REF https://github.com/a/b.git /src\n",
    },
    { title: "A clone of the own folder", code: "FROM golang:1.26\nRUN git clone /repo /src\n" },
  ],
  *check({ model }) {
    const calls = [...callsOf(model, "git")];
    const lastPick = lastPicks(calls.map(({ run }) => run));
    for (const call of calls) {
      const clone = readClone(call.command);
      if (!clone || !isPlain(model, call)) continue;
      if ((lastPick.get(call.run.stage) ?? -1) >= call.run.instruction.index) continue;
      yield {
        message: clone.branch
          ? `The branch ${clone.branch} of ${clone.shown} moves with every commit. Clone a tag, or check out a commit in this RUN.`
          : `git clone takes whatever ${clone.shown} holds on the day of the build. Add --branch with a tag, or check out a commit in this RUN.`,
        range: callSpan(call),
      };
    }
  },
});

const valueFlags: readonly string[] = [
  ...["-b", "--branch", "-o", "--origin", "--depth", "-c", "--config", "-u", "--upload-pack", "--template", "-j"],
  ...[
    "--jobs",
    "--reference",
    "--separate-git-dir",
    "--filter",
    "--shallow-since",
    "--shallow-exclude",
    "--revision",
    "-C",
  ],
];

function readClone(command: EffectiveCommand): { readonly branch: string | null; readonly shown: string } | null {
  const { operands } = splitArguments(command, valueFlags);
  if (operands[0]?.value !== "clone") return null;
  const [, source] = operands;
  const shown = source && repositoryName(source);
  if (!shown || hasFlag(command, ["--revision", "--bare", "--mirror"], valueFlags)) return null;
  const branch = flagValue(command, ["-b", "--branch"]);
  if (!branch) return { branch: null, shown };
  const { value } = branch;
  // Other branches may as well be tags or release lines: only the names that every project moves are certain.
  return value !== null && moving.test(value) ? { branch: value, shown } : null;
}

const moving = /^(?:main|master|dev|devel|develop|development|trunk|next|nightly|staging|HEAD)$/i;

/** The last part of an address; null for local paths and addresses made of variables. */
function repositoryName(word: ShellWord): string | null {
  const { value } = word;
  if (value === null || !/^(?:https?|ssh|git):\/\/|^[\w.-]+@[\w.-]+:/.test(value)) return null;
  const name = value
    .replace(/\/+$/, "")
    .replace(/\.git$/, "")
    .split(/[/:]/)
    .slice(-2)
    .join("/");
  return name === "" ? null : name;
}

/** The place of the last RUN of each stage that goes to a commit or tag. */
function lastPicks(runs: Iterable<Run>): ReadonlyMap<Run["stage"], number> {
  const last = new Map<Run["stage"], number>();
  for (const run of new Set(runs)) if (picksCommit(run)) last.set(run.stage, run.instruction.index);
  return last;
}

/** True when the RUN goes to a commit or tag afterwards. */
function picksCommit(run: Run): boolean {
  return run.scripts.some((script) =>
    script.commands.some((command) => {
      if (command.name !== "git") return false;
      const { operands } = splitArguments(command, ["-C", "-c", "--git-dir", "--work-tree"]);
      const [verb, ...rest] = operands.map((word) => word.value ?? word.text);
      if (verb === "checkout" || verb === "switch" || verb === "reset") {
        return rest.some((word) => !moving.test(word) && word !== ".") || hasFlag(command, ["--detach"]);
      }
      return verb === "submodule" ? false : verb === "fetch" && rest.length > 1;
    }),
  );
}
