import { afterEach, expect, test } from "vitest";
import { type Client, type ClientOptions, startClient } from "./client";

let client: Client;
const start = async (options: ClientOptions = {}): Promise<Client> => {
  client = await startClient(options);
  return client;
};
afterEach(() => client.dispose());

const folder = "file:///work";
const uri = "file:///work/app/Dockerfile";
const off = "rules:\n  test-upper-keyword: off\n";

/** Tells the server that files changed, as a client's watcher does. */
const touched = (...uris: string[]) =>
  client.connection.sendNotification("workspace/didChangeWatchedFiles", {
    changes: uris.map((changed) => ({ uri: changed, type: 2 })),
  });

test("the nearest config file counts, and a change of it is heeded", async () => {
  const files = new Map([["file:///work/.plimsoll.yaml", off]]);
  await start({ folders: [folder], files });
  expect(await client.open(uri, "from x\n")).toEqual([]);
  const next = client.diagnostics(uri);
  files.set("file:///work/app/.plimsoll.yaml", "rules:\n  test-upper-keyword: error\n");
  await touched("file:///work/app/.plimsoll.yaml");
  expect(await next).toMatchObject([{ severity: 1 }]);
});

test("files above the workspace folder do not count", async () => {
  await start({ folders: ["file:///work/app"], files: new Map([["file:///work/.plimsoll.yaml", off]]) });
  expect(await client.open(uri, "from x\n")).toHaveLength(1);
});

test("of two answers to the same question the newer one counts, also when it comes first", async () => {
  const files = new Map([
    ["file:///work/.plimsoll.yaml", off],
    ["file:///work/app/main.js", ""],
  ]);
  const released: (() => void)[] = [];
  await start({ folders: [folder], files, delay: () => new Promise((resolve) => released.push(resolve)) });
  const first = client.open(uri, "from x\n");
  await expect.poll(() => released.length).toBe(1);
  files.set("file:///work/.plimsoll.yaml", "rules:\n  test-upper-keyword: error\n");
  await touched("file:///work/.plimsoll.yaml");
  await expect.poll(() => released.length).toBe(2);
  released[1]?.();
  expect(await first).toMatchObject([{ severity: 1 }]);
  released[0]?.();
  await client.connection.sendRequest("plimsoll/explain", { rule: "" });
  expect(client.published.filter((params) => params.uri === uri)).toHaveLength(1);
});

test("of folders within each other the innermost counts", async () => {
  const files = new Map([["file:///work/.plimsoll.yaml", off]]);
  await start({ folders: ["file:///work", "file:///work/app", "file:///work/app2"], files });
  expect(await client.open(uri, "from x\n")).toHaveLength(1);
  expect(await client.open("file:///work/apple/Dockerfile", "from x\n")).toEqual([]);
});

test("two folders have their own files and settings", async () => {
  await start({
    folders: ["file:///a", "file:///b", "file:///c"],
    files: new Map([["file:///a/.plimsoll.yaml", off]]),
    settings: (scope) => (scope === "file:///b" ? { rules: { "test-upper-keyword": "error" } } : {}),
  });
  expect(await client.open("file:///a/Dockerfile", "from x\n")).toEqual([]);
  expect(await client.open("file:///b/Dockerfile", "from x\n")).toMatchObject([{ severity: 1 }]);
  expect(await client.open("file:///c/Dockerfile", "from x\n")).toMatchObject([{ severity: 3 }]);
});

test("a folder that comes later is heeded", async () => {
  const files = new Map([["file:///late/.plimsoll.yaml", off]]);
  await start({ folders: ["file:///a"], files, settings: () => ({}) });
  const place = "file:///late/deep/Dockerfile";
  expect(await client.open(place, "from x\n")).toEqual([]);
  const next = client.diagnostics(place);
  files.set("file:///late/deep/.git/HEAD", "");
  files.delete("file:///late/.plimsoll.yaml");
  await client.connection.sendNotification("workspace/didChangeWorkspaceFolders", {
    event: { added: [{ uri: "file:///late", name: "late" }], removed: [] },
  });
  expect(await next).toHaveLength(1);
});

test("settings are asked for again when they change", async () => {
  let enable = true;
  await start({ settings: () => ({ enable }) });
  expect(await client.open(uri, "from x\n")).toHaveLength(1);
  const next = client.diagnostics(uri);
  enable = false;
  await client.connection.sendNotification("workspace/didChangeConfiguration", { settings: null });
  expect(await next).toEqual([]);
});

test("settings may be pushed by clients that cannot be asked", async () => {
  await start();
  expect(await client.open(uri, "from x\n")).toHaveLength(1);
  const next = client.diagnostics(uri, (params) => params.diagnostics.length === 0);
  await client.connection.sendNotification("workspace/didChangeConfiguration", {
    settings: { plimsoll: { rules: { "test-upper-keyword": "off" } } },
  });
  expect(await next).toEqual([]);
});

test("settings may come with the greeting", async () => {
  await start({ options: { settings: { rules: { "test-upper-keyword": "error" } } } });
  expect(await client.open(uri, "from x\n")).toMatchObject([{ severity: 1 }]);
});

