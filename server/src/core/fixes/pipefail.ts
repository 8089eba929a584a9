/** Making a failure within a pipe count: by `set -o pipefail` in one RUN, or by SHELL from there on. */
import { distributionUnder } from "../catalogue/stage";
import type { Catalogue } from "../catalogue/types";
import { type Script, scriptsOf } from "../model/scripts";
import type { Instruction, Model, Stage } from "../model/types";
import type { Fix } from "../rule";
import { unwrap } from "../shell/commands";
import { canChangeRun } from "./mount";
import { insertAfter, insertBefore, keywordLike } from "./user";

/** Which shell runs a RUN, as far as pipefail is concerned. `dash` has none in the releases in use. */
export function pipefailShell(run: Instruction, catalogue: Catalogue): "has" | "lacks" | "unknown" {
  const words = run.shell.words;
  if (words) {
    const name = (words[0] ?? "").split("/").pop() ?? "";
    if (/^(?:bash|ash|zsh|ksh|mksh)$/.test(name)) return "has";
    if (name === "dash") return "lacks";
    if (name !== "sh") return "unknown";
  }
  const system = run.stage && distributionUnder(run.stage, catalogue);
  if (!system || system.shell === null || system.shell === "none") return "unknown";
  return system.shell === "dash" ? "lacks" : "has";
}

/** True when the shell that SHELL names is started with pipefail. */
export function shellHasPipefail(run: Instruction): boolean {
  const words = run.shell.words ?? [];
  return words.some((word, at) => word === "pipefail" && /^-[a-z]*o$/.test(words[at - 1] ?? ""));
}

/**
 * Fixes for a RUN whose pipe hides failures, best first: `set -o pipefail` where its shell knows that, else SHELL with
 * bash where the image has bash; for this RUN alone where a later step needs the shell as it is. None where a pipe of
 * the RUN stops reading early (`| head`, `| grep -q`): its writer ends by a signal, which pipefail would call a failure.
 */
export function pipefailFixes(model: Model, run: Instruction, catalogue: Catalogue): readonly Fix[] {
  const { stage } = run;
  if (!stage || !canChangeRun(model, run) || stopsEarly(run)) return [];
  const shell = pipefailShell(run, catalogue);
  if (shell === "has") return setFix(run);
  if (shell === "unknown" || run.shell.words || !hasBash(stage, run, catalogue)) return [];
  if (needsDash(run)) return [];
  const keyword = keywordLike(stage, "SHELL");
  const shellLine = `${keyword} ["/bin/bash", "-o", "pipefail", "-c"]`;
  if (laterInstructions(model, stage, run).some((later) => stopsEarly(later) || needsDash(later))) {
    return [
      {
        title: "Run this RUN by bash with pipefail",
        applicability: "unsafe",
        reason: "A step that failed unseen until now ends the build.",
        edits: [
          insertBefore(model, run, shellLine),
          // Everything behind it keeps the shell that it has now.
          insertAfter(model, run, `${keyword} ["/bin/sh", "-c"]`),
        ],
      },
    ];
  }
  return [
    {
      title: "Run commands by bash with pipefail from here on",
      applicability: "unsafe",
      reason:
        "SHELL also holds for every later step, for a CMD or ENTRYPOINT in shell form, and for stages that build on this one.",
      edits: [insertBefore(model, run, shellLine)],
    },
  ];
}

function setFix(run: Instruction): readonly Fix[] {
  const [script] = scriptsOf(run);
  const first = script?.script.topLevel[0];
  if (!script || !first || !script.script.wellFormed || scriptsOf(run).length > 1) return [];
  const { start } = script.locate(first.from, first.from + 1);
  // In a heredoc, commands stand on lines of their own; in one line they are joined.
  const text = script.kind === "heredoc" ? "set -o pipefail\n" : "set -o pipefail && ";
  if (script.kind === "heredoc" && script.script.text.startsWith("#!")) return [];
  return [
    {
      title: "Let a failure anywhere in the pipe end this RUN (set -o pipefail)",
      applicability: "unsafe",
      reason: "A step that failed unseen until now ends the build.",
      edits: [{ span: { start, end: start }, newText: text }],
    },
  ];
}

function hasBash(stage: Stage, run: Instruction, catalogue: Catalogue): boolean {
  const system = distributionUnder(stage, catalogue);
  return system?.hasBash === true && run.stage === stage;
}

/** What SHELL would reach: the rest of the stage, and the stages that build on it. */
function laterInstructions(model: Model, stage: Stage, run: Instruction): readonly Instruction[] {
  const own = stage.instructions.filter(({ index }) => index > run.index);
  const children = model.stages.filter((other) => buildsOn(other, stage)).flatMap((other) => other.instructions);
  return [...own, ...children];
}

function buildsOn(stage: Stage, below: Stage): boolean {
  for (let at = stage.base.stage; at; at = at.base.stage) if (at === below) return true;
  return false;
}

/** True when a pipe of the instruction may end its writer early, or begins with one that never ends by itself. */
export function stopsEarly(instruction: Instruction): boolean {
  return scriptsOf(instruction).some(({ script }) =>
    script.pipelines.some(({ stages }) =>
      stages.some((stage, at) => {
        const command = stage.kind === "command" && stage.commands[0] ? unwrap(stage.commands[0]) : null;
        if (!command?.name) return false;
        if (at === 0) return command.name === "yes";
        const rest = command.words.slice(1).map((word) => word.value ?? word.text);
        if (command.name === "head") return true;
        if (/^[ef]?grep$/.test(command.name)) {
          return rest.some((word) => /^-[A-Za-z]*[qm]|^--(?:quiet|silent|max-count)/.test(word));
        }
        if (command.name === "sed") return rest.some((word) => /(?:^|[\d;}])q$/.test(word));
        return command.name === "awk" && rest.some((word) => /\bexit\b/.test(word));
      }),
    ),
  );
}

/** True where an `echo` is given `\n` and the like: dash makes lines of them, bash writes them as they stand. */
function needsDash(instruction: Instruction): boolean {
  if (!instruction.parsed.text.includes("echo")) return false;
  return scriptsOf(instruction).some(({ commands }) =>
    commands.some(
      ({ name, words }) =>
        name === "echo" &&
        !/^-\w*e/.test(words[1]?.value ?? "") &&
        words.some(({ value, text }) => /\\[abcefnrtv0]/.test(value ?? text)),
    ),
  );
}

/** The offset in a script from which pipefail is on; null where it never is. */
export function pipefailFrom({ script }: Script): number | null {
  const found = script.commands.find(
    ({ name, words }) =>
      name === "set" &&
      words.some((word, at) => word.value === "pipefail" && /^-[a-zA-Z]*o$/.test(words[at - 1]?.value ?? "")),
  );
  return found?.from ?? null;
}
