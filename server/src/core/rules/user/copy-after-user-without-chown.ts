import { distributionUnder, imageUnder, userAt } from "../../catalogue/stage";
import type { Catalogue } from "../../catalogue/types";
import { cannotMount, insertFlag } from "../../fixes/mount";
import { canEditPlaced } from "../../fixes/placed";
import { type Instruction, locate, type Model, type Stage } from "../../model/types";
import { defineRule, type Fix } from "../../rule";
import { isKnownOwner, isLinked } from "../../syntax/owner";
import { callsOf } from "./calls";
import { copiesAccounts } from "./root-runtime";

export default defineRule({
  id: "copy-after-user-without-chown",
  theme: "user",
  category: "correctness",
  severity: "info",
  recommended: false,
  since: "0.1.0",
  summary: "COPY or ADD behind USER makes files of root, since --chown is absent.",
  why: "USER decides who runs RUN and the container, but not who owns what COPY brings: without `--chown` that is always root. A program that writes to these files is refused then. One that only reads them is safer when they are root's, so the rule is off unless you want it.",
  aliases: { tally: ["tally/copy-after-user-without-chown"] },
  fixable: "unsafe",
  examples: [
    {
      title: "The account of the image",
      code: 'FROM node:26\nUSER node\nWORKDIR /home/node/app\n[|COPY|] . .\nCMD ["node", "server.js"]\n',
      fixed: 'FROM node:26\nUSER node\nWORKDIR /home/node/app\nCOPY --chown=node:node . .\nCMD ["node", "server.js"]\n',
    },
    {
      title: "By its number",
      code: 'FROM debian:trixie\nUSER 1234:1234\n[|ADD|] https://example.com/data.db /data/\nCMD ["app"]\n',
      fixed:
        'FROM debian:trixie\nUSER 1234:1234\nADD --chown=1234:1234 https://example.com/data.db /data/\nCMD ["app"]\n',
    },
    {
      title: "The builder knows no names here: no fix",
      code: 'FROM scratch\nUSER web\n[|COPY|] . .\nCMD ["/server"]\n',
    },
    { title: "Said", code: 'FROM node:26\nUSER node\nCOPY --chown=node . .\nCMD ["node", "server.js"]\n' },
    { title: "Root copies", code: 'FROM node:26\nCOPY . .\nUSER node\nCMD ["node", "server.js"]\n' },
    {
      title: "Handed over later",
      code: 'FROM node:26\nUSER node\nCOPY . /app\nUSER root\nRUN chown -R node /app\nUSER node\nCMD ["node", "server.js"]\n',
    },
    {
      title: "Nothing of it is shipped",
      code: "FROM node:26 AS build\nUSER node\nCOPY . .\n\nFROM node:26\nUSER node\nCOPY --from=build --chown=node /app /app\n",
    },
    {
      title: "Windows knows no owners here",
      code: "FROM mcr.microsoft.com/windows/nanoserver:ltsc2025\nUSER ContainerUser\nCOPY . .\n",
    },
    { title: "Nobody knows who runs", code: "FROM registry.example.com/app:1\nARG WHO\nUSER $WHO\nCOPY . .\n" },
  ],
  *check({ model, catalogue }) {
    let lastChown: number | null = null;
    for (const instruction of model.instructions) {
      const { keyword, stage, parsed } = instruction;
      if ((keyword !== "COPY" && keyword !== "ADD") || !stage?.ships || instruction.user.kind === "base") continue;
      if (parsed.flags.some(({ name }) => name === "chown") || parsed.problems.length > 0) continue;
      const user = userAt(instruction, catalogue);
      if (user.kind !== "other" || user.name === null || cannotMount(stage, catalogue)) continue;
      lastChown ??= Math.max(
        -1,
        ...callsOf(model, "chown")
          .filter((call) => call.stage?.ships)
          .map((call) => call.run.index),
      );
      if (lastChown > instruction.index) continue;
      yield {
        message: `What this ${keyword} brings belongs to root, not to ${user.name}, who runs here. Add --chown where the program writes to it.`,
        range: locate(instruction, parsed.keywordSpan),
        fixes: () => fixesOf(model, instruction, stage, catalogue),
      };
    }
  },
});

function fixesOf(model: Model, instruction: Instruction, stage: Stage, catalogue: Catalogue): readonly Fix[] {
  const written = instruction.user.kind === "set" ? instruction.user.instruction.parsed.words[0]?.text : undefined;
  if (written === undefined || !/^[\w.:$-]+$/.test(written)) return [];
  if (!canEditPlaced(model, { instruction, isTrigger: false })) return [];
  // Without /etc/passwd the builder knows numbers only.
  const knowsNames = distributionUnder(stage, catalogue)?.accounts !== "none" || copiesAccounts(stage);
  if (!isKnownOwner(written) && (!knowsNames || isLinked(instruction.parsed.flags))) return [];
  const ready = imageUnder(stage, catalogue)?.user?.ready;
  // Without a group --chown takes the number of the account for one; where there is a group of that name, it is named.
  const owner = ready?.name === written && ready.uid === ready.gid ? `${written}:${written}` : written;
  return [
    {
      title: `Add --chown=${owner}`,
      applicability: "unsafe",
      reason: "The running program may then change these files.",
      edits: [insertFlag(model, instruction, `--chown=${owner}`)],
    },
  ];
}
