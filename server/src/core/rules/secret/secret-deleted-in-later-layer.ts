import { ignoredFor } from "../../context/ignored";
import { hasTemplate } from "../../fixes/mount";
import { scriptsOf } from "../../model/scripts";
import type { Instruction, Model, Stage } from "../../model/types";
import { locate } from "../../model/types";
import type { Facts } from "../../rule";
import { defineRule } from "../../rule";
import type { CopiedSecret } from "../../secret/copies";
import { copiedSecrets } from "../../secret/copies";
import { type DeclaredSecret, secretAt } from "../../secret/declarations";
import { credentialFile } from "../../secret/files";
import { secretFixes } from "../../secret/fixes";
import { sourcesOf, writeCause } from "../../secret/layers";
import { mountFile } from "../../secret/mount-file";
import { buildsForWindows } from "../../secret/windows";
import { absolutePath, secretWrites } from "../../secret/writes";
import { operands } from "../../shell/arguments";
import type { Span } from "../../text";

export default defineRule({
  id: "secret-deleted-in-later-layer",
  theme: "secret",
  category: "security",
  severity: "error",
  recommended: true,
  since: "0.1.0",
  summary: "A credential file is deleted by a later instruction than the one that brought it.",
  why: "Each instruction makes a layer, and a layer can only hide what is in the one below. The file is still there for whoever unpacks the image. Only a file that never was in a layer is gone: a secret mount shows it to one RUN.",
  aliases: {},
  reads: ["ADD", "COPY", "RUN"],
  fixable: "unsafe",
  examples: [
    {
      title: "Credentials of npm",
      code: "FROM node:26\nWORKDIR /app\nCOPY package.json package-lock.json .npmrc ./\nRUN npm ci\nRUN [|rm -f .npmrc|]\nCOPY . .\n",
      files: { ".npmrc": "//registry.npmjs.org/:_authToken=abc\n", ".dockerignore": ".npmrc\n" },
      fixed:
        "FROM node:26\nWORKDIR /app\nCOPY package.json package-lock.json ./\nRUN --mount=type=secret,id=npmrc,target=/app/.npmrc npm ci\nCOPY . .\n",
    },
    {
      title: "Deleted by the RUN that uses it, which still is a later layer",
      code: "FROM node:26\nWORKDIR /app\nCOPY .npmrc .\nRUN npm ci && [|rm .npmrc|]\n",
      fixed: "FROM node:26\nWORKDIR /app\nRUN --mount=type=secret,id=npmrc,target=/app/.npmrc npm ci\n",
    },
    {
      title: "An SSH key",
      code: "FROM alpine:3.24\nCOPY id_rsa /root/.ssh/id_rsa\nRUN chmod 600 /root/.ssh/id_rsa && git clone git@git.example.com:o/r /src\nRUN [|rm -rf /root/.ssh|]\n",
      fixed: "FROM alpine:3.24\nRUN --mount=type=ssh git clone git@git.example.com:o/r /src\n",
    },
    {
      title: "A file that a RUN wrote",
      code: 'FROM node:26\nARG NPM_TOKEN\nWORKDIR /app\nRUN echo "//registry.npmjs.org/:_authToken=$NPM_TOKEN" > .npmrc\nRUN npm ci\nRUN [|rm .npmrc|]\n',
      fixed: "FROM node:26\nWORKDIR /app\nRUN --mount=type=secret,id=npmrc,target=/app/.npmrc npm ci\n",
    },
    {
      title: "Written and deleted by the same RUN",
      code: 'FROM node:26\nARG NPM_TOKEN\nWORKDIR /app\nRUN echo "//registry.npmjs.org/:_authToken=$NPM_TOKEN" > .npmrc && npm ci && rm .npmrc\n',
    },
    {
      title: "The file is known to hold nothing secret",
      code: "FROM node:26\nWORKDIR /app\nCOPY .npmrc .\nRUN npm ci && rm .npmrc\n",
      files: { ".npmrc": "registry=https://npm.example.com/\nengine-strict=true\n" },
    },
    {
      title: "Nor does one that waits for a variable",
      code: "FROM node:26\nWORKDIR /app\nCOPY .npmrc .\nRUN npm ci && rm .npmrc\n",
      files: { ".npmrc": "//registry.npmjs.org/:_authToken=${NPM_TOKEN}\n" },
    },
    {
      title: "The layers of a builder do not ship",
      code: "FROM node:26 AS build\nWORKDIR /app\nCOPY .npmrc .\nRUN npm ci && rm .npmrc\nFROM nginx:1.31\nCOPY --from=build /app/dist /usr/share/nginx/html\n",
    },
    {
      title: "A public key is no secret",
      code: "FROM alpine:3.24\nCOPY id_rsa.pub /root/.ssh/id_rsa.pub\nRUN rm /root/.ssh/id_rsa.pub\n",
    },
    {
      title: "Another file",
      code: "FROM node:26\nWORKDIR /app\nCOPY package.json .\nRUN npm install && rm package.json\n",
    },
  ],
  *check(context) {
    const { model, facts } = context;
    const chain = shippedChain(model);
    const present = new Map<string, Origin>();
    const bring = (path: string, origin: Origin): void => {
      if (present.size < mostFiles) present.set(path, origin);
    };
    for (const instruction of chain) {
      if (instruction.keyword === "RUN") {
        // What this RUN writes and deletes itself is in no layer; so deletions come first.
        const deletions = present.size > 0 ? deletionsOf(instruction) : [];
        for (const deletion of deletions) {
          for (const [path, origin] of present) {
            if (path !== deletion.path && !path.startsWith(`${deletion.path}/`)) continue;
            present.delete(path);
            if (hasTemplate(model, deletion.span)) continue;
            const isWindows = buildsForWindows(model, instruction.stage, context.catalogue);
            const remedy = isWindows ? "Keep it out of the build" : "Mount it as a secret";
            const label = (origin.copy?.kind ?? credentialFile(path))?.label ?? "a secret";
            yield {
              message: `${path} (${label}) is deleted here, but stays in the layer of the ${origin.instruction.keyword}. ${remedy}, and revoke it.`,
              range: deletion.span,
              related: [
                {
                  message: "Here the file gets into the image.",
                  range: locate(origin.instruction, origin.instruction.parsed.keywordSpan),
                },
              ],
              ...(origin.cause === null ? {} : { cause: origin.cause }),
              fixes: () => {
                const { copy, secret } = origin;
                if (!copy) return secret ? secretFixes(context, secret) : [];
                const fix = mountFile({ ...context, ignored: ignoredFor(facts, context.path) }, copy);
                return fix ? [fix] : [];
              },
            };
          }
        }
        for (const write of secretWrites(instruction, sourcesOf(instruction))) {
          if (write.how !== "file" || write.removed || write.path === null) continue;
          const secret = secretAt(model, instruction, write.secret);
          bring(write.path, { instruction, copy: null, secret, cause: writeCause(instruction, write.file) });
        }
      } else if (instruction.keyword === "COPY" || instruction.keyword === "ADD") {
        for (const copy of copiedSecrets(instruction)) {
          if (copy.path === null || isHarmless(facts, copy)) continue;
          bring(copy.path, { instruction, copy, secret: null, cause: null });
        }
      }
    }
  },
});

