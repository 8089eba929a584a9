import { pipefailFixes, pipefailFrom, pipefailShell, shellHasPipefail } from "../../fixes/pipefail";
import type { Script } from "../../model/scripts";
import { defineRule } from "../../rule";
import type { ShellCommand, ShellPipeline } from "../../shell/ast";
import { unwrap } from "../../shell/commands";
import { runsOf } from "./calls";
import { addressesOf, isPrivateHost } from "./downloads";
import { hostOf } from "./guards";

export default defineRule({
  id: "pipe-without-pipefail",
  theme: "shell",
  category: "correctness",
  severity: "warning",
  recommended: true,
  since: "0.1.0",
  summary: "A pipe in RUN hides failures because pipefail is not set.",
  why: "The shell looks only at the last command of a pipe. When the download in front of it fails, `bash`, `tee` or `jq` ends well with nothing to do, and the build goes on without the file. hadolint asks for pipefail before every pipe; here a pipe is reported where a download or an archive begins it and its end does not notice that nothing came (`tar`, `gpg` and `grep` do; `echo x | tee` cannot fail in a way that matters), and only where the shell is known. `mode: hadolint` reports every pipe.",
  aliases: {
    hadolint: ["DL4006"],
    kics: ["Shell Running A Pipe Without Pipefail Flag"],
    semgrep: ["set-pipefail"],
    tally: ["hadolint/DL4006"],
  },
  scope: "instruction",
  options: {
    mode: {
      type: "enum",
      values: ["smart", "hadolint"],
      default: "smart",
      description: "`smart`: pipes whose failure would matter. `hadolint`: every pipe.",
    },
  },
  fixable: "unsafe",
  examples: [
    {
      title: "A failed download leaves an empty file; dash has no pipefail, so bash takes over",
      code: "FROM debian:13\nRUN [|curl -fsSL https://example.org/a.list | tee /etc/a.list|]\n",
      fixed:
        'FROM debian:13\nSHELL ["/bin/bash", "-o", "pipefail", "-c"]\nRUN curl -fsSL https://example.org/a.list | tee /etc/a.list\n',
    },
    {
      title: "The shell of Alpine has pipefail",
      code: "FROM alpine:3.24\nRUN apk add --no-cache jq && [|wget -qO- https://example.org/a | jq .b > /b|]\n",
      fixed:
        "FROM alpine:3.24\nRUN set -o pipefail && apk add --no-cache jq && wget -qO- https://example.org/a | jq .b > /b\n",
    },
    {
      title: "It is set in the RUN",
      code: "FROM alpine:3.24\nRUN set -eo pipefail; wget -qO- https://example.org/a | sh\n",
    },
    {
      title: "It is set by SHELL",
      code: 'FROM debian:13\nSHELL ["/bin/bash", "-eo", "pipefail", "-c"]\nRUN curl -fsSL https://example.org/a | sh\n',
    },
    {
      title: "Nothing that fails in a way that matters",
      code: 'FROM debian:13\nRUN echo "root:x" | tee /x && ls | sort\n',
    },
    { title: "A pipe that may fail", code: "FROM debian:13\nRUN curl -s https://example.org/a | sh || true\n" },
    {
      title: "The failure of an argument is lost with pipefail too",
      code: 'FROM alpine:3.24\nRUN echo "$(wget -qO- https://example.org/version | tr -d x)" > /version\n',
    },
    {
      title: "Every pipe, as hadolint has it",
      options: { mode: "hadolint" },
      code: "FROM alpine:3.24\nRUN [|ls | sort > /list|]\n",
      fixed: "FROM alpine:3.24\nRUN set -o pipefail && ls | sort > /list\n",
    },
    {
      title: "pip is missed right behind, too",
      code: "FROM ubuntu:24.04\nARG V=3.12\nRUN curl -fsSL https://bootstrap.pypa.io/get-pip.py | python${V} && python${V} -m pip install wheel\n",
    },
    {
      title: "A link is made also to what is missing",
      code: "FROM alpine:3.24\nRUN [|wget -qO- https://astral.sh/uv/install.sh | sh|] && ln -s /root/.local/bin/uv /usr/local/bin/uv\n",
      fixed:
        "FROM alpine:3.24\nRUN set -o pipefail && wget -qO- https://astral.sh/uv/install.sh | sh && ln -s /root/.local/bin/uv /usr/local/bin/uv\n",
    },
    {
      title: "What the installer brings is used at once, so that its absence stops the build",
      code: "FROM php:8.5-cli\nRUN curl -sS https://getcomposer.org/installer | php && mv composer.phar /usr/local/bin/composer\n",
    },
    {
      title: "A later echo writes lines as only dash does, so that dash goes on behind the RUN",
      code: "FROM debian:13\nRUN [|curl -fsSL https://example.org/a | sh|]\nRUN echo '#!/bin/sh\\nexec server' > /start.sh\n",
      fixed:
        'FROM debian:13\nSHELL ["/bin/bash", "-o", "pipefail", "-c"]\nRUN curl -fsSL https://example.org/a | sh\nSHELL ["/bin/sh", "-c"]\nRUN echo \'#!/bin/sh\\nexec server\' > /start.sh\n',
    },
    {
      title: "A digest alone does not say whether the image is Debian or Alpine",
      code: "FROM node@sha256:0000000000000000000000000000000000000000000000000000000000000001\nRUN curl -fsSL https://example.org/a | sh\n",
    },
    {
      title: "An unknown base has an unknown shell",
      code: "FROM registry.example.com/base:1\nRUN curl -fsSL https://example.org/a | sh\n",
    },
  ],
  *check({ model, catalogue, options }) {
    for (const run of runsOf(model)) {
      const { instruction } = run;
      if (!run.scripts.some(({ script }) => script.pipelines.length > 0) || shellHasPipefail(instruction)) continue;
      const smart = options.mode !== "hadolint";
      if (smart && pipefailShell(instruction, catalogue) === "unknown") continue;
      const found = firstPipe(run.scripts, smart);
      if (!found) continue;
      yield {
        message: found.last
          ? `When ${found.first} fails here, ${found.last} still ends well and the build goes on: only the end of a pipe counts. Set pipefail.`
          : `When ${found.first} fails here, the build goes on: only the end of a pipe counts. Set pipefail.`,
        range: found.script.locate(found.pipe.from, found.pipe.to),
        fixes: () => (run.isTrigger ? [] : pipefailFixes(model, instruction, catalogue)),
      };
    }
  },
});

