import { distributionUnder, imageUnder } from "../../catalogue/stage";
import { type ExecForm, execForm } from "../../fixes/exec-form";
import { canEditPlaced, type Placed, placedInstructions } from "../../fixes/placed";
import { type Script, scriptsOf } from "../../model/scripts";
import { type Instruction, locate, type Stage } from "../../model/types";
import { defineRule, type Fix, type OptionSpecs, type RuleContext } from "../../rule";
import type { ShellCommand } from "../../shell/ast";
import { isShellForm, lastOwn, shellFormCause } from "./starts";

const options = {
  mode: {
    type: "enum",
    values: ["smart", "hadolint", "buildkit"],
    default: "smart",
    description:
      "`hadolint` also tells of shell forms that start with exec, follow SHELL, run on Windows or ship nothing, and of health checks; `buildkit` of all but what follows SHELL.",
  },
} as const satisfies OptionSpecs;

type ModeContext = RuleContext<typeof options>;

export default defineRule({
  id: "shell-form-entrypoint",
  theme: "runtime",
  category: "correctness",
  severity: "warning",
  recommended: true,
  since: "0.1.0",
  summary: "CMD or ENTRYPOINT is written in shell form, so that a shell stands between Docker and the program.",
  why: "In shell form Docker starts `/bin/sh -c` and that shell starts the program. The signal of `docker stop` goes to the shell, which need not pass it on: the program is then killed after ten seconds, in the middle of its work. The JSON form starts the program itself. Where that shell is bash or BusyBox (Alpine, Fedora and their kin), a single command replaces it by itself: there it is a hint. Silent, unlike hadolint, where the line hands over with `exec` or is nothing but a shell, where SHELL says that a shell is wanted (as BuildKit has it), in stages that only lend files to the image, and on Windows, which has no such signals; `mode: hadolint` tells of those, too.",
  aliases: {
    hadolint: ["DL3025"],
    buildkit: ["JSONArgsRecommended"],
    kics: ["Not Using JSON In CMD And ENTRYPOINT Arguments"],
    semgrep: ["prefer-json-notation"],
    sonar: ["S7019"],
    tally: ["hadolint/DL3025", "buildkit/JSONArgsRecommended"],
  },
  options,
  reads: ["CMD", "ENTRYPOINT"],
  fixable: "safe",
  examples: [
    {
      title: "A plain command",
      code: "FROM node:26\nUSER node\nCMD [|node server.js|]\n",
      fixed: 'FROM node:26\nUSER node\nCMD ["node", "server.js"]\n',
    },
    {
      title: "A variable needs the shell, which then hands over",
      code: "FROM node:26\nUSER node\nENTRYPOINT [|node --port $PORT server.js|]\n",
      fixed: 'FROM node:26\nUSER node\nENTRYPOINT ["/bin/sh", "-c", "exec node --port $PORT server.js"]\n',
    },
    {
      title: "Two steps",
      code: "FROM python:3.14\nUSER 1234\nCMD [|flask db upgrade && gunicorn 'app:app'|]\n",
      fixed: 'FROM python:3.14\nUSER 1234\nCMD ["/bin/sh", "-c", "flask db upgrade && exec gunicorn \'app:app\'"]\n',
    },
    {
      title: "Over several lines",
      code: "FROM node:26\nUSER node\nCMD [|prepare \\\n    && node --port $PORT server.js|]\n",
      fixed: "FROM node:26\nUSER node\nCMD prepare \\\n    && exec node --port $PORT server.js\n",
    },
    { title: "Nothing to hand over to", code: "FROM alpine:3.24\nUSER nobody\nCMD [|while true; do date; done|]\n" },
    { title: "A trigger is told, and left as it is", code: "FROM node:26\nONBUILD CMD [|npm start|]\n" },
    { title: "The JSON form", code: 'FROM node:26\nUSER node\nCMD ["node", "server.js"]\n' },
    {
      title: "BusyBox hands over to a single command by itself",
      code: "FROM alpine:3.24\nUSER nobody\nCMD [|server --port 8080|]\n",
      fixed: 'FROM alpine:3.24\nUSER nobody\nCMD ["server", "--port", "8080"]\n',
    },
    { title: "A shell is what is wanted", code: "FROM debian:trixie\nUSER 1234\nCMD /bin/bash\n" },
    { title: "It hands over by itself", code: "FROM node:26\nUSER node\nCMD exec node --port $PORT server.js\n" },
    {
      title: "SHELL says that a shell is wanted",
      code: 'FROM debian:trixie\nUSER 1234\nSHELL ["/bin/bash", "-c"]\nCMD server $OPTIONS\n',
    },
    { title: "Windows", code: "FROM mcr.microsoft.com/windows/servercore:ltsc2025\nCMD ping -t localhost\n" },
    {
      title: "A stage that only lends files",
      code: 'FROM node:26 AS build\nCMD npm start\n\nFROM node:26\nUSER node\nCOPY --from=build /app /app\nCMD ["node", "/app"]\n',
    },
    {
      title: "As BuildKit has it",
      code: 'FROM node:26 AS build\nCMD [|exec npm start|]\n\nFROM node:26\nUSER node\nCOPY --from=build /app /app\nSHELL ["/bin/bash", "-c"]\nCMD npm start\n',
      fixed:
        'FROM node:26 AS build\nCMD ["npm", "start"]\n\nFROM node:26\nUSER node\nCOPY --from=build /app /app\nSHELL ["/bin/bash", "-c"]\nCMD npm start\n',
      options: { mode: "buildkit" },
    },
    {
      title: "As hadolint has it: health checks, and lists that are none",
      code: "FROM node:26\nUSER node\nHEALTHCHECK [|CMD curl -f http://localhost || exit 1|]\nCMD [|['node', 'a.js']|]\n",
      options: { mode: "hadolint" },
    },
    {
      title: "As hadolint has it",
      code: "FROM node:26\nUSER node\nCMD [|exec node server.js|]\n",
      fixed: 'FROM node:26\nUSER node\nCMD ["node", "server.js"]\n',
      options: { mode: "hadolint" },
    },
  ],
  *check(context) {
    const { model, options } = context;
    const strict = options.mode === "hadolint";
    for (const placed of placedInstructions(model, "CMD", "ENTRYPOINT", ...(strict ? ["HEALTHCHECK"] : []))) {
      const { instruction } = placed;
      // A list that is none is told by a rule of its own; hadolint sees a shell form in it.
      if (strict ? !isShellFormToHadolint(placed) : !isShellForm(instruction)) continue;
      if (!strict && instruction.parsed.problems.length > 0) continue;
      // One that a later one replaces is told by the rules about that.
      const counts = placed.isTrigger || isLast(instruction);
      const inMode = options.mode === "buildkit" ? instruction.shell.words === null : counts && isWorthAWord(placed);
      if (!strict && !inMode) continue;
      const { argumentsSpan } = instruction.parsed;
      if (!argumentsSpan) continue;
      const isReplaced = options.mode === "smart" && handsOver(context, placed);
      yield {
        message: isReplaced
          ? `${instruction.keyword} goes through a shell, which hands over to a single command by itself. A JSON list does without it.`
          : `${instruction.keyword} goes through a shell, and the signal of docker stop may end there. Write a JSON list, so that the program gets it.`,
        range: locate(instruction, argumentsSpan),
        ...(isReplaced ? { severity: "hint" as const } : {}),
        cause: shellFormCause(instruction),
        fixes: () =>
          isShellForm(instruction) && instruction.keyword !== "HEALTHCHECK" ? fixesOf(context, placed) : [],
      };
    }
  },
});

