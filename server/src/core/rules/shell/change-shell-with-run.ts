import { canChangeRun } from "../../fixes/mount";
import { removeInstruction, removeItems } from "../../fixes/remove";
import { insertAfter, keywordLike } from "../../fixes/user";
import type { Instruction, Model, Stage } from "../../model/types";
import { defineRule, type Fix } from "../../rule";
import { type Call, callSpan, callsOf, isPlain } from "./calls";

export default defineRule({
  id: "change-shell-with-run",
  theme: "shell",
  category: "maintainability",
  severity: "warning",
  recommended: true,
  since: "0.1.0",
  summary: "RUN relinks /bin/sh instead of using SHELL.",
  why: 'The link changes the shell of every program in the image, package scripts and cron jobs included, and an update of the package that owns `/bin/sh` undoes it. `SHELL ["/bin/bash", "-c"]` changes the shell of the build steps and of nothing else. In a stage that is not shipped it is a hint.',
  aliases: {
    hadolint: ["DL4005"],
    kics: ["Changing Default Shell Using RUN Command"],
    semgrep: ["use-shell-instruction"],
    tally: ["hadolint/DL4005"],
  },
  scope: "instruction",
  fixable: "unsafe",
  examples: [
    {
      title: "bash becomes sh",
      code: "FROM debian:13\nRUN [|ln -sf /bin/bash /bin/sh|]\nRUN source /env\n",
      fixed: 'FROM debian:13\nSHELL ["/bin/bash", "-c"]\nRUN source /env\n',
    },
    {
      title: "The old link is removed first",
      code: "FROM debian:13\nRUN rm /bin/sh && [|ln -s /bin/bash /bin/sh|]\nRUN source /env\n",
      fixed: 'FROM debian:13\nSHELL ["/bin/bash", "-c"]\nRUN source /env\n',
    },
    {
      title: "No step follows that would need SHELL",
      code: 'FROM debian:13\nRUN apt-get update && [|ln -sf /bin/bash /bin/sh|]\nCMD ["server"]\n',
      fixed: 'FROM debian:13\nRUN apt-get update\nCMD ["server"]\n',
    },
    { title: "Another link", code: "FROM debian:13\nRUN ln -s /bin/bash /usr/local/bin/sh-for-me\n" },
    { title: "SHELL", code: 'FROM debian:13\nSHELL ["/bin/bash", "-c"]\n' },
  ],
  *check({ model }) {
    for (const call of callsOf(model, "ln")) {
      const last = call.command.words.at(-1);
      if (!/^(?:\/usr)?\/bin\/sh$/.test(last?.value ?? "") || call.command.words.length < 3 || !isPlain(model, call))
        continue;
      yield {
        message: `${last?.value} is changed for the whole image, package scripts included. Leave it; where build steps need another shell, write SHELL.`,
        range: callSpan(call),
        ...(call.run.stage?.reachesFinal && !call.run.stage.ships ? { severity: "hint" as const } : {}),
        fixes: () => shellFix(model, call),
      };
    }
  },
});

function shellFix(model: Model, call: Call): readonly Fix[] {
  const { run, script, command } = call;
  const { instruction, stage } = run;
  const target = command.words.at(-2)?.value ?? null;
  if (!stage || run.isTrigger || !canChangeRun(model, instruction) || !script.script.wellFormed || target === null)
    return [];
  const program = /(?:^|\/)(bash|dash|zsh|ash|ksh)$/.exec(target)?.[1];
  if (!program || script.kind !== "line" || command.command !== command.outer) return [];
  const items = script.script.topLevel;
  let first = command.outer.item;
  const last = first;
  const removal = items[first - 1];
  if (
    removal &&
    removes(script.script.commands.find((one) => one.item === first - 1)?.words.map((word) => word.value) ?? [])
  )
    first--;
  if (items[last]?.commands.length !== 1) return [];
  const path = target.startsWith("/") ? target : `/bin/${program}`;
  const line = `${keywordLike(stage, "SHELL")} ["${path}", "-c"]`;
  const all = first === 0 && last === items.length - 1;
  const reason = "/bin/sh stays what it was, also for programs that run in the container.";
  if (!usesShellBehind(model, instruction)) {
    const edit = all ? removeInstruction(model, instruction) : removeItems(script, first, last);
    return edit ? [{ title: "Leave /bin/sh as it is", applicability: "unsafe", reason, edits: [edit] }] : [];
  }
  const edit = all ? { span: instruction.span, newText: line } : removeItems(script, first, last);
  if (!edit) return [];
  return [
    {
      title: `Use SHELL ["${path}", "-c"]`,
      applicability: "unsafe",
      reason,
      edits: all ? [edit] : [edit, insertAfter(model, instruction, line)],
    },
  ];
}

/** True when a shell runs something behind the instruction, in its stage or in one that builds on it. */
function usesShellBehind(model: Model, { index, stage }: Instruction): boolean {
  const isOnTop = (other: Stage): boolean =>
    other === stage || (other.base.stage !== null && isOnTop(other.base.stage));
  return model.stages.some(
    (other) =>
      isOnTop(other) &&
      other.instructions.some(
        (later) =>
          later.index > index &&
          /^(?:RUN|CMD|ENTRYPOINT|HEALTHCHECK|ONBUILD)$/.test(later.keyword) &&
          !later.parsed.json,
      ),
  );
}

function removes(words: readonly (string | null)[]): boolean {
  return (words[0] === "rm" || words[0] === "mv") && words.some((word) => /^(?:\/usr)?\/bin\/sh$/.test(word ?? ""));
}
