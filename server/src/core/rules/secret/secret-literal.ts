import { hasTemplate } from "../../fixes/mount";
import { scriptsOf } from "../../model/scripts";
import type { Instruction } from "../../model/types";
import { locate } from "../../model/types";
import type { Aliases } from "../../rule";
import { defineRule } from "../../rule";
import type { DeclaredSecret } from "../../secret/declarations";
import { declaredSecrets, secretCause } from "../../secret/declarations";
import { secretFixes } from "../../secret/fixes";
import { moveIndexFlag } from "../../secret/index-flag";
import { literalsInCommand, mayHoldLiteral } from "../../secret/literals";
import { findCredentials } from "../../secret/values";
import { buildsForWindows } from "../../secret/windows";
import type { Pair, ParsedInstruction } from "../../syntax/types";
import type { Span } from "../../text";

export default defineRule({
  id: "secret-literal",
  theme: "secret",
  category: "security",
  severity: "error",
  recommended: true,
  since: "0.1.0",
  summary: "A token, a private key or a password stands in the file.",
  why: "Whoever can read the repository or pull the image has the credential, and it stays in the history of both after it has been deleted. It has to be replaced by a new one; the new one belongs into a secret mount or into the environment of the container.",
  aliases: {
    tally: ["tally/secrets-in-code"],
    kics: ["Secrets Stored In Dockerfile"],
    sonar: ["S6437"],
    dockle: ["CIS-DI-0010"],
  },
  fixable: "unsafe",
  examples: [
    {
      title: "A GitHub token",
      code: `FROM alpine:3.24\nENV GITHUB_TOKEN=[|${fake("ghp_", 36)}|]\nRUN gh release download\n`,
      fixed: "FROM alpine:3.24\nRUN --mount=type=secret,id=GITHUB_TOKEN,env=GITHUB_TOKEN gh release download\n",
    },
    {
      title: "A package index with its password",
      code: "FROM python:3.14\nENV PIP_INDEX_URL=[|https://ci:Kq83hsQz@|]pypi.corp.test/simple\nRUN pip install internal\n",
      fixed: "FROM python:3.14\nRUN --mount=type=secret,id=PIP_INDEX_URL,env=PIP_INDEX_URL pip install internal\n",
    },
    {
      title: "The same at the command line",
      code: "FROM python:3.14\nRUN pip install --extra-index-url [|https://ci:Kq83hsQz@|]pypi.corp.test/simple internal\n",
      fixed:
        "FROM python:3.14\nRUN --mount=type=secret,id=PIP_EXTRA_INDEX_URL,env=PIP_EXTRA_INDEX_URL pip install internal\n",
    },
    {
      title: "A header",
      code: 'FROM alpine:3.24\nRUN curl -H "[|Authorization: Bearer 8f2c1b7e9a4d|]" https://api.corp.test/data\n',
    },
    {
      title: "A login",
      code: "FROM docker:29-cli\nRUN docker login -u ci -p [|Kq83hsQz|] registry.corp.test\n",
    },
    {
      title: "A label",
      code: `FROM alpine:3.24\nLABEL api.token=[|${fake("glpat-", 20)}|]\n`,
    },
    {
      title: "Builds for Windows have no secret mounts",
      code: "FROM mcr.microsoft.com/windows/servercore:ltsc2025\nENV AWS_ACCESS_KEY_ID=[|AKIAQ7ZP3KX9LM2VB8NC|]\n",
    },
    {
      title: "The samples of the documentation are known to all",
      code: "FROM alpine:3.24\nENV AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE\n",
    },
    {
      title: "A variable is no literal",
      code: 'FROM alpine:3.24\nRUN curl -u "ci:$PASSWORD" -H "Authorization: Bearer $TOKEN" https://api.corp.test/\n',
    },
    {
      title: "Nor is a stand-in, or a login that is the same twice",
      code: "FROM alpine:3.24\nENV DATABASE_URL=postgres://postgres:postgres@db/app OTHER_URL=amqp://app:changeme@mq\n",
    },
    {
      title: "A script that only knows the mark of a key",
      code: "FROM alpine:3.24\nRUN grep -q 'BEGIN PRIVATE KEY' /k || echo \"-----BEGIN PRIVATE KEY-----\" > /k\n",
    },
  ],
  *check({ model, catalogue, facts }) {
    const byPair = new Map<Pair, DeclaredSecret>();
    for (const secret of declaredSecrets(model)) {
      for (const declaration of secret.declarations) byPair.set(declaration.pair, secret);
    }
    for (const instruction of model.instructions) {
      const literals = literalsIn(instruction);
      if (literals.length === 0) continue;
      const { pairs } = instruction.parsed;
      let at = 0;
      for (const { label, span } of literals) {
        if (hasTemplate(model, span)) continue;
        // Both lists are in the order of the file.
        while (at < pairs.length && locate(instruction, pairs[at] as Pair).end < span.end) at++;
        const next = pairs[at];
        const pair = next && holds(locate(instruction, next), span) ? next : undefined;
        const secret = pair && byPair.get(pair);
        const where = pair ? ` in ${pair.name}` : "";
        yield {
          message: `This looks like ${label}${where}. Revoke it, and pass a new one ${
            buildsForWindows(model, instruction.stage, catalogue) ? "" : "as a secret mount or "
          }at run time.`,
          range: span,
          ...(secret?.named ? { aliases: namedAliases } : {}),
          ...(secret ? { cause: secretCause(secret.stage, secret.name) } : {}),
          fixes: () => {
            if (secret) return secretFixes({ model, catalogue, facts }, secret);
            const fix = instruction.keyword === "RUN" ? moveIndexFlag({ model, catalogue }, instruction, span) : null;
            return fix ? [fix] : [];
          },
        };
      }
    }
  },
});

