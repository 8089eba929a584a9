/** `.plimsoll.yaml` while it is being written. */
import { afterEach, expect, test } from "vitest";
import type { CompletionItem, DocumentLink, Hover } from "vscode-languageserver/node";
import { type Client, type ClientOptions, startClient } from "./client";

let client: Client;
const start = async (options: ClientOptions = {}): Promise<Client> => {
  client = await startClient(options);
  return client;
};
afterEach(() => client.dispose());

const config = "file:///work/.plimsoll.yaml";
const uri = "file:///work/Dockerfile";

test("faults show as they are written, with the version they belong to", async () => {
  await start();
  expect(await client.open(config, "failOn: eror\n", "yaml")).toMatchObject([
    {
      message: expect.stringContaining('did you mean "error"?'),
      source: "plimsoll",
      range: { start: { line: 0, character: 8 } },
    },
  ]);
  expect(await client.edit(config, 8, 12, "error")).toEqual([]);
  expect(client.published.at(-1)).toMatchObject({ uri: config, version: 2 });
});

test("other YAML is left alone", async () => {
  await start();
  const other = "file:///work/compose.yaml";
  void client.open(other, "failOn: eror\n", "yaml");
  await client.open(config, "", "yaml");
  expect(client.published.filter((params) => params.uri === other)).toEqual([]);
});

test("while it is open its text counts, not the disk; afterwards the disk again", async () => {
  await start({ folders: ["file:///work"], files: new Map([[config, "failOn: eror\n"]]) });
  await client.open(config, "failOn: error\n", "yaml");
  await client.open(uri, "FROM x\n");
  const published = () => client.published.filter((params) => params.uri === config);
  expect(published().map((params) => params.diagnostics.length)).toEqual([0]);
  const next = client.diagnostics(config);
  client.close(config);
  expect(await next).toHaveLength(1);
});

test("completion", async () => {
  await start();
  expect(client.initialized.capabilities.completionProvider).toBeDefined();
  await client.open(config, "rules:\n  test-upper-keyword: \n", "yaml");
  const ask = (document: string, line: number, character: number) =>
    client.connection.sendRequest<CompletionItem[] | null>("textDocument/completion", {
      textDocument: { uri: document },
      position: { line, character },
    });
  const items = await ask(config, 1, 22);
  expect(items?.map((item) => item.label)).toEqual(["error", "warning", "info", "hint", "on", "off"]);
  const place = { line: 1, character: 22 };
  expect(items?.[0]).toMatchObject({
    kind: 12,
    sortText: "0000",
    textEdit: { range: { start: place, end: place }, newText: "error" },
  });
  expect((await ask(config, 2, 0))?.map((item) => item.label)).toContain("failOn");
  await client.open(uri, "FROM x\n");
  expect(JSON.stringify(await ask(uri, 0, 0))).not.toContain("failOn");
});

test("hover", async () => {
  await start();
  await client.open(config, "rules:\n  test-upper-keyword: off\n", "yaml");
  const hover = await client.connection.sendRequest<Hover | null>("textDocument/hover", {
    textDocument: { uri: config },
    position: { line: 1, character: 4 },
  });
  expect(hover).toMatchObject({
    range: { start: { line: 1, character: 2 }, end: { line: 1, character: 20 } },
    contents: { kind: "markdown", value: expect.stringContaining("**test-upper-keyword**") },
  });
});

test("the rules it names lead to their pages", async () => {
  await start();
  const text =
    "rules:\n  test-upper-keyword: off # test-upper-keyword\n  no-such-rule: off\n  'test-upper-keyword' : hint\nignore: [docs/test-upper-keyword/**]\n";
  await client.open(config, text, "yaml");
  const links = await client.connection.sendRequest<DocumentLink[]>("textDocument/documentLink", {
    textDocument: { uri: config },
  });
  expect(links.map(({ range, target }) => [range.start, target?.split("/").at(-1)])).toEqual([
    [{ line: 1, character: 2 }, "test-upper-keyword.md"],
    [{ line: 3, character: 3 }, "test-upper-keyword.md"],
  ]);
});
