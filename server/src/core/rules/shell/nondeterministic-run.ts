import { defineRule } from "../../rule";
import type { ShellCommand, ShellScript } from "../../shell/ast";
import { type Call, callSpan, isPlain, runsOf } from "./calls";
import { hostOf, isGuarded } from "./guards";

export default defineRule({
  id: "nondeterministic-run",
  theme: "shell",
  category: "reproducibility",
  severity: "hint",
  recommended: false,
  since: "0.1.0",
  summary: "A RUN bakes the present time, a random value or a host name into the image.",
  why: "Two builds of the same commit then differ, and a cached layer keeps the old value for months: a build date that is not the build's date, a random key that every container shares. Pass the value in as a build argument (`SOURCE_DATE_EPOCH` for times), or make it when the container starts. Off by default: it matters to those who compare builds.",
  aliases: {},
  scope: "instruction",
  fixable: "none",
  examples: [
    { title: "The time of the build", code: "FROM alpine:3.24\nRUN [|date|] > /build-date\n" },
    {
      title: "A key for everybody",
      code: "FROM alpine:3.24\nRUN apk add --no-cache openssl && [|openssl rand -hex 32|] > /etc/key\n",
    },
    { title: "In a value that is written", code: 'FROM alpine:3.24\nRUN echo "built $([|date -u|])" >> /etc/motd\n' },
    {
      title: "The time of the source",
      code: "FROM alpine:3.24\nARG SOURCE_DATE_EPOCH\nRUN date -d @$SOURCE_DATE_EPOCH > /build-date\n",
    },
    { title: "Printed into the log only", code: "FROM alpine:3.24\nRUN date && hostname\n" },
  ],
  *check({ model }) {
    for (const run of runsOf(model)) {
      for (const script of run.scripts) {
        let outputs: Outputs | null = null;
        for (const command of script.commands) {
          const call = { run, script, command };
          const what = changing(call);
          if (!what) continue;
          outputs ??= outputsOf(script.script);
          if (!isBaked(call, outputs) || isGuarded(command) || !isPlain(model, call)) continue;
          yield {
            message: `${what} changes with every build and stays in the image. Pass it in as a build argument, or make it when the container starts.`,
            range: callSpan(call),
          };
        }
      }
    }
  },
});

function changing({ command }: Call): string | null {
  const { name, words } = command;
  const rest = words.slice(1);
  switch (name) {
    case "date":
      return rest.some(({ text }) => /^(?:-d|--date|-r|--reference|-f|-s)|^-[a-zA-Z]*[dr]$/.test(text))
        ? null
        : "The time of the build";
    case "hostname":
      return rest.length === 0 ? "The builder's host name" : null;
    case "uuidgen":
      return "A random id";
    case "openssl":
      return rest[0]?.value === "rand" ? "A random value" : null;
    case "pwgen":
      return "A random value";
    default:
      return null;
  }
}

/** Where a script's outputs go, worked out once for all its commands. */
interface Outputs {
  /** Pipes with a stage that writes a file. */
  readonly writing: ReadonlySet<number>;
}

function outputsOf(script: ShellScript): Outputs {
  const writing = new Set<number>();
  for (const command of script.commands) {
    if (writes(command) || command.name === "tee") writing.add(command.pipeline.id);
  }
  return { writing };
}

function writes({ redirections }: ShellCommand): boolean {
  return redirections.some(
    ({ operator, target }) => /^>{1,2}\|?$/.test(operator) && !/^\/dev\/(?:null|std)/.test(target?.value ?? ""),
  );
}

/** True when the output ends in a file: by a redirection of its own, its pipe's, or of the command it is a part of. */
function isBaked({ command, script }: Call, { writing }: Outputs): boolean {
  const { outer } = command;
  if (writes(command.command) || (outer.pipeline.length > 1 && writing.has(outer.pipeline.id))) return true;
  const host = hostOf(script.script, outer);
  return host !== outer && (writes(host) || host.name === "sed");
}
