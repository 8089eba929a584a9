/**
 * Time grows with the file, not with its square: counted in work, not on a clock. What happens inside a regular expression
 * or a search for text is one step to the counter; a square there shows as a test that exceeds the runner's time limit.
 */
import { afterAll, describe, expect, it } from "vitest";
import { startWorkCounter } from "./work";

const counter = startWorkCounter("server/src/core/");
afterAll(() => counter.stop());

const { buildModel, createInstructionCache, lint, allRules, resolveConfig, applyEdits, applyFixes } = await import(
  "../../server/src/core/index"
);
const { bundledCatalogue } = await import("../../server/src/core/catalogue/catalogue");

const config = resolveConfig(allRules, { presets: ["all"] });

function lintText(text: string): void {
  const model = buildModel(text, { cache: createInstructionCache() });
  lint({ model, rules: allRules, config, catalogue: bundledCatalogue(), today: "2026-09-01" });
}

/** Texts of about so many lines, each of a shape that could cost more than its length. */
const shapes: { readonly [name: string]: (lines: number) => string } = {
  "many instructions": (lines) => `FROM node:latest\n${"RUN apt-get update && apt-get install curl\n".repeat(lines)}`,
  "many stages": (lines) =>
    Array.from(
      { length: lines / 4 },
      (_, i) => `FROM alpine AS s${i}\nRUN apk add a\nUSER root\nCOPY --from=s${i - 1} /a /b\n`,
    ).join(""),
  "a chain of stages": (lines) =>
    Array.from(
      { length: lines / 2 },
      (_, i) => `FROM ${i === 0 ? "alpine" : `s${i - 1}`} AS s${i}\nENV A${i}=$A${i - 1}\n`,
    ).join(""),
  "many variables": (lines) =>
    `FROM alpine\n${Array.from({ length: lines / 2 }, (_, i) => `ARG A=${i}\nENV B=$A\${A:-$B}\n`).join("")}`,
  "one long RUN": (lines) => `FROM alpine\nRUN true \\\n${" && apk add --no-cache curl \\\n".repeat(lines)} && true\n`,
  "comments inside a RUN": (lines) =>
    `FROM alpine\nRUN true \\\n${"# a comment\n && echo a \\\n".repeat(lines / 2)} && true\n`,
  "a long heredoc": (lines) => `FROM alpine\nRUN <<EOF\n${"apk add curl\n".repeat(lines)}EOF\n`,
  "many heredocs": (lines) => `FROM alpine\n${"RUN <<EOF\nset -e\nEOF\n".repeat(lines / 3)}`,
  "heredocs that never end": (lines) => `FROM alpine\n${"RUN <<EOF\n".repeat(lines)}`,
  "comments and suppressions": (lines) =>
    `FROM alpine\n${"# plimsoll ignore=missing-user\n\nrnu curl a | sh\n".repeat(lines / 3)}`,
  "labels in one instruction": (lines) => `FROM alpine\nLABEL a=b \\\n${'  key="a value" \\\n'.repeat(lines)}  c=d\n`,
  "unknown words": (lines) => `FROM alpine\n${"rnu something\n".repeat(lines)}`,
  "secrets in ARG": (lines) =>
    `FROM node\n${Array.from({ length: lines / 2 }, (_, i) => `ARG TOKEN_${i}\nRUN echo $TOKEN_${i}\n`).join("")}`,
  "bare carriage returns": (lines) => `FROM alpine\n${"RUN true\r".repeat(lines)}`,
};

describe("ten times the lines cost at most thirteen times the work", () => {
  // Once before counting, so that what is built on first use is built.
  for (const shape of Object.values(shapes)) lintText(shape(24));

  it.each(Object.keys(shapes))("%s", (name) => {
    const shape = shapes[name] as (lines: number) => string;
    const small = counter.count(() => lintText(shape(1000)));
    const large = counter.count(() => lintText(shape(10_000)));
    if (large > small * 13)
      expect.fail(`${(large / small).toFixed(1)} times the work; most of it:\n${counter.busiest()}`);
  });
});

it("ten times the findings cost at most twenty times the work to mend", () => {
  const shape = (count: number) => `${"FROM node:latest\nCOPPY a b\n".repeat(count)}`;
  const mend = (count: number) => () => {
    const model = buildModel(shape(count), { cache: createInstructionCache() });
    const input = { model, rules: allRules, config, catalogue: bundledCatalogue(), today: "2026-09-01" };
    applyFixes(input, { unsafe: true });
  };
  mend(4)();
  const ratio = counter.count(mend(200)) / counter.count(mend(20));
  if (ratio > 20) expect.fail(`${ratio.toFixed(1)} times the work; most of it:\n${counter.busiest()}`);
});

it("a character typed inside an instruction parses one block and does not walk over the text of the others", () => {
  const text = (shapes["many instructions"] as (lines: number) => string)(2000);
  const cache = createInstructionCache();
  buildModel(text, { cache });
  const before = cache.parsed;
  const at = text.lastIndexOf("curl");
  buildModel(applyEdits(text, [{ span: { start: at, end: at }, newText: "x" }]), { cache });
  expect(cache.parsed - before).toBe(1);
});

it("the counter sees a loop inside a loop", () => {
  // The index of lines is ours and linear, so asking it for every line from the start is a square.
  const square = (lines: number) => {
    const text = "FROM alpine\n".repeat(lines);
    for (let i = 0; i < lines; i += 10) buildModel(text.slice(0, i), { cache: createInstructionCache() });
  };
  const ratio = counter.count(() => square(600)) / counter.count(() => square(60));
  expect(ratio).toBeGreaterThan(30);
});
