/** Registries in the editor: asked when an action is chosen, by the way where the settings want it, and never otherwise. */
import { createServer } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { CancellationTokenSource, type CodeAction, type CompletionList } from "vscode-languageserver/node";
import { allRules, bundledCatalogue } from "../../server/src/core/index";
import { readSettings } from "../../server/src/lsp/settings";
import { type Client, type ClientOptions, editedTexts, startClient } from "../lsp/client";
import { type FakeRegistry, startFake } from "./fake";
import { hurried, portsFor } from "./tools";

const folder = "file:///work";
const uri = `${folder}/Dockerfile`;
const b = `sha256:${"b".repeat(64)}`;

let client: Client;
afterEach(() => client?.dispose());

async function start(setup: Partial<ClientOptions> = {}): Promise<void> {
  client = await startClient({
    rules: allRules,
    catalogue: bundledCatalogue(),
    folders: [folder],
    registry: () => portsFor({ ports: hurried }),
    ...setup,
  });
}

const at = (fake: FakeRegistry, text: string) => text.replaceAll("HOST", fake.host);
const codes = () => (client.published.at(-1)?.diagnostics ?? []).map(({ code }) => code);

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 500; tries++) {
    if (await holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error("it never came to pass");
}

async function actionNamed(text: string, title: string): Promise<CodeAction> {
  const actions = await client.actions(uri, 0, text.length);
  const found = actions.find((action) => action.title.startsWith(title));
  if (!found) throw new Error(`no ${title} among:\n${actions.map((one) => one.title).join("\n")}`);
  return found;
}

describe("actions", () => {
  it("pin an image without any finding about it, and keep what is around it", async () => {
    const fake = await startFake();
    const digest = fake.push("app", "1");
    await start();
    const text = at(fake, "FROM HOST/app:1 AS build # keep\n");
    await client.open(uri, text);
    const action = await actionNamed(text, at(fake, "Pin HOST/app:1 by its digest (asks the registry)"));
    expect(fake.requests).toHaveLength(0);
    const texts = await client.apply(action);
    expect(texts.get(uri)).toBe(at(fake, `FROM HOST/app:1@${digest} AS build # keep\n`));
  });

  it("update a digest, move to the newest patch, pin a whole file", async () => {
    const fake = await startFake();
    const old = fake.push("app", "1.4.2");
    const fresh = fake.push("app", "1.4.9", { mark: "fresh" });
    await start();
    const text = at(fake, `FROM HOST/app:1.4.2@${b} AS a\nFROM HOST/app:1.4.2 AS c\nFROM HOST/app:1.4.9\n`);
    await client.open(uri, text);
    const resolved = async (title: string) => (await client.apply(await actionNamed(text, at(fake, title)))).get(uri);
    expect(await resolved("Update the digest of HOST/app:1.4.2")).toBe(text.replace(b, old));
    expect(await resolved("Move HOST/app:1.4.2 to its newest patch")).toBe(
      text.replace(`1.4.2@${b}`, `1.4.9@${fresh}`),
    );
    expect(await resolved("Pin the 2 images of this file")).toBe(
      at(fake, `FROM HOST/app:1.4.2@${b} AS a\nFROM HOST/app:1.4.2@${old} AS c\nFROM HOST/app:1.4.9@${fresh}\n`),
    );
  });

  it("of a file, what is known is pinned although the rest is not", async () => {
    const fake = await startFake();
    const digest = fake.push("app", "1");
    await start();
    const text = at(fake, "FROM HOST/app:1\nFROM 127.0.0.1:1/app:1\n");
    await client.open(uri, text);
    const texts = await client.apply(await actionNamed(text, "Pin the 2 images"));
    expect(texts.get(uri)).toBe(at(fake, `FROM HOST/app:1@${digest}\nFROM 127.0.0.1:1/app:1\n`));
    await until(() => client.messages.length > 0);
    expect(client.messages[0]).toContain("The other images are pinned.");
  });

  it("the settings in force name what holds about registries", async () => {
    await start({ options: { settings: { registry: { online: true, mirrors: { "docker.io": "m.example" } } } } });
    const text = await client.connection.sendRequest<string>("plimsoll/effectiveConfig", { uri });
    expect(text).toContain("registry:\n  online: true\n  mirrors:\n    docker.io:\n      - m.example\n");
  });

  it("a fix that waits for the registry is offered and made", async () => {
    const fake = await startFake();
    const digest = fake.push("app", "1");
    const rules = { "base-image-not-digest-pinned": "warning" };
    await start({ options: { settings: { rules } } });
    const text = at(fake, "FROM HOST/app:1\n");
    await client.open(uri, text);
    const actions = await client.actions(uri, 0, text.length, ["quickfix"]);
    expect(actions[0]?.title).toBe(at(fake, "Pin HOST/app:1 by its digest (asks the registry)"));
    expect((await client.apply(actions[0] as CodeAction)).get(uri)).toBe(at(fake, `FROM HOST/app:1@${digest}\n`));
  });

  it("no answer is no error: nothing changes, and a sentence says why", async () => {
    await start();
    const text = "FROM 127.0.0.1:1/app:1\n";
    await client.open(uri, text);
    expect(await client.apply(await actionNamed(text, "Pin"))).toEqual(new Map());
    await until(() => client.messages.length > 0);
    expect(client.messages).toEqual(["127.0.0.1:1 cannot be reached: it refuses the connection. Nothing was changed."]);
  });

  it("who does not wait any longer gets nothing, at once", async () => {
    const fake = await startFake(() => new Promise<null>(() => undefined));
    await start({ registry: () => portsFor() });
    const text = at(fake, "FROM HOST/app:1\n");
    await client.open(uri, text);
    const action = await actionNamed(text, "Pin");
    const source = new CancellationTokenSource();
    const answer = client.connection.sendRequest<CodeAction>("codeAction/resolve", action, source.token);
    await until(() => fake.requests.length > 0);
    const before = Date.now();
    source.cancel();
    expect((await answer.catch(() => null))?.edit).toBeUndefined();
    expect(Date.now() - before).toBeLessThan(1000);
  });

  it("are not offered to clients that want edits at once, nor where nobody can be asked", async () => {
    await start({ plain: true });
    const text = "FROM node:24\n";
    await client.open(uri, text);
    const titles = async () => (await client.actions(uri, 0, text.length)).map(({ title }) => title);
    expect((await titles()).join()).not.toContain("asks the registry");
    client.dispose();
    client = await startClient({ rules: allRules, catalogue: bundledCatalogue() });
    await client.open(uri, text);
    expect((await titles()).join()).not.toContain("asks the registry");
  });
});

describe("the whole workspace", () => {
  it("is pinned as one change: open documents and closed ones, each image asked about once", async () => {
    const fake = await startFake();
    const digest = fake.push("app", "1");
    const other = `${folder}/api/Dockerfile`;
    const files = new Map([
      [uri, "FROM scratch\n"],
      [other, at(fake, "ARG TAG=1\nFROM HOST/app:$TAG\n")],
      [`${folder}/Dockerfile.go`, at(fake, "FROM HOST/app:1\n")],
    ]);
    await start({ files });
    // What is open counts, not what is on the disk.
    await client.open(uri, at(fake, "FROM HOST/app:1\n"));
    const report = await client.connection.sendRequest("workspace/executeCommand", {
      command: "plimsoll.pinWorkspace",
    });
    expect(report).toEqual({ files: 2, images: 2, left: 0, unknown: 0, faults: [], stopped: false });
    expect(client.applied).toHaveLength(1);
    const texts = editedTexts(client.applied[0] ?? {}, (one) => client.textOf(one));
    expect(texts.get(uri)).toBe(at(fake, `FROM HOST/app:1@${digest}\n`));
    expect(texts.get(other)).toBe(at(fake, `ARG TAG=1@${digest}\nFROM HOST/app:$TAG\n`));
    expect(fake.count("HEAD", /manifests/)).toBe(1);
  });

  it("says what has no answer", async () => {
    const fake = await startFake();
    await start({ files: new Map([[uri, at(fake, "FROM HOST/app:none\nFROM 127.0.0.1:1/x:1\n")]]) });
    const report = await client.connection.sendRequest("workspace/executeCommand", {
      command: "plimsoll.pinWorkspace",
    });
    expect(report).toMatchObject({ files: 0, images: 0, unknown: 2, faults: [expect.stringContaining("refuses")] });
    expect(client.applied).toEqual([]);
  });
});

describe("by the way", () => {
  const online = { registry: { online: true } };

  it("a stale digest is a finding and a lens, and the lens mends it", async () => {
    const fake = await startFake();
    const digest = fake.push("app", "1");
    await start({ options: { settings: online } });
    await client.open(uri, at(fake, `FROM HOST/app:1@${b}\n`));
    await until(() => codes().includes("stale-digest"));
    const lenses = await client.connection.sendRequest<
      { command: { title: string; command: string; arguments: unknown[] } }[]
    >("textDocument/codeLens", { textDocument: { uri } });
    const lens = lenses.find(({ command }) => command.title.includes("update the digest"));
    expect(lens?.command.title).toContain(digest.slice(0, 19));
    const call = { command: lens?.command.command ?? "", arguments: lens?.command.arguments ?? [] };
    await client.connection.sendRequest("workspace/executeCommand", call);
    const texts = editedTexts(client.applied[0] ?? {}, (one) => client.textOf(one));
    expect(texts.get(uri)).toBe(at(fake, `FROM HOST/app:1@${digest}\n`));
  });

  it("tags come from the registry, with the second letter at the latest", async () => {
    const fake = await startFake();
    for (const tag of ["1.0", "1.10", "1.9", "edge"]) fake.push("app", tag);
    await start({ options: { settings: online } });
    const text = at(fake, "FROM HOST/app:");
    await client.open(uri, text);
    const ask = () =>
      client.connection.sendRequest<CompletionList>("textDocument/completion", {
        textDocument: { uri },
        position: { line: 0, character: text.length },
      });
    expect(await ask()).toMatchObject({ isIncomplete: true, items: [] });
    await until(async () => (await ask()).items.length > 0);
    const list = await ask();
    expect(list.isIncomplete).toBe(false);
    expect(list.items.map(({ label }) => label)).toEqual(["edge", "1.10", "1.9", "1.0"]);
  });

  it("a project that is not trusted turns nothing on; once it is, it does", async () => {
    const fake = await startFake();
    fake.push("app", "1");
    const files = new Map([[`${folder}/.plimsoll.yaml`, "registry: { online: true }\n"]]);
    await start({ files });
    await client.open(uri, at(fake, `FROM HOST/app:1@${b}\n`));
    await new Promise((resolve) => setTimeout(resolve, 600));
    expect(fake.requests).toHaveLength(0);
    await client.connection.sendNotification("plimsoll/trusted");
    await until(() => codes().includes("stale-digest"));
  });

  it("mirrors of a project that is not trusted are not believed", async () => {
    const [mirror, own] = [await startFake(), await startFake()];
    mirror.push("app", "1", { mark: "evil" });
    own.push("app", "1");
    const text = at(own, "FROM HOST/app:1\n");
    const files = new Map([
      [`${folder}/.plimsoll.yaml`, `registry: { mirrors: { "${own.host}": "${mirror.host}" } }\n`],
    ]);
    await start({ files });
    await client.open(uri, text);
    await client.apply(await actionNamed(text, "Pin"));
    expect(mirror.requests).toHaveLength(0);
    expect(own.requests.length).toBeGreaterThan(0);
  });

  it("a registry that never answers holds nothing up", async () => {
    const fake = await startFake(() => new Promise<null>(() => undefined));
    await start({ options: { settings: online }, registry: () => portsFor() });
    await client.open(uri, at(fake, `FROM HOST/app:1@${b}\nRUN apt-get update\n`));
    await until(() => fake.requests.length > 0);
    const before = performance.now();
    await client.edit(uri, 0, 0, "# a\n");
    for (const method of ["hover", "completion", "definition"]) {
      await client.connection.sendRequest(`textDocument/${method}`, {
        textDocument: { uri },
        position: { line: 1, character: 8 },
      });
    }
    await client.connection.sendRequest("textDocument/codeLens", { textDocument: { uri } });
    await client.actions(uri, 0, 20);
    expect(performance.now() - before).toBeLessThan(1500);
    expect(codes()).not.toContain("stale-digest");
  });
});

it("VS Code's proxy counts, and is looked at only when somebody is asked", async () => {
  const fake = await startFake();
  fake.push("app", "1");
  const seen: unknown[] = [];
  await start({
    options: { ownCommands: true },
    settings: () => ({ proxy: "http://proxy.example:3128", noProxy: ["corp.example"], proxySupport: "override" }),
    registry: (options) => {
      seen.push(options);
      return portsFor();
    },
  });
  const text = at(fake, "FROM HOST/app:1\n");
  await client.open(uri, text);
  const action = await actionNamed(text, "Pin");
  expect(seen).toEqual([]);
  await client.apply(action);
  expect(seen).toEqual([{ proxy: "http://proxy.example:3128", noProxy: ["corp.example"], authorities: [] }]);
});

it("the defaults that an editor sends say nothing about registries", async () => {
  const registry = { online: false, mirrors: {}, insecure: [], ca: [] };
  expect((await readSettings({ registry }, allRules)).file).toBeNull();
  const { file } = await readSettings({ registry: { ...registry, online: true } }, allRules);
  expect(file?.registry?.online).toBe(true);
});

it("nobody is asked anything in a session where nothing was asked", async () => {
  let connections = 0;
  const server = createServer((socket) => {
    connections++;
    socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  let made = 0;
  const rules = Object.fromEntries(allRules.map(({ id }) => [id, "on"]));
  await start({
    options: { settings: { rules } },
    registry: () => {
      made++;
      return portsFor();
    },
  });
  const text = `# syntax=127.0.0.1:${port}/d:1\nFROM --platform=linux/arm64 127.0.0.1:${port}/app:1.2.3@${b}\nCOPY --from=127.0.0.1:${port}/x:1 / /\nFROM 127.0.0.1:${port}/app:\n`;
  await client.open(uri, text);
  const textDocument = { uri };
  for (let line = 0; line < 4; line++) {
    const position = { line, character: 30 };
    for (const method of ["hover", "completion", "definition", "signatureHelp", "documentHighlight"]) {
      await client.connection.sendRequest(`textDocument/${method}`, { textDocument, position });
    }
  }
  for (const method of ["codeLens", "documentLink", "documentSymbol", "foldingRange"]) {
    await client.connection.sendRequest(`textDocument/${method}`, { textDocument });
  }
  const range = { start: { line: 0, character: 0 }, end: { line: 9, character: 0 } };
  await client.connection.sendRequest("textDocument/inlayHint", { textDocument, range });
  expect((await client.actions(uri, 0, text.length)).map(({ title }) => title).join()).toContain("asks the registry");
  await client.edit(uri, text.length, text.length, "RUN x\n");
  await client.connection.sendRequest("workspace/executeCommand", { command: "plimsoll.checkWorkspace" });
  await new Promise((resolve) => setTimeout(resolve, 600));
  server.close();
  expect([made, connections]).toEqual([0, 0]);
});
