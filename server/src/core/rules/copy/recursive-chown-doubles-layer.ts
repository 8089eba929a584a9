import { hasTemplate } from "../../fixes/mount";
import { removeInstruction } from "../../fixes/remove";
import type { Model } from "../../model/types";
import { locate } from "../../model/types";
import type { Fix } from "../../rule";
import { defineRule } from "../../rule";
import { hasFlag } from "../../shell/arguments";
import { doubledBy, doubledMessage, noteAccounts } from "./chown-advice";
import type { Brought, Change } from "./run-after-copy";
import { arrivals, changesIn, pathOf } from "./run-after-copy";

export default defineRule({
  id: "recursive-chown-doubles-layer",
  theme: "copy",
  category: "size",
  severity: "warning",
  recommended: true,
  since: "0.1.0",
  summary: "A RUN changes the owner of files that COPY has brought.",
  why: "A layer cannot change the owner of a file below it: it stores each file a second time, so that `chown -R` doubles whatever was copied. `COPY --chown` brings the files with their owner at once.",
  aliases: {},
  reads: ["ADD", "COPY", "RUN"],
  fixable: "unsafe",
  examples: [
    {
      title: "Copied, then handed over",
      code: "FROM node:26\nWORKDIR /app\nCOPY . .\nRUN [|chown -R node:node /app|]\nUSER node\n",
      fixed: "FROM node:26\nWORKDIR /app\nCOPY --chown=node:node . .\nUSER node\n",
    },
    {
      title: "Several copies",
      code: "FROM node:26\nCOPY package.json /app/\nCOPY src /app/src\nRUN [|chown -R 1000 /app|]\n",
      fixed: "FROM node:26\nCOPY --chown=1000 package.json /app/\nCOPY --chown=1000 src /app/src\n",
    },
    {
      title: "A RUN between writes files, too: no fix",
      code: "FROM node:26\nWORKDIR /app\nCOPY . .\nRUN npm ci\nRUN [|chown -R node /app|]\n",
    },
    {
      title: "Together with the account: no fix, the account has to be there first",
      code: "FROM debian:13\nCOPY . /srv\nRUN useradd app && [|chown -R app /srv|]\n",
    },
    {
      title: "A folder above what was copied: no fix, it holds more",
      code: "FROM alpine:3.24\nCOPY torrc /etc/tor/torrc\nRUN [|chown -R 100 /etc/tor|]\n",
    },
    {
      title: "The mode changes as well, which COPY can do, too",
      code: "FROM node:26\nCOPY bin /opt/bin\nRUN [|chown -R node /opt/bin|] && chmod -R 755 /opt\n",
    },
    {
      title: "A chmod that COPY cannot replace stores the files anew anyway",
      code: "FROM node:26\nCOPY etc /etc/app\nRUN chown -R node:root /etc/app && chmod -R ug+w /etc/app\n",
    },
    { title: "Before anything is copied", code: "FROM node:26\nRUN mkdir /app && chown -R node /app\nCOPY . /app\n" },
    { title: "Another folder", code: "FROM node:26\nCOPY . /app\nRUN mkdir /data && chown -R node /data\n" },
    { title: "The folder alone", code: "FROM node:26\nCOPY . /app\nRUN chown node /app\n" },
    { title: "COPY has an owner already", code: "FROM node:26\nCOPY --chown=node . /app\nRUN chown -R node /app\n" },
    {
      title: "In a stage that does not ship",
      code: "FROM node:26 AS a\nCOPY . /app\nRUN chown -R node /app\nFROM node:26\nCOPY --from=a /app /app\n",
    },
    { title: "A variable", code: "FROM node:26\nARG DIR=/x\nCOPY . /app\nRUN chown -R node $DIR\n" },
  ],
  *check({ model }) {
    for (const stage of model.stages) {
      if (!stage.ships) continue;
      const before = arrivals();
      const made = new Map<string, number>();
      for (const run of stage.instructions) {
        before.add(run);
        if (run.keyword !== "RUN") continue;
        noteAccounts(run, made);
        for (const change of changesIn(run, "chown")) {
          if (!hasFlag(change.command, ["-R", "--recursive"])) continue;
          const doubled = doubledBy(model, change, filesBelow(change, before.latest));
          const { files } = doubled;
          if (files.length === 0) continue;
          const { command, script } = change;
          yield {
            message: doubledMessage(change, doubled, made),
            // One small file of several is no great matter.
            ...(files.every(isSingleFile) ? { severity: "info" as const } : {}),
            range: script.locate(command.command.from, command.command.to),
            related: [...new Set(files.map((file) => file.copies))]
              .slice(0, mostRelated)
              .map(({ instruction }) => ({ message: "Copied here.", range: instruction.keywordSpan })),
            fixes: () => fixesOf(model, change, files),
          };
        }
      }
    }
  },
});

