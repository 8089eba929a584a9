import { isRoot, userAt } from "../../catalogue/stage";
import { hasTemplate } from "../../fixes/mount";
import { insertAfter, insertBefore, keywordLike } from "../../fixes/user";
import type { Model } from "../../model/types";
import { defineRule, type Fix, type RuleContext } from "../../rule";
import type { ShellWord } from "../../shell/ast";
import type { Edit, Span } from "../../text";
import { type Call, canEditCall, sudoCalls } from "./calls";

export default defineRule({
  id: "no-sudo",
  theme: "user",
  category: "security",
  severity: "warning",
  recommended: true,
  since: "0.1.0",
  summary: "RUN calls sudo, although USER can switch for the build.",
  why: "A build runs as root unless USER says otherwise, and USER can switch back and forth. With sudo the package and its rules stay in the image: whoever breaks into the container as the account that may use it is root at once. sudo also behaves unlike a shell with signals, terminals and variables.",
  aliases: {
    hadolint: ["DL3004"],
    trivy: ["DS-0010"],
    checkov: ["CKV2_DOCKER_1"],
    kics: ["Run Using Sudo"],
    semgrep: ["no-sudo-in-dockerfile"],
    dockle: ["DKL-DI-0001"],
    tally: ["hadolint/DL3004"],
  },
  fixable: "safe",
  examples: [
    {
      title: "Root needs no sudo",
      code: "FROM debian:trixie\nRUN apt-get update && [|sudo|] apt-get install -y curl\n",
      fixed: "FROM debian:trixie\nRUN apt-get update && apt-get install -y curl\n",
    },
    {
      title: "Another user does",
      code: "FROM debian:trixie\nUSER 1234\nRUN [|sudo|] mkdir /data && [|sudo|] chown 1234 /data\n",
      fixed: "FROM debian:trixie\nUSER 1234\nUSER root\nRUN mkdir /data && chown 1234 /data\nUSER 1234\n",
    },
    {
      title: "With options",
      code: "FROM debian:trixie\nRUN [|sudo|] -E cp -r /src /opt/app\n",
      fixed: "FROM debian:trixie\nRUN cp -r /src /opt/app\n",
    },
    { title: "As somebody else", code: "FROM debian:trixie\nRUN [|sudo|] -u postgres createdb app\n" },
    { title: "Only some of it as root", code: "FROM debian:trixie\nUSER 1234\nRUN make && [|sudo|] make install\n" },
    { title: "Nobody knows who runs it", code: "FROM registry.example.com/base:1\nRUN [|sudo|] make install\n" },
    { title: "A trigger is told, and left as it is", code: "FROM debian:trixie\nONBUILD RUN [|sudo|] make install\n" },
    { title: "The package alone", code: "FROM debian:trixie\nRUN apt-get update && apt-get install -y sudo\n" },
    { title: "In a text", code: "FROM debian:trixie\nRUN echo 'app ALL=(ALL) NOPASSWD: sudo' > /etc/sudoers.d/app\n" },
    { title: "USER", code: "FROM debian:trixie\nUSER root\nRUN make install\nUSER 1234\n" },
  ],
  *check(context) {
    const { model } = context;
    for (const { call, word } of sudoCalls(model)) {
      const span = call.script.locate(word.from, word.to);
      if (hasTemplate(model, span)) continue;
      yield {
        message: messageOf(call, context),
        range: span,
        fixes: () => fixesOf(call, word, span, context),
      };
    }
  },
});

function messageOf({ run }: Call, { catalogue }: RuleContext): string {
  return userAt(run, catalogue).kind === "root"
    ? "This RUN is root already. Delete sudo."
    : "sudo is not needed in a build. Switch with USER root before this RUN, and back behind it.";
}

function fixesOf(call: Call, word: ShellWord, span: Span, { model, catalogue }: RuleContext): readonly Fix[] {
  const { run, stage } = call;
  if (!stage || !canEditCall(model, call)) return [];
  const removal = removeSudo(call, word);
  if (!removal) return [];
  const user = userAt(run, catalogue);
  if (user.kind === "root") {
    if (!removal.hadFlags) return [{ title: "Delete sudo", applicability: "safe", edits: [removal.edit] }];
    return [
      {
        title: "Delete sudo and its options",
        applicability: "unsafe",
        reason: "The command sees the variables and the home of the build, whatever the options said.",
        edits: [removal.edit],
      },
    ];
  }
  return user.kind === "other" ? switchUser(call, span, model) : [];
}

/** Takes sudo away with its options; null for options that change more than the rights. */
function removeSudo({ command, script }: Call, word: ShellWord): { edit: Edit; hadFlags: boolean } | null {
  const { words } = command.command;
  const first = command.words[0];
  if (command.wrappers.length !== 1 || words[0] !== word || !first || command.words.length === 0) return null;
  const between = words.slice(1, words.indexOf(first));
  if (between.some((one) => !/^-[EHnS]+$|^--(?:preserve-env|set-home|non-interactive)$/.test(one.value ?? "")))
    return null;
  const start = script.locate(word.from, word.to).start;
  const end = script.locate(first.from, first.to).start;
  return { edit: { span: { start, end }, newText: "" }, hadFlags: between.length > 0 };
}

/** USER root before the RUN and the old user behind it, when all that it runs is to be root. */
function switchUser(call: Call, span: Span, model: Model): readonly Fix[] {
  const { run, stage, script } = call;
  const written = run.user.kind === "set" ? run.user.instruction.parsed.words[0] : undefined;
  if (!stage || !written || /[\s#"']/.test(written.text) || run.parsed.heredocs.length > 0) return [];
  if (isRoot(written.text.split(":")[0] ?? "")) return [];
  const commands = script.commands.filter(({ name }) => name !== "set");
  const edits: Edit[] = [];
  for (const command of commands) {
    const [first] = command.command.words;
    const removal = first?.value === "sudo" ? removeSudo({ ...call, command }, first) : null;
    if (!removal || command.command !== command.outer) return [];
    edits.push(removal.edit);
  }
  // All of them go at once, told by the first.
  if (edits[0]?.span.start !== span.start) return [];
  return [
    {
      title: "Switch with USER root and back",
      applicability: "unsafe",
      reason: "The commands run as root itself, with root's home, and without the rules of sudo.",
      edits: [
        insertBefore(model, run, `${keywordLike(stage, "USER")} root`),
        ...edits,
        insertAfter(model, run, `${keywordLike(stage, "USER")} ${written.text}`),
      ],
    },
  ];
}
