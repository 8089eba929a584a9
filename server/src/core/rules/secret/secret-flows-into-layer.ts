import { canChangeRun, hasTemplate } from "../../fixes/mount";
import type { Instruction, Model, Stage } from "../../model/types";
import { locate } from "../../model/types";
import type { Finding, Fix } from "../../rule";
import { defineRule } from "../../rule";
import type { DeclaredSecret } from "../../secret/declarations";
import { credentialFile } from "../../secret/files";
import { secretFixes } from "../../secret/fixes";
import { rewriteAddress } from "../../secret/git";
import type { KeptWrite } from "../../secret/layers";
import { keepsFile, keptWrites, sourcesOf, writeCause } from "../../secret/layers";
import type { MoveContext } from "../../secret/move";
import { takeBack } from "../../secret/take-back";
import type { SecretWrite } from "../../secret/writes";

export default defineRule({
  id: "secret-flows-into-layer",
  theme: "secret",
  category: "security",
  severity: "error",
  recommended: true,
  since: "0.1.0",
  summary: "A secret is written into a file, a label or an address that the image keeps.",
  why: "A secret mount, or a build argument that is nowhere else, is of no use when a command writes the value into a file of the image: whoever can pull the image reads the file. A clone keeps the address it was given, user and password included, in `.git/config`.",
  aliases: {},
  reads: ["ADD", "COPY", "LABEL", "RUN"],
  fixable: "unsafe",
  examples: [
    {
      title: "The token stays in .git/config",
      code: "FROM alpine:3.24\nRUN --mount=type=secret,id=T,env=T git clone https://oauth2:[|$T|]@gitlab.example.com/o/r\n",
      fixed:
        'FROM alpine:3.24\nRUN --mount=type=secret,id=T,env=T git -c url."https://oauth2:$T@gitlab.example.com/".insteadOf="https://gitlab.example.com/" clone https://gitlab.example.com/o/r\n',
    },
    {
      title: "A file that stays",
      code: 'FROM node:26\nARG NPM_TOKEN\nRUN echo "//registry.npmjs.org/:_authToken=[|${NPM_TOKEN}|]" > .npmrc && npm ci\n',
      fixed:
        'FROM node:26\nRUN --mount=type=secret,id=NPM_TOKEN,env=NPM_TOKEN echo "//registry.npmjs.org/:_authToken=${NPM_TOKEN}" > .npmrc && npm ci && rm -f .npmrc\n',
    },
    {
      title: "Git's own settings",
      code: 'FROM golang:1.27 AS build\nWORKDIR /src\nARG GITHUB_TOKEN\nRUN git config --global url."https://[|${GITHUB_TOKEN}|]@github.com/".insteadOf "https://github.com/"\nCOPY . .\nRUN go build -o /app .\n',
      fixed:
        'FROM golang:1.27 AS build\nWORKDIR /src\nCOPY . .\nRUN --mount=type=secret,id=GITHUB_TOKEN,env=GITHUB_TOKEN export GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=url."https://${GITHUB_TOKEN}@github.com/".insteadOf GIT_CONFIG_VALUE_0="https://github.com/" && go build -o /app .\n',
    },
    {
      title: "A mounted file that is copied",
      code: "FROM alpine:3.24\nRUN --mount=type=secret,id=key cp [|/run/secrets/key|] /etc/app.key\n",
    },
    {
      title: "Settings of a tool",
      code: "FROM node:26\nARG NPM_TOKEN\nRUN npm config set //registry.npmjs.org/:_authToken [|$NPM_TOKEN|] && npm ci\n",
      fixed:
        "FROM node:26\nRUN --mount=type=secret,id=NPM_TOKEN,env=NPM_TOKEN npm config set //registry.npmjs.org/:_authToken $NPM_TOKEN && npm ci && npm config delete //registry.npmjs.org/:_authToken\n",
    },
    { title: "A label", code: "FROM alpine:3.24\nARG API_TOKEN\nLABEL built.with=[|$API_TOKEN|]\n" },
    {
      title: "From a stage that does not ship into the one that does",
      code: 'FROM node:26 AS build\nARG NPM_TOKEN\nWORKDIR /app\nRUN echo "//registry.npmjs.org/:_authToken=[|$NPM_TOKEN|]" > .npmrc && npm ci\nFROM node:26-slim\nCOPY --from=build /app /app\n',
      fixed:
        'FROM node:26 AS build\nWORKDIR /app\nRUN --mount=type=secret,id=NPM_TOKEN,env=NPM_TOKEN echo "//registry.npmjs.org/:_authToken=$NPM_TOKEN" > .npmrc && npm ci && rm -f .npmrc\nFROM node:26-slim\nCOPY --from=build /app /app\n',
    },
    {
      title: "The same RUN takes the file away again",
      code: 'FROM node:26\nARG NPM_TOKEN\nRUN echo "//registry.npmjs.org/:_authToken=$NPM_TOKEN" > .npmrc && npm ci && rm -f .npmrc\n',
    },
    {
      title: "What a builder keeps to itself",
      code: 'FROM node:26 AS build\nARG NPM_TOKEN\nWORKDIR /app\nRUN echo "//registry.npmjs.org/:_authToken=$NPM_TOKEN" > .npmrc && npm ci && npm run build\nFROM nginx:1.31\nCOPY --from=build /app/dist /usr/share/nginx/html\n',
    },
    {
      title: "What is sent and not stored",
      code: 'FROM alpine:3.24\nRUN --mount=type=secret,id=T,env=T curl -H "Authorization: Bearer $T" https://api.example.com/data > /data.json\n',
    },
    {
      title: "The name in single quotes is no value",
      code: "FROM node:26\nARG NPM_TOKEN\nRUN echo '//registry.npmjs.org/:_authToken=${NPM_TOKEN}' > .npmrc\n",
    },
  ],
  *check({ model, catalogue, facts }) {
    for (const kept of keptWrites(model)) yield inRun({ model, catalogue, facts }, kept);
    for (const instruction of model.instructions) {
      if (!instruction.stage) continue;
      if (instruction.keyword === "LABEL") yield* inLabel(model, instruction, instruction.stage);
      else if (instruction.keyword === "COPY" || instruction.keyword === "ADD") {
        yield* inHeredoc(model, instruction, instruction.stage);
      }
    }
  },
});

