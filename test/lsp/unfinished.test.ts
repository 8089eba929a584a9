import { afterEach, expect, test } from "vitest";
import { allRules } from "../../server/src/core/index";
import type { Clock } from "../../server/src/lsp/clock";
import { typingPause } from "../../server/src/lsp/unfinished";
import { type Client, startClient } from "./client";

const uri = "file:///work/Dockerfile";
/** Rules of the product: what is seen while typing depends on what they call wrong. */
const wanted = new Set(["unknown-instruction", "missing-argument", "unknown-flag", "no-from", "instruction-casing"]);
let client: Client;
/** What waits for the end of the pause. */
let paused: (() => void) | null;
afterEach(() => client.dispose());

async function open(text: string): Promise<readonly string[]> {
  paused = null;
  const clock: Clock = {
    now: () => 0,
    after(pause, run) {
      if (pause === typingPause) paused = run;
      return () => {
        if (paused === run) paused = null;
      };
    },
    soon: (run) => void setImmediate(run),
  };
  client = await startClient({ rules: allRules.filter(({ id }) => wanted.has(id)), clock });
  return codes(await client.open(uri, text));
}

/** Types a text at its place, key by key; answers with what is shown behind the last one. */
async function type(text: string, at: number): Promise<readonly string[]> {
  let shown: readonly string[] = [];
  for (const [index, key] of [...text].entries()) shown = codes(await client.edit(uri, at + index, at + index, key));
  return shown;
}

async function pause(): Promise<readonly string[]> {
  const next = client.diagnostics(uri);
  expect(paused).not.toBeNull();
  paused?.();
  return codes(await next);
}

function codes(diagnostics: readonly { readonly code?: unknown }[]): readonly string[] {
  return diagnostics.map(({ code }) => String(code));
}

const start = "FROM alpine:3.24\n";

test("half a keyword, half a flag and a keyword alone are no faults yet", async () => {
  expect(await open(start)).toEqual([]);
  for (const key of "RUN --mount=type=cache,target=/x true") {
    const at = client.textOf(uri).length;
    expect({ at: key, shown: await type(key, at) }).toEqual({ at: key, shown: [] });
  }
});

test("they are said once typing pauses, and stay while it goes on", async () => {
  await open(start);
  expect(await type("RUNN", start.length)).toEqual([]);
  expect(await pause()).toEqual(["unknown-instruction"]);
  expect(await type("N", start.length + 4)).toEqual(["unknown-instruction"]);
});

test("they are said as soon as the line has ended", async () => {
  await open(start);
  await type("RUNN", start.length);
  expect(await type("\n", start.length + 4)).toEqual(["unknown-instruction"]);
});

test("a line that goes on is not ended by its end", async () => {
  await open(start);
  await type("RUNN true \\", start.length);
  const at = start.length + 11;
  expect(codes(await client.edit(uri, at, at, "\n    "))).toEqual([]);
});

test("what was pasted or completed is judged at once", async () => {
  await open(start);
  expect(codes(await client.edit(uri, start.length, start.length, "RUNN a"))).toEqual(["unknown-instruction"]);
});

test("a key within words that are there already is judged at once", async () => {
  await open(`${start}RUN true\n`);
  expect(await type("N", start.length + 2)).toEqual(["unknown-instruction"]);
});

test("above what is there, only the line that is being written waits", async () => {
  const text = `${start}\nRUNN true\n`;
  expect(await open(text)).toEqual(["unknown-instruction"]);
  expect(await type("ENV", start.length)).toEqual(["unknown-instruction"]);
  expect(await pause()).toEqual(["missing-argument", "unknown-instruction"]);
});

test("an empty file that begins with a comment is not yet one without FROM", async () => {
  expect(await open("")).toEqual([]);
  expect(await type("# syntax=docker/dockerfile:1", 0)).toEqual([]);
  expect(await type("\nRUN a\n", 28)).toEqual(["no-from"]);
});

test("what is mended goes at once", async () => {
  expect(await open(`${start}RUN`)).toEqual(["missing-argument"]);
  expect(await type(" a", start.length + 3)).toEqual([]);
});
