import { describe, expect, test } from "vitest";
import { definitionOf, nameAt, occurrencesOf, refusalToRename, rename } from "../../../server/src/core/features/names";
import { applyEdits } from "../../../server/src/core/text";
import { atCursor, marked } from "./marks";

/** Marks every place of the name at the cursor. */
function occurrences(file: string): string {
  const { text, offset, model } = atCursor(file);
  const named = nameAt(model, offset);
  return named
    ? marked(
        text,
        occurrencesOf(model, named).map(({ span }) => span),
      )
    : "nothing is named here";
}

function definition(file: string): string {
  const { text, offset, model } = atCursor(file);
  const named = nameAt(model, offset);
  const span = named && definitionOf(model, named);
  return span ? marked(text, [span]) : "nowhere";
}

function renamed(file: string, newName: string): string {
  const { text, offset, model } = atCursor(file);
  const named = nameAt(model, offset);
  if (!named) return "nothing is named here";
  const result = rename(model, named, newName);
  return "refusal" in result ? `refused: ${result.refusal}` : applyEdits(text, result.edits);
}

describe("stages", () => {
  const file = `FROM node:22 AS bui‸ld
RUN echo build
FROM build AS test
COPY --from=build /a /b
ADD --from=Build /a /b
RUN --mount=type=bind,from=build,target=/x ls
COPY --from=0 /a /b
COPY --from=builder /a /b
`;

  test("are found at FROM, --from and mounts, also by number", () => {
    expect(occurrences(file)).toBe(`FROM node:22 AS [|build|]
RUN echo build
FROM [|build|] AS test
COPY --from=[|build|] /a /b
ADD --from=[|Build|] /a /b
RUN --mount=type=bind,from=[|build|],target=/x ls
COPY --from=[|0|] /a /b
COPY --from=builder /a /b
`);
  });

  test("are renamed, numbers left alone", () => {
    expect(renamed(file, "deps")).toBe(`FROM node:22 AS deps
RUN echo build
FROM deps AS test
COPY --from=deps /a /b
ADD --from=deps /a /b
RUN --mount=type=bind,from=deps,target=/x ls
COPY --from=0 /a /b
COPY --from=builder /a /b
`);
  });

  test("lead to their declaration", () => {
    expect(definition("FROM a AS one\nFROM scratch\nCOPY --from=on‸e a b\n")).toBe(
      "FROM a AS [|one|]\nFROM scratch\nCOPY --from=one a b\n",
    );
    expect(definition("FROM a\nFROM scratch\nCOPY --from=‸0 a b\n")).toBe(
      "[|FROM|] a\nFROM scratch\nCOPY --from=0 a b\n",
    );
    expect(definition("FROM alp‸ine\n")).toBe("nowhere");
  });

  test("are not renamed to what is taken or cannot be", () => {
    const two = "FROM a AS on‸e\nFROM b AS two\n";
    expect(renamed(two, "two")).toBe("refused: There is a stage two already.");
    expect(renamed(two, "2nd")).toMatch(/^refused: A stage is named/);
    expect(renamed(two, "scratch")).toMatch(/^refused: scratch has a meaning/);
    expect(renamed("FROM a\nFROM b\nCOPY --from=‸0 a b\n", "x")).toMatch(/^refused: This stage has no name/);
  });
});

