import { imageUnder } from "../../catalogue/stage";
import type { Stage } from "../../model/types";
import { defineRule, type RuleContext } from "../../rule";
import { type CreatedAccount, createdAccounts } from "./accounts";
import { callsOf } from "./calls";

export default defineRule({
  id: "duplicate-uid",
  theme: "user",
  category: "security",
  severity: "warning",
  recommended: true,
  since: "0.1.0",
  summary: "Two accounts have the same number.",
  why: "The system knows accounts by their numbers alone: two names with one number are the same account, and each may do whatever the other may. Programs that make accounts refuse that, so that the build mostly stops; the images of Node.js and Ubuntu, for one, already have an account 1000.",
  aliases: { dockle: ["DKL-LI-0002"] },
  reads: ["RUN"],
  fixable: "none",
  examples: [
    {
      title: "Twice in the file",
      code: "FROM debian:trixie\nRUN useradd -u 1234 web && useradd -u 1234 [|worker|]\nUSER worker\n",
    },
    {
      title: "The image has that number",
      code: "FROM node:26\nRUN useradd --uid 1000 [|app|]\nUSER app\n",
    },
    {
      title: "On purpose",
      code: "FROM debian:trixie\nRUN useradd -u 1234 web && useradd -o -u 1234 worker\nUSER worker\n",
    },
    {
      title: "Different numbers",
      code: "FROM debian:trixie\nRUN useradd -u 1234 web && useradd -u 1235 worker\nUSER web\n",
    },
    { title: "The one before is gone", code: "FROM node:26\nRUN userdel -r node && useradd -u 1000 app\nUSER app\n" },
    {
      title: "The one before moves",
      code: "FROM node:26\nRUN usermod -u 1001 node && useradd -u 1000 app\nUSER app\n",
    },
    { title: "The number is not known", code: "FROM node:26\nARG ID=1000\nRUN useradd -u $ID app\nUSER app\n" },
    { title: "Nobody knows the image", code: "FROM registry.example.com/base:1\nRUN useradd -u 1000 app\nUSER app\n" },
  ],
  *check(context) {
    const { model } = context;
    const stage = model.finalStage;
    if (!stage || callsOf(model, "useradd", "adduser", "echo", "printf").length === 0) return;
    const taken = new Map<number, string>();
    for (const account of createdAccounts(stage, model)) {
      const { uid, name, written, span } = account;
      if (uid === null || allowsTwice(account)) continue;
      const other = taken.get(uid) ?? ownerInImage(uid, stage, context);
      if (other === null || other === name) {
        taken.set(uid, name ?? written);
        continue;
      }
      yield {
        message: `The number ${uid} belongs to ${other} already, so ${name ?? written} is that very account, or the build stops. Choose another number.`,
        range: span,
      };
    }
  },
});

/** `-o` asks for it. */
function allowsTwice({ instruction }: CreatedAccount): boolean {
  return /\s(?:-o|-\w*o\w*|--non-unique)\s/.test(instruction.parsed.text);
}

/** The account of the base image with that number, unless the file changes or deletes it. */
function ownerInImage(uid: number, stage: Stage, { catalogue, model }: RuleContext): string | null {
  const user = imageUnder(stage, catalogue)?.user;
  const ready = user?.ready;
  if (!user?.verified || !ready || ready.uid !== uid) return null;
  const changes = callsOf(model, "userdel", "deluser", "usermod", "groupmod", "sed", "delgroup", "groupdel");
  const isChanged = changes.some(({ command }) =>
    command.words.some((word) => (word.value ?? word.text).includes(ready.name)),
  );
  return isChanged ? null : ready.name;
}
