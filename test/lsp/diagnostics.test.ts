import { afterEach, expect, test } from "vitest";
import type { DocumentDiagnosticReport } from "vscode-languageserver/node";
import { defineRule } from "../../server/src/core/index";
import type { Clock } from "../../server/src/lsp/clock";
import { typingPause } from "../../server/src/lsp/unfinished";
import { type Client, type ClientOptions, startClient } from "./client";
import { testRules, upperKeyword } from "./rules";

let client: Client;
const start = async (options: ClientOptions = {}): Promise<Client> => {
  client = await startClient(options);
  return client;
};
afterEach(() => client.dispose());

const uri = "file:///work/Dockerfile";

test("a finding carries source, code, page and rules", async () => {
  await start();
  expect(await client.open(uri, "FROM alpine:3.22\nrun true\n")).toEqual([
    {
      range: { start: { line: 1, character: 0 }, end: { line: 1, character: 3 } },
      severity: 3,
      code: "test-upper-keyword",
      codeDescription: { href: expect.stringMatching(/\/docs\/rules\/test-upper-keyword\.md$/) },
      source: "plimsoll",
      message: "run is written in lower case.",
      data: { rules: ["test-upper-keyword"] },
    },
  ]);
});

test("findings about one FROM are one diagnostic with the code of the most severe", async () => {
  await start();
  const found = await client.open(uri, "FROM node:latest\n");
  expect(found).toHaveLength(1);
  expect(found[0]).toMatchObject({
    code: "test-old",
    severity: 1,
    tags: [2],
    message: "node:latest is old.\nAlso (test-latest): node:latest moves.",
    data: { rules: ["test-old", "test-latest"] },
    relatedInformation: [
      {
        location: { uri, range: { start: { line: 0, character: 0 }, end: { line: 0, character: 4 } } },
        message: "The stage starts here.",
      },
    ],
  } satisfies object);
});

test("the most severe finding leads wherever it stands in the line", async () => {
  const early = defineRule({
    ...upperKeyword,
    id: "test-early",
    *check({ model }) {
      for (const stage of model.stages) {
        yield { message: "early.", range: stage.from.keywordSpan, severity: "hint", subject: "base" };
      }
    },
  });
  await start({ rules: [early, ...testRules] });
  const found = await client.open(uri, "FROM node:latest\n");
  expect(found).toMatchObject([{ code: "test-old", range: { start: { character: 5 } } }]);
  expect(found[0]?.data).toEqual({ rules: ["test-old", "test-latest", "test-early"] });
});

test("two FROM lines stay two diagnostics", async () => {
  await start();
  expect(await client.open(uri, "FROM node:latest AS a\nFROM node:latest\n")).toHaveLength(2);
});

test("every edit is answered with its version, and the text is followed piece by piece", async () => {
  await start();
  const text = "FROM alpine:3.22\nRUN true\n";
  expect(await client.open(uri, text)).toEqual([]);
  expect(await client.edit(uri, 17, 20, "run")).toHaveLength(1);
  expect(await client.edit(uri, 17, 20, "RUN")).toEqual([]);
  expect(await client.edit(uri, 0, 0, "# é😀\n")).toEqual([]);
  expect((await client.edit(uri, 6, 10, "from"))[0]?.range.start).toEqual({ line: 1, character: 0 });
});

test("a character typed inside an instruction parses exactly one block", async () => {
  await start();
  const text = `FROM alpine:3.22\n${"RUN echo a \\\n  b\n".repeat(200)}`;
  await client.open(uri, text);
  const before = client.session.parsedBlocks(uri);
  await client.edit(uri, text.indexOf("echo a"), text.indexOf("echo a"), "x");
  expect(client.session.parsedBlocks(uri) - before).toBe(1);
});

test("a closed document has no diagnostics", async () => {
  await start();
  await client.open(uri, "from alpine:3.22\n");
  const cleared = client.diagnostics(uri);
  client.close(uri);
  expect(await cleared).toEqual([]);
});

