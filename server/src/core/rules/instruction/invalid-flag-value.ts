/** Flags without a value, and flags that are true or false with something else. */

import { instructionAt } from "../../model/at";
import type { Instruction, Model } from "../../model/types";
import { locate } from "../../model/types";
import type { Fix } from "../../rule";
import { defineRule } from "../../rule";
import type { Flag } from "../../syntax/types";
import { faultCause, faultsOf } from "./faults";

export default defineRule({
  id: "invalid-flag-value",
  theme: "instruction",
  category: "correctness",
  severity: "error",
  recommended: true,
  since: "0.1.0",
  summary: "A flag has no value, or not true or false where one of the two is needed.",
  why: "Flags of a Dockerfile have their value behind an equals sign; a blank ends the flag, and the next word becomes an argument. The builder stops.",
  aliases: {
    "dockerfile-utils": ["FLAG_MISSING_VALUE", "FLAG_INVALID_LINK_VALUE", "FLAG_EXPECTED_BOOLEAN_VALUE"],
  },
  fixable: "unsafe",
  examples: [
    {
      title: "A blank instead of the equals sign",
      code: "FROM golang:1.26 AS build\nFROM alpine:3.24\nCOPY [|--from|] build /app /app\n",
      fixed: "FROM golang:1.26 AS build\nFROM alpine:3.24\nCOPY --from=build /app /app\n",
    },
    {
      title: "Neither true nor false",
      code: "FROM alpine:3.24\nCOPY [|--link=yes|] app /app\n",
      fixed: "FROM alpine:3.24\nCOPY --link=true app /app\n",
    },
    {
      title: "No value at all",
      code: "FROM alpine:3.24\nCOPY [|--chown|] app /app\n",
      fixed: "FROM alpine:3.24\nCOPY app /app\n",
    },
    { title: "Some flags need no value", code: "FROM alpine:3.24\nCOPY --link app /app\n" },
    {
      title: "A variable is not replaced there",
      code: "FROM alpine:3.24\nARG LINK\nCOPY [|--link=$LINK|] app /app\n",
      fixed: "FROM alpine:3.24\nARG LINK\nCOPY --link=true app /app\n",
    },
  ],
  *check({ model }) {
    for (const { span } of faultsOf(model, "flag-value")) {
      const instruction = instructionAt(model, span.start);
      const flag = instruction?.parsed.flags.find((one) => locate(instruction, one).start === span.start);
      if (!instruction || !flag) continue;
      yield {
        message: flag.value
          ? `--${flag.name} is true or false, nothing else. Write --${flag.name}=true, or delete the flag.`
          : `--${flag.name} needs a value behind an equals sign: --${flag.name}=….`,
        range: span,
        cause: faultCause(span),
        aliases: {
          "dockerfile-utils": flag.value
            ? [flag.name === "link" ? "FLAG_INVALID_LINK_VALUE" : "FLAG_EXPECTED_BOOLEAN_VALUE"]
            : ["FLAG_MISSING_VALUE"],
        },
        fixes: () => [fix(model, instruction, flag)],
      };
    }
  },
});

function fix(model: Model, instruction: Instruction, flag: Flag): Fix {
  const span = locate(instruction, flag);
  if (flag.value) {
    const value = /^(?:no|off|0|f)$/i.test(flag.value.text) ? "false" : "true";
    return {
      title: `Write --${flag.name}=${value}`,
      applicability: "unsafe",
      reason: `It assumes that ${value} was meant.`,
      edits: [{ span: locate(instruction, flag.value), newText: value }],
    };
  }
  const next = instruction.parsed.argumentsSpan && locate(instruction, instruction.parsed.argumentsSpan).start;
  const isLast = instruction.parsed.flags.at(-1) === flag;
  if (next !== null && isLast && isValue(instruction, flag) && /^[ \t]+$/.test(model.text.slice(span.end, next))) {
    return {
      title: `Make the next word the value of --${flag.name}`,
      applicability: "unsafe",
      reason: "It assumes that the word behind the flag is its value.",
      edits: [{ span: { start: span.end, end: next }, newText: "=" }],
    };
  }
  const end = next !== null && isLast ? next : span.end;
  return {
    title: `Delete --${flag.name}`,
    applicability: "unsafe",
    reason: "The flag has no value, so that nobody knows what was meant.",
    edits: [{ span: { start: span.start, end }, newText: "" }],
  };
}

/** True when enough words follow for the first of them to be the flag's value. */
function isValue({ keyword, parsed }: Instruction, flag: Flag): boolean {
  const { words } = parsed;
  if (keyword === "COPY" || keyword === "ADD") return words.length >= 3 && !parsed.json;
  if (keyword === "FROM") return words.length === 2 || words.length === 4;
  if (keyword === "HEALTHCHECK") return words.length >= 3 && words[1]?.text.toUpperCase() === "CMD";
  return keyword === "RUN" && flag.name === "mount" && /^\s*type=/.test(parsed.body.text.slice(parsed.argumentsFrom));
}
