import { imageUnder, rootStage } from "../../catalogue/stage";
import type { Catalogue } from "../../catalogue/types";
import { canEditPlaced, meaningOf, placedInstructions } from "../../fixes/placed";
import { instructionsIn } from "../../model/index-of";
import { isWindowsBase } from "../../model/shell";
import { locate, type Stage } from "../../model/types";
import { resolvePath } from "../../multistage/paths";
import { type Aliases, defineRule } from "../../rule";

const others: Aliases = {
  hadolint: ["DL3000"],
  trivy: ["DS-0009"],
  checkov: ["CKV_DOCKER_10"],
  kics: ["WORKDIR Path Not Absolute"],
  semgrep: ["use-absolute-workdir"],
  sonar: ["S7021"],
  "dockerfile-utils": ["WORKDIR_IS_NOT_ABSOLUTE"],
  tally: ["hadolint/DL3000"],
};

export default defineRule({
  id: "workdir-relative",
  theme: "runtime",
  category: "correctness",
  severity: "warning",
  recommended: true,
  since: "0.1.0",
  summary: "WORKDIR is a relative path.",
  why: "A relative WORKDIR goes on from the one before it. Where that is the one of the base image, a new version of the image can move it, and with it everything that is copied. Behind an absolute WORKDIR of the same file it is only harder to read, so that is a hint.",
  aliases: { ...others, buildkit: ["WorkdirRelativePath"], tally: ["hadolint/DL3000", "buildkit/WorkdirRelativePath"] },
  reads: [],
  fixable: "safe",
  examples: [
    { title: "The base image decides", code: "FROM registry.example.com/team/base:1\nWORKDIR [|app|]\n" },
    {
      title: "A plain system starts at the root",
      code: "FROM debian:trixie\nWORKDIR [|app|]\n",
      fixed: "FROM debian:trixie\nWORKDIR /app\n",
    },
    {
      title: "Behind an absolute one",
      code: "FROM node:26\nWORKDIR /srv\nWORKDIR [|./web|]\n",
      fixed: "FROM node:26\nWORKDIR /srv\nWORKDIR /srv/web\n",
    },
    { title: "A tilde means nothing here", code: "FROM node:26\nWORKDIR [|~/app|]\n" },
    { title: "A variable that is relative", code: "FROM node:26\nARG DIR=app\nWORKDIR [|$DIR|]\n" },
    { title: "In a trigger", code: "FROM node:26\nONBUILD WORKDIR [|app|]\n" },
    { title: "Absolute", code: "FROM node:26\nWORKDIR /app\n" },
    { title: "Nobody knows the variable", code: "FROM node:26\nWORKDIR $HOME/app\n" },
    { title: "A drive of Windows", code: "FROM mcr.microsoft.com/windows/nanoserver:ltsc2025\nWORKDIR C:/app\n" },
    { title: "The root of Windows", code: "FROM mcr.microsoft.com/windows/nanoserver:ltsc2025\nWORKDIR \\\\app\n" },
  ],
  *check({ model, catalogue }) {
    const first = new Set<Stage>();
    for (const placed of placedInstructions(model, "WORKDIR")) {
      const { instruction, isTrigger } = placed;
      const { stage, workdir } = instruction;
      const word = instruction.parsed.words[0];
      if (!word || !stage) continue;
      const isFirst = isTrigger || (!first.has(stage) && !inheritsWorkdir(stage));
      if (!isTrigger) first.add(stage);
      const value = meaningOf(instruction, word)?.trim();
      if (value == null || value === "" || /^[/\\$%{<@]|^[A-Za-z]:/.test(value)) continue;
      const isBound = !isTrigger && workdir !== null && !isFirst;
      const span = locate(instruction, word);
      yield {
        message: messageOf(value, isBound ? workdir : null, isTrigger),
        range: span,
        ...(isBound ? { severity: "hint" as const } : {}),
        ...(isFirst ? {} : { aliases: others }),
        fixes: () => {
          const parent = workdir ?? (isPlainSystem(stage, catalogue) ? "/" : null);
          const path = isWindowsBase(stage.base) || /[\s#'"\\]/.test(value) ? null : resolvePath(value, parent);
          if (path === null || word.variables.length > 0 || !canEditPlaced(model, placed)) return [];
          return [{ title: `Write ${path}`, applicability: "safe", edits: [{ span, newText: path }] }];
        },
      };
    }
  },
});

function messageOf(value: string, parent: string | null, isTrigger: boolean): string {
  const shown = value.length > 40 ? `${value.slice(0, 39)}…` : value;
  if (value.startsWith("~")) return `WORKDIR knows no tilde: ${shown} is a folder of that name. Write the whole path.`;
  if (isTrigger) return `Whoever builds on this image decides where ${shown} lies. Write an absolute path.`;
  return parent === null
    ? `The base image decides where ${shown} lies. Write an absolute path.`
    : `${shown} lies in ${parent}, as the WORKDIR before it says. An absolute path is easier to read.`;
}

function inheritsWorkdir(stage: Stage): boolean {
  for (let link = stage.base.stage; link; link = link.base.stage) {
    if (instructionsIn(link, "WORKDIR").length > 0) return true;
  }
  return false;
}

/** Images of an operating system set no WORKDIR: it is the root. One that a variable names may become another image. */
function isPlainSystem(stage: Stage, catalogue: Catalogue): boolean {
  if (rootStage(stage).base.arguments.length > 0) return false;
  const image = imageUnder(rootStage(stage), catalogue);
  return image?.repository.isSystem === true && !image.windows;
}
