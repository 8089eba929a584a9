import { defineRule } from "../../rule";
import { accountOptions } from "./candidates";
import { adviceFor, rootFixes } from "./fixes";
import { type RootRuntime, rootCause, rootRuntime, startInstruction } from "./root-runtime";

export default defineRule({
  id: "missing-user",
  theme: "user",
  category: "security",
  severity: "warning",
  recommended: true,
  since: "0.1.0",
  summary: "Nothing sets a user for the shipped stage, and its base image is known to start as root.",
  why: "Whoever breaks into a process that runs as root owns every file of the container, and one more hole in the kernel or a mount away the host. Most programs need no root once they are built. The rule follows FROM through the stages of the file, knows the users of common base images, and is silent where the image or its entry point changes the user by itself. Of nginx there is a twin for plain users; to keep nginx itself, its configuration has to put `pid` and the temporary folders under /tmp, drop `user`, and listen on a port above 1024.",
  aliases: {
    trivy: ["DS-0002"],
    checkov: ["CKV_DOCKER_3"],
    kics: ["Missing User Instruction"],
    semgrep: ["missing-user", "missing-user-entrypoint"],
    sonar: ["S6471"],
    dockle: ["CIS-DI-0001"],
  },
  options: accountOptions,
  reads: ["ADD", "CMD", "COPY", "ENTRYPOINT", "HEALTHCHECK", "RUN", "VOLUME", "#"],
  fixable: "unsafe",
  examples: [
    {
      title: "The image brings a user that nobody switches to",
      code: 'FROM node:26\nWORKDIR /app\nCOPY . .\nRUN npm ci\nEXPOSE 3000\n[|CMD|] ["node", "server.js"]\n',
      fixed: 'FROM node:26\nWORKDIR /app\nCOPY . .\nRUN npm ci\nEXPOSE 3000\nUSER node\nCMD ["node", "server.js"]\n',
    },
    {
      title: "Alpine makes an account with busybox",
      code: 'FROM alpine:3.24\nCOPY server /usr/local/bin/\n[|ENTRYPOINT|] ["server"]\n',
      fixed:
        'FROM alpine:3.24\nRUN addgroup -g 10001 -S app \\\n    && adduser -u 10001 -S -D -G app -h /home/app -s /sbin/nologin app\nCOPY server /usr/local/bin/\nUSER 10001:10001\nENTRYPOINT ["server"]\n',
    },
    {
      title: "Debian makes an account with useradd, since adduser is gone",
      code: 'FROM debian:trixie-slim\nRUN apt-get update && apt-get install -y --no-install-recommends curl \\\n  && rm -rf /var/lib/apt/lists/*\n\n# What runs.\n[|CMD|] ["curl", "https://example.org"]\n',
      fixed:
        'FROM debian:trixie-slim\nRUN apt-get update && apt-get install -y --no-install-recommends curl \\\n  && rm -rf /var/lib/apt/lists/*\n\nRUN groupadd --gid 10001 app \\\n  && useradd --uid 10001 --gid 10001 --no-log-init --create-home --home-dir /home/app --shell /usr/sbin/nologin app\nUSER 10001:10001\n# What runs.\nCMD ["curl", "https://example.org"]\n',
    },
    {
      title: "The account is there already",
      code: 'FROM python:3.14-slim\nRUN useradd --uid 1234 --create-home web\nCOPY . /app\n[|CMD|] ["python", "/app/main.py"]\n',
      fixed:
        'FROM python:3.14-slim\nRUN useradd --uid 1234 --create-home web\nCOPY . /app\nUSER 1234\nCMD ["python", "/app/main.py"]\n',
    },
    {
      title: "Ubuntu brings a user with the number 1000; a new account takes another",
      code: 'FROM ubuntu:24.04\n[|CMD|] ["sleep", "infinity"]\n',
      fixed:
        'FROM ubuntu:24.04\nRUN groupadd --gid 10001 app \\\n    && useradd --uid 10001 --gid 10001 --no-log-init --create-home --home-dir /home/app --shell /usr/sbin/nologin app\nUSER 10001:10001\nCMD ["sleep", "infinity"]\n',
    },
    {
      title: "An image without accounts needs a number",
      code: 'FROM golang:1.27 AS build\nRUN go build -o /server .\n\nFROM scratch\nCOPY --from=build /server /server\n[|ENTRYPOINT|] ["/server"]\n',
      fixed:
        'FROM golang:1.27 AS build\nRUN go build -o /server .\n\nFROM scratch\nCOPY --from=build /server /server\nUSER 65532:65532\nENTRYPOINT ["/server"]\n',
    },
    {
      title: "A distroless image starts as root unless its tag says nonroot",
      code: "[|FROM|] gcr.io/distroless/static-debian13\nCOPY server /\n",
      fixed: "FROM gcr.io/distroless/static-debian13\nCOPY server /\nUSER 65532:65532\n",
    },
    {
      title: ".NET names its user by a variable",
      code: 'FROM mcr.microsoft.com/dotnet/aspnet:10.0\nCOPY out /app\n[|ENTRYPOINT|] ["dotnet", "/app/shop.dll"]\n',
      fixed:
        'FROM mcr.microsoft.com/dotnet/aspnet:10.0\nCOPY out /app\nUSER $APP_UID\nENTRYPOINT ["dotnet", "/app/shop.dll"]\n',
    },
    {
      title: "nginx has a twin that needs no root",
      code: "[|FROM|] nginx:1.31-alpine\nCOPY site /usr/share/nginx/html\nEXPOSE 80\n",
      fixed: "FROM nginxinc/nginx-unprivileged:1.31-alpine\nCOPY site /usr/share/nginx/html\nEXPOSE 8080\n",
    },
    {
      title: "A script of the start writes where the twin may not",
      code: "[|FROM|] nginx:1.31-alpine\nCOPY env.sh /docker-entrypoint.d/\nEXPOSE 80\n",
      files: { "env.sh": "#!/bin/sh\nenvsubst < /env.js.in > /usr/share/nginx/html/env.js\n" },
    },
    {
      title: "A volume is handed over before it is declared",
      code: 'FROM node:26\nCOPY . /app\nVOLUME /data\n[|CMD|] ["node", "/app"]\n',
      fixed:
        'FROM node:26\nCOPY . /app\nRUN mkdir -p /data \\\n    && chown -R node:node /data\nVOLUME /data\nUSER node\nCMD ["node", "/app"]\n',
    },
    {
      title: "A folder that is made and stays empty is there to be written to",
      code: 'FROM node:26\nWORKDIR /app\nCOPY . .\nRUN npm ci && mkdir -p uploads\n[|CMD|] ["node", "server.js"]\n',
      fixed:
        'FROM node:26\nWORKDIR /app\nCOPY . .\nRUN npm ci && mkdir -p uploads\nRUN chown node:node /app/uploads\nUSER node\nCMD ["node", "server.js"]\n',
    },
    {
      title: "Apache binds its port as root; no line alone mends that",
      code: "[|FROM|] php:8.5-apache\nCOPY . /var/www/html/\n",
    },
    {
      title: "What an unknown installer puts into the home of root is closed to others",
      code: 'FROM debian:trixie\nRUN curl -fsSL https://get.example.org | bash\n[|CMD|] ["tool", "serve"]\n',
    },
    {
      title: "The script that a shell starts may need root",
      code: 'FROM alpine:3.24\nCOPY start.sh /\n[|CMD|] ["sh", "/start.sh"]\n',
      fixed:
        'FROM alpine:3.24\nRUN addgroup -g 10001 -S app \\\n    && adduser -u 10001 -S -D -G app -h /home/app -s /sbin/nologin app\nCOPY start.sh /\nUSER 10001:10001\nCMD ["sh", "/start.sh"]\n',
    },
    {
      title: "A file for development is told so, and not mended",
      code: "FROM node:26\nWORKDIR /app\n[|ENTRYPOINT|] yarn build && yarn start\n",
      path: "Dockerfile.dev",
    },
    {
      title: "A stage below sets the user",
      code: 'FROM node:26 AS base\nUSER node\n\nFROM base\nCMD ["node", "server.js"]\n',
    },
    { title: "Nobody knows the image", code: 'FROM registry.example.com/team/app:1\nCMD ["app"]\n' },
    {
      title: "The image says itself that it is not root",
      code: "FROM gcr.io/distroless/static-debian13:nonroot\nCOPY server /\n",
    },
    {
      title: "The entry point of the image changes the user",
      code: "FROM postgres:18\nCOPY init.sql /docker-entrypoint-initdb.d/\n",
    },
    {
      title: "The package's own script hands over to its account",
      code: 'FROM almalinux:10\nRUN dnf install -y rabbitmq-server\nCOPY run.sh /\nCMD ["/run.sh"]\n',
    },
    {
      title: "A toolchain that others build on, or in as whom they like",
      code: 'FROM ubuntu:24.04\nRUN apt-get update && apt-get install -y g++-riscv64-linux-gnu\nENV CARGO_TARGET_RISCV64GC_UNKNOWN_LINUX_GNU_LINKER=riscv64-linux-gnu-gcc\nCMD ["/bin/bash"]\n',
    },
    {
      title: "The entry point of the file changes the user",
      code: 'FROM debian:trixie\nRUN apt-get update && apt-get install -y gosu\nENTRYPOINT ["/entrypoint.sh"]\n',
    },
    {
      title: "The script that starts changes the user",
      code: 'FROM alpine:3.24\nCOPY docker/start.sh /\nENTRYPOINT ["/start.sh"]\n',
      files: { "docker/start.sh": "#!/bin/sh\nchown -R web /data\nexec setpriv --reuid=web --init-groups server\n" },
    },
    {
      title: "A whole system on scratch is a base for others",
      code: 'FROM alpine:3.24 AS install\nRUN ./bootstrap.sh /target\n\nFROM scratch\nCOPY --from=install /target /\nCMD ["/bin/sh"]\n',
    },
    { title: "Files for export run nothing", code: "FROM scratch\nCOPY --from=build /out /\n" },
    {
      title: "A login server cannot do without root",
      code: 'FROM alpine:3.24\nRUN apk add openssh\nCMD ["/usr/sbin/sshd", "-D"]\n',
    },
    {
      title: "In a development container root is wanted",
      code: 'FROM debian:trixie\nCMD ["sleep", "infinity"]\n',
      path: ".devcontainer/Dockerfile",
    },
  ],
  *check(context) {
    const runtime = rootRuntime(context);
    if (!runtime || runtime.user.instruction) return;
    const { stage, account, severity } = runtime;
    yield {
      message: `The container runs as root${origin(runtime)}. ${adviceFor(context, runtime)}`,
      range: startInstruction(stage).keywordSpan,
      cause: rootCause(stage),
      ...(severity ? { severity } : {}),
      ...(account
        ? { related: [{ message: `Here the account ${account.written} is made.`, range: account.span }] }
        : {}),
      fixes: () => rootFixes(context, runtime),
    };
  },
});

function origin({ image }: RootRuntime): string {
  if (!image) return ": no USER gives it a number";
  return `, as ${image.repository.name}:${image.tag} does by default`;
}