test("wrong settings are left out", async () => {
  for (const settings of [null, 7, "x", { rules: 3, preset: 4, buildArgs: [], target: {}, enable: "no" }]) {
    await start({ options: { settings } });
    expect(await client.open(uri, "from x\n")).toHaveLength(1);
    client.dispose();
  }
});

test("build arguments and target reach the model", async () => {
  await start({ options: { settings: { buildArgs: { BASE: "node" } } } });
  expect(await client.open(uri, "ARG BASE\nFROM $BASE:1\n")).toMatchObject([{ code: "test-old" }]);
});

test("a preset in the settings counts until a file names its own", async () => {
  const files = new Map([["file:///work/.plimsoll.yaml", "extends: recommended\n"]]);
  await start({ folders: [folder], files, options: { settings: { preset: "hadolint" } } });
  expect(await client.open(uri, "from x\n")).toHaveLength(1);
  expect(await client.open("file:///elsewhere/Dockerfile", "from x\n")).toEqual([]);
});

test("a config path in the settings is taken instead of looking", async () => {
  const files = new Map([["file:///work/etc/lint.yaml", off]]);
  await start({ folders: [folder], files, options: { settings: { configPath: "etc/lint.yaml" } } });
  expect(await client.open(uri, "from x\n")).toEqual([]);
});

test("a broken config file is shown where it is broken, and the status says so", async () => {
  const files = new Map([["file:///work/.plimsoll.yaml", "rules:\n  test-uper-keyword: off\n"]]);
  await start({ folders: [folder], files, options: { status: true } });
  const broken = client.diagnostics("file:///work/.plimsoll.yaml");
  expect(await client.open(uri, "from x\n")).toHaveLength(1);
  expect(await broken).toMatchObject([
    { range: { start: { line: 1 } }, message: expect.stringContaining('did you mean "test-upper-keyword"?') },
  ]);
  await client.connection.sendRequest("plimsoll/explain", { rule: "" });
  expect(client.statuses.at(-1)).toMatchObject({ state: "problem", configFile: "file:///work/.plimsoll.yaml" });

  const mended = client.diagnostics("file:///work/.plimsoll.yaml");
  files.set("file:///work/.plimsoll.yaml", off);
  await touched("file:///work/.plimsoll.yaml");
  expect(await mended).toEqual([]);
});

test("files that a glob leaves out are silent, and the status says why", async () => {
  const files = new Map([["file:///work/.plimsoll.yaml", 'ignore: ["vendor/**", "with space"]\n']]);
  await start({ folders: [folder], files, options: { status: true } });
  expect(await client.open("file:///work/vendor/a/Dockerfile", "from x\n")).toEqual([]);
  expect(await client.open("file:///work/with%20space/Dockerfile", "from x\n")).toEqual([]);
  await client.connection.sendRequest("plimsoll/explain", { rule: "" });
  expect(client.statuses).toMatchObject([
    { state: "silent", message: "Left out by the config file" },
    { state: "silent", message: "Left out by the config file" },
  ]);
});

test("the settings in force are shown as a config file of their own", async () => {
  const files = new Map([
    ["file:///work/.plimsoll.yaml", "extends: hadolint\nrules:\n  test-old: hint\ntarget: app\n"],
  ]);
  await start({ folders: [folder], files });
  await client.open(uri, "FROM x\n");
  expect(await client.connection.sendRequest("plimsoll/effectiveConfig", { uri })).toBe(
    [
      `# What Plimsoll goes by for ${uri}`,
      "# Config file: file:///work/.plimsoll.yaml",
      "",
      "extends: []",
      "rules:",
      "  test-latest: warning",
      "  test-old: hint",
      "target: app",
      "inlineConfig: true",
      "",
    ].join("\n"),
  );
});

test("a virtual workspace is read through the client", async () => {
  const files = new Map([["vscode-vfs://github/o/r/.plimsoll.yaml", off]]);
  const setup = { folders: ["vscode-vfs://github/o/r"], files, browser: true };
  await start({ ...setup, options: { fileAccess: true } });
  expect(await client.open("vscode-vfs://github/o/r/Dockerfile", "from x\n")).toEqual([]);
  client.dispose();
  await start(setup);
  expect(await client.open("vscode-vfs://github/o/r/Dockerfile", "from x\n")).toHaveLength(1);
});

test("an answer for a pulled document is taken back when its settings change", async () => {
  const files = new Map<string, string>();
  await start({ folders: [folder], files, options: { pull: true } });
  await client.open(uri, "from x\n");
  const pull = () =>
    client.connection.sendRequest<{ items: unknown[] }>("textDocument/diagnostic", { textDocument: { uri } });
  expect((await pull()).items).toHaveLength(1);
  files.set("file:///work/.plimsoll.yaml", off);
  await touched("file:///work/.plimsoll.yaml");
  await expect.poll(client.refreshed).toBe(1);
  expect((await pull()).items).toHaveLength(0);
});
