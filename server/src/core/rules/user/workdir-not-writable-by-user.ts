import { imageUnder, userAt } from "../../catalogue/stage";
import type { Catalogue } from "../../catalogue/types";
import { canEditPlaced, meaningOf } from "../../fixes/placed";
import { insertBefore, keywordLike } from "../../fixes/user";
import { type Script, scriptsOf } from "../../model/scripts";
import type { Instruction, Model, Stage } from "../../model/types";
import { isWithin, resolvePath } from "../../multistage/paths";
import { defineRule, type Fix } from "../../rule";
import { type EffectiveCommand, findFlag, operands } from "../../shell/commands";
import { chainOf } from "./accounts";

export default defineRule({
  id: "workdir-not-writable-by-user",
  theme: "user",
  category: "correctness",
  severity: "warning",
  recommended: true,
  since: "0.1.0",
  summary: "A RUN writes to a WORKDIR that root made, as an account that may not.",
  why: "WORKDIR makes a folder that is missing, for the user of that moment. A later USER does not change its owner, and neither does `COPY --chown` of files into it: the next `npm ci` ends with `permission denied`. Told only where a RUN is known to write to the folder itself; a program that reads its folder is well served by one of root's.",
  aliases: {},
  reads: ["ADD", "CMD", "COPY", "ENTRYPOINT", "RUN", "VOLUME"],
  fixable: "unsafe",
  examples: [
    {
      title: "npm makes node_modules",
      code: 'FROM node:26\nWORKDIR /app\nCOPY --chown=node:node package.json package-lock.json ./\nUSER node\nRUN [|npm ci|]\nCMD ["node", "server.js"]\n',
      fixed:
        'FROM node:26\nWORKDIR /app\nCOPY --chown=node:node package.json package-lock.json ./\nRUN chown node /app\nUSER node\nRUN npm ci\nCMD ["node", "server.js"]\n',
    },
    {
      title: "A folder within",
      code: 'FROM debian:trixie\nWORKDIR /srv/app\nUSER 1234:1234\nRUN [|mkdir -p cache/data|]\nCMD ["server"]\n',
      fixed:
        'FROM debian:trixie\nWORKDIR /srv/app\nRUN chown 1234:1234 /srv/app\nUSER 1234:1234\nRUN mkdir -p cache/data\nCMD ["server"]\n',
    },
    {
      title: "Handed over",
      code: 'FROM node:26\nWORKDIR /app\nRUN chown node /app\nUSER node\nRUN npm ci\nCMD ["node", "server.js"]\n',
    },
    {
      title: "Made by the account itself",
      code: 'FROM node:26\nUSER node\nWORKDIR /app\nRUN npm ci\nCMD ["node", "server.js"]\n',
    },
    {
      title: "Nothing is written there",
      code: 'FROM node:26\nWORKDIR /app\nCOPY . .\nUSER node\nRUN node --version\nCMD ["node", "server.js"]\n',
    },
    {
      title: "A folder comes with its owner",
      code: 'FROM node:26\nWORKDIR /app\nCOPY --chown=node:node . .\nUSER node\nRUN npm ci\nCMD ["node", "server.js"]\n',
    },
    {
      title: "The home of an account",
      code: 'FROM node:26\nWORKDIR /home/node/app\nUSER node\nRUN npm ci\nCMD ["node", "server.js"]\n',
    },
    {
      title: "Somewhere else",
      code: 'FROM node:26\nWORKDIR /app\nUSER node\nRUN cd /tmp && npm ci\nCMD ["node", "server.js"]\n',
    },
    {
      title: "For all accounts",
      code: 'FROM node:26\nWORKDIR /app\nUSER node\nRUN npm install -g serve\nCMD ["serve"]\n',
    },
    {
      title: "Nobody knows the image's user",
      code: "FROM registry.example.com/app:1\nWORKDIR /app\nUSER 1234\nRUN npm ci\n",
    },
  ],
  *check({ model, catalogue }) {
    const looked = new Set<string>();
    for (const run of model.instructions) {
      if (run.keyword !== "RUN" || run.user.kind !== "set" || run.workdir === null || run.shell.kind !== "posix")
        continue;
      const { stage, workdir } = run;
      if (!stage || !/^\/[^\s$]+$/.test(workdir) || run.parsed.flags.length > 0) continue;
      // What was handed over stays so, and one finding for a folder is enough.
      const place = `${stage.index}:${workdir}`;
      if (looked.has(place)) continue;
      const writing = writingCommand(run);
      if (!writing || userAt(run, catalogue).kind !== "other") continue;
      looked.add(place);
      if (!belongsToRoot(workdir, run, stage, catalogue)) continue;
      const { name, instruction: user } = run.user;
      yield {
        message: `${workdir} belongs to root, since WORKDIR made it before USER, and ${name} may not write there. Hand it over with chown before USER.`,
        range: writing,
        fixes: () => fixesOf(model, stage, user, workdir),
      };
    }
  },
});

