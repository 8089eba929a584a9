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
      title: "What the installer brings is used at once, so that its absence stops the build",
      code: "FROM php:8.5-cli\nRUN curl -sS https://getcomposer.org/installer | php && mv composer.phar /usr/local/bin/composer\n",
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

/** True where the pipe runs an installer, and what it brings is used behind `&&`: without it the build stops there. */
function isMissedLater({ script }: Script, pipe: ShellPipeline, at: number): boolean {
  if (!interpreters.test(lastProgram(pipe) ?? "")) return false;
  for (let next = at; script.topLevel[next]?.connector === "&&"; next++) {
    const commands = script.topLevel[next + 1]?.commands ?? [];
    if (commands.some(({ words }) => usesBrought.test(words.map(({ text }) => text).join(" ")))) return true;
  }
  return false;
}

const interpreters = /^(?:(?:ba|z|da|a)?sh|php|perl|ruby|node|python[\d.]*)$/;

/** Moving or opening what was written, and programs that come by such installers. */
const usesBrought =
  /^(?:mv|chmod|chown|ln|source|\.) |^(?:\S*\/)?(?:rustup|cargo|rustc|composer|poetry|uv|nvm|pip[\d.]*|deno|bun|helm|k3d) |^python[\d.]* -m pip /;

/** True for `x=$(…)`, the one substitution whose failure the shell looks at: that of an argument is lost anyway. */
function isAssigned(script: Script, command: ShellCommand): boolean {
  const host = hostOf(script.script, command);
  return host.words.length === 0 && host.assignments.some(({ from, to }) => from <= command.from && command.to <= to);
}
