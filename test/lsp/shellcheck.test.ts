/** ShellCheck in the editor: asked late, beside our own findings, and only where the user turned it on. */
import { afterEach, expect, test } from "vitest";
import { allRules, type ProcessCall, type ProcessOutcome, type ProcessRunner } from "../../server/src/core/index";
import type { Clock } from "../../server/src/lsp/clock";
import { type Client, type ClientOptions, startClient } from "./client";
import { upperKeyword } from "./rules";

const uri = "file:///work/Dockerfile";
const guest = allRules.filter((rule) => rule.id === "shellcheck-run");

let client: Client;
afterEach(() => client.dispose());

/** A program that marks every `$1`, when it is let. */
function program(outcome: (call: ProcessCall) => ProcessOutcome = answer) {
  const calls: ProcessCall[] = [];
  const waiting: (() => void)[] = [];
  const processes: ProcessRunner = {
    run: (call) => {
      calls.push(call);
      return new Promise((resolve) => waiting.push(() => resolve(outcome(call))));
    },
    runNow: () => {
      throw new Error("the server must not wait for a program");
    },
  };
  return { calls, processes, finish: () => waiting.shift()?.() };
}

function answer(call: ProcessCall): ProcessOutcome {
  const comments = Object.entries(call.files ?? {}).flatMap(([file, content]) => {
    const at = content.split("\n")[2]?.indexOf("$1") ?? -1;
    const place = { line: 3, endLine: 3, column: at + 1, endColumn: at + 3 };
    const insert = (column: number) => ({ line: 3, endLine: 3, column, endColumn: column, replacement: '"' });
    const fix = { replacements: [insert(at + 1), insert(at + 3)] };
    return at < 0 ? [] : [{ file, ...place, level: "warning", code: 2086, message: "Quote it.", fix }];
  });
  return { kind: "done", code: comments.length > 0 ? 1 : 0, out: JSON.stringify({ comments }), err: "" };
}

/** A clock whose pauses end when the test says so. */
function slowClock() {
  const timers = new Set<() => void>();
  const clock: Clock = {
    now: () => 0,
    after(_pause, run) {
      timers.add(run);
      return () => void timers.delete(run);
    },
    soon: (run) => void setImmediate(run),
  };
  const pass = (): void => {
    for (const run of [...timers]) {
      timers.delete(run);
      run();
    }
  };
  return { clock, pass, timers };
}

const start = async (runner: ReturnType<typeof program>, options: ClientOptions = {}) => {
  const hands = slowClock();
  client = await startClient({
    rules: [...guest, upperKeyword],
    clock: hands.clock,
    processes: runner.processes,
    settings: () => ({ shellcheck: "auto" }),
    options: { status: true },
    ...options,
  });
  return hands;
};

test("our findings do not wait; its findings come when it is done", async () => {
  const runner = program();
  const hands = await start(runner);
  expect(await client.open(uri, "FROM x\nrun rm $1\n")).toMatchObject([{ code: "test-upper-keyword" }]);
  expect(runner.calls).toHaveLength(0);
  hands.pass();
  expect(runner.calls).toHaveLength(1);
  const late = client.diagnostics(uri);
  runner.finish();
  expect(await late).toMatchObject([
    { code: "test-upper-keyword" },
    {
      code: "shellcheck-run",
      message: "ShellCheck SC2086: Quote it.",
      severity: 2,
      range: { start: { line: 1, character: 7 }, end: { line: 1, character: 9 } },
    },
  ]);
});

test("its proposal is a quick fix", async () => {
  const runner = program();
  const hands = await start(runner);
  const text = "FROM x\nRUN rm $1\n";
  await client.open(uri, text);
  hands.pass();
  const late = client.diagnostics(uri);
  runner.finish();
  await late;
  const [action] = await client.actions(uri, text.indexOf("$1"));
  expect(action?.title).toContain("Take ShellCheck's proposal for SC2086");
  expect((await client.apply(action as never)).get(uri)).toBe('FROM x\nRUN rm "$1"\n');
});

test("while somebody types it is asked once, about what is there at the end", async () => {
  const runner = program();
  const hands = await start(runner);
  await client.open(uri, "FROM x\nRUN rm\n");
  await client.edit(uri, 13, 13, " ");
  await client.edit(uri, 14, 14, "$1");
  hands.pass();
  expect(runner.calls.map(({ files }) => Object.values(files ?? {}))).toEqual([["#!/bin/sh\n:\nrm $1\n"]]);
  // What it says of a text that is gone meanwhile is not shown; the scripts that are still there are.
  await client.edit(uri, 16, 16, "\nRUN ls");
  const late = client.diagnostics(uri);
  runner.finish();
  expect(await late).toMatchObject([{ code: "shellcheck-run" }]);
  await expect.poll(() => runner.calls.length).toBe(2);
  expect(Object.values(runner.calls[1]?.files ?? {})).toEqual(["#!/bin/sh\n:\nls\n"]);
});

test("what it said before is there at once", async () => {
  const runner = program();
  const hands = await start(runner);
  await client.open(uri, "FROM x\nRUN rm $1\n");
  hands.pass();
  const late = client.diagnostics(uri);
  runner.finish();
  await late;
  expect(await client.edit(uri, 0, 0, "# a comment\n")).toMatchObject([{ code: "shellcheck-run" }]);
  hands.pass();
  expect(runner.calls).toHaveLength(1);
});

test("off by default: no program is started", async () => {
  const runner = program();
  const hands = await start(runner, { settings: () => ({}) });
  await client.open(uri, "FROM x\nRUN rm $1\n");
  hands.pass();
  expect(runner.calls).toHaveLength(0);
});

test("that it is not there is said in the status, and nowhere else", async () => {
  const runner = program(() => ({ kind: "absent" }));
  const hands = await start(runner);
  await client.open(uri, "FROM x\nRUN rm $1\n");
  hands.pass();
  runner.finish();
  await expect
    .poll(() => client.statuses.at(-1)?.detail)
    .toBe("ShellCheck was not found on the PATH; its findings are missing.");
  expect(client.statuses.at(-1)).toMatchObject({ state: "checked", message: "No findings" });
  expect([...client.messages, ...client.logged]).toEqual([]);
});

test("a closed document asks nothing", async () => {
  const runner = program();
  const hands = await start(runner);
  await client.open(uri, "FROM x\nRUN rm $1\n");
  const gone = client.diagnostics(uri, (params) => params.version === undefined);
  client.close(uri);
  await gone;
  hands.pass();
  expect(runner.calls).toHaveLength(0);
});

test("where no programs can be run nothing is asked", async () => {
  client = await startClient({ rules: guest, settings: () => ({ shellcheck: "auto" }) });
  expect(await client.open(uri, "FROM x\nRUN rm $1\n")).toEqual([]);
});
