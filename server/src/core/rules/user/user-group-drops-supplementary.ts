import { hasTemplate } from "../../fixes/mount";
import { type Instruction, locate, type Model, type Stage } from "../../model/types";
import { defineRule } from "../../rule";
import { flagValue, operands } from "../../shell/commands";
import { type Call, callsOf } from "./calls";

export default defineRule({
  id: "user-group-drops-supplementary",
  theme: "user",
  category: "security",
  severity: "warning",
  recommended: true,
  since: "0.1.0",
  summary: "USER names a group, which drops the groups that the account was given.",
  why: "`USER app` runs with all groups of the account. `USER app:app` runs with that one group and no other: what `usermod -aG` gave before is lost, and the program finds files and sockets closed that the file took care to open.",
  aliases: { tally: ["tally/user-explicit-group-drops-supplementary-groups"] },
  reads: ["RUN"],
  fixable: "unsafe",
  examples: [
    {
      title: "Given and dropped",
      code: 'FROM debian:trixie\nRUN useradd app && usermod -aG audio app\nUSER app[|:app|]\nCMD ["player"]\n',
      fixed: 'FROM debian:trixie\nRUN useradd app && usermod -aG audio app\nUSER app\nCMD ["player"]\n',
    },
    {
      title: "By adduser",
      code: 'FROM alpine:3.24\nRUN adduser -D app && addgroup app docker\nUSER app[|:app|]\nCMD ["agent"]\n',
      fixed: 'FROM alpine:3.24\nRUN adduser -D app && addgroup app docker\nUSER app\nCMD ["agent"]\n',
    },
    {
      title: "The group itself",
      code: 'FROM debian:trixie\nRUN useradd app && usermod -aG audio app\nUSER app:audio\nCMD ["player"]\n',
    },
    { title: "No group", code: 'FROM debian:trixie\nRUN useradd -G audio app\nUSER app\nCMD ["player"]\n' },
    { title: "No more groups", code: 'FROM debian:trixie\nRUN useradd app\nUSER app:app\nCMD ["player"]\n' },
    {
      title: "Another account",
      code: 'FROM debian:trixie\nRUN useradd -G audio app && useradd web\nUSER web:web\nCMD ["player"]\n',
    },
    {
      title: "In another stage",
      code: 'FROM debian:trixie AS build\nRUN useradd -G audio app\n\nFROM debian:trixie\nRUN useradd app\nUSER app:app\nCMD ["player"]\n',
    },
  ],
  *check({ model }) {
    const given = groupsGiven(model);
    if (given.size === 0) return;
    for (const instruction of model.instructions) {
      if (instruction.keyword !== "USER") continue;
      const word = instruction.parsed.words[0];
      const match = /^([A-Za-z_][\w.-]*)(:([A-Za-z_][\w.-]*|\d+))$/.exec(word?.text ?? "");
      const [, name = "", part = "", group = ""] = match ?? [];
      if (!word || !match || word.to - word.from !== word.text.length) continue;
      const lost = lostGroups(given.get(name) ?? [], instruction, group);
      if (lost.length === 0) continue;
      const { end } = locate(instruction, word);
      const span = { start: end - part.length, end };
      yield {
        message: `With ${part} the account ${name} loses its other groups, such as ${lost[0]}. Write the name alone.`,
        range: span,
        fixes: () =>
          hasTemplate(model, instruction.span)
            ? []
            : [
                {
                  title: `Write USER ${name}`,
                  applicability: "unsafe",
                  reason: "The program gets all groups of the account, and its first group where that is another one.",
                  edits: [{ span, newText: "" }],
                },
              ],
      };
    }
  },
});

interface Gift {
  readonly groups: readonly string[];
  readonly run: Instruction;
}

/** The groups that RUNs give to accounts beside their first one, by name of the account. */
function groupsGiven(model: Model): ReadonlyMap<string, readonly Gift[]> {
  const given = new Map<string, Gift[]>();
  const seen = new Set<string>();
  for (const call of callsOf(model, "useradd", "usermod", "adduser", "addgroup", "gpasswd")) {
    if (call.isTrigger) continue;
    const gift = giftOf(call);
    if (!gift || gift.groups.length === 0) continue;
    const list = given.get(gift.name) ?? [];
    given.set(gift.name, list);
    // Given again and again, a group counts once for a stage.
    const fresh = gift.groups.filter((group) => {
      const key = `${call.stage?.index}:${gift.name}:${group}`;
      return !seen.has(key) && seen.add(key);
    });
    if (fresh.length > 0) list.push({ groups: fresh, run: call.run });
  }
  return given;
}

const flags = [
  ...["-b", "-c", "-d", "-e", "-f", "-g", "-G", "-k", "-K", "-l", "-p", "-s", "-u", "-Z", "-R", "-P", "-a", "-h"],
  ...["--groups", "--gid", "--uid", "--shell", "--home-dir", "--home", "--comment", "--add", "--ingroup", "--gecos"],
];

function giftOf({ command }: Call): { readonly name: string; readonly groups: readonly string[] } | null {
  switch (command.name) {
    case "gpasswd": {
      const name = flagValue(command, ["-a", "--add"])?.value;
      const group = operands(command, ["-a", "--add"])[0]?.value;
      return name && group ? { name, groups: [group] } : null;
    }
    case "useradd":
    case "usermod": {
      // For usermod `-a` takes no value: `-aG audio`.
      const rest = operands(
        command,
        flags.filter((flag) => flag !== "-a"),
      );
      const groups = flagValue(command, ["-G", "--groups"])?.value ?? joinedGroups(command);
      const name = rest.at(-1)?.value;
      return name && groups ? { name, groups: groups.split(",").filter((one) => one !== "") } : null;
    }
    default: {
      const [user, group, ...more] = operands(command, flags);
      return user?.value && group?.value && more.length === 0 ? { name: user.value, groups: [group.value] } : null;
    }
  }
}

/** `-aG audio`, whose letters are joined. */
function joinedGroups({ words }: Call["command"]): string | null {
  const at = words.findIndex((word) => /^-[a-zA-Z]*G$/.test(word.value ?? ""));
  return at < 0 ? null : (words[at + 1]?.value ?? null);
}

function lostGroups(gifts: readonly Gift[], user: Instruction, kept: string): readonly string[] {
  return gifts
    .filter(({ run }) => run.index < user.index && isBelow(run.stage, user.stage))
    .flatMap(({ groups }) => groups)
    .filter((group) => group !== kept);
}

function isBelow(stage: Stage | null, top: Stage | null): boolean {
  for (let link = top; link; link = link.base.stage) if (link === stage) return true;
  return false;
}
