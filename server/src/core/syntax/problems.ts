/** What the builder would refuse in one instruction, whatever stands around it (BuildKit: instructions/parse.go). */
import type { LocalSpan } from "../text";
import { flagProblems } from "./flag-problems";
import { isKeyword, keywords } from "./keywords";
import { problem, shorten, syntax } from "./problem";
import type { LocalProblem, ParsedInstruction, ProblemCode } from "./types";
import { unclosedProblems } from "./unclosed";
import { hasOpenQuote } from "./words";

type Parsed = Omit<ParsedInstruction, "problems">;

/** The faults of one instruction. */
export function findProblems(parsed: Parsed): readonly LocalProblem[] {
  const { keyword } = parsed;
  if (!isKeyword(keyword)) {
    return [problem("unknown-instruction", parsed.keywordSpan, `There is no instruction ${shorten(keyword)}.`, null)];
  }
  const problems = [...flagProblems(parsed), ...argumentProblems(parsed), ...heredocProblems(parsed)];
  return problems.length > 0 ? problems : unclosedProblems(parsed);
}

function argumentProblems(parsed: Parsed): LocalProblem[] {
  const { keyword, words, json, argumentsSpan, keywordSpan } = parsed;
  const rules = keywords[keyword];
  if (!rules) return [];
  const place = argumentsSpan ?? keywordSpan;
  if (!argumentsSpan) {
    if (rules.least > 0) return [syntax(keywordSpan, missing(keyword), "missing-argument")];
    // RUN, CMD and ENTRYPOINT without anything do nothing, which the builder lets pass only for the last two.
    return keyword === "RUN" && parsed.heredocs.length === 0
      ? [syntax(keywordSpan, missing(keyword), "missing-argument")]
      : [];
  }
  if (keyword === "FROM") return fromProblems(parsed);
  if (keyword === "SHELL" && !json)
    return [syntax(place, 'SHELL takes a JSON list, such as SHELL ["/bin/bash", "-c"].')];
  if ((keyword === "ADD" || keyword === "COPY") && (json?.length ?? words.length) < rules.least) {
    return [syntax(place, `${keyword} needs a source and a destination.`, "missing-argument")];
  }
  if (keyword === "VOLUME" && json) {
    if (json.length === 0) return [syntax(place, missing(keyword), "missing-argument")];
    return json.filter(({ value }) => value.trim() === "").map((item) => syntax(item, "VOLUME takes no empty name."));
  }
  if (keyword === "ENV" || keyword === "LABEL") return pairProblems(parsed);
  if (keyword === "ARG") {
    return parsed.pairs
      .filter((pair) => pair.name === "")
      .map((pair) => syntax(pair, "ARG needs a name before the equals sign.", "key-value"));
  }
  if (keyword === "HEALTHCHECK") return healthcheckProblems(parsed);
  if (keyword === "ONBUILD") return triggerProblems(parsed);
  return [];
}

function fromProblems(parsed: Parsed): LocalProblem[] {
  const { words } = parsed;
  if (words.length === 1) return [];
  const comment = trailingComment(parsed, words);
  if (comment) return [comment];
  const [, second, third] = words;
  if (words.length === 3 && second?.text.toUpperCase() === "AS" && third) {
    return /^[a-z][a-z0-9-_.]*$/.test(third.text.toLowerCase())
      ? []
      : [
          syntax(
            third,
            `"${shorten(third.text)}" cannot name a stage: use letters, digits, "-", "_" and ".", a letter first.`,
          ),
        ];
  }
  const rest = { from: (second as LocalSpan).from, to: (words[words.length - 1] as LocalSpan).to };
  return [syntax(rest, "FROM takes an image, or an image, AS and a name.", fromCode(words))];
}

function fromCode(words: Parsed["words"]): ProblemCode {
  if (words.length === 2) return "missing-argument";
  return words.length > 3 ? "extra-argument" : "from-as";
}

/** A word that begins with a number sign: whoever wrote it meant a comment, and the builder reads on. */
function trailingComment(parsed: Parsed, parts: readonly LocalSpan[]): LocalProblem | null {
  const at = parts.findIndex((part, index) => index > 0 && parsed.text[part.from] === "#");
  const first = parts[at];
  const last = parts.at(-1);
  if (!first || !last) return null;
  const message = `A comment needs a line of its own: behind ${parsed.keyword} the # is part of its arguments.`;
  return syntax({ from: first.from, to: last.to }, message, "trailing-comment");
}

function pairProblems(parsed: Parsed): LocalProblem[] {
  // `ENV A=1 #B=2` sets a variable of a strange name; only what has no equals sign stops the build.
  const comment = parsed.pairs.some((pair) => pair.value === null) ? trailingComment(parsed, parsed.pairs) : null;
  const problems: LocalProblem[] = comment ? [comment] : [];
  for (const pair of parsed.pairs) {
    if (comment && pair.from >= comment.from) break;
    if (pair.value === null) {
      const message = pair.legacy
        ? `${parsed.keyword} ${shorten(pair.name)} has no value: write ${shorten(pair.name)}=….`
        : `"${shorten(pair.name)}" has no equals sign: ${parsed.keyword} takes name=value, and a value with blanks needs quotes.`;
      problems.push(syntax(pair, message, "key-value"));
    } else if (pair.name === "") {
      problems.push(syntax(pair, `${parsed.keyword} needs a name before the equals sign.`, "key-value"));
    } else if (hasOpenQuote(pair.value.text, parsed.escape)) {
      problems.push(syntax(pair, `The quote in the value of ${shorten(pair.name)} is never closed.`, "key-value"));
    }
  }
  return problems;
}

function healthcheckProblems(parsed: Parsed): LocalProblem[] {
  const kind = parsed.words[0];
  const name = kind?.text.toUpperCase();
  if (name === "NONE") {
    const extra = parsed.words[1];
    return extra ? [syntax(extra, "HEALTHCHECK NONE takes no arguments.", "extra-argument")] : [];
  }
  if (name !== "CMD") return [syntax(kind ?? parsed.keywordSpan, "HEALTHCHECK takes CMD and a command, or NONE.")];
  return parsed.words.length > 1
    ? []
    : [syntax(kind ?? parsed.keywordSpan, "HEALTHCHECK CMD needs a command.", "missing-argument")];
}

function triggerProblems(parsed: Parsed): LocalProblem[] {
  const { trigger } = parsed;
  if (!trigger) return [];
  if (trigger.keyword === "ONBUILD")
    return [syntax(trigger.keywordSpan, "ONBUILD cannot hold another ONBUILD.", "forbidden-trigger")];
  if (trigger.keyword === "FROM" || trigger.keyword === "MAINTAINER") {
    return [syntax(trigger.keywordSpan, `ONBUILD cannot hold ${trigger.keyword}.`, "forbidden-trigger")];
  }
  return findProblems({ ...trigger, heredocs: [] }).map((fault) =>
    fault.kind === "unknown-instruction" ? { ...fault, code: "unknown-trigger" } : fault,
  );
}

function heredocProblems(parsed: Parsed): LocalProblem[] {
  return parsed.heredocs
    .filter((heredoc) => heredoc.delimiterSpan === null)
    .map((heredoc) =>
      syntax(heredoc.operatorSpan, `The heredoc never ends: no line holds just ${shorten(heredoc.operator.name)}.`),
    );
}

function missing(keyword: string): string {
  switch (keyword) {
    case "FROM":
      return "FROM needs an image.";
    case "ADD":
    case "COPY":
      return `${keyword} needs a source and a destination.`;
    case "RUN":
      return "RUN needs a command.";
    default:
      return `${keyword} needs an argument.`;
  }
}
