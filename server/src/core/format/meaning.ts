/** Whether two layouts of an instruction mean the same to the builder and to the shell. */
import { scriptsOf } from "../model/scripts";
import type { Instruction } from "../model/types";
import type { ShellScript } from "../shell/ast";
import { splitWords } from "../syntax/words";

/** True when nothing but layout differs: keyword, flags, words, texts in quotes, heredocs, comments, shell commands. */
export function sameMeaning(a: Instruction, b: Instruction): boolean {
  return fingerprint(a) === fingerprint(b);
}

function fingerprint(instruction: Instruction): string {
  const { parsed, keyword } = instruction;
  return JSON.stringify([
    parsed.text.slice(parsed.keywordSpan.from, parsed.keywordSpan.to),
    parsed.flags.map(({ name, value }) => [name, value?.text]),
    parsed.json?.map(({ value }) => value),
    parsed.brokenJson,
    parsed.pairs.map(({ name, value, legacy }) => [name, value?.text, legacy]),
    parsed.words.length > 0 && !parsed.json
      ? parsed.words.map(({ text }) => text)
      : parsed.json
        ? null
        : splitWords(parsed.body.text, parsed.argumentsFrom, parsed.body.text.length, parsed.escape).map(
            ({ from, to }) => parsed.body.text.slice(from, to),
          ),
    parsed.heredocs.map(({ bodySpan, delimiterSpan, operator }) => [
      operator.name,
      operator.chomp,
      parsed.text.slice(bodySpan.from, bodySpan.to),
      delimiterSpan !== null,
    ]),
    parsed.comments.map(({ text }) => text),
    parsed.problems.map(({ message }) => message),
    keyword === "RUN" || keyword === "CMD" || keyword === "ENTRYPOINT" || keyword === "HEALTHCHECK"
      ? scriptsOf(instruction).map(({ script }) => shellFingerprint(script))
      : null,
  ]);
}

function shellFingerprint(script: ShellScript): unknown {
  return [
    script.wellFormed,
    script.commands.map(({ words, assignments, redirections, before, after, context, pipeline }) => [
      words.map(({ text }) => text),
      assignments.map(({ name, value }) => [name, value?.text]),
      redirections.map(({ operator, target, heredoc }) => [operator, target?.text, heredoc?.text]),
      before,
      after,
      context,
      pipeline.length,
    ]),
  ];
}