/** More are not listed. */
const mostRelated = 20;

/** What was copied to or below the paths of a chown, without an owner of its own. */
function filesBelow({ run, script, paths }: Change, brought: readonly Brought[]): readonly Brought[] {
  const folders = paths.flatMap((word) => pathOf(word, run, script) ?? []).filter((path) => path !== "/");
  if (folders.length === 0) return [];
  return brought.filter(
    ({ folder, copies }) =>
      folders.some((path) => folder === path || folder.startsWith(`${path}/`)) && !copies.flag("chown"),
  );
}

function fixesOf(model: Model, change: Change, files: readonly Brought[]): readonly Fix[] {
  const { run, script, value, paths } = change;
  const { stage } = run;
  const owner = value.value;
  const copies = [...new Set(files.map((file) => file.copies))];
  const first = copies[0]?.instruction.index ?? run.index;
  if (!stage || owner === null || !/^[A-Za-z0-9_.-]+(?::[A-Za-z0-9_.-]+)?$/.test(owner)) return [];
  if (paths.length !== 1 || script.script.topLevel.length !== 1 || script.kind === "heredoc") return [];
  if (run.parsed.flags.length > 0 || run.parsed.comments.length > 0 || hasTemplate(model, run.span)) return [];
  const path = pathOf(paths[0] as (typeof paths)[number], run, script);
  // A folder above holds more than what was copied.
  if (!files.some((file) => file.folder === path)) return [];
  // Whatever ran between may have written files there that COPY does not know.
  const between = stage.instructions.filter(({ index }) => index > first && index < run.index);
  if (between.some(({ keyword, index }) => keyword === "RUN" || (isCopy(keyword) && !known(copies, index)))) return [];
  if (copies.some((one) => hasTemplate(model, one.instruction.span))) return [];
  return [
    {
      title: `Give the owner ${owner} to ${copies[0]?.keyword ?? "COPY"}`,
      applicability: "unsafe",
      reason: "Only what is copied gets the owner; a folder that was there before, and what lay in it, keeps its own.",
      edits: [
        ...copies.map((one) => {
          const after = locate(one.instruction, one.parsed.flags.at(-1) ?? one.parsed.keywordSpan).end;
          return { span: { start: after, end: after }, newText: ` --chown=${owner}` };
        }),
        removeInstruction(model, run),
      ],
    },
  ];
}

/** True for a source with an ending that is copied under a name with one: a file, not a folder. */
function isSingleFile({ source, folder }: Brought): boolean {
  return /\.[A-Za-z0-9]+$/.test(source.value ?? "") && /\.[A-Za-z0-9]+$/.test(folder);
}

function isCopy(keyword: string): boolean {
  return keyword === "COPY" || keyword === "ADD";
}

/** True for a COPY that is among those that get the owner. One that is not may bring files to the same folder. */
function known(copies: readonly Brought["copies"][], index: number): boolean {
  return copies.some((one) => one.instruction.index === index);
}