test("at most a thousand diagnostics, the most severe first", async () => {
  await start();
  const found = await client.open(uri, `${"run true\n".repeat(1500)}FROM node:latest\n`);
  expect(found).toHaveLength(1000);
  expect(found[0]?.code).toBe("test-old");
});

test("a failing rule costs one line of the log, which quotes nothing of the file", async () => {
  await start();
  expect(await client.open(uri, "from alpine:3.22\n# BOOM s3cret\n")).toHaveLength(1);
  await client.edit(uri, 0, 0, "\n");
  await client.edit(uri, 0, 0, "\n");
  const lines = client.logged.filter((line) => line.includes("test-broken"));
  expect(lines).toHaveLength(1);
  expect(lines[0]).toContain("TypeError");
  expect(client.logged.join("\n")).not.toContain("s3cret");
});

test("nothing is said of templates and sources that an editor takes for Dockerfiles", async () => {
  await start({ options: { status: true } });
  for (const name of ["Dockerfile.j2", "dockerfile.go", "Dockerfile.tmpl"]) {
    expect(await client.open(`file:///work/${name}`, "from x\n")).toEqual([]);
  }
  await client.connection.sendRequest("plimsoll/explain", { rule: "" });
  expect(client.statuses.map((status) => status.state)).toEqual(["silent", "silent", "silent"]);
});

test("documents of other languages are left alone, those with our names are not", async () => {
  await start();
  void client.open("file:///work/notes.txt", "from x\n", "plaintext");
  expect(await client.open("file:///work/Containerfile", "from x\n", "plaintext")).toHaveLength(1);
  expect(client.published.map((params) => params.uri)).toEqual(["file:///work/Containerfile"]);
});

test("an untitled document is checked with the defaults", async () => {
  await start({ folders: ["file:///work"], files: new Map([["file:///work/.plimsoll.yaml", "extends: []\n"]]) });
  expect(await client.open("untitled:Untitled-1", "from x\n")).toHaveLength(1);
});

test("a client that pulls is never pushed to", async () => {
  await start({ options: { pull: true } });
  expect(client.initialized.capabilities.diagnosticProvider).toBeDefined();
  await client.open(uri, "from x\n");
  const pull = () =>
    client.connection.sendRequest<DocumentDiagnosticReport>("textDocument/diagnostic", { textDocument: { uri } });
  expect(await pull()).toMatchObject({ kind: "full", items: [{ code: "test-upper-keyword" }] });
  await client.edit(uri, 0, 4, "FROM");
  expect(await pull()).toEqual({ kind: "full", items: [] });
  expect(client.published).toEqual([]);
});

test("a client that does not ask for it is offered no pull", async () => {
  await start();
  expect(client.initialized.capabilities.diagnosticProvider).toBeUndefined();
});

test("two hundred documents opened at once are all answered, and a request in between does not wait for them", async () => {
  await start();
  const answered: number[] = [];
  const all = Array.from({ length: 200 }, (_, i) =>
    client.open(`file:///work/${i}/Dockerfile`, "from x\n").then(() => answered.push(i)),
  );
  await client.connection.sendRequest("plimsoll/explain", { rule: "test-old" });
  await Promise.all(all);
  expect(answered).toHaveLength(200);
});

test("what the build context holds is learnt after the first check", async () => {
  const files = new Map([["file:///work/.dockerignore", ".git\n"]]);
  await start({ files });
  const first = client.diagnostics(uri);
  const second = first.then(() => client.diagnostics(uri));
  void client.open(uri, "FROM x\nCOPY . /app\n");
  expect(await first).toHaveLength(1);
  expect(await second).toEqual([]);
});

test("the build context is looked at again when the document is saved", async () => {
  const files = new Map([["file:///work/x", ""]]);
  await start({ files, folders: ["file:///work"] });
  expect(await client.open(uri, "FROM x\nCOPY . /app\n")).toHaveLength(1);
  await client.connection.sendRequest("plimsoll/explain", { rule: "" });
  files.set("file:///work/.dockerignore", ".git\n");
  const next = client.diagnostics(uri, (params) => params.diagnostics.length === 0);
  await client.connection.sendNotification("textDocument/didSave", { textDocument: { uri } });
  expect(await next).toEqual([]);
});

