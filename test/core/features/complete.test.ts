import { describe, expect, test } from "vitest";
import { exampleCatalogue } from "../../../server/src/core/catalogue/examples";
import { type Completion, type CompletionContext, completionsAt } from "../../../server/src/core/features/complete";
import { plainText, stageSnippets } from "../../../server/src/core/features/snippets";
import { allRules, buildModel, bundledCatalogue, lint } from "../../../server/src/core/index";
import { resolveConfig } from "../../../server/src/core/preset";
import { atCursor } from "./marks";

const catalogue = exampleCatalogue();
const today = "2026-09-01";

function complete(file: string, context: Partial<CompletionContext> = {}): readonly Completion[] {
  const { model, offset } = atCursor(file);
  const whole: CompletionContext = {
    catalogue,
    today,
    rules: allRules,
    findings: [],
    snippets: true,
    trigger: null,
    list: () => undefined,
    ...context,
  };
  const { items } = completionsAt(model, offset, whole);
  for (const { span } of items) expect(span.end, "an entry ends at the cursor").toBe(offset);
  return items;
}

/** The labels, in their order. */
function labels(file: string, context: Partial<CompletionContext> = {}): string {
  return complete(file, context)
    .map((item) => item.label)
    .join(" ");
}

/** The text after the entry with a label was chosen. */
function chosen(file: string, label: string, context: Partial<CompletionContext> = {}): string {
  const { text } = atCursor(file);
  const item = complete(file, context).find((one) => one.label === label);
  if (!item) return `${label} is not offered`;
  return `${text.slice(0, item.span.start)}${item.insert}${text.slice(item.span.end)}`;
}

describe("instructions", () => {
  test("before the first stage there are two", () => {
    expect(labels("‸", { snippets: false })).toBe("FROM ARG");
    expect(labels("# text\nF‸", { snippets: false })).toBe("FROM ARG");
    expect(labels("‸\nFROM a\n", { snippets: false })).toBe("FROM ARG");
  });

  test("in a stage there are all, inside ONBUILD some", () => {
    expect(labels("FROM a\n‸", { snippets: false })).toMatch(/^RUN COPY FROM ENV .* MAINTAINER$/);
    expect(labels("FROM a\nONBUILD ‸")).not.toMatch(/FROM|ONBUILD|MAINTAINER/);
    expect(labels("FROM a\nONBUILD R‸")).toContain("RUN");
  });

  test("are written in the file's case", () => {
    expect(chosen("from a\nw‸", "workdir")).toBe("from a\nworkdir ");
    expect(chosen("FROM a\nw‸", "WORKDIR")).toBe("FROM a\nWORKDIR ");
  });

  test("are not offered in the middle of a line or behind a continuation", () => {
    expect(labels("FROM a\nRUN true \\\n  ‸")).not.toContain("COPY");
    expect(labels("FROM a\nCOPY‸ a b")).toContain("COPY");
  });

  test("whole stages take the tags that are right today", () => {
    const node = stageSnippets(catalogue, today).find((snippet) => snippet.label === "stage node");
    expect(plainText(node?.insert ?? "")).toMatch(/^FROM node:\d+ AS build\n[\s\S]*\nFROM node:\d+-slim\n/);
  });

  test("whole stages parse, and give no finding of weight", () => {
    const shipped = bundledCatalogue();
    for (const snippet of stageSnippets(shipped, shipped.date)) {
      if (snippet.label === "stage") continue;
      const model = buildModel(plainText(snippet.insert));
      expect(model.problems, snippet.label).toEqual([]);
      const { reports } = lint({
        model,
        rules: allRules,
        config: resolveConfig(allRules),
        catalogue: shipped,
        today: shipped.date,
        path: "Dockerfile",
      });
      const severe = reports.filter((report) => report.severity === "error" || report.severity === "warning");
      expect(severe.map((report) => `${snippet.label}: ${report.rule.id} ${report.message}`)).toEqual([]);
    }
  });
});

