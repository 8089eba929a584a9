import { instructionAt } from "../../model/at";
import type { Instruction } from "../../model/types";
import { locate } from "../../model/types";
import { nearest } from "../../nearest";
import type { Fix } from "../../rule";
import { defineRule } from "../../rule";
import { keywords } from "../../syntax/keywords";
import type { Flag } from "../../syntax/types";
import { faultCause, faultsOf, shorten } from "./faults";

export default defineRule({
  id: "unknown-flag",
  theme: "instruction",
  category: "correctness",
  severity: "error",
  recommended: true,
  since: "0.1.0",
  summary: "An instruction has a flag that it does not know.",
  why: "The builder stops at a flag that the instruction does not have. Flags of `docker run` and of shell commands are no flags of instructions.",
  aliases: {
    "dockerfile-utils": ["UNKNOWN_ADD_FLAG", "UNKNOWN_COPY_FLAG", "UNKNOWN_FROM_FLAG", "UNKNOWN_HEALTHCHECK_FLAG"],
    "docker-language-server": ["BuildError"],
  },
  fixable: "unsafe",
  examples: [
    {
      title: "A typing error",
      code: "FROM golang:1.26 AS build\nFROM alpine:3.24\nCOPY [|--form=build|] /app /app\n",
      fixed: "FROM golang:1.26 AS build\nFROM alpine:3.24\nCOPY --from=build /app /app\n",
    },
    {
      title: "Another instruction's flag",
      code: "FROM alpine:3.24\nADD [|--parents|] a/b /c/\n",
      fixed: "FROM alpine:3.24\nADD a/b /c/\n",
    },
    { title: "Each flag where it belongs", code: "FROM --platform=linux/amd64 alpine:3.24\nCOPY --chown=1 a /b\n" },
    { title: "Flags of the command are the command's", code: "FROM alpine:3.24\nRUN apk add --no-cache curl\n" },
  ],
  *check({ model }) {
    for (const { span, message } of faultsOf(model, "unknown-flag")) {
      const instruction = instructionAt(model, span.start);
      if (!instruction) continue;
      const { keyword } = instruction.parsed.trigger ?? instruction.parsed;
      const flag = instruction.parsed.flags.find((one) => locate(instruction, one).start === span.start);
      const near = flag ? nearest(flag.name, Object.keys(keywords[keyword]?.flags ?? {})) : null;
      const peer = `UNKNOWN_${keyword}_FLAG`;
      yield {
        message: near && flag ? `${keyword} has no flag --${shorten(flag.name)}. Did you mean --${near}?` : message,
        range: span,
        cause: faultCause(span),
        aliases: {
          ...(withPeer.has(keyword) ? { "dockerfile-utils": [peer] } : {}),
          "docker-language-server": ["BuildError"],
        },
        fixes: () =>
          flag && flag.name !== "" ? [near ? rename(instruction, flag, near) : remove(instruction, flag)] : [],
      };
    }
  },
});

const withPeer: ReadonlySet<string> = new Set(["ADD", "COPY", "FROM", "HEALTHCHECK"]);

function rename(instruction: Instruction, flag: Flag, name: string): Fix {
  return {
    title: `Replace --${shorten(flag.name)} by --${name}`,
    applicability: "unsafe",
    reason: `It assumes that --${name} was meant.`,
    edits: [{ span: locate(instruction, flag.nameSpan), newText: name }],
  };
}

function remove(instruction: Instruction, flag: Flag): Fix {
  const { flags, keywordSpan } = instruction.parsed;
  const before = flags[flags.indexOf(flag) - 1] ?? keywordSpan;
  return {
    title: `Delete --${shorten(flag.name)}`,
    applicability: "unsafe",
    reason: "What the flag was meant to do is then not done.",
    edits: [{ span: { start: locate(instruction, before).end, end: locate(instruction, flag).end }, newText: "" }],
  };
}
