/** What the engine remembers of a document changes no answer, and spares what the edit did not touch. */
import { expect, it } from "vitest";
import { exampleCatalogue } from "../../server/src/core/catalogue/examples";
import { changeBetween } from "../../server/src/core/change";
import {
  type AnyRule,
  allRules,
  applyEdits,
  buildModel,
  createInstructionCache,
  createLintMemory,
  type Edit,
  type LintInput,
  lint,
  resolveConfig,
} from "../../server/src/core/index";
import { readMarks } from "../../server/src/core/marks";
import { defineRule } from "../../server/src/core/rule";

const catalogue = exampleCatalogue();
const today = "2026-09-01";

/** One plain instruction of each kind that changes nothing for those around it, and a comment. */
const plain: ReadonlyMap<string, string> = new Map([
  ["RUN", "RUN apt-get install -y sudo gcc && useradd -u 5 app && cd /x"],
  ["COPY", "COPY . /plain"],
  ["ADD", "ADD https://example.com/a.tgz /plain"],
  ["CMD", 'CMD ["nginx"]'],
  ["ENTRYPOINT", 'ENTRYPOINT ["/plain/start.sh"]'],
  ["EXPOSE", "EXPOSE 22 80"],
  ["LABEL", "LABEL a=b maintainer=c"],
  ["MAINTAINER", "MAINTAINER someone"],
  ["HEALTHCHECK", "HEALTHCHECK CMD curl -f http://localhost/"],
  ["STOPSIGNAL", "STOPSIGNAL SIGKILL"],
  ["VOLUME", "VOLUME /plain"],
  ["EXPOS", "EXPOS 80"],
  ["#", "# a word"],
]);

it("a rule that says what it reads reads nothing else", () => {
  const faults = new Set<string>();
  const reading = allRules.filter((rule) => rule.reads);
  const texts = allRules.flatMap((rule) => rule.examples.slice(0, 2).map((one) => [rule, readMarks(one.code).text]));
  for (const rule of reading) {
    const readsProblems = rule.reads?.includes("problem");
    const others = [...plain].filter(
      ([keyword]) => !rule.reads?.includes(keyword) && !(readsProblems && keyword === "EXPOS"),
    );
    const own = rule.examples.map((one) => [rule, readMarks(one.code).text] as const);
    const theme = texts.filter(([other]) => (other as AnyRule).theme === rule.theme) as [AnyRule, string][];
    for (const [, text] of [...own, ...theme]) {
      const places = buildModel(text).instructions.filter((one) => one.stage !== null);
      for (const place of new Set([places[0], places.at(-1)])) {
        if (!place) continue;
        const at = place.span.end;
        const addition = others.map(([, line]) => `\n${line}`).join("");
        const edits: Edit[] = [{ span: { start: at, end: at }, newText: addition }];
        const before = spoken(rule, text).map((line) => moved(line, at, addition.length));
        const after = spoken(rule, applyEdits(text, edits));
        if (before.join("\n") !== after.join("\n")) faults.add(`${rule.id}: ${JSON.stringify(text)} at ${at}`);
      }
    }
  }
  expect([...faults]).toEqual([]);
});

/** The findings of one rule, a line each, with places in front. */
function spoken(rule: AnyRule, text: string): readonly string[] {
  const input = { model: buildModel(text), rules: [rule], config: resolveConfig([rule], { presets: ["all"] }) };
  return lint({ ...input, catalogue, today }).reports.map(
    ({ span, severity, message }) => `${span.start} ${span.end} ${severity} ${message}`,
  );
}

function moved(line: string, at: number, by: number): string {
  const [start = "", end = "", ...rest] = line.split(" ");
  const isBehind = Number(start) >= at;
  return [isBehind ? Number(start) + by : start, isBehind ? Number(end) + by : end, ...rest].join(" ");
}

