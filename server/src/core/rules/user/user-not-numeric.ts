import { imageUnder, isRoot } from "../../catalogue/stage";
import type { Binding, Model, Stage } from "../../model/types";
import { locate } from "../../model/types";
import { defineRule, type Finding, type RuleContext } from "../../rule";
import { createdAccounts } from "./accounts";

export default defineRule({
  id: "user-not-numeric",
  theme: "user",
  category: "maintainability",
  severity: "hint",
  recommended: false,
  since: "0.1.0",
  summary: "USER names an account instead of giving its number.",
  why: "Kubernetes refuses to start a container with `runAsNonRoot: true` when the image names its user, since only the image's own /etc/passwd tells that the name is not root. A number can be checked from outside.",
  aliases: { hadolint: ["DL3066"] },
  options: {
    mode: {
      type: "enum",
      values: ["smart", "hadolint"],
      default: "smart",
      description: "`hadolint` reports every USER that is no number, root and those of other stages included.",
    },
  },
  fixable: "unsafe",
  examples: [
    {
      title: "The number stands in the same file",
      code: "FROM debian:trixie\nRUN useradd --uid 1234 web\nUSER [|web|]\n",
      fixed: "FROM debian:trixie\nRUN useradd --uid 1234 web\nUSER 1234\n",
    },
    {
      title: "The number of the image's own user",
      code: "FROM node:26\nUSER [|node:node|]\n",
      fixed: "FROM node:26\nUSER 1000:1000\n",
    },
    { title: "Nobody knows the number", code: "FROM debian:trixie\nRUN useradd web\nUSER [|web|]\n" },
    { title: "A number", code: "FROM node:26\nUSER 1000\n" },
    { title: "A variable may hold a number", code: "FROM debian:trixie\nARG UID\nUSER $UID\n" },
    { title: "Root is another matter", code: "FROM debian:trixie\nUSER root\n" },
    { title: "Only the last USER counts", code: "FROM node:26\nUSER node\nRUN npm ci\nUSER 1000\n" },
    {
      title: "Only what is shipped counts",
      code: "FROM node:26 AS build\nUSER node\nRUN npm ci\n\nFROM scratch\nCOPY --from=build /app /\n",
    },
    {
      title: "Windows has no numbers",
      code: "FROM mcr.microsoft.com/windows/servercore:ltsc2025\nUSER ContainerUser\n",
    },
    {
      title: "As hadolint has it",
      options: { mode: "hadolint" },
      code: "FROM node:26\nUSER [|root|]\nRUN npm ci\nUSER 1000\n",
    },
    {
      title: "A build argument may hold a number, for hadolint too",
      options: { mode: "hadolint" },
      code: "FROM node:26\nARG ID\nUSER $ID\n",
    },
  ],
  *check(context) {
    if (context.options.mode === "hadolint") return yield* namedUsers(context.model);
    const stage = context.model.finalStage;
    const state = stage?.userAtEnd;
    if (!stage || state?.kind !== "set") return;
    const { name, group, instruction } = state;
    const word = instruction.parsed.words[0];
    if (!word || word.variables.length > 0 || instruction.parsed.words.length > 1) return;
    if (/^\d+$/.test(name) || isRoot(name) || /^Container/i.test(name) || /[^\w.-]/.test(name)) return;
    if (imageUnder(stage, context.catalogue)?.windows || instruction.shell.kind !== "posix") return;
    const known = idsOf(name, stage, context);
    yield {
      message: `Kubernetes cannot tell that ${name} is not root. Write its number${known === null ? " instead" : `, ${known.uid}`}.`,
      range: locate(instruction, word),
      fixes: () => {
        if (known === null || word.quoted) return [];
        // Without a group the account keeps all of its groups; a group that is written is kept as it is, or as a number.
        const rest = group === null ? "" : `:${group === name && known.gid !== null ? known.gid : group}`;
        return [
          {
            title: `Replace ${name} by ${known.uid}`,
            applicability: "unsafe",
            reason: "Should the account get another number, this line must follow.",
            edits: [{ span: locate(instruction, word), newText: `${known.uid}${rest}` }],
          },
        ];
      },
    };
  },
});

/** Every USER whose account is no number, as hadolint sees it. */
function* namedUsers({ instructions }: Model): Iterable<Finding> {
  for (const instruction of instructions) {
    const { keyword, stage, index, parsed } = instruction;
    const [word] = parsed.words;
    if (keyword !== "USER" || !stage || !word || /^\d+(?::|$)/.test(word.text)) continue;
    // hadolint takes the value of a build argument for a number, given or not.
    const isArgument = (name: string) => stage.scope.bindings.some((one) => one.name === name && isArg(one, index));
    if (word.variables.some(({ name }) => isArgument(name))) continue;
    yield {
      message: `Kubernetes cannot tell who ${word.text} is. Write its number instead.`,
      range: locate(instruction, word),
    };
  }
}

function isArg({ kind, at }: Binding, before: number): boolean {
  return kind === "arg" && at < before;
}

interface Ids {
  readonly uid: number;
  readonly gid: number | null;
}

/** The numbers of an account that the file makes or the base image brings; null when they are not known. */
function idsOf(name: string, stage: Stage, { model, catalogue }: RuleContext): Ids | null {
  const made = createdAccounts(stage, model).find((account) => account.name === name);
  if (made) return made.uid === null ? null : { uid: made.uid, gid: made.gid };
  const ready = imageUnder(stage, catalogue)?.user?.ready;
  return ready && ready.name === name && ready.uid !== null ? { uid: ready.uid, gid: ready.gid } : null;
}
