/** `--from` with a variable, which the builder does not replace there. */
import { hasTemplate } from "../../fixes/mount";
import { freeStageName, isStageName } from "../../fixes/rename-stage";
import { insertBefore, keywordLike } from "../../fixes/user";
import { instructionsOf } from "../../model/index-of";
import { platformArguments } from "../../model/scope";
import { stageReferences } from "../../model/stage-references";
import type { Instruction, Model } from "../../model/types";
import { locate } from "../../model/types";
import type { Finding, Fix } from "../../rule";
import { readMount } from "../../syntax/flags";
import type { Flag, Word } from "../../syntax/types";
import type { LocalSpan } from "../../text";

/**
 * Findings for every `--from` of COPY and `from=` of a mount that holds a variable: the builder stops there. Source:
 * BuildKit, dockerfile2llb/convert.go (toCommand) and instructions/commands_runmount.go.
 */
export function* variableSources(model: Model): Iterable<Finding> {
  for (const instruction of instructionsOf(model, "COPY", "RUN")) {
    for (const flag of instruction.parsed.flags) {
      const place = instruction.keyword === "COPY" ? copySource(flag) : mountSource(flag);
      if (!place) continue;
      const range = locate(instruction, place);
      if (hasTemplate(model, range)) continue;
      const what = instruction.keyword === "COPY" ? "--from" : "from= of a mount";
      const word = instruction.keyword === "COPY" ? flag.value : null;
      yield {
        message: `The builder replaces no variables in ${what}, and stops here. Make it a stage (FROM … AS name) before this one, and name that stage.`,
        range,
        fixes: () => (word ? makeStage(model, instruction, word) : []),
      };
    }
  }
}

function copySource(flag: Flag): LocalSpan | null {
  return flag.name === "from" && flag.value && flag.value.variables.length > 0 ? flag : null;
}

function mountSource(flag: Flag): LocalSpan | null {
  // A dollar sign at the very end is none of a variable.
  return (
    readMount(flag)?.fields.find(({ key, value }) => key === "from" && value !== null && /\$./.test(value)) ?? null
  );
}

/** A FROM with the same words in front of the stage, where its variables are known to FROM. */
function makeStage(model: Model, instruction: Instruction, word: Word): readonly Fix[] {
  const { stage } = instruction;
  if (!stage || word.quoted || word.to - word.from !== word.text.length) return [];
  const isKnown = ({ name, modifier }: Word["variables"][number]): boolean =>
    /^:?[-+]$/.test(modifier) || platformArguments.has(name) || model.globals.lookup(name, stage.from.index) !== null;
  if (!word.variables.every(isKnown)) return [];
  // One more stage would change the numbers of those below.
  if (stageReferences(model).some((reference) => reference.byNumber)) return [];
  const name = freeStageName(model, nameFor(word));
  const text = `${keywordLike(stage, "FROM")} ${word.text} ${keywordLike(stage, "AS")} ${name}`;
  return [
    {
      title: `Make it a stage called ${name}`,
      applicability: "unsafe",
      reason: "It assumes that an image is meant, which becomes a stage of its own.",
      edits: [
        insertBefore(model, stage.from, `${text}${model.lineEnding}`),
        { span: locate(instruction, word), newText: name },
      ],
    },
  ];
}

/** `uv` for `ghcr.io/astral-sh/uv:${VERSION}`; the variable's own name where nothing else is written. */
function nameFor({ text, variables }: Word): string {
  const path = text.replace(/\$\{[^}]*\}|\$\w+/g, "").replace(/[:@][^/]*$/, "");
  const last = path.split("/").at(-1)?.toLowerCase() ?? "";
  const own = (variables[0]?.name ?? "").toLowerCase();
  return [last, own].find(isStageName) ?? "source";
}
