/** Small rules of the tests' own, so that these tests stand still while the real rules are tuned. */
import type { Catalogue, Finding, Severity } from "../../server/src/core/index";
import { type AnyRule, defineRule } from "../../server/src/core/index";

/** A catalogue that knows nothing, dated. */
export const emptyCatalogue: Catalogue = {
  date: "2026-08-21",
  repository: () => null,
  image: () => null,
  repositoryNames: () => [],
  tags: () => [],
  lines: () => [],
};

interface Word {
  readonly id: string;
  /** What is found wherever it stands. */
  readonly word: string;
  readonly severity: Severity;
  readonly replacement?: string;
  readonly applicability?: "safe" | "unsafe";
  readonly subject?: "base";
  readonly aliases?: AnyRule["aliases"];
  readonly otherFile?: string;
  readonly recommended?: boolean;
}

function wordRule(word: Word): AnyRule {
  const fixable = word.replacement === undefined ? "none" : (word.applicability ?? "safe");
  return defineRule({
    id: word.id,
    theme: "base-image",
    category: "security",
    severity: word.severity,
    recommended: word.recommended ?? true,
    since: "0.1.0",
    summary: `The word ${word.word} stands in the file.`,
    why: `Nobody likes \`${word.word}\`.`,
    aliases: word.aliases ?? {},
    fixable,
    options: {
      max: { type: "number", default: 3, description: "How many are too many." },
      names: { type: "strings", default: [], description: "Names that are fine." },
      mode: { type: "enum", values: ["soft", "hard"], default: "soft", description: "How hard to look." },
    },
    examples: [{ title: "It stands there", code: `FROM [|${word.word}|]\n`, fixed: "FROM b\n" }],
    *check({ model }): Iterable<Finding> {
      for (let at = model.text.indexOf(word.word); at >= 0; at = model.text.indexOf(word.word, at + 1)) {
        const range = { start: at, end: at + word.word.length };
        yield {
          message: `Found ${word.word}; write something else.`,
          range,
          ...(word.subject ? { subject: word.subject } : {}),
          ...(word.replacement === undefined
            ? {}
            : {
                fixes: () => [
                  {
                    title: `Write ${word.replacement}`,
                    applicability: word.applicability ?? "safe",
                    ...(word.applicability === "unsafe" ? { reason: "It may differ." } : {}),
                    edits: [{ span: range, newText: word.replacement ?? "" }],
                    ...(word.otherFile === undefined
                      ? {}
                      : { otherFiles: [{ path: word.otherFile, append: "*.pem\n" }], note: "Mind the other file." }),
                  },
                ],
              }),
        };
      }
    },
  });
}

export const sampleRules: readonly AnyRule[] = [
  wordRule({ id: "bad-word", word: "badword", severity: "error", replacement: "good" }),
  wordRule({ id: "old-word", word: "oldword", severity: "warning", replacement: "new", applicability: "unsafe" }),
  wordRule({
    id: "base-latest",
    word: ":latest",
    severity: "info",
    subject: "base",
    aliases: { hadolint: ["DL3007"], trivy: ["DS-0001"] },
  }),
  wordRule({ id: "base-heavy", word: "heavy", severity: "warning", subject: "base" }),
  wordRule({ id: "key-file", word: "keyfile", severity: "info", replacement: "nokey", otherFile: ".dockerignore" }),
  wordRule({
    id: "untrusted",
    word: "evil.example",
    severity: "error",
    recommended: false,
    aliases: { hadolint: ["DL3026"] },
  }),
];
