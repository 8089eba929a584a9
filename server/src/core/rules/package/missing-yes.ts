/** What the four rules about unanswered questions share. */
import { canEditRun, insertAfter } from "../../fixes/shell-list";
import type { Aliases, Finding, RuleContext } from "../../rule";
import { flagValue } from "../../shell/arguments";
import type { PackageOperation } from "../../shell/packages";
import { answersYes, hasOperationFlag } from "../../shell/packages";
import { callName, callSpan, type PackageCall, packageCalls } from "./calls";

/** How one family of managers is answered. */
export interface Answer {
  readonly managers: ReadonlySet<string>;
  /** What is written, and behind which word. */
  readonly flag: string;
  readonly behind: "manager" | "subcommand";
  /** Settings in the file that answer for all calls. */
  readonly configured: RegExp;
  /** Folders of the manager's settings: what is copied there may answer as well. */
  readonly settings: RegExp;
  /** Calls that ask nothing, besides those with a flag that says yes. */
  readonly silent: (operation: PackageOperation, call: PackageCall) => boolean;
}

/** Calls that would wait for an answer which nobody gives during a build. */
export function* unanswered({ model }: Pick<RuleContext, "model">, answer: Answer): Iterable<Finding> {
  let isConfigured: boolean | null = null;
  for (const call of packageCalls(model)) {
    const { operation } = call;
    if (!answer.managers.has(operation.manager) || !asks(operation) || answer.silent(operation, call)) continue;
    if (isFed(call)) continue;
    isConfigured ??= answer.configured.test(model.text) || answer.settings.test(model.text);
    if (isConfigured) return;
    yield {
      message: `\`${callName(call)}\` asks ${question(operation)}, and during a build nobody answers. Add \`${answer.flag}\`.`,
      range: callSpan(call),
      ...(operation.action === "install" ? {} : { aliases: otherwise }),
      fixes: () => {
        const word = answer.behind === "manager" ? operation.command.words[0] : operation.subcommand;
        const { run, isTrigger } = call.step;
        if (!word || !canEditRun(model, run, isTrigger)) return [];
        return [
          {
            title: `Add ${answer.flag}`,
            applicability: "safe",
            edits: [insertAfter(call.script, word, ` ${answer.flag}`)],
          },
        ];
      },
    };
  }
}

/** What is asked: apt asks only when more is to happen than was said, or something is to go. */
function question({ tool, action }: PackageOperation): string {
  if (action === "remove") return "before it removes anything";
  return tool.family === "apt" && action === "install" ? "before it installs more than is named" : "before it goes on";
}

/** The peers look at installations only. */
const otherwise: Aliases = {};

function asks(operation: PackageOperation): boolean {
  const { action, tool } = operation;
  if (action !== "install" && action !== "upgrade" && action !== "remove") return false;
  return tool.yesFlags.length > 0 && !answersYes(operation) && !onlyLooks(operation) && !takesFlags(operation);
}

/** Flags with which nothing is changed. */
function onlyLooks(operation: PackageOperation): boolean {
  return hasOperationFlag(operation, ["--help", "-h", "--version", "--dry-run"]);
}

/** `apt-get $OPTIONS install`: the variable may hold the answer. Behind `xargs`, too, nobody knows all words. */
function takesFlags({ command, unknown }: PackageOperation): boolean {
  if (unknown.some((word) => /^["']?\$\{?\w*(?:OPT|FLAG|ARG)S?/i.test(word.text))) return true;
  return command.words.slice(1).some((word) => word.value === null && word.text.startsWith("-"));
}

/** `yes | apt-get install`, `apt-get install < answers`. */
function isFed({ operation }: PackageCall): boolean {
  const { command } = operation;
  if (command.outer.pipeline.index > 0 || command.command.pipeline.index > 0) return true;
  return command.redirections.some(({ operator }) => operator.startsWith("<"));
}

/** Value of `-o Name=value` or `--setopt=name=value`, whichever names one of the given settings. */
export function setsOption(operation: PackageOperation, flags: readonly string[], setting: RegExp): boolean {
  if (setting.test(flagValue(operation.command, flags)?.value ?? "")) return true;
  return operation.command.words.some((word) => setting.test(word.value ?? ""));
}