/** More are not followed: each deletion is compared with all of them. */
const mostFiles = 100;

/** How a file got into the image. */
interface Origin {
  readonly instruction: Instruction;
  /** Null for a file that a RUN wrote. */
  readonly copy: CopiedSecret | null;
  /** What the RUN wrote, where ARG or ENV brings it. */
  readonly secret: DeclaredSecret | null;
  readonly cause: string | null;
}

/** The instructions whose layers ship, in the order of building. */
function shippedChain(model: Model): readonly Instruction[] {
  const stages: Stage[] = [];
  for (let stage = model.finalStage; stage; stage = stage.base.stage) stages.unshift(stage);
  return stages.flatMap((stage) => stage.instructions);
}

/** One `rm` of a path. */
interface Deletion {
  readonly path: string;
  readonly span: Span;
}

function deletionsOf(run: Instruction): readonly Deletion[] {
  const found: Deletion[] = [];
  for (const script of scriptsOf(run)) {
    for (const command of script.commands) {
      if (command.name !== "rm" && command.name !== "shred" && command.name !== "unlink") continue;
      for (const word of operands(command)) {
        const path = absolutePath(word.text, run);
        if (path === null || path === "/") continue;
        found.push({ path, span: script.locate(command.command.from, command.command.to) });
      }
    }
  }
  return found;
}

/** True when the file is known, and is known to hold no credential. */
function isHarmless(facts: Facts, copy: CopiedSecret): boolean {
  if (copy.source === null || !copy.kind.holds) return false;
  const text = facts.file(copy.source);
  return typeof text === "string" && !copy.kind.holds(text);
}
