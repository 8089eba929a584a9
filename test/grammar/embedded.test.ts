/**
 * What is embedded in a Dockerfile is highlighted as what it is. The editor brings the grammars of the languages; here
 * each is a stand-in with a single scope, so that a line's scopes say who was at work.
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { loadWASM, OnigScanner, OnigString } from "vscode-oniguruma";
import type { IRawGrammar } from "vscode-textmate";
import { INITIAL, parseRawGrammar, Registry } from "vscode-textmate";

const folder = join(__dirname, "../../syntaxes");
const injections = ["plimsoll.embedded.dockerfile", "plimsoll.continuation.dockerfile"];

const languages = ["shell", "python", "js", "ts", "json", "yaml", "ini", "ruby", "perl", "powershell"];

/** As the grammar of a language behaves: words, strings that may run over lines, and commands with their words. */
function standIn(language: string): IRawGrammar {
  const patterns = [
    { begin: '"', end: '"', name: `string.${language}` },
    { match: "\\w+", name: `word.${language}` },
  ];
  const command = { 0: { name: `command.${language}` } };
  const typical_statements = { patterns: [{ begin: "\\w+", beginCaptures: command, end: "(?=[;&|\\n])", patterns }] };
  return parseRawGrammar(
    JSON.stringify({ scopeName: `source.${language}`, patterns, repository: { typical_statements } }),
    "a.json",
  );
}

const dockerfile = {
  scopeName: "source.dockerfile",
  patterns: [
    { match: "^\\s*(?i:FROM|RUN|COPY|CMD|USER)\\s", name: "keyword.dockerfile" },
    { match: "^\\s*#.*$", name: "comment.line.dockerfile" },
  ],
};

function ours(name: string): IRawGrammar {
  const file = join(folder, `${name.split(".")[1]}.tmLanguage.json`);
  return parseRawGrammar(readFileSync(file, "utf8"), file);
}

const wasm = readFileSync(createRequire(__filename).resolve("vscode-oniguruma/release/onig.wasm"));
const registry = new Registry({
  onigLib: loadWASM(wasm.buffer.slice(wasm.byteOffset, wasm.byteOffset + wasm.byteLength)).then(() => ({
    createOnigScanner: (sources) => new OnigScanner(sources),
    createOnigString: (text) => new OnigString(text),
  })),
  loadGrammar: async (scope) => {
    if (scope === "source.dockerfile") return parseRawGrammar(JSON.stringify(dockerfile), "a.json");
    if (injections.includes(scope)) return ours(scope);
    const language = languages.find((name) => scope === `source.${name}`);
    return language ? standIn(language) : null;
  },
  getInjections: (scope) => (scope === "source.dockerfile" ? injections : undefined),
});

/** The innermost scope of the first word `text` in each line where it stands. */
async function scopesOf(source: string, text: string): Promise<string[]> {
  const grammar = await registry.loadGrammar("source.dockerfile");
  if (!grammar) throw new Error("no grammar");
  let stack = INITIAL;
  const found: string[] = [];
  for (const line of source.split("\n")) {
    const result = grammar.tokenizeLine(line, stack);
    stack = result.ruleStack;
    const at = line.indexOf(text);
    if (at < 0) continue;
    const token = result.tokens.find((one) => one.startIndex <= at && at < one.endIndex);
    found.push(token?.scopes.at(-1) ?? "");
  }
  return found;
}

describe("the shell in RUN", () => {
  it.each([
    ["on one line", "RUN probe\nUSER a", "command.shell"],
    ["in lower case", "run probe", "command.shell"],
    ["after flags", "RUN --mount=type=cache,target=/x probe", "command.shell"],
    ["in an ONBUILD", "ONBUILD RUN probe", "command.shell"],
    ["over lines", "RUN a && \\\n  probe", "command.shell"],
    ["over lines that end in blanks", "RUN a && \\  \n  probe", "command.shell"],
    ["over lines with a backtick", "RUN a `\n  probe", "word.shell"],
    ["behind a comment line", "RUN a && \\\n# why\n  probe", "command.shell"],
    ["behind an empty line", "RUN a && \\\n\n  probe", "command.shell"],
    ["after flags on a line of their own", "RUN --mount=type=cache,target=/x \\\n  probe", "command.shell"],
    ["behind a heading test", "RUN [ -f x ] && probe", "command.shell"],
    ["after a command", "RUN a probe", "word.shell"],
    ["a flag of RUN", "RUN --mount=type=ssh,target=probe a", "meta.embedded.run.dockerfile"],
    ["a field of a flag", "RUN --mount=type=ssh,probe=1 a", "support.variable.field.dockerfile"],
    ["is over with its last line", "RUN a\nprobe", "meta.section.dockerfile"],
    ["is over behind a comment", "RUN a \\\n# why\n b\nprobe", "meta.section.dockerfile"],
    [
      "is over with the next instruction, whatever the shell waits for",
      "RUN for a; do b\nUSER $probe",
      "variable.other.dockerfile",
    ],
    ["is not the exec form", 'RUN ["probe"]', "string.quoted.double.dockerfile"],
    ["in CMD", "CMD probe", "command.shell"],
    ["in ENTRYPOINT", "ENTRYPOINT probe", "command.shell"],
    ["in HEALTHCHECK", "HEALTHCHECK --interval=5s CMD probe", "command.shell"],
    ["a word like a flag is one of the command", "CMD a --probe=1", "word.shell"],
  ])("%s", async (_name, source, scope) => expect(await scopesOf(source, "probe")).toEqual([scope]));

  it("takes a comment line for a comment", async () =>
    expect(await scopesOf("RUN a && \\\n  # probe\n  b", "probe")).toEqual(["comment.line.number-sign.dockerfile"]));
});

