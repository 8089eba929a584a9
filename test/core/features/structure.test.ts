import { expect, test } from "vitest";
import { foldsOf } from "../../../server/src/core/features/folding";
import { type OutlineSymbol, outlineOf } from "../../../server/src/core/features/symbols";
import { buildModel } from "../../../server/src/core/index";

const file = `# syntax=docker/dockerfile:1
# one
# two

ARG V=1
FROM node:\${V} AS build
RUN apt-get update \\
    # three
    && apt-get install -y curl
# alone
RUN <<A cat <<B
a
A
b
B
FROM scratch
COPY --from=build /srv /srv
CMD ["/srv/a-very-long-program-name", "--with", "--many", "--arguments", "--indeed"]
`;

test("a file is outlined by its stages", () => {
  const { text } = buildModel(file);
  const shown = (symbols: readonly OutlineSymbol[], indent = ""): string =>
    symbols
      .map(({ name, detail, span, selection, children }) => {
        const picked = text.slice(selection.start, selection.end);
        const lines = text.slice(span.start, span.end).split("\n").length;
        return `${indent}${name} | ${detail} | ${picked} | ${lines}\n${shown(children, `${indent}  `)}`;
      })
      .join("");
  expect(shown(outlineOf(buildModel(file)))).toMatchInlineSnapshot(`
    "syntax | docker/dockerfile:1 | docker/dockerfile:1 | 1
    ARG V=1 |  | ARG | 1
    build | node:\${V} | build | 10
      RUN apt-get update && apt-get install... |  | RUN | 3
      RUN <<A cat <<B |  | RUN | 5
    stage 1 | scratch | FROM scratch | 3
      COPY --from=build /srv /srv |  | COPY | 1
      CMD ["/srv/a-very-long-program-name",... |  | CMD | 1
    "
  `);
});

test("stages, long instructions, heredocs and comments fold", () => {
  const lines = file.split("\n");
  const folds = foldsOf(buildModel(file)).map(
    ({ startLine, endLine, kind }) => `${kind}: ${lines[startLine]} … ${lines[endLine]}`,
  );
  expect(folds).toMatchInlineSnapshot(`
    [
      "comment: # one … # two",
      "code: FROM node:\${V} AS build … B",
      "code: RUN apt-get update \\ …     && apt-get install -y curl",
      "code: RUN <<A cat <<B … B",
      "code: A … B",
      "code: FROM scratch … CMD ["/srv/a-very-long-program-name", "--with", "--many", "--arguments", "--indeed"]",
    ]
  `);
});

test("region marks fold, also within one another", () => {
  const regions = "FROM a\n# region one\n#region two\nRUN b\n# endregion\n# text\n# endregion\n# endregion\n";
  expect(foldsOf(buildModel(regions)).filter(({ kind }) => kind !== "code")).toEqual([
    { startLine: 1, endLine: 6, kind: "region" },
    { startLine: 2, endLine: 4, kind: "region" },
  ]);
});