function isLast(instruction: Instruction): boolean {
  return instruction.stage !== null && lastOwn(instruction.stage, instruction.keyword) === instruction;
}

function isShellFormToHadolint({ instruction: { keyword, parsed }, isTrigger }: Placed): boolean {
  if (isTrigger || parsed.json || !parsed.argumentsSpan) return false;
  // Only the builder's own JSON counts, and of a check only its command.
  return keyword !== "HEALTHCHECK" || /^\s*CMD\s+[^\s[]/i.test(parsed.body.text.slice(parsed.argumentsFrom));
}

function isWorthAWord({ instruction }: Placed): boolean {
  const { stage, shell } = instruction;
  if (shell.kind !== "posix" || shell.words !== null) return false;
  if (stage?.reachesFinal && !stage.ships) return false;
  const [script] = scriptsOf(instruction);
  const last = script?.script.topLevel.at(-1)?.commands[0];
  // A shell that calls exec is gone afterwards; one that somebody types into is the program itself.
  return last?.words[0]?.value !== "exec" && !(script && last && isShellAlone(script, last));
}

function isShellAlone({ commands }: Script, { words }: ShellCommand): boolean {
  const [program, ...options] = words;
  if (commands.length !== 1 || !/^(?:.*\/)?(?:ba|z|a|da|fi)?sh$/.test(program?.value ?? "")) return false;
  return options.every(({ value }) => /^-(?:[li]+|-login)$/.test(value ?? ""));
}

/** True where the shell of the image replaces itself by the only command it runs. Tried with bash 5.2, BusyBox 1.36. */
function handsOver({ catalogue }: ModeContext, { instruction }: Placed): boolean {
  const { stage } = instruction;
  const [script, ...others] = scriptsOf(instruction);
  const [only, ...more] = script?.script.topLevel ?? [];
  if (!stage || others.length + more.length > 0 || only?.kind !== "command" || only.connector !== null) return false;
  const shell = distributionUnder(stage, catalogue)?.shell;
  return shell === "bash" || shell === "busybox";
}

function fixesOf({ model, catalogue, options }: ModeContext, placed: Placed): readonly Fix[] {
  const { instruction } = placed;
  const { stage, parsed } = instruction;
  if (!stage || !parsed.argumentsSpan || !canEditPlaced(model, placed)) return [];
  // Only the plain shell is known to be replaced by nothing: one that SHELL names was chosen.
  if (instruction.shell.words !== null || entrypointTakesText(stage)) return [];
  const form = execForm(instruction);
  if (!form) return [];
  const span = locate(instruction, parsed.argumentsSpan);
  const isLong = model.text.slice(span.start, span.end).includes("\n");
  // What spans lines stays readable when the shell form itself hands over; those who want a list get a list.
  const keepsForm = isLong && form.execAt !== null && options.mode !== "hadolint";
  const edits =
    keepsForm && form.execAt !== null
      ? [{ span: { start: form.execAt, end: form.execAt }, newText: "exec " }]
      : [{ span, newText: form.json }];
  const title = form.needsShell ? "Hand over to the program by exec" : "Write a JSON list";
  const reason = reasonOf(placed, form, stage, imageUnder(stage, catalogue)?.user?.how === "entrypoint");
  return [
    reason === null ? { title, applicability: "safe", edits } : { title, applicability: "unsafe", reason, edits },
  ];
}

/** What may change; null when nothing can. */
function reasonOf({ instruction }: Placed, form: ExecForm, stage: Stage, entrypointLooksAtIt: boolean): string | null {
  const [program = ""] = form.words;
  if (instruction.keyword === "ENTRYPOINT" && hasCommand(stage)) {
    return "CMD, which a shell form ignores, becomes the arguments of this program.";
  }
  if (form.needsShell) return "The shell is replaced by the last program, which gets the signals from then on.";
  if (instruction.keyword === "CMD" && (entrypointLooksAtIt || hasEntrypoint(stage))) {
    return "The entry point gets the words one by one instead of a shell with one text.";
  }
  if (program.includes("/") || /\.\w+$/.test(program)) {
    return "A script then needs a first line such as #!/bin/sh, and the right to be executed.";
  }
  return null;
}

function hasCommand(stage: Stage): boolean {
  return lastOwn(stage, "CMD") !== null;
}

function hasEntrypoint(stage: Stage): boolean {
  for (let link: Stage | null = stage; link; link = link.base.stage) if (lastOwn(link, "ENTRYPOINT")) return true;
  return false;
}

/** `ENTRYPOINT ["bash", "-c"]` wants its command as one text. */
function entrypointTakesText(stage: Stage): boolean {
  for (let link: Stage | null = stage; link; link = link.base.stage) {
    const entrypoint = lastOwn(link, "ENTRYPOINT");
    if (entrypoint) return entrypoint.parsed.json?.some(({ value }) => /^-\w*c$/.test(value)) ?? false;
  }
  return false;
}