describe("heredocs", () => {
  it.each([
    ["shell", "RUN <<EOF\nprobe\nEOF", "word.shell"],
    ["shell, quoted and with tabs", "RUN <<-'END'\n\tprobe\n\tEND", "word.shell"],
    ["Python", "RUN <<EOF python3\nprobe\nEOF", "word.python"],
    ["Python by its path", "RUN <<EOF /usr/bin/env python3\nprobe\nEOF", "word.python"],
    ["JavaScript", "RUN <<EOF node\nprobe\nEOF", "word.js"],
    ["a shell script that is copied", "COPY <<EOF /start.sh\nprobe\nEOF", "word.shell"],
    ["JSON that is copied", "COPY --chmod=644 <<EOF /etc/app.json\nprobe\nEOF", "word.json"],
    ["anything else that is copied", "COPY <<EOF /etc/motd\nprobe\nEOF", "string.unquoted.heredoc.dockerfile"],
    ["an instruction inside one is text", "COPY <<EOF /etc/motd\nRUN probe\nEOF", "string.unquoted.heredoc.dockerfile"],
    ["TypeScript that is copied", "COPY <<EOF /app/main.ts\nprobe\nEOF", "word.ts"],
    ["YAML, named in quotes", 'COPY <<EOF "/etc/app.yml"\nprobe\nEOF', "word.yaml"],
    ["TOML, the nearest there is", "COPY <<EOF /app/pyproject.toml\nprobe\nEOF", "word.ini"],
    ["what a first line says", "RUN <<EOF\n#!/usr/bin/env python3\nprobe\nEOF", "word.python"],
    ["what the first line of a file says", "COPY <<EOF /bin/x\n#!/bin/sh\nprobe\nEOF", "word.shell"],
    ["what another line says counts for nothing", "RUN <<EOF\na\n#!/usr/bin/env bash\nprobe\nEOF", "word.shell"],
    ["several of them", "COPY <<A <<B /x/\na\nA\nprobe\nB", "string.unquoted.heredoc.dockerfile"],
    ["are over with the last one", "COPY <<A <<B /x/\na\nA\nb\nB\nprobe", "source.dockerfile"],
    ["a shebang is over with its delimiter", "COPY <<EOF /bin/x\n#!/bin/sh\na\nEOF\nprobe", "source.dockerfile"],
    [
      "is over with its delimiter, whatever its language waits for",
      'RUN <<EOF\na "b\nEOF\nENV probe=1',
      "variable.other.assignment.dockerfile",
    ],
    ["is over with its delimiter", "RUN <<EOF\na\nEOF\nprobe", "source.dockerfile"],
  ])("%s", async (_name, source, scope) => expect(await scopesOf(source, "probe")).toEqual([scope]));
});

describe("instructions", () => {
  const variable = "variable.other.dockerfile";
  const flag = "support.variable.flag.dockerfile";
  const text = "string.quoted.double.dockerfile";
  it.each([
    ["a variable", "FROM a:$probe", variable],
    ["a variable in braces", "COPY ${probe} /x", variable],
    ["what stands for it", "USER ${A:-probe}", "string.unquoted.default.dockerfile"],
    ["a variable in quotes", 'LABEL a="$probe"', variable],
    ["no variable behind a backslash", "ENV A=\\$probe", "meta.instruction.dockerfile"],
    ["a name that gets a value", "ENV A=1 probe=2", "variable.other.assignment.dockerfile"],
    ["a name on the next line", "ENV A=1 \\\n  probe=2", "variable.other.assignment.dockerfile"],
    ["a flag", "COPY --probe=x . .", flag],
    ["a flag without a value", "COPY --probe . .", flag],
    ["a flag on the next line", "COPY \\\n --probe=x . .", flag],
    ["a variable in a flag", "FROM --platform=$probe a", variable],
    ["a quoted text", 'LABEL a="probe"', text],
    ["an exec form", 'CMD ["a", "probe"]', text],
    ["an exec form over lines", 'ENTRYPOINT ["a", \\\n  "probe"]', text],
    ["the command of a health check", 'HEALTHCHECK --retries=3 CMD ["probe"]', text],
    ["single quotes are no JSON", "CMD ['probe']", "command.shell"],
    ["single quotes beside double ones", "CMD [\"a\", 'probe']", "invalid.illegal.quote.dockerfile"],
    ["a comment between its lines", "ENV A=1 \\\n# probe\n  B=2", "comment.line.number-sign.dockerfile"],
    [
      "a quote that nobody closes ends with its line",
      'LABEL a="b\nENV probe=1',
      "variable.other.assignment.dockerfile",
    ],
    ["a quoted text that goes on", 'LABEL a="b \\\n probe" c=d', text],
    ["a directive", "# syntax=docker/probe:1", "string.unquoted.directive.dockerfile"],
    ["the name of a directive", "# probe", "comment.line.dockerfile"],
  ])("%s", async (_name, source, scope) => expect(await scopesOf(source, "probe")).toEqual([scope]));

  it("names a stage behind AS alone", async () => {
    expect(await scopesOf("FROM a AS b", "AS")).toEqual(["keyword.other.special-method.dockerfile"]);
    expect(await scopesOf("COPY AS b /c", "AS")).toEqual(["meta.instruction.dockerfile"]);
  });
});
