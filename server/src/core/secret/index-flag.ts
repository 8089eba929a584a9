/** The fix for an index of packages whose address, password included, stands in the command line of pip or uv. */
import { canChangeRun, insertFlag, mountSupport } from "../fixes/mount";
import { scriptsOf } from "../model/scripts";
import type { Instruction } from "../model/types";
import type { Fix } from "../rule";
import type { ShellWord } from "../shell/ast";
import { packageOperation } from "../shell/packages";
import type { Span } from "../text";
import type { MoveContext } from "./move";
import { buildWith } from "./note";
import { buildsForWindows } from "./windows";
import { mountsOf } from "./writes";

/** The variables that say the same as a flag. Sources: the manuals of pip and uv. */
const variables: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  pip: { "-i": "PIP_INDEX_URL", "--index-url": "PIP_INDEX_URL", "--extra-index-url": "PIP_EXTRA_INDEX_URL" },
  uv: {
    "--index-url": "UV_DEFAULT_INDEX",
    "--default-index": "UV_DEFAULT_INDEX",
    "--index": "UV_INDEX",
    "--extra-index-url": "UV_EXTRA_INDEX_URL",
  },
};

/**
 * Takes the flag that holds the credential at `span` out of the command, and mounts the whole address as the variable
 * which says the same. Null for other commands, and where the command has the flag twice.
 */
export function moveIndexFlag(
  { model, catalogue }: Omit<MoveContext, "facts">,
  run: Instruction,
  span: Span,
): Fix | null {
  const { stage } = run;
  if (
    !stage ||
    mountSupport(model) !== "env" ||
    buildsForWindows(model, stage, catalogue) ||
    !canChangeRun(model, run)
  ) {
    return null;
  }
  for (const script of scriptsOf(run)) {
    for (const command of script.commands) {
      const operation = command.command === command.outer ? packageOperation(command) : null;
      const known = operation && variables[operation.manager];
      if (!known) continue;
      const { words } = command;
      const at = words.findIndex((word) => {
        const { start, end } = script.locate(word.from, word.to);
        return start <= span.start && span.end <= end;
      });
      const word = words[at];
      if (!word) continue;
      const joined = /^(--[\w-]+)=/.exec(word.text)?.[1];
      const first = joined === undefined ? words[at - 1] : word;
      const flag = joined ?? first?.value ?? "";
      const variable = Object.hasOwn(known, flag) ? known[flag] : undefined;
      const before = words[words.indexOf(first ?? word) - 1];
      if (variable === undefined || !first || !before || isRepeated(words, flag, first)) return null;
      if (mountsOf(run).some((mount) => mount.get("id") === variable || mount.get("env") === variable)) return null;
      const { flags, texts } = buildWith([{ kind: "variable", id: variable }], {
        more: "The secret is the whole address with a new password: whoever has the file or an older image has the old one",
      });
      const cut = { start: script.locate(before.from, before.to).end, end: script.locate(word.from, word.to).end };
      return {
        title: `Mount ${variable} as a secret instead of ${flag}`,
        applicability: "unsafe",
        reason: `The build then needs ${flags}.`,
        edits: [
          insertFlag(model, run, `--mount=type=secret,id=${variable},env=${variable}`),
          { span: cut, newText: "" },
        ],
        ...texts,
      };
    }
  }
  return null;
}

function isRepeated(words: readonly ShellWord[], flag: string, own: ShellWord): boolean {
  return words.some((word) => word !== own && (word.text === flag || word.text.startsWith(`${flag}=`)));
}