interface FoundPipe {
  readonly script: Script;
  readonly pipe: ShellPipeline;
  /** The program whose failure is missed. */
  readonly first: string;
  /** The program at the end, or null where it is not known. */
  readonly last: string | null;
}

/** The first pipe of a RUN to be reported: one finding per RUN, since one setting mends them all. */
function firstPipe(scripts: readonly Script[], smart: boolean): FoundPipe | null {
  for (const script of scripts) {
    const from = pipefailFrom(script) ?? Number.POSITIVE_INFINITY;
    for (const pipe of script.script.pipelines) {
      const first = smart ? failingStage(pipe) : (pipe.stages[0]?.commands[0]?.name ?? "a command");
      if (first === null || from < pipe.from) continue;
      if (smart && isExcused(script, pipe)) continue;
      return { script, pipe, first, last: lastProgram(pipe) };
    }
  }
  return null;
}

function lastProgram({ stages }: ShellPipeline): string | null {
  const last = stages.at(-1);
  return last?.kind === "command" && last.commands[0] ? unwrap(last.commands[0]).name : null;
}

/** The first program whose failure nobody behind it notices, or null. */
function failingStage({ stages }: ShellPipeline): string | null {
  for (let i = 0; i + 1 < stages.length; i++) {
    const [stage, next] = [stages[i], stages[i + 1]];
    if (stage?.kind !== "command" || !stage.commands[0]) continue;
    const command = unwrap(stage.commands[0]);
    if (command.name === null || !failing.has(command.name)) continue;
    if (next?.commands.some((one) => noticing.has(unwrap(one).name ?? ""))) continue;
    if (addressesOf(command).some(({ host }) => host !== null && isPrivateHost(host))) continue;
    return command.name;
  }
  return null;
}