test("the other Dockerfiles of the workspace are compared once they are read, and again when one changes", async () => {
  const other = "file:///work/api/Dockerfile";
  const files = new Map([[other, "FROM node:26\n"]]);
  const compared = defineRule({
    ...upperKeyword,
    id: "test-compared",
    *check({ model, facts }) {
      const tags = facts.bases?.()?.map(({ path, tag }) => `${path} ${tag}`);
      if (tags) yield { message: `${tags.join(", ")}.`, range: { start: 0, end: model.text.length } };
    },
  });
  await start({ files, folders: ["file:///work"], rules: [compared] });
  const told = (text: string) =>
    client.diagnostics(uri, ({ diagnostics }) => diagnostics[0]?.message === text).then((list) => list.length);
  const first = told("api/Dockerfile 26.");
  void client.open(uri, "FROM node:24\n");
  expect(await first).toBe(1);
  files.set(other, "FROM node:24\n");
  const second = told("api/Dockerfile 24.");
  await client.connection.sendNotification("workspace/didChangeWatchedFiles", { changes: [{ uri: other, type: 2 }] });
  expect(await second).toBe(1);
});

test("that a file is missing is known only where the folder is the build context", async () => {
  const missing = defineRule({
    ...upperKeyword,
    id: "test-missing",
    *check({ model, facts }) {
      if (facts.file("a") === null) yield { message: "a is missing.", range: { start: 0, end: model.text.length } };
    },
  });
  await start({ folders: ["file:///work"], rules: [missing] });
  await client.open("file:///work/sub/Dockerfile", "FROM x\n");
  const learnt = client.diagnostics(uri, (params) => params.diagnostics.length === 1);
  await client.open(uri, "FROM x\n");
  await learnt;
  expect(
    client.published.filter((params) => params.uri.includes("/sub/")).flatMap((params) => params.diagnostics),
  ).toEqual([]);
});

test("a file whose check is slow waits for a pause in typing", async () => {
  let now = 0;
  let timers: (() => void)[] = [];
  const clock: Clock = {
    now: () => now,
    after(pause, run) {
      if (pause === typingPause) return () => undefined;
      timers.push(run);
      return () => {
        timers = timers.filter((timer) => timer !== run);
      };
    },
    soon: (run) => void setImmediate(run),
  };
  const slow = defineRule({
    ...upperKeyword,
    id: "test-slow",
    *check({ model }) {
      now += 50;
      if (model.text.includes("x")) yield { message: "x", range: { start: 8, end: 9 } };
    },
  });
  await start({ rules: [slow], clock });
  const text = "FROM a\n";
  await client.open(uri, text);
  await client.edit(uri, text.length, text.length, "RUN b\n");
  const answers = client.published.length;
  void client.edit(uri, 5, 6, "x");
  const last = client.edit(uri, 6, 6, "y");
  await client.connection.sendRequest("plimsoll/explain", { rule: "" });
  expect([client.published.length, timers.length]).toEqual([answers, 1]);
  timers[0]?.();
  expect(await last).toHaveLength(1);
  expect(client.published.slice(answers).map((params) => params.version)).toEqual([4]);
});

test("a question about a slow file does not wait for the pause", async () => {
  let now = 0;
  const clock: Clock = { now: () => now, after: () => () => undefined, soon: (run) => void setImmediate(run) };
  const slow = defineRule({
    ...upperKeyword,
    id: "test-slow",
    *check(context) {
      now += 50;
      yield* upperKeyword.check(context);
    },
  });
  await start({ rules: [slow], clock });
  await client.open(uri, "FROM a\n");
  await client.edit(uri, 7, 7, "\n");
  void client.edit(uri, 0, 4, "from");
  expect((await client.actions(uri, 0))[0]?.title).toBe("Write FROM");
});

test("the rules of these tests are all on by default", () => {
  client = { dispose: () => undefined } as Client;
  expect(testRules.every((rule) => rule.recommended)).toBe(true);
});
