import { expect, test } from "vitest";
import { exampleCatalogue } from "../../../server/src/core/catalogue/examples";
import { hintsOf, lensesOf } from "../../../server/src/core/features/hints";
import { linksOf, registryPage } from "../../../server/src/core/features/links";
import { indentNewLine } from "../../../server/src/core/features/on-type";
import { selectionsAt } from "../../../server/src/core/features/selection";
import { parseReference } from "../../../server/src/core/image/reference";
import { applyEdits, buildModel } from "../../../server/src/core/index";
import { atCursor } from "./marks";

const catalogue = exampleCatalogue();

test("images, files and rules are links", () => {
  const text = `# syntax=docker/dockerfile:1
# plimsoll ignore=final-user-root,unheard-of
FROM node:26 AS build
COPY package.json ./src/a.ts *.lock https://x.y/z $X /
COPY --from=ghcr.io/o/tool:1 /bin/tool /bin/
COPY --from=build /a /b
FROM registry.example.com/x
FROM scratch
ADD ["b c.txt", "/"]
`;
  const links = linksOf(buildModel(text), (id) => id === "final-user-root");
  expect(
    links.map(({ span, kind, target }) => `${text.slice(span.start, span.end)} → ${kind} ${target}`),
  ).toMatchInlineSnapshot(`
    [
      "docker/dockerfile:1 → url https://hub.docker.com/r/docker/dockerfile",
      "node:26 → url https://hub.docker.com/_/node",
      "ghcr.io/o/tool:1 → url https://ghcr.io/o/tool",
      "package.json → file package.json",
      "./src/a.ts → file src/a.ts",
      ""b c.txt" → file b c.txt",
      "final-user-root → rule final-user-root",
    ]
  `);
});

test("registries have their own pages", () => {
  const page = (image: string): string | null => {
    const reference = parseReference(image);
    return reference && registryPage(reference);
  };
  expect(page("bitnami/redis:7")).toBe("https://hub.docker.com/r/bitnami/redis");
  expect(page("mcr.microsoft.com/dotnet/sdk:10.0")).toBe("https://mcr.microsoft.com/artifact/mar/dotnet/sdk");
  expect(page("quay.io/a/b")).toBe("https://quay.io/repository/a/b");
  expect(page("public.ecr.aws/lambda/nodejs:22")).toBe("https://gallery.ecr.aws/lambda/nodejs");
  expect(page("localhost:5000/a")).toBeNull();
});

test("selection grows step by step, each within the next", () => {
  const grown = (file: string): string[] => {
    const { text, offset, model } = atCursor(file);
    const spans = selectionsAt(model, offset);
    for (const [at, span] of spans.entries()) {
      const outer = spans[at + 1];
      if (outer) expect(outer.start <= span.start && outer.end >= span.end && outer !== span).toBe(true);
    }
    return spans.map(({ start, end }) => text.slice(start, end));
  };
  expect(grown('FROM a\nENV X=1\nRUN echo "a $‸X" | tee b && true\n')).toMatchInlineSnapshot(`
    [
      "X",
      "$X",
      ""a $X"",
      "echo "a $X"",
      "echo "a $X" | tee b",
      "echo "a $X" | tee b && true",
      "RUN echo "a $X" | tee b && true",
      "FROM a
    ENV X=1
    RUN echo "a $X" | tee b && true",
      "FROM a
    ENV X=1
    RUN echo "a $X" | tee b && true
    ",
    ]
  `);
  expect(grown("FROM a\nRUN --mount=type=cache,target=/‸x true\n").slice(0, 4)).toEqual([
    "target=/x",
    "type=cache,target=/x",
    "--mount=type=cache,target=/x",
    "RUN --mount=type=cache,target=/x true",
  ]);
  expect(grown("‸")).toEqual([""]);
  expect(grown("# co‸mment\n")).toEqual(["# comment", "# comment\n"]);
});

test("hints say what variables hold, sizes, and who runs", () => {
  const text = "ARG V=26\nFROM node:$V AS a\nUSER node\nFROM scratch\nFROM a\nRUN true\n";
  const model = buildModel(text);
  const all = { resolvedImage: true, imageSize: true, effectiveUser: true };
  const shown = (settings: typeof all, within = { start: 0, end: text.length }): string => {
    let result = text;
    for (const { offset, label } of [...hintsOf(model, within, settings, catalogue)].reverse()) {
      result = `${result.slice(0, offset)} ‹${label}›${result.slice(offset)}`;
    }
    return result;
  };
  expect(shown(all)).toMatchInlineSnapshot(`
    "ARG V=26
    FROM node:$V ‹= node:26 · ~409 MB› AS a
    USER node
    FROM scratch
    FROM a
    RUN true ‹runs as node›
    "
  `);
  expect(shown({ resolvedImage: false, imageSize: false, effectiveUser: false })).toBe(text);
  expect(shown(all, { start: 0, end: 8 })).toBe(text);
});

test("lenses say what a base is and how often a stage is used", () => {
  const text = "FROM node:18 AS a\nFROM a AS b\nFROM scratch\nCOPY --from=a / /\nCOPY --from=b / /\n";
  const lenses = lensesOf(
    buildModel(text),
    { baseImage: true, references: true, stages: true },
    catalogue,
    "2026-09-01",
  );
  expect(lenses.map(({ span, title }) => `${text.slice(span.start, span.end)}: ${title}`)).toMatchInlineSnapshot(`
    [
      "FROM node:18 AS a: 3 stages, the last one ships",
      "FROM node:18 AS a: ~349 MB · ended 2025-04-30",
      "FROM node:18 AS a: 2 uses",
      "FROM a AS b: 1 use",
    ]
  `);
  expect(
    lensesOf(buildModel(text), { baseImage: false, references: false, stages: false }, catalogue, "2026-09-01"),
  ).toEqual([]);
});

test("a new line is indented where it continues an instruction", () => {
  const typed = (file: string): string => {
    const { text, offset, model } = atCursor(file);
    return applyEdits(text, indentNewLine(model, offset, "  "));
  };
  expect(typed("FROM a\nRUN b \\\n‸")).toBe("FROM a\nRUN b \\\n  ");
  expect(typed("FROM a\nRUN b \\\n‸&& c\n")).toBe("FROM a\nRUN b \\\n  && c\n");
  expect(typed("FROM a\nRUN b \\\n     c \\\n‸\n")).toBe("FROM a\nRUN b \\\n     c \\\n     \n");
  expect(typed("FROM a\nRUN b \\\n     c\n     ‸\n")).toBe("FROM a\nRUN b \\\n     c\n\n");
  expect(typed("FROM a\nRUN <<EOF\n  b \\\n    ‸\nEOF\n")).toBe("FROM a\nRUN <<EOF\n  b \\\n    \nEOF\n");
  expect(typed("FROM a\nRUN b \\\n    # text\n    ‸\n")).toBe("FROM a\nRUN b \\\n    # text\n    \n");
  expect(typed("# text \\\n‸")).toBe("# text \\\n");
  expect(typed("‸FROM a\n")).toBe("FROM a\n");
});
