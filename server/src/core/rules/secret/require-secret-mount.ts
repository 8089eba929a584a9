import { rootStage } from "../../catalogue/stage";
import { canChangeRun, cannotMount, insertFlag, mountOwner, mountSupport } from "../../fixes/mount";
import { execWords, scriptsOf } from "../../model/scripts";
import type { Instruction, Model } from "../../model/types";
import { locate } from "../../model/types";
import type { Fix, RuleContext } from "../../rule";
import { defineRule } from "../../rule";
import { mountsOf, secretTarget } from "../../secret/writes";
import { packageOperation } from "../../shell/packages";
import type { Mount } from "../../syntax/flags";
import type { Span } from "../../text";

export default defineRule({
  id: "require-secret-mount",
  theme: "secret",
  category: "security",
  severity: "warning",
  recommended: true,
  since: "0.1.0",
  summary: "A command that the project gives a credential to runs without the agreed secret mount.",
  why: "A project with a private registry agrees once how the credential gets into the build. A RUN that forgets the mount fails far away from home, or, worse, is repaired with a build argument. The rule says nothing until `commands` is set.",
  aliases: { tally: ["tally/require-secret-mounts"] },
  options: {
    commands: {
      type: "strings",
      default: [],
      description:
        "What each command is given, as `command: mount`, e.g. `npm ci: id=npmrc,target=/root/.npmrc` or `gh: id=GH_TOKEN,env=GH_TOKEN`. A command may name a subcommand.",
    },
  },
  scope: "instruction",
  fixable: "unsafe",
  examples: [
    {
      title: "The mount is missing",
      options: { commands: ["npm: id=npmrc,target=/root/.npmrc"] },
      code: "FROM node:26\nCOPY . .\nRUN --network=default [|npm ci|] && npm run build\n",
      fixed:
        "FROM node:26\nCOPY . .\nRUN --network=default --mount=type=secret,id=npmrc,target=/root/.npmrc npm ci && npm run build\n",
    },
    {
      title: "Only the subcommand that is named",
      options: { commands: ["pip install: id=pipconf,target=/etc/pip.conf"] },
      code: "FROM python:3.14\nRUN pip --version\nRUN [|python -m pip install x|]\n",
      fixed:
        "FROM python:3.14\nRUN pip --version\nRUN --mount=type=secret,id=pipconf,target=/etc/pip.conf python -m pip install x\n",
    },
    {
      title: "Another user needs to own the file",
      options: { commands: ["npm ci: id=npmrc,target=/home/node/.npmrc"] },
      code: "FROM node:26\nUSER node\nRUN [|npm ci|]\n",
      fixed:
        "FROM node:26\nUSER node\nRUN --mount=type=secret,id=npmrc,target=/home/node/.npmrc,uid=1000,gid=1000 npm ci\n",
    },
    {
      title: "The mount is there",
      options: { commands: ["npm ci: id=npmrc,target=/root/.npmrc"] },
      code: "FROM node:26\nRUN --mount=type=secret,id=npmrc,dst=/root/.npmrc npm ci\n",
    },
    { title: "Nothing was agreed", code: "FROM node:26\nRUN npm ci\n" },
  ],
  *check(context) {
    const agreements = context.options.commands.flatMap((text) => readAgreement(text) ?? []);
    if (agreements.length === 0) return;
    for (const run of context.model.instructions) {
      if (run.keyword !== "RUN" || !run.stage || cannotMount(rootStage(run.stage), context.catalogue)) continue;
      const calls = callsOf(run);
      const missing = new Set<string>();
      for (const call of calls) {
        for (const agreement of agreements) {
          if (missing.has(agreement.mount) || !starts(call.words, agreement.words)) continue;
          if (mountsOf(run).some((mount) => fulfils(mount, agreement))) continue;
          missing.add(agreement.mount);
          yield {
            message: `${agreement.words.join(" ")} needs the secret ${agreement.id} in this project. Add --mount=type=secret,${agreement.mount} to the RUN.`,
            range: call.span,
            fixes: () => mountFix(context, run, agreement),
          };
        }
      }
    }
  },
});

interface Agreement {
  /** `npm`, or `npm ci`. */
  readonly words: readonly string[];
  /** Fields of the mount, as they are to be written. */
  readonly mount: string;
  readonly id: string;
  readonly target: string | null;
  readonly env: string | null;
}

/** Reads `command: id=…,target=…`; null for what does not read like that. */
function readAgreement(text: string): Agreement | null {
  const match = /^\s*([^:]+?)\s*:\s*(\S+)\s*$/.exec(text);
  const [, command, mount] = match ?? [];
  if (command === undefined || mount === undefined) return null;
  const fields = new Map(
    mount.split(",").map((field) => [field.split("=", 1)[0] ?? "", field.slice(field.indexOf("=") + 1)]),
  );
  const id = fields.get("id");
  if (id === undefined || id === "") return null;
  const target = fields.get("target") ?? fields.get("dst") ?? null;
  return { words: command.split(/\s+/), mount, id, target, env: fields.get("env") ?? null };
}

interface Call {
  readonly words: readonly string[];
  readonly span: Span;
}

/** What a RUN calls: the program's own name (`pip` also for `python -m pip`), then its words without flags. */
function callsOf(run: Instruction): readonly Call[] {
  const exec = execWords(run);
  if (exec) {
    const [first = "", ...rest] = exec;
    const words = [first.slice(first.lastIndexOf("/") + 1), ...rest.filter((word) => !word.startsWith("-"))];
    return run.parsed.argumentsSpan ? [{ words, span: locate(run, run.parsed.argumentsSpan) }] : [];
  }
  return scriptsOf(run).flatMap((script) =>
    script.commands.flatMap((command) => {
      if (command.name === null) return [];
      const operation = packageOperation(command);
      const own = operation?.command ?? command;
      const rest = own.words.slice(1).map((word) => word.value ?? word.text);
      const words = [operation?.manager ?? command.name, ...rest.filter((word) => !word.startsWith("-"))];
      return [{ words, span: script.locate(command.command.from, command.command.to) }];
    }),
  );
}

function starts(words: readonly string[], wanted: readonly string[]): boolean {
  return wanted.every((word, at) => words[at] === word);
}

function fulfils(mount: Mount, agreement: Agreement): boolean {
  if (mount.type !== "secret" || mount.get("id") !== agreement.id) return false;
  if (agreement.env !== null) return mount.get("env") === agreement.env;
  return agreement.target === null || secretTarget(mount) === agreement.target;
}

function mountFix({ model, catalogue }: RuleContext, run: Instruction, agreement: Agreement): readonly Fix[] {
  if (!canChangeRun(model, run) || !allows(model, agreement)) return [];
  if (mountsOf(run).some((mount) => mount.type === "secret" && mount.get("id") === agreement.id)) return [];
  const isFile = agreement.env === null || agreement.target !== null;
  const owner = !isFile || /(?:^|,)(?:uid|mode)=/.test(agreement.mount) ? "" : mountOwner(run, catalogue);
  if (owner === null) return [];
  return [
    {
      title: `Mount the secret ${agreement.id} for ${agreement.words.join(" ")}`,
      applicability: "unsafe",
      reason: `The build then needs --secret id=${agreement.id}.`,
      edits: [insertFlag(model, run, `--mount=type=secret,${agreement.mount}${owner}`)],
      note: `Build with: docker build --secret id=${agreement.id} . (add ,src=FILE where the secret is a file).`,
    },
  ];
}

function allows(model: Model, agreement: Agreement): boolean {
  const support = mountSupport(model);
  return support === "env" || (support === "file" && agreement.env === null);
}
