import { defineRule } from "../../rule";
import { type Call, callSpan, isPlain, type Run, runsOf } from "./calls";
import { isGuarded } from "./guards";

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
        for (const command of script.commands) {
          const call = { run, script, command };
          const what = changing(call);
          if (!what || !isBaked(call) || isGuarded(command) || !isPlain(model, call)) continue;
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

/** True when the output ends in a file: by a redirection of its own, its pipe's, or of the command it is a part of. */
function isBaked({ command, run }: Call): boolean {
  const { command: own } = command;
  const writes = (redirections: typeof own.redirections) =>
    redirections.some(
      ({ operator, target }) =>
        /^>{1,2}\|?$/.test(operator) && target?.value !== "/dev/null" && !/^\/dev\/std/.test(target?.value ?? ""),
    );
  if (writes(own.redirections)) return true;
  if (own.pipeline.length > 1) {
    return commandsOf(run).some(
      (other) => other.pipeline.id === own.pipeline.id && (writes(other.redirections) || other.name === "tee"),
    );
  }
  if (!own.context.includes("substitution")) return false;
  return commandsOf(run).some(
    (other) =>
      other !== own &&
      other.from <= own.from &&
      other.to >= own.to &&
      !other.context.includes("substitution") &&
      (writes(other.redirections) || other.name === "sed"),
  );
}

function commandsOf(run: Run): readonly Call["command"]["command"][] {
  return run.scripts.flatMap(({ script }) => script.commands);
}