describe("FROM", () => {
  test("offers stages above, scratch and images", () => {
    const offered = labels("FROM node AS build\nFROM ‸\nFROM alpine AS later\n");
    expect(offered).toMatch(/^build scratch --platform /);
    expect(offered).toMatch(/ alpine .* node /);
    expect(offered).not.toContain("later");
  });

  test("offers tags with size and end of life, plain ones first", () => {
    const items = complete("FROM node:‸");
    expect(items.slice(0, 3).map(({ label, detail }) => `${label}: ${detail}`)).toMatchInlineSnapshot(`
      [
        "26: ~409 MB · until 2029-04-30",
        "24: 409 MB · until 2028-04-30 · LTS",
        "22: ~409 MB · until 2027-04-30 · LTS",
      ]
    `);
    expect(items[0]?.span.start).toBe("FROM node:".length);
    expect(labels("FROM node:26-‸")).not.toMatch(/(?:^| )24/);
    expect(labels("FROM ghcr.io/o/unknown:‸")).toBe("");
  });

  test("offers AS, names, platforms and variables", () => {
    expect(labels("FROM a ‸")).toBe("AS");
    expect(labels("FROM a AS build\nFROM b AS ‸")).toBe("deps test dev base production");
    expect(labels("FROM --platform=‸")).toContain("linux/arm64");
    expect(labels("ARG TAG=1\nFROM a:$‸\n")).toMatch(/^TAG TARGETPLATFORM/);
    expect(chosen("ARG TAG=1\nFROM a:${T‸\n", "TAG")).toBe("ARG TAG=1\nFROM a:${TAG}\n");
    expect(chosen("ARG TAG=1\nFROM a:${T‸}\n", "TAG")).toBe("ARG TAG=1\nFROM a:${TAG}\n");
  });
});

describe("flags", () => {
  test("offer what is not there yet", () => {
    expect(labels("FROM a\nCOPY --‸")).toBe("--from --chown --chmod --link --parents --exclude");
    expect(labels("FROM a\nCOPY --link --‸ a b")).toBe("--from --chown --chmod --parents --exclude");
    expect(labels("FROM a\nRUN --mount=type=ssh --‸")).toBe("--mount --network --security --device");
    expect(chosen("FROM a\nCOPY --li‸", "--link")).toBe("FROM a\nCOPY --link");
    expect(chosen("FROM a\nHEALTHCHECK --in‸ CMD x", "--interval")).toBe("FROM a\nHEALTHCHECK --interval= CMD x");
  });

  test("have values", () => {
    expect(labels("FROM a\nRUN --network=‸")).toBe("default none host");
    expect(labels("FROM a\nADD --keep-git-dir=‸")).toBe("true false");
    expect(labels("FROM a AS one\nFROM b\nCOPY --from=‸")).toMatch(/^one /);
    expect(labels("FROM node:26\nRUN useradd -u 1234 app\nCOPY --chown=‸")).toBe("app node 1000 nobody root");
  });

  test("of mounts have types, fields and values", () => {
    expect(labels("FROM a\nRUN --mount=‸")).toMatch(
      /^type=bind type=cache type=secret type=ssh type=tmpfs type=cache,target/,
    );
    expect(labels("FROM a\nRUN --mount=type=‸")).toMatch(/^bind cache secret ssh tmpfs cache,target/);
    expect(labels("FROM a\nRUN --mount=type=secret,id=x,‸")).toBe("target env required mode uid gid");
    expect(labels("FROM a\nRUN --mount=type=cache,sharing=‸")).toBe("locked shared private");
    expect(labels("FROM a\nRUN --mount=type=cache,target=‸")).toContain("/root/.npm");
    expect(labels("FROM a AS one\nFROM b\nRUN --mount=type=bind,from=o‸")).toMatch(/^one /);
  });
});

describe("variables", () => {
  test("are those in scope, with their values", () => {
    const file = "ARG G=0\nFROM a\nARG G\nENV A=1\nRUN echo $‸ \nENV B=2\n";
    expect(complete(file).map(({ label, detail }) => `${label}=${detail}`)).toEqual(["A=1", "G=0"]);
    expect(labels("FROM a\nENV A=1\nRUN <<EOF\necho ${‸\nEOF\n")).toBe("A");
    expect(labels("FROM a\nENV A=1\nRUN <<'EOF'\necho ${‸\nEOF\n")).toBe("");
    expect(labels("FROM a\nENV A=1\nRUN echo '$‸")).toBe("");
    expect(labels("FROM a\nENV A=1\nRUN echo \\$‸")).toBe("");
    expect(labels("FROM a AS x\nENV A=1\nFROM x\nWORKDIR /$‸")).toBe("A");
  });

  test("worth declaring are the global and the platform's", () => {
    expect(labels("ARG V=1\nFROM a\nARG ‸")).toMatch(/^V TARGETPLATFORM /);
    expect(labels("ARG V=1\nFROM a\nARG V\nARG ‸")).not.toMatch(/^V /);
    expect(labels("FROM a\nENV ‸")).toContain("NODE_ENV=production");
  });
});

