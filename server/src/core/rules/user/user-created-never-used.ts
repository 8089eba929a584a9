import type { Stage } from "../../model/types";
import { defineRule } from "../../rule";
import { type CreatedAccount, chainOf } from "./accounts";
import { accountOptions } from "./candidates";
import { rootFixes } from "./fixes";
import { serviceAccounts } from "./programs";
import { type RootRuntime, rootCause, runtimeOf } from "./root-runtime";

export default defineRule({
  id: "user-created-never-used",
  theme: "user",
  category: "security",
  severity: "warning",
  recommended: true,
  since: "0.1.0",
  summary: "A RUN makes an account, but no USER ever switches to it.",
  why: "Whoever makes an account in an image means to run something as it. Making it changes nothing: without USER the container goes on as root, and the file looks safer than it is.",
  aliases: { tally: ["tally/user-created-but-never-used"] },
  options: accountOptions,
  reads: ["ADD", "CMD", "COPY", "ENTRYPOINT", "HEALTHCHECK", "RUN", "VOLUME", "#"],
  fixable: "unsafe",
  examples: [
    {
      title: "Made and forgotten",
      code: 'FROM registry.example.com/team/base:1\nRUN useradd --uid 1234 [|web|]\nCOPY . /app\nCMD ["/app/server"]\n',
      fixed:
        'FROM registry.example.com/team/base:1\nRUN useradd --uid 1234 web\nCOPY . /app\nUSER 1234\nCMD ["/app/server"]\n',
    },
    {
      title: "A variable holds the name",
      code: 'FROM python:3.14\nARG NAME=web\nRUN adduser --disabled-password --gecos "" [|$NAME|]\nCMD ["python"]\n',
      fixed:
        'FROM python:3.14\nARG NAME=web\nRUN adduser --disabled-password --gecos "" $NAME\nUSER $NAME\nCMD ["python"]\n',
    },
    {
      title: "It has the folder already",
      code: 'FROM registry.example.com/team/base:1\nRUN adduser -D [|web|] && mkdir /data && chown -R web:web /data\nVOLUME /data\nCMD ["/app/server"]\n',
      fixed:
        'FROM registry.example.com/team/base:1\nRUN adduser -D web && mkdir /data && chown -R web:web /data\nVOLUME /data\nUSER web\nCMD ["/app/server"]\n',
    },
    {
      title: "A function of the start script is no init system",
      code: 'FROM registry.example.com/team/base:1\nRUN useradd --uid 1234 [|web|]\nCOPY start.sh /\nCMD ["/start.sh"]\n',
      files: { "start.sh": "#!/bin/sh\ninit() {\n  echo ready\n}\ninit\nexec /app/server\n" },
      fixed:
        'FROM registry.example.com/team/base:1\nRUN useradd --uid 1234 web\nCOPY start.sh /\nUSER 1234\nCMD ["/start.sh"]\n',
    },
    {
      title: "A variable brings what the start script switches with",
      code: 'FROM registry.example.com/team/base:1\nENV DEPS="nginx su-exec"\nRUN apk add --no-cache $DEPS && adduser -D web\nCOPY start.sh /\nCMD ["/start.sh"]\n',
    },
    {
      title: "An account of a server",
      code: 'FROM alpine:3.24\nRUN adduser -u 82 -D -S -G www-data www-data\nCMD ["php", "-a"]\n',
    },
    { title: "Made and used", code: 'FROM alpine:3.24\nRUN adduser -D web\nUSER web\nCMD ["server"]\n' },
    {
      title: "Used by its number",
      code: 'FROM alpine:3.24\nRUN adduser -D -u 1234 web\nUSER 1234:1234\nCMD ["server"]\n',
    },
    {
      title: "The start command switches to it",
      code: 'FROM alpine:3.24\nRUN apk add su-exec && adduser -D web\nENTRYPOINT ["su-exec", "web", "server"]\n',
    },
    {
      title: "A web server hands its work to it",
      code: 'FROM alpine:3.24\nRUN apk add nginx && adduser -D web\nCMD ["nginx", "-g", "daemon off;"]\n',
    },
    { title: "Nobody knows what the image starts", code: "FROM registry.example.com/team/base:1\nRUN useradd web\n" },
    {
      title: "Not part of what is shipped",
      code: 'FROM alpine:3.24 AS build\nRUN adduser -D web\n\nFROM scratch\nCOPY --from=build /etc/passwd /etc/\nUSER web\nCMD ["/server"]\n',
    },
  ],
  *check(context) {
    const runtime = runtimeOf(context);
    const account = runtime?.account;
    if (!runtime || !account || runtime.kind === "web-server" || serviceAccounts.has(account.name ?? "")) return;
    if (isUsed(runtime.stage, account) || !runsAsRoot(runtime)) return;
    yield {
      message: `${account.written} is made here, but the container still runs as root. Switch to it with USER after the last build step.`,
      range: account.span,
      // Where the base is known to be root, missing-user or final-user-root says it as a warning, and it is said once.
      cause: rootCause(runtime.stage),
      severity: runtime.user.kind === "root" ? "info" : "warning",
      fixes: () => rootFixes(context, runtime),
    };
  },
});

/** On an unknown image a RUN that makes an account proves that root runs it, provided that no USER comes at all. */
function runsAsRoot({ user, entry, stage, account }: RootRuntime): boolean {
  if (user.kind === "root") return true;
  return stage.userAtEnd.kind === "base" && account?.bySudo === false && (entry.entrypoint ?? entry.command) !== null;
}

function isUsed(stage: Stage, account: CreatedAccount): boolean {
  const wanted = new Set([account.name, account.written, account.uid === null ? null : String(account.uid)]);
  return chainOf(stage).some((link) =>
    link.instructions.some(
      ({ keyword, parsed }) =>
        keyword === "USER" && wanted.has((parsed.words[0]?.value ?? parsed.words[0]?.text ?? "").split(":")[0] ?? ""),
    ),
  );
}
