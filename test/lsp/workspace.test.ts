import { afterEach, expect, test } from "vitest";
import type { WorkspaceReport } from "../../server/src/lsp/protocol";
import { type Client, type ClientOptions, startClient } from "./client";

let client: Client;
const start = async (options: ClientOptions): Promise<Client> => {
  client = await startClient(options);
  return client;
};
afterEach(() => client.dispose());

const check = () =>
  client.connection.sendRequest<WorkspaceReport>("workspace/executeCommand", { command: "plimsoll.checkWorkspace" });
const last = (uri: string) => client.published.filter((params) => params.uri === uri).at(-1)?.diagnostics;

const files = () =>
  new Map([
    ["file:///work/Dockerfile", "from x\n"],
    ["file:///work/a b/web.dockerfile", "from x\nrun y\n"],
    ["file:///work/a b/Dockerfile.j2", "from x\n"],
    ["file:///work/node_modules/p/Dockerfile", "from x\n"],
    ["file:///work/src/main.go", "from x\n"],
  ]);

test.each([false, true])(
  "every Dockerfile of the workspace is checked (through the client: %s)",
  async (fileAccess) => {
    const all = files();
    if (fileAccess) all.delete("file:///work/node_modules/p/Dockerfile");
    const own = new Map([...all].map(([uri, text]) => [encodeURI(uri), text]));
    await start({ folders: ["file:///work"], files: own, options: { fileAccess } });
    const report = await check();
    expect(report).toEqual({ files: fileAccess ? 1 : 2, findings: fileAccess ? 1 : 3, stopped: false });
    expect(last("file:///work/Dockerfile")).toHaveLength(1);
  },
);

test("an open document keeps its own text; closed, it falls back to the file", async () => {
  const own = new Map([["file:///work/Dockerfile", "from x\nrun y\n"]]);
  await start({ folders: ["file:///work"], files: own });
  await client.open("file:///work/Dockerfile", "from x\n");
  expect(await check()).toMatchObject({ files: 1, findings: 1 });
  const fallen = client.diagnostics("file:///work/Dockerfile", (params) => params.diagnostics.length > 0);
  client.close("file:///work/Dockerfile");
  expect(await fallen).toHaveLength(2);
});

test("what is gone since the last check is taken back", async () => {
  const own = new Map([["file:///work/Dockerfile", "from x\n"]]);
  await start({ folders: ["file:///work"], files: own });
  await check();
  expect(last("file:///work/Dockerfile")).toHaveLength(1);
  own.delete("file:///work/Dockerfile");
  own.set("file:///work/other", "");
  await check();
  await client.connection.sendRequest("plimsoll/explain", { rule: "" });
  expect(last("file:///work/Dockerfile")).toEqual([]);
});

test("what was said of closed files follows their files and their settings", async () => {
  const uri = "file:///work/Dockerfile";
  const own = new Map([[uri, "from x\n"]]);
  await start({ folders: ["file:///work"], files: own });
  await check();
  const touched = (changed: string) => {
    const next = client.diagnostics(uri);
    void client.connection.sendNotification("workspace/didChangeWatchedFiles", {
      changes: [{ uri: changed, type: 2 }],
    });
    return next;
  };
  own.set(uri, "from x\nrun y\n");
  expect(await touched(uri)).toHaveLength(2);
  own.set("file:///work/.plimsoll.yaml", "rules:\n  test-upper-keyword: off\n");
  expect(await touched("file:///work/.plimsoll.yaml")).toHaveLength(0);
  own.delete("file:///work/.plimsoll.yaml");
  expect(await touched("file:///work/.plimsoll.yaml")).toHaveLength(2);
  own.delete(uri);
  own.set("file:///work/other", "");
  expect(await touched(uri)).toEqual([]);
});