/** What the finding about the name would have answered to; the two are one finding. */
const namedAliases: Aliases = {
  hadolint: ["DL3064"],
  buildkit: ["SecretsUsedInArgOrEnv"],
  tally: ["tally/secrets-in-code", "buildkit/SecretsUsedInArgOrEnv"],
  kics: ["Secrets Stored In Dockerfile"],
  sonar: ["S6437", "S6472"],
  dockle: ["CIS-DI-0010"],
};

interface Literal {
  readonly label: string;
  readonly span: Span;
}

interface Known {
  readonly isPosix: boolean;
  readonly blockStart: number;
  readonly literals: readonly Literal[];
}

// Nearly all instructions hold none, and the text of one changes seldom: what was found stays with it.
const known = new WeakMap<ParsedInstruction, Known>();

function literalsIn(instruction: Instruction): readonly Literal[] {
  const { parsed, blockStart } = instruction;
  const isPosix = instruction.shell.kind === "posix";
  const before = known.get(parsed);
  if (before?.isPosix === isPosix) {
    const by = blockStart - before.blockStart;
    if (by === 0 || before.literals.length === 0) return before.literals;
    return before.literals.map(({ label, span }) => ({
      label,
      span: { start: span.start + by, end: span.end + by },
    }));
  }
  const literals = findLiterals(instruction);
  known.set(parsed, { isPosix, blockStart, literals });
  return literals;
}

function findLiterals(instruction: Instruction): readonly Literal[] {
  const { parsed, blockStart } = instruction;
  // FROM and its like name public things; comments never reach the image.
  const found: Literal[] = findCredentials(withoutComments(instruction)).map(({ label, from, to }) => ({
    label,
    span: { start: blockStart + from, end: blockStart + to },
  }));
  const isScript = parsed.keyword === "RUN" || parsed.keyword === "CMD" || parsed.keyword === "ENTRYPOINT";
  // Most scripts are turned away before anybody parses them.
  if (isScript && mayHoldLiteral.test(parsed.text)) {
    for (const script of scriptsOf(instruction)) {
      for (const command of script.commands) {
        for (const { label, from, to } of literalsInCommand(command)) {
          found.push({ label, span: script.locate(from, to) });
        }
      }
    }
  }
  found.sort((a, b) => a.span.start - b.span.start || b.span.end - a.span.end);
  return found.filter((one, at) => at === 0 || one.span.start >= (found[at - 1] as Literal).span.end);
}

/** The text of the instruction with its comments blanked, so that offsets stay. */
function withoutComments({ parsed }: Instruction): string {
  let result = "";
  let at = 0;
  for (const { from, to } of parsed.comments) {
    result += parsed.text.slice(at, from) + " ".repeat(to - from);
    at = to;
  }
  return result + parsed.text.slice(at);
}

function holds(outer: Span, inner: Span): boolean {
  return outer.start <= inner.start && inner.end <= outer.end;
}

// Written out, the examples would set off every scanner that looks at this repository.
function fake(head: string, length: number): string {
  return head + "q7Zp3Kx9Lm2Vb8Nc4Rt6Wy1Hs5Jd0Gf7Ta3Ue9Io".slice(0, length);
}
