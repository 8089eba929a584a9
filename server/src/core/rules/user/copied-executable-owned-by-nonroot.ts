import { isRoot, userAtEnd } from "../../catalogue/stage";
import { cannotMount } from "../../fixes/mount";
import { canEditPlaced, meaningOf, type Placed, placedInstructions } from "../../fixes/placed";
import { locate, type Model } from "../../model/types";
import { defineRule, type Fix } from "../../rule";
import type { Flag } from "../../syntax/types";

export default defineRule({
  id: "copied-executable-owned-by-nonroot",
  theme: "user",
  category: "security",
  severity: "hint",
  recommended: false,
  since: "0.1.0",
  summary: "Copied files are handed to the account that runs the container.",
  why: "Whoever breaks into the program can change the files that its account owns, the program itself among them. What is only read or run is safer when root owns it. Many programs do write to their folder, and `--chown` is the usual way to allow it, so the rule is off unless you want it.",
  aliases: { kics: ["Chown Flag Exists"], sonar: ["S6504"] },
  fixable: "unsafe",
  examples: [
    {
      title: "Behind USER",
      code: 'FROM node:26\nUSER node\nCOPY [|--chown=node|] . /app\nCMD ["node", "/app"]\n',
      fixed: 'FROM node:26\nUSER node\nCOPY --chown=root:root . /app\nCMD ["node", "/app"]\n',
    },
    {
      title: "The program can change itself",
      code: 'FROM node:26\nCOPY [|--chown=node:node|] . /app\nUSER node\nCMD ["node", "/app"]\n',
      fixed: 'FROM node:26\nCOPY . /app\nUSER node\nCMD ["node", "/app"]\n',
    },
    {
      title: "Nobody owns it who runs",
      code: 'FROM node:26\nCOPY --chown=1234 . /app\nUSER node\nCMD ["node", "/app"]\n',
    },
    {
      title: "Read-only by its mode",
      code: 'FROM node:26\nCOPY --chown=node --chmod=555 . /app\nUSER node\nCMD ["node", "/app"]\n',
    },
    { title: "The home of the account", code: "FROM node:26\nCOPY --chown=node home /home/node\nUSER node\n" },
    { title: "Root", code: 'FROM node:26\nCOPY --chown=root:root . /app\nUSER node\nCMD ["node", "/app"]\n' },
    {
      title: "Nothing of it is shipped",
      code: "FROM node:26 AS build\nUSER node\nCOPY --chown=node . /app\n\nFROM node:26\nUSER node\nCOPY --from=build /app /app\n",
    },
  ],
  *check({ model, catalogue }) {
    const stage = model.finalStage;
    if (!stage) return;
    const runs = new Set<string>();
    for (const placed of placedInstructions(model, "COPY", "ADD")) {
      const { instruction, isTrigger } = placed;
      const flag = instruction.parsed.flags.find(({ name }) => name === "chown");
      if (!flag?.value || isTrigger || !instruction.stage?.ships) continue;
      if (runs.size === 0) for (const name of namesAtEnd()) runs.add(name);
      const owner = meaningOf(instruction, flag.value)?.split(":")[0];
      if (!owner || isRoot(owner) || !runs.has(owner) || isReadOnly(placed) || isHome(placed)) continue;
      yield {
        message: `The container runs as ${owner}, who can change what is copied here. Leave it to root where the program only reads or runs it.`,
        range: locate(instruction, flag),
        fixes: () => (cannotMount(stage, catalogue) ? [] : fixesOf(model, placed, flag)),
      };
    }

    function namesAtEnd(): readonly string[] {
      const user = stage ? userAtEnd(stage, catalogue) : null;
      return user?.kind === "other" && user.name !== null ? [user.name] : [""];
    }
  },
});

/** `--chmod` without a right to write for the owner. */
function isReadOnly({ instruction }: Placed): boolean {
  const mode = instruction.parsed.flags.find(({ name }) => name === "chmod")?.value?.value;
  const owner = mode ? /^\d?([0-7])[0-7]{2}$/.exec(mode)?.[1] : undefined;
  return owner !== undefined && (Number(owner) & 2) === 0;
}

/** A home belongs to its account. */
function isHome({ instruction }: Placed): boolean {
  const { json, words } = instruction.parsed;
  return /^\/(?:home\/[^/]+|root)\/?$/.test(json ? (json.at(-1)?.value ?? "") : (words.at(-1)?.value ?? ""));
}

function fixesOf(model: Model, placed: Placed, flag: Flag): readonly Fix[] {
  const { instruction } = placed;
  if (!canEditPlaced(model, placed)) return [];
  const span = locate(instruction, flag);
  // Behind USER the owner is written out, so that nobody takes it for an oversight.
  if (instruction.user.kind !== "base" && flag.value) {
    return [
      {
        title: "Write --chown=root:root",
        applicability: "unsafe",
        reason: "Where the program writes to these files when it runs, it is refused.",
        edits: [{ span: locate(instruction, flag.value), newText: "root:root" }],
      },
    ];
  }
  const before = model.text.slice(0, span.start);
  const gap = /[ \t]+$/.exec(before.slice(-20))?.[0].length ?? 0;
  return [
    {
      title: "Delete --chown",
      applicability: "unsafe",
      reason: "Where the program writes to these files when it runs, it is refused.",
      edits: [{ span: { start: span.start - gap, end: span.end }, newText: "" }],
    },
  ];
}