/** Programs that call it a failure when nothing, or not what they expect, comes in. */
const noticing: ReadonlySet<string> = new Set([
  ...[
    "tar",
    "bsdtar",
    "gtar",
    "unzip",
    "bsdcat",
    "gunzip",
    "gzip",
    "bunzip2",
    "unxz",
    "xz",
    "cpio",
    "gpg",
    "gpg2",
    "gpgv",
  ],
  ...[
    "apt-key",
    "grep",
    "egrep",
    "fgrep",
    "sha256sum",
    "sha512sum",
    "sha1sum",
    "md5sum",
    "keytool",
    "openssl",
    "rpm",
    "dpkg",
  ],
]);

/** Programs that fail for reasons outside the Dockerfile, and those that notice when something came in wrong. */
const failing: ReadonlySet<string> = new Set([
  ...["curl", "wget", "gpg", "gpg2"],
  ...["tar", "unzip", "gunzip", "zcat", "bzcat", "xzcat", "bunzip2", "unxz", "rpm2cpio", "aws", "gsutil"],
  ...["pg_restore", "mysqldump", "pg_dump"],
]);

/** True where a failure is dealt with (`|| …`), asked for (`if`), or where reading stops early on purpose. */
function isExcused(script: Script, pipe: ShellPipeline): boolean {
  const command = pipe.stages.at(-1)?.commands[0] ?? pipe.stages[0]?.commands[0];
  if (!command) return true;
  if (command.context.includes("condition") || command.context.includes("negated")) return true;
  if (command.context.includes("substitution") && !isAssigned(script, command)) return true;
  const item = script.script.topLevel[command.item];
  return command.after === "||" || item?.connector === "||" || isMissedLater(script, pipe, command.item);
}

/**
 * True where the pipe runs an installer, and what it brings is used behind `&&`: without it the build stops there. A
 * link (`ln -s`) is made also to what is missing, and counts for nothing.
 */
function isMissedLater({ script }: Script, pipe: ShellPipeline, at: number): boolean {
  const end = pipe.stages.at(-1)?.commands[0];
  const installer = interpreters.exec(end ? withoutVariables(end) : "")?.[1];
  if (installer === undefined) return false;
  const programs = installer.startsWith("python") ? broughtByPython : broughtByShell;
  for (let next = at; next < at + farthest && script.topLevel[next]?.connector === "&&"; next++) {
    const item = script.topLevel[next + 1];
    // A failure that something deals with stops nothing.
    if (!item || item.kind === "compound" || item.connector === "||") break;
    const texts = item.commands.filter(({ context }) => context.length === 0).map(withoutVariables);
    if (texts.some((text) => programs.test(text) || (next === at && opens.test(text)))) return true;
  }
  return false;
}

/** What a command runs, as text: `python -m pip` for `python${VERSION} -m pip`. */
function withoutVariables(command: ShellCommand): string {
  const texts = unwrap(command).words.map(({ text }) => text);
  return texts.join(" ").replace(/\$(?:\w+|\{\w+\})/g, "");
}

/** Items further behind a pipe are not looked at, so that a long chain of pipes costs no square. */
const farthest = 30;

const interpreters = /^(?:\S*\/)?((?:ba|z|da|a)?sh|php|perl|ruby|node|python[\d.]*)(?: |$)/;

/** What fails where the file is missing; right behind the pipe it is about what the pipe has brought. */
const opens = /^(?:mv|chmod|chown|source|\.) /;

/** Programs that come by such installers and that the image lacks before. */
const broughtByShell = /^(?:\S*\/)?(?:rustup|cargo|rustc|composer|poetry|uv|uvx|nvm|deno|bun|helm|k3d)(?: |$)/;
const broughtByPython = /^(?:\S*\/)?(?:pip[\d.]*|poetry)(?: |$)|^(?:\S*\/)?python[\d.]* -m pip /;

/** True for `x=$(…)`, the one substitution whose failure the shell looks at: that of an argument is lost anyway. */
function isAssigned(script: Script, command: ShellCommand): boolean {
  const host = hostOf(script.script, command);
  return host.words.length === 0 && host.assignments.some(({ from, to }) => from <= command.from && command.to <= to);
}
