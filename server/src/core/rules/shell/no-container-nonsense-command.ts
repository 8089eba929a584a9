import { canChangeRun } from "../../fixes/mount";
import { removeInstruction, removeItems } from "../../fixes/remove";
import type { Model } from "../../model/types";
import { defineRule, type Fix } from "../../rule";
import { readMount } from "../../syntax/flags";
import { type Call, callSpan, isPlain, runsOf } from "./calls";

export default defineRule({
  id: "no-container-nonsense-command",
  theme: "shell",
  category: "correctness",
  severity: "info",
  recommended: true,
  since: "0.1.0",
  summary: "A RUN calls an interactive or host-only command such as top, shutdown or service start.",
  why: "A build step has no terminal, no host to look at, and every process ends with its RUN: a service that is started there does not run in the container. hadolint reports every call of free, kill, mount, ps, service, shutdown, ssh, top and vim; here a call is left alone where it does something in a build: `vim +PluginInstall +qall`, a service that the same RUN goes on to use, `ssh` with a mounted agent, `kill` of what the RUN started itself. `mode: hadolint` reports all of them.",
  aliases: {
    hadolint: ["DL3001"],
    kics: ["Run Utilities And POSIX Commands"],
    semgrep: ["nonsensical-command"],
    tally: ["hadolint/DL3001"],
  },
  scope: "instruction",
  options: {
    mode: {
      type: "enum",
      values: ["smart", "hadolint"],
      default: "smart",
      description: "`smart`: calls that have no effect in a build. `hadolint`: every call of hadolint's list.",
    },
  },
  fixable: "unsafe",
  examples: [
    {
      title: "A service that ends with the RUN",
      code: "FROM debian:13\nRUN apt-get update && apt-get install -y nginx && [|service nginx start|]\n",
      fixed: "FROM debian:13\nRUN apt-get update && apt-get install -y nginx\n",
    },
    {
      title: "Looking at the build machine",
      code: "FROM debian:13\nRUN [|free -m|]\nRUN ./build\n",
      fixed: "FROM debian:13\nRUN ./build\n",
    },
    {
      title: "systemd does not run in a build",
      code: "FROM debian:13\nRUN [|systemctl restart sshd|]; echo done\n",
      fixed: "FROM debian:13\nRUN echo done\n",
    },
    { title: "An editor that installs its plugins", code: "FROM debian:13\nRUN vim +PluginInstall +qall\n" },
    {
      title: "The service is used by the same RUN",
      code: 'FROM debian:13\nRUN service postgresql start && psql -c "create database a"\n',
    },
    { title: "ssh with a mounted agent", code: "FROM debian:13\nRUN --mount=type=ssh ssh -T git@github.com\n" },
    { title: "What the RUN started is stopped", code: "FROM debian:13\nRUN ./server & sleep 5; kill $!\n" },
    {
      title: "As hadolint has it",
      options: { mode: "hadolint" },
      code: "FROM debian:13\nRUN [|service nginx start|] && nginx -t && [|kill 1|]\n",
      fixed: "FROM debian:13\nRUN nginx -t && kill 1\n",
    },
  ],
  *check({ model, options }) {
    const judge =
      options.mode === "hadolint" ? (call: Call) => (listed.has(call.command.name ?? "") ? everyday : null) : nonsense;
    for (const run of runsOf(model)) {
      for (const script of run.scripts) {
        for (const command of script.commands) {
          if (command.name === null || !watched.has(command.name)) continue;
          const call = { run, script, command };
          const why = judge(call);
          if (!why || !isPlain(model, call)) continue;
          yield {
            message: `${command.name} ${why} Remove it.`,
            range: callSpan(call),
            ...(listed.has(command.name) ? {} : { aliases: {} }),
            fixes: () => removeFix(model, call),
          };
        }
      }
    }
  },
});

/** hadolint's own list. */
const listed: ReadonlySet<string> = new Set([
  "free",
  "kill",
  "mount",
  "ps",
  "service",
  "shutdown",
  "ssh",
  "top",
  "vim",
]);
const watched: ReadonlySet<string> = new Set([
  ...listed,
  "ifconfig",
  "systemctl",
  "htop",
  "nano",
  "reboot",
  "poweroff",
]);
const everyday = "makes little sense in a build step.";

/** Why a call has no effect in a build; null where it may have one. */
function nonsense(call: Call): string | null {
  const { command, run, script } = call;
  const { name, words } = command;
  const rest = words.slice(1).map((word) => word.value ?? word.text);
  const isLast = command.outer.item === script.script.topLevel.length - 1;
  const isAlone = command.command.pipeline.length === 1 && command.command.context.length === 0;
  switch (name) {
    case "top":
    case "htop":
    case "free":
    case "ifconfig":
      return isAlone && command.redirections.length === 0
        ? "looks at the build machine, which says nothing of the container."
        : null;
    case "vim":
    case "nano":
      return rest.length <= 1 && !rest.some((word) => /^[-+]/.test(word))
        ? "needs a terminal, which a build step does not have."
        : null;
    case "shutdown":
    case "reboot":
    case "poweroff":
      return isAlone ? "has no machine to stop in a build step." : null;
    case "service":
      return isLast && isAlone && /^(?:start|restart|reload)$/.test(rest[1] ?? "")
        ? "starts something that ends with this RUN; the container does not have it running."
        : null;
    case "systemctl":
      return isLast && isAlone && rest.length > 0 && /^(?:start|restart|reload|daemon-reload)$/.test(rest[0] ?? "")
        ? "talks to systemd, which does not run in a build step."
        : isAlone && /^(?:restart|start)$/.test(rest[0] ?? "")
          ? "talks to systemd, which does not run in a build step."
          : null;
    case "mount": {
      const insecure = run.instruction.parsed.flags.some((flag) => flag.name === "security");
      return isAlone && rest.length > 1 && !insecure ? "is not allowed in a build step." : null;
    }
    case "ssh": {
      const mounted = run.instruction.parsed.flags.some((flag) => /^(?:ssh|secret)$/.test(readMount(flag)?.type ?? ""));
      return isAlone && !mounted && rest.length === 0 ? "connects to nothing." : null;
    }
    default:
      return null;
  }
}

function removeFix(model: Model, call: Call): readonly Fix[] {
  const { run, script, command } = call;
  const { outer } = command;
  const item = script.script.topLevel[outer.item];
  if (run.isTrigger || !canChangeRun(model, run.instruction) || !script.script.wellFormed) return [];
  if (item?.kind !== "command" || item.commands.length !== 1 || command.command !== outer) return [];
  const only = script.script.topLevel.length === 1 && run.scripts.length === 1;
  const edit = only ? removeInstruction(model, run.instruction) : removeItems(script, outer.item, outer.item);
  return edit
    ? [
        {
          title: `Remove ${command.name}`,
          applicability: "unsafe",
          reason: `The step no longer calls ${command.name}; anything that relied on it in the same RUN breaks.`,
          edits: [edit],
        },
      ]
    : [];
}
