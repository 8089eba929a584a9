import { isRoot, userAt } from "../../catalogue/stage";
import type { Catalogue } from "../../catalogue/types";
import { hasTemplate } from "../../fixes/mount";
import { insertAfter, insertBefore, keywordLike } from "../../fixes/user";
import type { Instruction, Model } from "../../model/types";
import { defineRule, type Fix } from "../../rule";
import { type EffectiveCommand, flagValue } from "../../shell/commands";
import type { Edit } from "../../text";
import { type Call, canEditCall, sudoRuns } from "./calls";

export default defineRule({
  id: "no-sudo",
  theme: "user",
  category: "security",
  severity: "warning",
  recommended: true,
  since: "0.1.0",
  summary: "RUN calls sudo, although USER can switch for the build.",
  why: "A build runs as root unless USER says otherwise, and USER can switch back and forth. With sudo the package and its rules stay in the image: whoever breaks into the container as the account that may use it is root at once. sudo also behaves unlike a shell with signals, terminals and variables. One finding per RUN; silent in scripts that ask who runs them (`id -u`).",
  aliases: {
    hadolint: ["DL3004"],
    trivy: ["DS-0010"],
    checkov: ["CKV2_DOCKER_1"],
    kics: ["Run Using Sudo"],
    semgrep: ["no-sudo-in-dockerfile"],
    dockle: ["DKL-DI-0001"],
    tally: ["hadolint/DL3004"],
  },
  scope: "instruction",
  fixable: "safe",
  examples: [
    {
      title: "Root needs no sudo",
      code: "FROM debian:trixie\nRUN [|sudo|] apt-get update && sudo apt-get install -y curl\n",
      fixed: "FROM debian:trixie\nRUN apt-get update && apt-get install -y curl\n",
    },
    {
      title: "Another user does",
      code: "FROM debian:trixie\nUSER 1234\nRUN [|sudo|] mkdir /data && sudo chown 1234 /data\n",
      fixed: "FROM debian:trixie\nUSER 1234\nUSER root\nRUN mkdir /data && chown 1234 /data\nUSER 1234\n",
    },
    {
      title: "With options",
      code: "FROM debian:trixie\nRUN [|sudo|] -E cp -r /src /opt/app\n",
      fixed: "FROM debian:trixie\nRUN cp -r /src /opt/app\n",
    },
    {
      title: "A program that looks at variables",
      code: "FROM debian:trixie\nENV PREFIX=/opt/app\nRUN [|sudo|] ./install.sh\n",
      fixed: "FROM debian:trixie\nENV PREFIX=/opt/app\nRUN ./install.sh\n",
    },
    { title: "As somebody else", code: "FROM debian:trixie\nRUN [|sudo|] -u postgres createdb app\n" },
    {
      title: "Only some of it as root",
      code: "FROM debian:trixie\nUSER 1234\nRUN ls /src && [|sudo|] cp -r /src /opt\n",
    },
    {
      title: "What the user does would be root's as well",
      code: "FROM debian:trixie\nUSER 1234\nRUN [|sudo|] apt-get update && sudo apt-get install -y google-cloud-cli \\\n  && gcloud config set core/disable_usage_reporting true\n",
    },
    { title: "Nobody knows who runs it", code: "FROM registry.example.com/base:1\nRUN [|sudo|] make install\n" },
    {
      title: "A trigger is told, and left as it is",
      code: "FROM debian:trixie\nONBUILD RUN [|sudo|] cp -r /src /opt\n",
    },
    { title: "The package alone", code: "FROM debian:trixie\nRUN apt-get update && apt-get install -y sudo\n" },
    { title: "In a text", code: "FROM debian:trixie\nRUN echo 'app ALL=(ALL) NOPASSWD: sudo' > /etc/sudoers.d/app\n" },
    {
      title: "A script for root and others",
      code: 'FROM registry.example.com/base:1\nRUN if [ "$(id -u)" -ne 0 ]; then sudo cp -r /src /opt; else cp -r /src /opt; fi\n',
    },
    { title: "USER", code: "FROM debian:trixie\nUSER root\nRUN cp -r /src /opt\nUSER 1234\n" },
  ],
  *check({ model, catalogue }) {
    for (const calls of sudoRuns(model)) {
      const [first] = calls;
      if (!first) continue;
      const { run, script, command } = first;
      const word = command.command.words.find((one) => one.value === "sudo");
      const span = word && script.locate(word.from, word.to);
      if (!span || hasTemplate(model, span) || /\bid -u\b|\bEUID\b|\bwhoami\b/.test(run.parsed.text)) continue;
      yield {
        message: messageOf(first, calls, catalogue),
        range: span,
        fixes: () => fixesOf(run, calls, model, catalogue),
      };
    }
  },
});

function messageOf({ run, command }: Call, calls: readonly Call[], catalogue: Catalogue): string {
  const other = flagValue({ words: command.command.words }, ["-u", "--user"]);
  if (other && !isRoot(other.value ?? "")) {
    return "sudo is not needed to run as somebody else. Give this command a RUN of its own behind USER.";
  }
  if (userAt(run, catalogue).kind === "root") return "This RUN is root already. Delete sudo.";
  return ownCommands(calls).some(({ name }) => !anybodys.has(name ?? ""))
    ? "sudo is not needed in a build. Give the commands with sudo a RUN of their own behind USER root, and switch back."
    : "sudo is not needed in a build. Switch with USER root before this RUN, and back behind it.";
}

