import { hasTemplate } from "../../fixes/mount";
import type { Instruction } from "../../model/types";
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
    const known = model.instructions.filter(({ keyword }) => isKeyword(keyword));
    const written = known.map(writtenKeyword);
    const lower = written.filter((word) => word === word.toLowerCase()).length;
    const upper = written.filter((word) => word === word.toUpperCase()).length;
    const wantsLower = options.style !== "upper" && lower > upper;
    for (let i = 0; i < known.length; i++) {
      const [instruction, word] = [known[i] as Instruction, written[i] as string];
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

function writtenKeyword({ parsed }: Instruction): string {
  return parsed.text.slice(parsed.keywordSpan.from, parsed.keywordSpan.to);
}