describe("arguments", () => {
  const list = (folder: string): readonly string[] | undefined =>
    folder === "" ? ["src/", "package.json"] : folder === "src" ? ["main.ts"] : undefined;

  test("of COPY are files of the build context", () => {
    expect(labels("FROM a\nCOPY ‸", { list })).toMatch(/^src\/ package.json --from/);
    expect(chosen("FROM a\nCOPY p‸", "package.json", { list })).toBe("FROM a\nCOPY package.json");
    expect(chosen("FROM a\nCOPY ./src/‸ .", "main.ts", { list })).toBe("FROM a\nCOPY ./src/main.ts .");
    expect(chosen('FROM a\nCOPY ["p‸', "package.json", { list })).toBe('FROM a\nCOPY ["package.json');
    expect(labels("FROM a\nCOPY /‸", { list })).toBe("src/ package.json");
    expect(labels("FROM a AS b\nWORKDIR /app\nFROM c\nCOPY --from=b ‸", { list })).toMatch(/^\/app\/ /);
  });

  test("of USER are users of base and file", () => {
    expect(labels("FROM node:26\nUSER ‸")).toBe("node 1000 nobody root");
    expect(labels("FROM alpine\nRUN adduser -D -u 5 web\nUSER ‸")).toBe("web nobody root");
  });

  test("have values that are usual", () => {
    expect(labels("FROM a\nSTOPSIGNAL ‸")).toMatch(/^SIGTERM/);
    expect(labels("FROM a\nSHELL ‸")).toContain("pipefail");
    expect(labels("FROM a\nHEALTHCHECK ‸")).toMatch(/^CMD NONE --interval/);
    expect(chosen("FROM a\nLABEL org.open‸", "org.opencontainers.image.source")).toBe(
      "FROM a\nLABEL org.opencontainers.image.source=",
    );
    expect(labels("FROM a\nWORKDIR /srv\nFROM b\nWORKDIR ‸")).toBe("/srv /app /src /workspace");
    expect(labels("FROM a\nMAINTAINER ‸")).toBe("");
  });

  test("of an install are packages of the file, then those that are usual", () => {
    const file = "FROM a\nRUN apt-get install -y zsh git\nFROM b\nRUN apt-get update && apt-get install -y git ‸";
    expect(labels(file)).toMatch(/^zsh ca-certificates curl gnupg (?!.*\bgit\b)/);
    expect(labels("FROM a\nRUN apk add --no-cache tini ba‸")).toMatch(/^ca-certificates curl git bash (?!.*\btini\b)/);
    expect(labels("FROM a\nRUN npm install express\nRUN npm install ‸")).toBe("express");
    expect(labels("FROM a\nRUN apt-get install curl\nRUN npm install ‸")).toBe("");
    expect(labels("FROM a\nRUN apt-get install curl\nRUN apt-get install git && echo ‸")).toBe("");
  });
});

describe("comments", () => {
  test("at the top are directives", () => {
    expect(labels("# ‸")).toBe("syntax= escape= check= plimsoll ignore= plimsoll ignore-file=");
    expect(labels("# syntax=‸")).toBe("docker/dockerfile:1 docker/dockerfile:1-labs");
    expect(labels("# syntax=docker/dockerfile:1\n# ‸\nFROM a")).toMatch(/^escape= check= /);
    expect(labels("FROM a\n# ‸")).toBe("plimsoll ignore= plimsoll ignore-file=");
    expect(labels("# escape=‸")).toBe("` \\");
  });

  test("that silence name rules, those found below first", () => {
    const findings = [
      { rule: "final-user-root", span: { start: 26, end: 32 } },
      { rule: "eol-base-image", span: { start: 0, end: 4 } },
    ];
    const items = complete("FROM a\n# plimsoll ignore=‸\nUSER 0\n", { findings });
    expect(items.slice(0, 3).map(({ label, detail }) => `${label}: ${detail}`)).toEqual([
      "final-user-root: found here",
      "eol-base-image: found in this file",
      expect.stringMatching(/^[a-z-]+: (?:error|warning|info|hint)$/),
    ]);
    expect(labels("# plimsoll ignore=eol-base-image, ‸")).not.toContain("eol-base-image");
    expect(labels("# hadolint ignore=‸")).toContain("DL3007");
    expect(labels("# check=skip=‸")).toContain("SecretsUsedInArgOrEnv");
  });
});

test("nothing is offered in plain text", () => {
  expect(labels("FROM a\n# just some words ‸")).toBe("");
  expect(labels("FROM a\nRUN echo ‸")).toBe("");
  expect(labels("FROM a\nCMD ‸")).toBe("");
});