/** Commands that do the same whoever runs them. */
const anybodys: ReadonlySet<string> = new Set([
  ...[
    "echo",
    "printf",
    "cat",
    "cd",
    "export",
    "true",
    ":",
    "test",
    "[",
    "[[",
    "sleep",
    "exit",
    "date",
    "uname",
    "grep",
  ],
]);

/** The commands of the RUN that sudo does not run; settings of its shell are none. */
function ownCommands(calls: readonly Call[]): readonly EffectiveCommand[] {
  const behindSudo = new Set(calls.map(({ command }) => command.command));
  const scripts = new Set(calls.map(({ script }) => script));
  return [...scripts].flatMap(({ commands }) =>
    commands.filter(
      ({ name, command, outer }) =>
        name !== "set" && command.words.length > 0 && command === outer && !behindSudo.has(command),
    ),
  );
}

function fixesOf(run: Instruction, calls: readonly Call[], model: Model, catalogue: Catalogue): readonly Fix[] {
  const user = userAt(run, catalogue);
  const removals = calls.map((call) => (canEditCall(model, call) ? removeSudo(call) : null));
  const possible = removals.filter((removal) => removal !== null);
  if (user.kind === "root" && possible.length > 0) {
    const edits = possible.map(({ edit }) => edit);
    if (possible.every(({ hadFlags }) => !hadFlags)) {
      if (possible.every(({ isPlain }) => isPlain)) return [{ title: "Delete sudo", applicability: "safe", edits }];
      const reason = "The commands see the variables of the build, which sudo kept from them, its PATH among them.";
      return [{ title: "Delete sudo", applicability: "unsafe", reason, edits }];
    }
    return [
      {
        title: "Delete sudo and its options",
        applicability: "unsafe",
        reason: "The commands see the variables and the home of the build, whatever the options said.",
        edits,
      },
    ];
  }
  return user.kind === "other" && possible.length === calls.length ? switchUser(run, calls, possible, model) : [];
}

interface Removal {
  readonly edit: Edit;
  readonly hadFlags: boolean;
  /** True when the program does the same whatever home and variables it sees. */
  readonly isPlain: boolean;
}

/** Programs that manage files, packages and accounts, and look at neither home nor variables for what they do. */
const plainPrograms: ReadonlySet<string> = new Set([
  ...["apt", "apt-get", "apt-key", "apt-mark", "add-apt-repository", "dpkg", "apk", "yum", "dnf", "microdnf", "rpm"],
  ...["mkdir", "rmdir", "rm", "cp", "mv", "ln", "touch", "tee", "install", "cat", "tar", "unzip", "gunzip", "dd"],
  ...["chown", "chgrp", "chmod", "setfacl", "setcap", "sed", "find", "truncate", "ldconfig", "locale-gen"],
  ...["useradd", "usermod", "userdel", "groupadd", "groupmod", "adduser", "addgroup", "deluser", "passwd", "chpasswd"],
  ...["update-alternatives", "update-ca-certificates", "update-locale", "dpkg-reconfigure", "systemctl", "service"],
]);

/** Takes sudo away with its options; null for options that change more than the rights. */
function removeSudo({ command, script }: Call): Removal | null {
  const { words } = command.command;
  const [sudo] = words;
  const [first] = command.words;
  if (command.wrappers[0] !== "sudo" || sudo?.value !== "sudo" || !first) return null;
  const second = words.findIndex((word, index) => index > 0 && !(word.value ?? "").startsWith("-"));
  const program = words[second];
  if (!program || /^\w+=/.test(program.text)) return null;
  const flags = words.slice(1, second);
  if (flags.some((one) => !/^-[EHnS]+$|^--(?:preserve-env|set-home|non-interactive)$/.test(one.value ?? "")))
    return null;
  const { start } = script.locate(sudo.from, sudo.to);
  const end = script.locate(program.from, program.to).start;
  const isPlain = program.value !== null && plainPrograms.has(program.value.slice(program.value.lastIndexOf("/") + 1));
  return { edit: { span: { start, end }, newText: "" }, hadFlags: flags.length > 0, isPlain };
}

/** USER root before the RUN and the old user behind it, when all that it runs is to be root. */
function switchUser(
  run: Instruction,
  calls: readonly Call[],
  removals: readonly Removal[],
  model: Model,
): readonly Fix[] {
  const { stage } = run;
  const written = run.user.kind === "set" ? run.user.instruction.parsed.words[0] : undefined;
  const script = calls[0]?.script;
  if (!stage || !script || !written || /[\s#"']/.test(written.text) || run.parsed.heredocs.length > 0) return [];
  if (isRoot(written.text.split(":")[0] ?? "")) return [];
  if (ownCommands(calls).length > 0) return [];
  const user = keywordLike(stage, "USER");
  return [
    {
      title: "Switch with USER root and back",
      applicability: "unsafe",
      reason: "The commands run as root itself, with root's home, and without the rules of sudo.",
      edits: [
        insertBefore(model, run, `${user} root`),
        ...removals.map(({ edit }) => edit),
        insertAfter(model, run, `${user} ${written.text}`),
      ],
    },
  ];
}
