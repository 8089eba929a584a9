import { imageUnder } from "../../catalogue/stage";
import type { Catalogue } from "../../catalogue/types";
import { canEditRun } from "../../fixes/shell-list";
import { defineRule } from "../../rule";
import type { PackageOperation } from "../../shell/packages";
import { callName, packageCalls, type RunStep } from "./calls";

export default defineRule({
  id: "npm-production-flag",
  theme: "package",
  category: "maintainability",
  severity: "info",
  recommended: false,
  since: "0.1.0",
  summary: "npm is told to leave out development packages by a flag that it no longer wants.",
  why: "Since npm 7 `--omit=dev` says what `--production` and `--only=production` said; npm warns of the old flags and may drop them. Yarn 1 has a `--production` of its own, which stays. Nothing is said where the image is known to hold npm 6, which does not know the new flag.",
  aliases: {},
  fixable: "safe",
  examples: [
    {
      title: "The short form",
      code: "FROM node:26\nRUN npm ci [|--production|]\n",
      fixed: "FROM node:26\nRUN npm ci --omit=dev\n",
    },
    {
      title: "The long form",
      code: "FROM node:26\nRUN npm install [|--only=production|] --no-audit\n",
      fixed: "FROM node:26\nRUN npm install --omit=dev --no-audit\n",
    },
    {
      title: "Nobody knows which npm it is",
      code: "FROM debian:trixie\nRUN npm ci [|--only=prod|]\n",
      fixed: "FROM debian:trixie\nRUN npm ci --omit=dev\n",
    },
    { title: "In a trigger", code: "FROM node:26\nONBUILD RUN npm ci [|--production|]\n" },
    { title: "The new flag", code: "FROM node:26\nRUN npm ci --omit=dev\n" },
    { title: "npm 6", code: "FROM node:12\nRUN npm ci --production\n" },
    { title: "Yarn has its own", code: "FROM node:24\nRUN yarn install --production\n" },
    { title: "It is switched off", code: "FROM node:26\nRUN npm ci --production=false\n" },
  ],
  *check({ model, catalogue }) {
    for (const call of packageCalls(model)) {
      const { operation, step, script } = call;
      const flag = oldFlag(operation);
      const major = flag ? nodeMajor(step, catalogue) : null;
      if (!flag || (major !== null && major < 15)) continue;
      yield {
        message: `\`${callName(call)} ${flag.text}\` uses a flag that npm warns of. Write \`--omit=dev\`.`,
        range: script.locate(flag.from, flag.to),
        fixes: () => {
          if (!canEditRun(model, step.run, step.isTrigger)) return [];
          const edits = [{ span: script.locate(flag.from, flag.to), newText: "--omit=dev" }];
          if (major !== null) return [{ title: "Write --omit=dev", applicability: "safe", edits }];
          return [{ title: "Write --omit=dev", applicability: "unsafe", reason: "npm 6 does not know it.", edits }];
        },
      };
    }
  },
});

function oldFlag(operation: PackageOperation) {
  if (operation.manager !== "npm") return undefined;
  return operation.flags.find(({ text }) => /^--(?:production(?:=true)?|only=prod(?:uction)?)$/.test(text));
}

/** The version of Node.js in an official image; null when it is not known. npm 7 came with Node.js 15. */
function nodeMajor({ stage }: RunStep, catalogue: Catalogue): number | null {
  const image = imageUnder(stage, catalogue);
  if (image?.repository.name !== "node") return null;
  const major = /^(\d+)/.exec(image.version ?? image.tag)?.[1];
  return major === undefined ? null : Number(major);
}
