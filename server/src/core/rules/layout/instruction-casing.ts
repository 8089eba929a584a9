import { hasTemplate } from "../../fixes/mount";
import type { Instruction, Model } from "../../model/types";
import { defineRule } from "../../rule";
import { isKeyword } from "../../syntax/keywords";

export default defineRule({
  id: "instruction-casing",
  theme: "layout",
  category: "style",
  severity: "info",
  recommended: true,
  since: "0.1.0",
  summary: "Keywords of instructions are not all in one case.",
  why: "The builder takes any case, but a keyword that looks unlike the others is easily overlooked. Like BuildKit's check, this asks only that a file be of one mind: upper or lower case, whichever most of its keywords have. With `style: upper` every keyword has to be upper case, as Sonar and Docker's editor support ask.",
  aliases: {
    buildkit: ["ConsistentInstructionCasing"],
    sonar: ["S6476"],
    "dockerfile-utils": ["CASING_INSTRUCTION"],
    tally: ["buildkit/ConsistentInstructionCasing"],
  },
  options: {
    style: {
      type: "enum",
      values: ["consistent", "upper"],
      default: "consistent",
      description: "`consistent`: the case that most keywords have. `upper`: always upper case.",
    },
  },
  fixable: "safe",
  examples: [
    {
      title: "One that differs",
      code: 'FROM alpine:3.24\n[|run|] apk add --no-cache curl\nCMD ["curl"]\n',
      fixed: 'FROM alpine:3.24\nRUN apk add --no-cache curl\nCMD ["curl"]\n',
    },
    {
      title: "Neither upper nor lower case",
      code: "FROM alpine:3.24\n[|Run|] true\n",
      fixed: "FROM alpine:3.24\nRUN true\n",
    },
    {
      title: "Most are lower case",
      code: 'from alpine:3.24\nrun true\n[|CMD|] ["sh"]\n',
      fixed: 'from alpine:3.24\nrun true\ncmd ["sh"]\n',
    },
    { title: "All lower case", code: "from alpine:3.24\nrun true\n" },
    {
      title: "Always upper case",
      options: { style: "upper" },
      code: "[|from|] alpine:3.24\nRUN true\n",
      fixed: "FROM alpine:3.24\nRUN true\n",
    },
    { title: "The body of a heredoc holds no keywords", code: "FROM alpine:3.24\nRUN <<EOF\nrun me\nEOF\n" },
  ],
  *check({ model, options }) {
    const { known, upper, others } = sortByCase(model);
    const lower = others.filter((one) => writtenKeyword(one) === writtenKeyword(one).toLowerCase()).length;
    const wantsLower = options.style !== "upper" && lower > upper;
    for (const instruction of wantsLower ? known() : others) {
      const word = writtenKeyword(instruction);
      const wanted = wantsLower ? word.toLowerCase() : word.toUpperCase();
      if (word === wanted || hasTemplate(model, instruction.keywordSpan)) continue;
      yield {
        message:
          options.style === "upper"
            ? `${word} is not upper case. Write ${wanted}.`
            : `${word} is in another case than the other keywords of this file. Write ${wanted}.`,
        range: instruction.keywordSpan,
        fixes: () => [
          {
            title: `Write ${wanted}`,
            applicability: "safe",
            edits: [{ span: instruction.keywordSpan, newText: wanted }],
          },
        ],
      };
    }
  },
});

interface Cases {
  /** The instructions that the builder knows. */
  known(): readonly Instruction[];
  /** How many of them are written in upper case. */
  readonly upper: number;
  /** Those that are not. */
  readonly others: readonly Instruction[];
}

function sortByCase({ instructions }: Model): Cases {
  let upper = 0;
  const others: Instruction[] = [];
  for (const instruction of instructions) {
    const { text, keyword, keywordSpan } = instruction.parsed;
    if (!isKeyword(keyword)) continue;
    if (text.startsWith(keyword, keywordSpan.from)) upper++;
    else others.push(instruction);
  }
  return { known: () => instructions.filter(({ keyword }) => isKeyword(keyword)), upper, others };
}

function writtenKeyword({ parsed }: Instruction): string {
  return parsed.text.slice(parsed.keywordSpan.from, parsed.keywordSpan.to);
}