describe("variables", () => {
  test("are followed through scopes, words, shells and heredocs", () => {
    expect(
      occurrences(`ARG VERSION=22
FROM node:\${VERSION:-20} AS base
ARG VERSION
ENV LABEL=$VERSION VERSION=x
RUN echo "$VERSION" && sh -c 'echo \${VERSION%.*}' && echo '$VERSION'
RUN <<EOF
echo "\${VERS‸ION:?}"
EOF
COPY <<EOF /x
'$VERSION'
EOF
COPY <<'EOF' /x
$VERSION
EOF
FROM base
CMD echo $VERSION
FROM scratch
ENV VERSION=other
`),
    ).toBe(`ARG [|VERSION|]=22
FROM node:\${[|VERSION|]:-20} AS base
ARG [|VERSION|]
ENV LABEL=$[|VERSION|] [|VERSION|]=x
RUN echo "$[|VERSION|]" && sh -c 'echo \${[|VERSION|]%.*}' && echo '$VERSION'
RUN <<EOF
echo "\${[|VERSION|]:?}"
EOF
COPY <<EOF /x
'$[|VERSION|]'
EOF
COPY <<'EOF' /x
$VERSION
EOF
FROM base
CMD echo $[|VERSION|]
FROM scratch
ENV VERSION=other
`);
  });

  test("of stages that share nothing are different ones", () => {
    expect(occurrences("FROM a\nENV X=1\nRUN echo $‸X\nFROM b\nENV X=2\nRUN echo $X\n")).toBe(
      "FROM a\nENV [|X|]=1\nRUN echo $[|X|]\nFROM b\nENV X=2\nRUN echo $X\n",
    );
  });

  test("of a build argument are one in all stages", () => {
    expect(renamed("FROM a\nARG X=1\nRUN echo $‸X\nFROM b\nARG X=2\nRUN echo $X\n", "LEVEL")).toBe(
      "FROM a\nARG LEVEL=1\nRUN echo $LEVEL\nFROM b\nARG LEVEL=2\nRUN echo $LEVEL\n",
    );
  });

  test("of a script alone stay in it", () => {
    expect(renamed("FROM a\nRUN for f in a b; do echo $‸f; done\nRUN f=1; echo $f\n", "file")).toBe(
      "FROM a\nRUN for file in a b; do echo $file; done\nRUN f=1; echo $f\n",
    );
  });

  test("of a script that has the name of an ENV are that ENV", () => {
    expect(occurrences("FROM a\nENV P‸=1\nRUN P=2 make && export P=3\n")).toBe(
      "FROM a\nENV [|P|]=1\nRUN [|P|]=2 make && export [|P|]=3\n",
    );
  });

  test("in exec forms are only those of a shell", () => {
    expect(occurrences('FROM a\nENV X=1\nCMD ["sh", "-c", "echo $‸X"]\nENTRYPOINT ["echo", "$X"]\n')).toBe(
      'FROM a\nENV [|X|]=1\nCMD ["sh", "-c", "echo $[|X|]"]\nENTRYPOINT ["echo", "$X"]\n',
    );
  });

  test("in other shells are written their way", () => {
    expect(
      occurrences(
        'FROM a\nSHELL ["pwsh", "-Command"]\nENV X=1\nRUN echo $env:‸X $X\nSHELL ["cmd", "/S", "/C"]\nRUN echo %X%\n',
      ),
    ).toBe(
      'FROM a\nSHELL ["pwsh", "-Command"]\nENV [|X|]=1\nRUN echo $env:[|X|] $X\nSHELL ["cmd", "/S", "/C"]\nRUN echo %[|X|]%\n',
    );
  });

  test("lead to the nearest declaration, a repeated ARG to the first", () => {
    const file = "ARG V=1\nFROM a\nARG V\nRUN echo $V\n";
    const place = (line: string, cursor: string): string => definition(file.replace(line, cursor));
    expect(place("echo $V", "echo $$‸V")).toBe("ARG V=1\nFROM a\nARG [|V|]\nRUN echo $V\n");
    expect(place("ARG V\n", "ARG V‸\n")).toBe("ARG [|V|]=1\nFROM a\nARG V\nRUN echo $V\n");
    expect(definition("FROM a\nENV X=1\nENV X=2\nRUN echo $‸X\n")).toBe("FROM a\nENV X=1\nENV [|X|]=2\nRUN echo $X\n");
    expect(definition("FROM a\nRUN y=1; echo $‸y\n")).toBe("FROM a\nRUN [|y|]=1; echo $y\n");
    expect(definition("FROM a\nRUN echo $‸HOME\n")).toBe("nowhere");
  });

  test("that come from elsewhere keep their name", () => {
    const refusal = (file: string): string | null => {
      const { model, offset } = atCursor(file);
      const named = nameAt(model, offset);
      return named && refusalToRename(model, named);
    };
    expect(refusal("FROM a\nARG TARGETARCH‸\n")).toMatch(/set by the builder/);
    expect(refusal("FROM a\nRUN echo $HOM‸E\n")).toMatch(/not declared in this file/);
    expect(renamed("FROM a\nENV A‸=1 B=2\n", "B")).toBe("refused: There is a variable B already.");
    expect(renamed("FROM a\nENV A‸=1\n", "1A")).toMatch(/^refused: A variable is named/);
  });

  test("that a continuation splits are left alone", () => {
    expect(renamed("FROM a\nENV LONG‸=1\nRUN echo $LO\\\nNG\n", "X")).toMatch(/split by a line continuation/);
  });
});