/** The first command that writes to the folder it runs in; null when none is known to. */
function writingCommand(run: Instruction) {
  for (const script of scriptsOf(run)) {
    for (const command of script.commands) {
      if (command.name === "cd" || command.name === "pushd" || command.name === "sudo") return null;
      if (command.wrappers.includes("sudo")) continue;
      if (writesHere(command)) return spanOf(script, command);
    }
  }
  return null;
}

function spanOf(script: Script, { words, command }: EffectiveCommand) {
  return script.locate(words[0]?.from ?? command.from, words.at(-1)?.to ?? command.to);
}

function writesHere(command: EffectiveCommand): boolean {
  const [first, ...rest] = operands(command).map((word) => word.value ?? "");
  switch (command.name) {
    case "npm":
    case "pnpm":
      if (findFlag(command, ["-g", "--global", "--prefix", "--location", "-C", "--dir"])) return false;
      return first !== undefined && ["ci", "install", "i", "add"].includes(first);
    case "yarn":
      if (findFlag(command, ["--cwd", "--modules-folder"])) return false;
      return first === undefined ? !findFlag(command, ["-v", "--version"]) : first === "install" || first === "add";
    case "composer":
      return first === "install" && !findFlag(command, ["-d", "--working-dir"]);
    case "cargo":
      return (first === "build" || first === "fetch") && !findFlag(command, ["--target-dir", "--manifest-path"]);
    case "mkdir":
    case "touch":
      return [first, ...rest].some((path) => path !== undefined && /^(?:\.\/)?[\w][\w./-]*$/.test(path));
    default:
      return false;
  }
}

/** True when a WORKDIR made the folder as root, and nothing since may have handed it over. */
function belongsToRoot(workdir: string, run: Instruction, stage: Stage, catalogue: Catalogue): boolean {
  const image = imageUnder(stage, catalogue);
  const home = image?.user?.ready?.home;
  if (image?.windows || /^\/(?:home|tmp|var\/tmp|root|opt\/app-root)(?:\/|$)/.test(workdir)) return false;
  if (home && isWithin(workdir, home)) return false;
  let isMade = false;
  for (const link of chainOf(stage)) {
    for (const instruction of link.instructions) {
      if (instruction.index >= run.index) return isMade;
      if (!isMade && instruction.keyword === "WORKDIR") {
        const path = madeBy(instruction);
        if (path !== null && isWithin(path, workdir)) {
          if (userAt(instruction, catalogue).kind !== "root") return false;
          isMade = true;
        }
      } else if (mayHandOver(instruction, workdir, isMade)) return false;
    }
  }
  return isMade;
}

function madeBy(instruction: Instruction): string | null {
  const word = instruction.parsed.words[0];
  const value = word ? meaningOf(instruction, word) : null;
  return value === null ? null : resolvePath(value, instruction.workdir);
}

function mayHandOver(instruction: Instruction, workdir: string, isMade: boolean): boolean {
  const { keyword, parsed } = instruction;
  if (keyword === "VOLUME" || keyword === "ONBUILD") return parsed.text.includes(workdir);
  if (keyword === "RUN") {
    if (parsed.json || parsed.heredocs.length > 0) return true;
    return (
      /\b(?:chown|chmod|chgrp|setfacl|install|rsync|unzip|tar)\b/.test(parsed.text) ||
      (!isMade && parsed.text.includes(workdir)) ||
      (/\b(?:useradd|adduser|mkdir)\b/.test(parsed.text) && parsed.text.includes(workdir))
    );
  }
  if (keyword !== "COPY" && keyword !== "ADD") return false;
  const isOwned = parsed.flags.some(({ name }) => name === "chown" || name === "chmod");
  if (!isOwned) return false;
  // Files leave the folder as it is; a folder may bring its owner along.
  const sources = (parsed.json?.map(({ value }) => value) ?? parsed.words.map((word) => word.text)).slice(0, -1);
  return !isMade || sources.some((source) => !/(?:^|\/)[^/]*\.[A-Za-z]\w*$|\*/.test(source));
}

function fixesOf(model: Model, stage: Stage, user: Instruction, workdir: string): readonly Fix[] {
  const written = user.parsed.words[0]?.text ?? "";
  if (user.stage !== stage || !/^[\w.:-]+$/.test(written) || user.shell.kind !== "posix") return [];
  if (!canEditPlaced(model, { instruction: user, isTrigger: false }) || /[^\w./-]/.test(workdir)) return [];
  return [
    {
      title: `Hand ${workdir} over to ${written} before USER`,
      applicability: "unsafe",
      reason: "The running program may then write to this folder, too.",
      edits: [insertBefore(model, user, `${keywordLike(stage, "RUN")} chown ${written} ${workdir}`)],
    },
  ];
}