function inRun(context: MoveContext, { run, write, secret }: KeptWrite): Finding {
  const source = secret?.declarations[0];
  return {
    message: say(write),
    range: write.span,
    ...(write.how === "file" ? { cause: writeCause(run, write.file) } : {}),
    ...(source
      ? {
          related: [
            {
              message: `${source.kind === "arg" ? "ARG" : "ENV"} ${source.pair.name} brings it into the build.`,
              range: locate(source.instruction, source.pair.nameSpan),
            },
          ],
        }
      : {}),
    fixes: () => mend(context, run, write, secret),
  };
}

function say(write: SecretWrite): string {
  const what = write.secret.startsWith("/") ? `The secret in ${write.secret}` : write.secret;
  switch (write.how) {
    case "clone":
      return `${what} stays in .git/config with the address. Clone without it, and give git the credentials for this command alone.`;
    case "settings":
      return `${what} is stored in ${write.file}, which the image keeps. Take it back in the same RUN, or pass it another way.`;
    case "file":
      if (credentialFile(write.file)?.mount === "ssh") {
        return `${what} is written to ${write.file}, which the image keeps. Lend the build your SSH agent with RUN --mount=type=ssh.`;
      }
      return `${what} is written to ${write.file}, which the image keeps. Mount the file as a secret, or delete it in the same RUN.`;
  }
}

function mend(
  context: MoveContext,
  run: Instruction,
  write: SecretWrite,
  secret: DeclaredSecret | null,
): readonly Fix[] {
  const { model } = context;
  // Where the source can be mended as well, one action does both.
  const whole = secret ? secretFixes(context, secret) : [];
  if (whole.length > 0) return whole;
  if (write.how !== "clone") {
    const undone = takeBack(model, run, write);
    if (!undone) return [];
    return [
      {
        title: `Delete the ${write.how === "file" ? "file" : "setting"} at the end of this RUN`,
        applicability: "unsafe",
        reason: "Programs in the image no longer find it.",
        edits: [undone],
      },
    ];
  }
  if (!canChangeRun(model, run)) return [];
  const edits = rewriteAddress(model, write);
  if (!edits) return [];
  return [
    {
      title: "Clone from the clean address",
      applicability: "unsafe",
      reason: "A later fetch or push in the image finds no credentials.",
      edits,
    },
  ];
}

function* inLabel(model: Model, label: Instruction, stage: Stage): Iterable<Finding> {
  if (!stage.ships) return;
  const { isSecret } = sourcesOf(label);
  for (const pair of label.parsed.pairs) {
    const variable = pair.value?.variables.find((one) => isSecret(one.name) && one.modifier !== ":+");
    if (!variable) continue;
    const range = locate(label, variable);
    if (hasTemplate(model, range)) continue;
    yield {
      message: `LABEL ${pair.name} shows ${variable.name} to everybody who can pull the image. Leave it out.`,
      range,
    };
  }
}

function* inHeredoc(model: Model, copy: Instruction, stage: Stage): Iterable<Finding> {
  const { parsed } = copy;
  if (parsed.heredocs.length === 0) return;
  const target = parsed.words.at(-1)?.value ?? null;
  const path = target?.startsWith("/") ? target : null;
  if (!keepsFile(model, stage, path)) return;
  const { isSecret } = sourcesOf(copy);
  for (const { operator, bodySpan } of parsed.heredocs) {
    if (!operator.expand) continue;
    const body = parsed.text.slice(bodySpan.from, bodySpan.to);
    for (const match of body.matchAll(/(?<!\\)\$(?:(\w+)|\{(\w+)[^{}\n]*\})/g)) {
      const name = match[1] ?? match[2] ?? "";
      if (!isSecret(name)) continue;
      const end = match.index + match[0].length;
      const range = locate(copy, { from: bodySpan.from + match.index, to: bodySpan.from + end });
      if (hasTemplate(model, range)) continue;
      yield {
        message: `${name} is written into ${target ?? "a file"}, which the image keeps. Write the file when the container starts, or mount it as a secret.`,
        range,
      };
    }
  }
}