it("a check that remembers says what one that does not says, also in its fixes", () => {
  const config = resolveConfig(allRules, { presets: ["all"] });
  const lines = [
    ...plain.values(),
    "USER app",
    "ENV A=b",
    "WORKDIR /w",
    "FROM debian",
    "RUN a \\",
    "COPY --from=0 / /",
  ];
  let seed = 7;
  const pick = (most: number): number => {
    seed = (seed * 1103515245 + 12345) & 0x7fffffff;
    return seed % most;
  };
  for (const rule of allRules.filter((_, index) => index % 3 === 0)) {
    const example = rule.examples[0];
    if (!example) continue;
    const memory = createLintMemory();
    const cache = createInstructionCache();
    let text = `${readMarks(example.code).text}RUN true\n`;
    for (let turn = 0; turn < 6; turn++) {
      const ends = [...text.matchAll(/\n/g)].map((match) => match.index);
      const at = ends[pick(ends.length)] ?? 0;
      const isGone = turn % 3 === 2;
      const span = isGone ? { start: Math.max(0, at - 1 - pick(8)), end: at } : { start: at, end: at };
      text = applyEdits(text, [{ span, newText: isGone ? "" : `\n${lines[pick(lines.length)]}` }]);
      const input: LintInput = { model: buildModel(text, { cache }), rules: allRules, config, catalogue, today };
      expect(told({ ...input, memory }, turn), `${rule.id}, ${JSON.stringify(text)}`).toEqual(told(input, turn));
    }
  }
});

/** What a check says; the fixes, which cost most, now and then. */
function told(input: LintInput, turn: number): readonly unknown[] {
  return lint(input).reports.map(({ rule, severity, message, span, related, proposals }) => {
    const fixes = turn % 2 === 1 ? proposals().map(({ title, edits }) => ({ title, edits })) : [];
    return { rule: rule.id, severity, message, span, related, fixes };
  });
}

it("asks a rule again only when the edit lies in what it reads", () => {
  const asked: number[] = [];
  const rule = defineRule({
    id: "sample-rule",
    theme: "shell",
    category: "style",
    severity: "warning",
    recommended: true,
    since: "0.1.0",
    summary: "A sample.",
    why: "A sample.",
    aliases: {},
    reads: ["RUN"],
    fixable: "none",
    examples: [],
    *check({ model }) {
      asked.push(model.text.length);
      for (const { keyword, span } of model.instructions)
        if (keyword === "RUN") yield { message: "Here.", range: span };
    },
  });
  const memory = createLintMemory();
  const config = resolveConfig([rule]);
  const cache = createInstructionCache();
  const look = (text: string): readonly string[] => {
    asked.length = 0;
    const { reports } = lint({ model: buildModel(text, { cache }), rules: [rule], config, catalogue, today, memory });
    return [`asked ${asked.length}`, ...reports.map(({ span }) => text.slice(span.start, span.end))];
  };
  expect(look("FROM a\nEXPOSE 1\nRUN b\n")).toEqual(["asked 1", "RUN b"]);
  expect(look("FROM a\nEXPOSE 1 22\nRUN b\n")).toEqual(["asked 0", "RUN b"]);
  expect(look("FROM a\nEXPOSE 1 22\n# c\nRUN b\n")).toEqual(["asked 0", "RUN b"]);
  expect(look("FROM a\nEXPOSE 1 22\n# c\nRUN bc\n")).toEqual(["asked 1", "RUN bc"]);
  expect(look("FROM a\nENV A=b\n# c\nRUN bc\n")).toEqual(["asked 1", "RUN bc"]);
  expect(look("FROM a\nENV A=b\n# shell=ash\nRUN bc\n")).toEqual(["asked 1", "RUN bc"]);
});

it("finds where two versions differ", () => {
  const cache = createInstructionCache();
  const between = (before: string, after: string) => {
    const change = changeBetween(buildModel(before, { cache }), buildModel(after, { cache }));
    return change && { ...change, keywords: [...change.keywords], fresh: change.fresh.map(({ index }) => index) };
  };
  expect(between("FROM a\nCMD b\nCMD c\n", "FROM a\nCMD bb\nCMD c\n")).toEqual({
    start: 6,
    end: 13,
    by: 1,
    keywords: ["CMD"],
    fresh: [1],
    renumbers: false,
  });
  expect(between("FROM a\nCMD b\n", "FROM a\nCMD b\n")).toMatchObject({ keywords: [], fresh: [], by: 0 });
  expect(between("FROM a\nCMD b\n", "FROM a\n\nCMD b\n")).toMatchObject({ keywords: ["#"], fresh: [], by: 1 });
  expect(between("FROM a\nCMD b\n", "FROM a\nUSER b\n")).toBeNull();
  expect(between("FROM a\nCMD b\n", "#\nFROM a\nCMD b\n")).toBeNull();
  expect(between("FROM a\nCOPY --from=b c d\n", "FROM a\nCOPY --from=bb c d\n")).toBeNull();
  expect(between("FROM a\nCMD {{b}}\n", "FROM a\nCMD {{b}} \n")).toBeNull();
});
