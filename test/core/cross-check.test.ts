/** The structure of ordinary files, compared with a second parser that is right about those (dockerfile-ast). */
import { DockerfileParser } from "dockerfile-ast";
import fc from "fast-check";
import { expect, test } from "vitest";
import { buildModel } from "../../server/src/core/model/build";
import { runs } from "../property/runs";

type Outline = readonly (readonly [keyword: string, firstLine: number, lastLine: number])[];

function ours(text: string): Outline {
  const { instructions, lines } = buildModel(text);
  return instructions.map(({ keyword, span }) => [
    keyword,
    lines.positionAt(span.start).line,
    lines.positionAt(span.end).line,
  ]);
}

function theirs(text: string): Outline {
  return DockerfileParser.parse(text)
    .getInstructions()
    .map((instruction) => {
      const { start, end } = instruction.getRange();
      return [instruction.getKeyword(), start.line, end.line];
    });
}

const line = fc.constantFrom(
  "FROM alpine:3.22 AS base\n",
  "FROM --platform=$BUILDPLATFORM golang\n",
  "# a comment\n",
  "\n",
  "RUN apk add \\\n    curl \\\n    git\n",
  "RUN make \\\n# between\n\n  install\n",
  "RUN <<EOF\nFROM nowhere\n# no comment\nEOF\n",
  "COPY <<-'A' <<B /x/\n\tone\n\tA\ntwo\nB\n",
  'CMD ["node", "server.js"]\n',
  "  user node\n",
  "ENV A=1 B='two words' \\\n  C=3\n",
  "HEALTHCHECK --interval=5s CMD curl -f http://localhost\n",
  "ONBUILD RUN x \\\n y\n",
  "WORKDIR /ä/😀\n",
);
const file = fc
  .tuple(fc.constantFrom("\n", "\r\n"), fc.array(line, { maxLength: 25 }))
  .map(([end, lines]) => lines.join("").replaceAll("\n", end));

test("instructions begin and end on the same lines", () => {
  fc.assert(
    fc.property(file, (text) => {
      expect(ours(text)).toEqual(theirs(text));
    }),
    runs(200),
  );
});
