/** A few made-up rules, so that these tests say nothing of the real ones. */
import { type AnyRule, type Catalogue, defineRule, locate } from "../../server/src/core/index";

const common = {
  theme: "instruction",
  category: "correctness",
  recommended: true,
  since: "0.1.0",
  summary: "A made-up rule.",
  why: "Because the test says so.",
  examples: [],
} as const;

/** Keywords are upper case; fixed safely. */
export const upperKeyword = defineRule({
  ...common,
  id: "test-upper-keyword",
  severity: "info",
  aliases: {},
  fixable: "safe",
  *check({ model }) {
    for (const { parsed, keyword, keywordSpan } of model.instructions) {
      const written = model.text.slice(keywordSpan.start, keywordSpan.end);
      if (written === keyword || parsed.keyword === "") continue;
      yield {
        message: `${written} is written in lower case.`,
        range: keywordSpan,
        fixes: () => [
          {
            title: `Write ${keyword}`,
            applicability: "safe",
            edits: [{ span: keywordSpan, newText: keyword }],
          },
        ],
      };
    }
  },
});

/** The tag `latest`; two fixes that may change the build. */
export const latest = defineRule({
  ...common,
  id: "test-latest",
  severity: "warning",
  aliases: { hadolint: ["DL3007"] },
  fixable: "unsafe",
  *check({ model }) {
    for (const stage of model.stages) {
      const { span, reference } = stage.base;
      if (!span || reference?.tag !== "latest") continue;
      const pin = (tag: string) => [{ span, newText: `${reference.repository}:${tag}` }];
      yield {
        message: `${reference.text} moves.`,
        range: span,
        subject: "base",
        fixes: () => [
          { title: "Pin to 26", applicability: "unsafe", reason: "The image stays as it is today.", edits: pin("26") },
          { title: "Pin to 24", applicability: "unsafe", reason: "Another major version.", edits: pin("24") },
        ],
      };
    }
  },
});

/** Everything from `node` is old. */
export const old = defineRule({
  ...common,
  id: "test-old",
  severity: "error",
  aliases: {},
  fixable: "unsafe",
  *check({ model }) {
    for (const stage of model.stages) {
      const { span, reference } = stage.base;
      if (!span || reference?.repository !== "node") continue;
      yield {
        message: `${reference.text} is old.`,
        range: { start: span.start, end: span.start + 4 },
        subject: "base",
        tags: ["deprecated"],
        related: [{ message: "The stage starts here.", range: stage.from.keywordSpan }],
        fixes: () => [
          {
            title: "Take deno",
            applicability: "unsafe",
            reason: "Another program.",
            edits: [{ span: { start: span.start, end: span.start + 4 }, newText: "deno" }],
          },
        ],
      };
    }
  },
});

/** COPY . needs a .dockerignore; the fix writes one, and a refactoring turns COPY into ADD. */
export const copyAll = defineRule({
  ...common,
  id: "test-copy-all",
  severity: "hint",
  aliases: {},
  reads: ["COPY"],
  fixable: "safe",
  *check({ model, facts }) {
    for (const instruction of model.instructions) {
      if (instruction.keyword !== "COPY" || instruction.parsed.words[0]?.value !== ".") continue;
      const word = locate(instruction, instruction.parsed.words[0]);
      if (facts.file(".dockerignore")?.includes(".git")) continue;
      yield {
        message: "Copies all.",
        range: word,
        fixes: () => [
          {
            title: "Leave .git out",
            applicability: "unsafe",
            reason: "What the build reads of .git is gone.",
            note: "Build again: docker build --no-cache .",
            command: "docker build --no-cache .",
            edits: [{ span: word, newText: "./" }],
            otherFiles: [{ path: ".dockerignore", append: ".git\n" }],
          },
          {
            title: "Rewrite as ADD",
            applicability: "unsafe",
            reason: "ADD unpacks.",
            kind: "refactor",
            edits: [{ span: instruction.keywordSpan, newText: "ADD" }],
          },
        ],
      };
    }
  },
});

/** Stumbles over files with the word BOOM. */
export const broken = defineRule({
  ...common,
  id: "test-broken",
  severity: "error",
  aliases: {},
  fixable: "none",
  check({ model }) {
    if (model.text.includes("BOOM")) throw new TypeError(`cannot read ${model.text}`);
    return [];
  },
});

export const testRules: readonly AnyRule[] = [upperKeyword, latest, old, copyAll, broken];

/** Knows nothing. */
export const emptyCatalogue: Catalogue = {
  date: "2026-08-21",
  repository: () => null,
  image: () => null,
  repositoryNames: () => [],
  tags: () => [],
} as unknown as Catalogue;
