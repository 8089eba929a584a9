import { mountSupport } from "../../fixes/mount";
import type { Instruction, Model } from "../../model/types";
import type { Fix } from "../../rule";
import { defineRule } from "../../rule";
import { flagValue, splitArguments } from "../../shell/arguments";
import type { EffectiveCommand } from "../../shell/commands";
import { absolutePath, baseName } from "./copies";
import { keywordAs, mayReplace, soleItem } from "./sole-command";

export default defineRule({
  id: "prefer-add-git",
  theme: "copy",
  category: "security",
  severity: "hint",
  recommended: false,
  since: "0.1.0",
  summary: "A RUN only clones a repository, which ADD can do.",
  why: "`ADD https://…/repo.git#<commit> /src` needs no git in the image, leaves no `.git` behind, and is loaded again when the reference has moved, where the layer of a RUN stays as it was. Name a commit to get the same files each time. Off by default: it needs BuildKit, and a submodule or a login may need git itself.",
  aliases: { tally: ["tally/prefer-add-git"] },
  scope: "instruction",
  fixable: "unsafe",
  examples: [
    {
      title: "A branch to a folder",
      code: "FROM alpine:3.24\nRUN [|git clone --depth 1 --branch v1.2 https://github.com/o/r.git /src|]\n",
      fixed: "FROM alpine:3.24\nADD https://github.com/o/r.git#v1.2 /src\n",
    },
    {
      title: "To the current folder",
      code: "FROM alpine:3.24\nWORKDIR /w\nRUN [|git clone https://github.com/o/r|]\n",
      fixed: "FROM alpine:3.24\nWORKDIR /w\nADD https://github.com/o/r.git /w/r\n",
    },
    { title: "With more to do", code: "FROM alpine:3.24\nRUN git clone https://github.com/o/r.git && cd r && make\n" },
    { title: "With a login", code: "FROM alpine:3.24\nRUN git clone https://$TOKEN@github.com/o/r.git\n" },
    { title: "Over ssh", code: "FROM alpine:3.24\nRUN --mount=type=ssh git clone git@github.com:o/r.git\n" },
    { title: "With submodules", code: "FROM alpine:3.24\nRUN git clone --recursive https://github.com/o/r.git /r\n" },
  ],
  *check({ model }) {
    if (mountSupport(model) === "none") return;
    for (const run of model.instructions) {
      if (run.keyword !== "RUN" || !run.parsed.text.includes("clone")) continue;
      const sole = soleItem(run);
      const [command, second] = sole?.commands ?? [];
      const clone = command && !second ? cloneOf(command) : null;
      if (!sole || !command || !clone) continue;
      yield {
        message:
          "ADD can load this repository itself: no git is needed, and a commit behind # makes it the same each time.",
        range: sole.script.locate(command.command.from, command.command.to),
        fixes: () => fixesOf(model, run, clone),
      };
    }
  },
});

interface Clone {
  readonly address: string;
  readonly branch: string | null;
  readonly folder: string;
}

const valueFlags = ["-b", "--branch", "--depth", "-o", "--origin", "-c", "--config", "-j", "--jobs"];
const plainFlags = /^(?:-b|--branch(?:=.*)?|--depth(?:=.*)?|-q|--quiet|--single-branch|--no-tags|-v|--progress)$/;

/** A `git clone` of a public address that has nothing ADD cannot do. */
function cloneOf(command: EffectiveCommand): Clone | null {
  if (command.name !== "git" || command.words[1]?.value !== "clone" || command.assignments.length > 0) return null;
  const words = command.words.slice(1);
  const { operands, flags } = splitArguments({ words }, valueFlags);
  const [address, folder, third] = operands;
  if (!address?.value || third || folder?.value === null || command.redirections.length > 0) return null;
  if (!/^https:\/\/[^@\s#?]+$/.test(address.value) || flags.some((flag) => !plainFlags.test(flag.value ?? "")))
    return null;
  const branch = flagValue({ words }, ["-b", "--branch"]);
  if (branch && branch.value === null) return null;
  const name = baseName(address.value).replace(/\.git$/, "");
  return { address: address.value, branch: branch?.value ?? null, folder: folder?.value ?? name };
}

function fixesOf(model: Model, run: Instruction, { address, branch, folder }: Clone): readonly Fix[] {
  const path = absolutePath(folder, run);
  if (path === null || !mayReplace(model, run) || /["'\s$]/.test(`${branch}${path}`)) return [];
  const repository = `${address.replace(/\/+$/, "").replace(/\.git$/, "")}.git`;
  return [
    {
      title: "Load the repository by ADD",
      applicability: "unsafe",
      reason: "The folder has no .git, its files belong to root, and submodules are loaded with it.",
      edits: [
        {
          span: run.span,
          newText: `${keywordAs(model, run, "ADD")} ${repository}${branch === null ? "" : `#${branch}`} ${path}`,
        },
      ],
    },
  ];
}
