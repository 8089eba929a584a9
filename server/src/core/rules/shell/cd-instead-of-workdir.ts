import { canChangeRun } from "../../fixes/mount";
import { insertAfter, insertBefore, keywordLike } from "../../fixes/user";
import type { Script } from "../../model/scripts";
import type { Instruction, Model } from "../../model/types";
import { defineRule, type Fix } from "../../rule";
import type { EffectiveCommand } from "../../shell/commands";
import { callSpan, callsOf, isPlain, type Run } from "./calls";

export default defineRule({
  id: "cd-instead-of-workdir",
  theme: "shell",
  category: "maintainability",
  severity: "info",
  recommended: false,
  since: "0.1.0",
  summary: "RUN starts with cd instead of using WORKDIR.",
  why: "`cd` holds for one step and is easily forgotten in the next one; WORKDIR holds from there on, makes the folder, and can be seen at a glance. hadolint reports every `cd`; here only one that begins a RUN and leads to a fixed folder counts, because a `cd` into a folder that the step itself has made cannot become a WORKDIR. Off by default: a `cd` that stays within its step harms nobody. `mode: hadolint` reports every `cd`.",
  aliases: {
    hadolint: ["DL3003"],
    trivy: ["DS-0013"],
    kics: ["RUN Instruction Using 'cd' Instead of WORKDIR"],
    semgrep: ["use-workdir"],
    sonar: ["S6597"],
    tally: ["hadolint/DL3003"],
  },
  scope: "instruction",
  options: {
    mode: {
      type: "enum",
      values: ["smart", "hadolint"],
      default: "smart",
      description: "`smart`: a cd that begins a RUN. `hadolint`: every cd.",
    },
  },
  fixable: "unsafe",
  examples: [
    {
      title: "The step works in one folder",
      code: "FROM node:26\nCOPY . /app\nRUN [|cd /app|] && npm ci\n",
      fixed: "FROM node:26\nCOPY . /app\nWORKDIR /app\nRUN npm ci\n",
    },
    {
      title: "The folder before it is restored",
      code: "FROM node:26\nWORKDIR /srv\nRUN [|cd /app|] && npm ci\nCOPY . .\n",
      fixed: "FROM node:26\nWORKDIR /srv\nWORKDIR /app\nRUN npm ci\nWORKDIR /srv\nCOPY . .\n",
    },
    {
      title: "What comes back to is not known, so there is no fix",
      code: "FROM registry.example.com/base:1\nRUN [|cd /app|] && make\nCOPY . .\n",
    },
    { title: "A folder that the step itself makes", code: "FROM debian:13\nRUN tar xf /a.tgz && cd a && make\n" },
    { title: "From folder to folder", code: "FROM debian:13\nRUN cd /a && make && cd /b && make\n" },
    { title: "In a subshell", code: "FROM debian:13\nRUN (cd /a && make)\n" },
    {
      title: "Every cd, as hadolint has it",
      options: { mode: "hadolint" },
      code: "FROM debian:13\nRUN tar xf /a.tgz && [|cd a|] && make\n",
    },
  ],
  *check({ model, options }) {
    const seen = new Set<Instruction>();
    for (const call of callsOf(model, "cd")) {
      const { run, script, command } = call;
      const smart = options.mode !== "hadolint";
      if (smart ? !beginsRun(run, script, command) : seen.has(run.instruction)) continue;
      if (!isPlain(model, call)) continue;
      seen.add(run.instruction);
      const folder = command.words[1]?.value ?? null;
      yield {
        message: `cd holds for this step only. Use WORKDIR${folder?.startsWith("/") ? ` ${folder}` : ""} before it.`,
        range: callSpan(call),
        fixes: () => (folder !== null && beginsRun(run, script, command) ? workdirFix(model, run, script, folder) : []),
      };
    }
  },
});

/** True for `cd /fixed/folder && …` at the beginning of a RUN that never changes the folder again. */
function beginsRun(run: Run, script: Script, command: EffectiveCommand): boolean {
  if (script.kind !== "line" || command.command !== command.outer || command.command.context.length > 0) return false;
  if (command.outer.item !== 0 || command.words.length !== 2 || command.command.pipeline.length > 1) return false;
  const item = script.script.topLevel[0];
  if (item?.connector !== "&&" && item?.connector !== ";") return false;
  if (!/^\/[^*?[\]~]*$/.test(command.words[1]?.value ?? "") || run.instruction.parsed.heredocs.length > 0) return false;
  return script.commands.filter(({ name }) => name === "cd" || name === "pushd" || name === "popd").length === 1;
}

function workdirFix(model: Model, run: Run, script: Script, folder: string): readonly Fix[] {
  const { instruction, stage } = run;
  if (!stage || run.isTrigger || !canChangeRun(model, instruction) || !script.script.wellFormed) return [];
  const [item, next] = script.script.topLevel;
  if (!item || !next || /[\s"'$\\]/.test(folder)) return [];
  const rest = stage.instructions.filter(({ index }) => index > instruction.index);
  const follower = rest[0];
  const leaves = follower !== undefined || model.stages.some((other) => other.base.stage === stage);
  const isReset = follower?.keyword === "WORKDIR" && (follower.parsed.words[0]?.value ?? "").startsWith("/");
  const keyword = keywordLike(stage, "WORKDIR");
  const start = script.locate(item.from, item.from + 1).start;
  const edits = [
    insertBefore(model, instruction, `${keyword} ${folder}`),
    { span: { start, end: script.locate(next.from, next.from + 1).start }, newText: "" },
  ];
  const stays = instruction.workdir === folder;
  if (leaves && !isReset && !stays) {
    if (instruction.workdir === null) return [];
    edits.push(insertAfter(model, instruction, `${keyword} ${instruction.workdir}`));
  }
  return [
    {
      title: `Use WORKDIR ${folder}`,
      applicability: "unsafe",
      reason: leaves
        ? "WORKDIR makes the folder when it is missing, where cd would have stopped the build."
        : "WORKDIR makes the folder when it is missing, and containers start in it.",
      edits: stays ? edits.slice(1) : edits,
    },
  ];
}
