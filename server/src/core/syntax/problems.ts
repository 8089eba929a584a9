/** What the builder would refuse in one instruction, whatever stands around it (BuildKit: instructions/parse.go). */
import type { LocalSpan } from "../text";
import { isKeyword, keywords } from "./keywords";
import type { LocalProblem, ParsedInstruction } from "./types";
import { hasOpenQuote } from "./words";

type Parsed = Omit<ParsedInstruction, "problems">;

/** The faults of one instruction. */
export function findProblems(parsed: Parsed): readonly LocalProblem[] {
  const { keyword } = parsed;
  if (!isKeyword(keyword)) {
    return [problem("unknown-instruction", parsed.keywordSpan, `There is no instruction ${shorten(keyword)}.`)];
  }
  const problems = [...flagProblems(parsed), ...argumentProblems(parsed), ...heredocProblems(parsed)];
  return problems;
}

function flagProblems(parsed: Parsed): LocalProblem[] {
  const allowed = keywords[parsed.keyword]?.flags ?? {};
  const seen = new Set<string>();
  const problems: LocalProblem[] = [];
  // HEALTHCHECK NONE and the trigger of ONBUILD bring no flags of their own.
  for (const flag of parsed.flags) {
    const times = Object.hasOwn(allowed, flag.name) ? allowed[flag.name] : undefined;
    if (times === undefined) {
      const known = Object.keys(allowed);
      const hint =
        known.length > 0 ? ` It takes ${known.map((name) => `--${name}`).join(", ")}.` : " It takes no flags.";
      problems.push(syntax(flag, `${parsed.keyword} has no flag --${shorten(flag.name)}.${hint}`));
    } else if (times === "once" && seen.has(flag.name)) {
      problems.push(syntax(flag, `${parsed.keyword} takes --${flag.name} only once.`));
    } else if (flag.value === null && !booleanFlags.has(flag.name)) {
      problems.push(syntax(flag, `--${flag.name} needs a value: --${flag.name}=….`));
    }
    seen.add(flag.name);
  }
  return problems;
}

const booleanFlags = new Set(["link", "parents", "keep-git-dir", "unpack"]);

function argumentProblems(parsed: Parsed): LocalProblem[] {
  const { keyword, words, json, argumentsSpan, keywordSpan } = parsed;
  const rules = keywords[keyword];
  if (!rules) return [];
  const place = argumentsSpan ?? keywordSpan;
  if (!argumentsSpan) {
    if (rules.least > 0) return [syntax(keywordSpan, missing(keyword))];
    // RUN, CMD and ENTRYPOINT without anything do nothing, which the builder lets pass only for the last two.
    return keyword === "RUN" && parsed.heredocs.length === 0 ? [syntax(keywordSpan, missing(keyword))] : [];
  }
  if (keyword === "FROM") return fromProblems(parsed);
  if (keyword === "SHELL" && !json)
    return [syntax(place, 'SHELL takes a JSON list, such as SHELL ["/bin/bash", "-c"].')];
  if ((keyword === "ADD" || keyword === "COPY") && (json?.length ?? words.length) < rules.least) {
    return [syntax(place, `${keyword} needs a source and a destination.`)];
  }
  if (keyword === "ENV" || keyword === "LABEL") return pairProblems(parsed);
  if (keyword === "ARG") {
    return parsed.pairs
      .filter((pair) => pair.name === "")
      .map((pair) => syntax(pair, "ARG needs a name before the equals sign."));
  }
  if (keyword === "HEALTHCHECK") return healthcheckProblems(parsed);
  if (keyword === "ONBUILD") return triggerProblems(parsed);
  return [];
}

function fromProblems(parsed: Parsed): LocalProblem[] {
  const { words } = parsed;
  if (words.length === 1) return [];
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
  return [syntax(rest, "FROM takes an image, or an image, AS and a name.")];
}

function pairProblems(parsed: Parsed): LocalProblem[] {
  const problems: LocalProblem[] = [];
  for (const pair of parsed.pairs) {
    if (pair.value === null) {
      const message = pair.legacy
        ? `${parsed.keyword} ${shorten(pair.name)} has no value: write ${shorten(pair.name)}=….`
        : `"${shorten(pair.name)}" has no equals sign: ${parsed.keyword} takes name=value, and a value with blanks needs quotes.`;
      problems.push(syntax(pair, message));
    } else if (pair.name === "") {
      problems.push(syntax(pair, `${parsed.keyword} needs a name before the equals sign.`));
    } else if (hasOpenQuote(pair.value.text, parsed.escape)) {
      problems.push(syntax(pair, `The quote in the value of ${shorten(pair.name)} is never closed.`));
    }
  }
  return problems;
}

function healthcheckProblems(parsed: Parsed): LocalProblem[] {
  const kind = parsed.words[0];
  const name = kind?.text.toUpperCase();
  if (name === "NONE") {
    const extra = parsed.words[1];
    return extra ? [syntax(extra, "HEALTHCHECK NONE takes no arguments.")] : [];
  }
  if (name !== "CMD") return [syntax(kind ?? parsed.keywordSpan, "HEALTHCHECK takes CMD and a command, or NONE.")];
  return parsed.words.length > 1 ? [] : [syntax(kind ?? parsed.keywordSpan, "HEALTHCHECK CMD needs a command.")];
}

function triggerProblems(parsed: Parsed): LocalProblem[] {
  const { trigger } = parsed;
  if (!trigger) return [];
  if (trigger.keyword === "ONBUILD") return [syntax(trigger.keywordSpan, "ONBUILD cannot hold another ONBUILD.")];
  if (trigger.keyword === "FROM" || trigger.keyword === "MAINTAINER") {
    return [syntax(trigger.keywordSpan, `ONBUILD cannot hold ${trigger.keyword}.`)];
  }
  return [...findProblems({ ...trigger, heredocs: [] })];
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

function syntax(span: LocalSpan, message: string): LocalProblem {
  return problem("syntax", span, message);
}

function problem(kind: LocalProblem["kind"], span: LocalSpan, message: string): LocalProblem {
  return { kind, from: span.from, to: span.to, message };
}

function shorten(text: string): string {
  return text.length > 40 ? `${text.slice(0, 39)}…` : text;
}
