import { afterEach, describe, expect, test } from "vitest";
import type { CodeAction } from "vscode-languageserver/node";
import type { AnyRule, Fix } from "../../server/src/core/index";
import { type Client, type ClientOptions, startClient } from "./client";
import { latest } from "./rules";

let client: Client;
const start = async (options: ClientOptions = {}): Promise<Client> => {
  client = await startClient(options);
  return client;
};
afterEach(() => client.dispose());

const uri = "file:///work/Dockerfile";

const titled = (actions: readonly CodeAction[], title: string): CodeAction => {
  const found = actions.find((action) => action.title.startsWith(title));
  if (!found) throw new Error(`no "${title}" among ${actions.map((action) => action.title).join(" | ")}`);
  return found;
};

/** Opens a text and gives what an action makes of it. */
async function textAfter(text: string, title: string, at = 0): Promise<string | undefined> {
  await client.open(uri, text);
  return (await client.apply(titled(await client.actions(uri, at), title))).get(uri);
}

describe("quick fixes", () => {
  test("all fixes of the findings on a FROM, with what to mind; the best one is preferred", async () => {
    await start();
    await client.open(uri, "FROM node:latest\n");
    const actions = (await client.actions(uri, 6)).filter((action) => !/^(Ignore|Explain)/.test(action.title));
    expect(actions.map(({ title, kind, isPreferred }) => ({ title, kind, isPreferred }))).toEqual([
      { title: "Take deno (another program)", kind: "quickfix", isPreferred: true },
      { title: "Pin to 26 (the image stays as it is today)", kind: "quickfix" },
      { title: "Pin to 24 (another major version)", kind: "quickfix" },
    ]);
    expect(actions[0]?.diagnostics).toMatchObject([{ code: "test-old" }]);
  });

  test("edits come with the resolve, for the version that was looked at", async () => {
    await start();
    await client.open(uri, "FROM node:latest\n");
    const action = titled(await client.actions(uri, 6), "Pin to 24");
    expect(action.edit).toBeUndefined();
    const resolved = await client.connection.sendRequest<CodeAction>("codeAction/resolve", action);
    expect(resolved.edit?.documentChanges).toMatchObject([{ textDocument: { uri, version: 1 } }]);
    expect((await client.apply(action)).get(uri)).toBe("FROM node:24\n");
  });

  test("a fix is refused once the text has changed", async () => {
    await start();
    await client.open(uri, "FROM node:latest\n");
    const action = titled(await client.actions(uri, 6), "Pin to 24");
    await client.edit(uri, 0, 0, "# new\n");
    await expect(client.apply(action)).rejects.toMatchObject({ code: -32801 });
  });

  test("a client without resolve gets the edits at once, without versions", async () => {
    await start({ plain: true });
    await client.open(uri, "FROM node:latest\n");
    const action = titled(await client.actions(uri, 6), "Pin to 24");
    expect(Object.keys(action.edit?.changes ?? {})).toEqual([uri]);
    expect((await client.apply(action)).get(uri)).toBe("FROM node:24\n");
  });

  test("such a client gets no command beside an edit: ALE would run the command only", async () => {
    await start({ plain: true });
    await client.open(uri, "FROM x\nCOPY . /\n");
    const action = titled(await client.actions(uri, 12), "Leave .git out");
    expect(action.edit).toBeDefined();
    expect(action.command).toBeUndefined();
  });

  test("there is nothing to do where nothing was found", async () => {
    await start();
    await client.open(uri, "FROM node:latest\nRUN true\n");
    expect((await client.actions(uri, 20)).map((action) => action.title)).toEqual([]);
  });

  test("a fix changes other files as well, and says what to mind afterwards", async () => {
    const files = new Map([["file:///work/.dockerignore", "node_modules"]]);
    await start({ files });
    await client.open(uri, "FROM x\nCOPY . /\n");
    const action = titled(await client.actions(uri, 12), "Leave .git out");
    expect(action.command).toMatchObject({
      command: "plimsoll.showNote",
      arguments: ["Build again: docker build --no-cache .", "docker build --no-cache ."],
    });
    expect(Object.fromEntries(await client.apply(action))).toEqual({
      [uri]: "FROM x\nCOPY ./ /\n",
      "file:///work/.dockerignore": "node_modules\n.git\n",
    });
  });

  test("another file is created where it is missing", async () => {
    await start();
    await client.open(uri, "FROM x\nCOPY . /\n");
    const action = titled(await client.actions(uri, 12), "Leave .git out");
    const resolved = await client.connection.sendRequest<CodeAction>("codeAction/resolve", action);
    expect(resolved.edit?.documentChanges?.[0]).toMatchObject({ kind: "create", uri: "file:///work/.dockerignore" });
  });

  test("a rewrite is a refactoring that is looked at first", async () => {
    await start();
    await client.open(uri, "FROM x\nCOPY . /\n");
    const action = titled(await client.actions(uri, 12, 12, ["refactor"]), "Rewrite as ADD");
    expect(action.kind).toBe("refactor.rewrite");
    const { edit } = await client.connection.sendRequest<CodeAction>("codeAction/resolve", action);
    expect(edit?.changeAnnotations).toEqual({
      plimsoll: { label: "Plimsoll", needsConfirmation: true, description: "ADD unpacks." },
    });
  });

  test("a client that shows rewrites itself is told of which, and confirms nothing twice", async () => {
    await start({ options: { previews: true } });
    await client.open(uri, "FROM x\nCOPY . /\n");
    const actions = await client.actions(uri, 12);
    const marked = actions.filter(({ data }) => data.preview === true).map(({ title }) => title);
    expect(marked).toEqual([titled(actions, "Rewrite as ADD").title]);
    const action = titled(actions, "Rewrite as ADD");
    const { edit } = await client.connection.sendRequest<CodeAction>("codeAction/resolve", action);
    expect(edit?.changeAnnotations).toBeUndefined();
    expect((await client.apply(action)).get(uri)).toBe("FROM x\nADD . /\n");
  });

  test("kinds that were not asked for are left out", async () => {
    await start();
    await client.open(uri, "FROM node:latest\nrun true\n");
    const kinds = async (only: string[]) => new Set((await client.actions(uri, 0, 26, only)).map(({ kind }) => kind));
    expect(await kinds(["source.fixAll"])).toEqual(new Set(["source.fixAll.plimsoll"]));
    expect(await kinds(["source.organizeImports"])).toEqual(new Set());
    expect(await kinds(["quickfix"])).toEqual(new Set(["quickfix"]));
  });
});

describe("fix all", () => {
  test("takes the safe fixes and no other", async () => {
    await start();
    await client.open(uri, "from node:latest\nRUN a\nrun b\n");
    const [action] = await client.actions(uri, 0, 0, ["source.fixAll"]);
    expect((await client.apply(action as CodeAction)).get(uri)).toBe("FROM node:latest\nRUN a\nRUN b\n");
  });

  test("as a command, it is applied by the client", async () => {
    await start();
    await client.open(uri, "from x\nRUN a\nrun b\n");
    const call = { command: "plimsoll.fixAll", arguments: [uri] };
    expect(await client.connection.sendRequest("workspace/executeCommand", call)).toBe(true);
    expect(client.applied[0]?.documentChanges).toMatchObject([
      {
        textDocument: { uri, version: 1 },
        edits: [{ newText: "FROM x\n" }, { newText: "RUN b\n" }],
      },
    ]);
  });

  test("is not offered where nothing can be fixed safely", async () => {
    await start();
    await client.open(uri, "FROM node:latest\n");
    expect(await client.actions(uri, 0, 0, ["source.fixAll"])).toEqual([]);
  });
});

describe("the reason in a title", () => {
  test.each([
    ["The image changes.", "Mend (the image changes)"],
    ["Alpine has musl.", "Mend (Alpine has musl)"],
    ["USER stays.", "Mend (USER stays)"],
    [
      `It listens on 8080${" and so on".repeat(7)}; mappings follow.`,
      `Mend (it listens on 8080${" and so on".repeat(7)})`,
    ],
    [`Nothing to cut${" in this one".repeat(7)}.`, `Mend (nothing to cut${" in this one".repeat(7)})`],
  ])("%s", async (reason, title) => {
    const edits = [{ span: { start: 0, end: 0 }, newText: "# mended\n" }];
    const fix: Fix = { title: "Mend", applicability: "unsafe", reason, edits };
    const rule: AnyRule = {
      ...latest,
      *check({ model }) {
        if (model.comments.length === 0) yield { message: "Wrong.", range: { start: 0, end: 4 }, fixes: () => [fix] };
      },
    };
    await start({ rules: [rule] });
    await client.open(uri, "FROM x\n");
    expect((await client.actions(uri, 0))[0]?.title).toBe(title);
  });
});

describe("ignoring", () => {
  test("on this line: a comment above the instruction, indented alike", async () => {
    await start();
    expect(await textAfter("FROM x\n  run a\n", "Ignore test-upper-keyword on this line", 10)).toBe(
      "FROM x\n  # plimsoll ignore=test-upper-keyword\n  run a\n",
    );
  });

  test("on this line: the list of the comment that is there grows", async () => {
    await start();
    expect(
      await textAfter(
        "FROM x\n# plimsoll ignore=other -- because\nrun a\n",
        "Ignore test-upper-keyword on this line",
        43,
      ),
    ).toBe("FROM x\n# plimsoll ignore=other,test-upper-keyword -- because\nrun a\n");
  });

  test("in this file: at the top, below the directives", async () => {
    await start();
    expect(
      await textAfter(
        "# syntax=docker/dockerfile:1\n# escape=`\nfrom x\n",
        "Ignore test-upper-keyword in this file",
        41,
      ),
    ).toBe("# syntax=docker/dockerfile:1\n# escape=`\n# plimsoll ignore-file=test-upper-keyword\nfrom x\n");
  });

  test("in this file: with the line ends of the file", async () => {
    await start();
    expect(await textAfter("from x\r\n", "Ignore test-upper-keyword in this file")).toBe(
      "# plimsoll ignore-file=test-upper-keyword\r\nfrom x\r\n",
    );
  });

  test("in this file: the list that is there grows", async () => {
    await start();
    expect(await textAfter("from x\n# plimsoll ignore-file=a\n", "Ignore test-upper-keyword in this file")).toBe(
      "from x\n# plimsoll ignore-file=a,test-upper-keyword\n",
    );
  });

  test("in this workspace: a config file is made at the root of the folder", async () => {
    await start({ folders: ["file:///work"] });
    const place = "file:///work/app/Dockerfile";
    await client.open(place, "from x\n");
    const action = titled(await client.actions(place, 0), "Ignore test-upper-keyword in this workspace");
    expect(Object.fromEntries(await client.apply(action))).toEqual({
      "file:///work/.plimsoll.yaml": "rules:\n  test-upper-keyword: off\n",
    });
  });

  test("in this workspace: the config file in force grows", async () => {
    const files = new Map([["file:///work/.plimsoll.yaml", "# ours\nrules:\n  test-old: off # old\nfailOn: error\n"]]);
    await start({ folders: ["file:///work"], files });
    await client.open(uri, "from x\n");
    const action = titled(await client.actions(uri, 0), "Ignore test-upper-keyword in this workspace");
    expect(Object.fromEntries(await client.apply(action))).toEqual({
      "file:///work/.plimsoll.yaml":
        "# ours\nrules:\n  test-upper-keyword: off\n  test-old: off # old\nfailOn: error\n",
    });
  });

  test("in this workspace: hadolint's file grows where it is in force", async () => {
    const files = new Map([["file:///work/.hadolint.yaml", "ignored:\n  - DL3008\n"]]);
    await start({ folders: ["file:///work"], files });
    await client.open(uri, "FROM alpine:latest\n");
    const action = titled(await client.actions(uri, 6), "Ignore test-latest in this workspace");
    expect(Object.fromEntries(await client.apply(action))).toEqual({
      "file:///work/.hadolint.yaml": "ignored:\n  - DL3007\n  - DL3008\n",
    });
  });

  test("each rule of a merged finding has its own", async () => {
    await start();
    await client.open(uri, "FROM node:latest\n");
    const titles = (await client.actions(uri, 6)).map((action) => action.title);
    expect(titles.filter((title) => /on this line$/.test(title))).toEqual([
      "Ignore test-old on this line",
      "Ignore test-latest on this line",
    ]);
  });

  test("what was ignored is gone", async () => {
    await start();
    const text = "FROM x\nrun a\n";
    await client.open(uri, text);
    const action = titled(await client.actions(uri, 7), "Ignore test-upper-keyword on this line");
    const changed = (await client.apply(action)).get(uri) ?? "";
    expect(await client.edit(uri, 0, text.length, changed)).toEqual([]);
  });
});

describe("explaining", () => {
  test("comes before ignoring, which must not be what Enter takes where nothing can be mended", async () => {
    await start();
    await client.open(uri, "FROM node:latest\n");
    const kinds = (await client.actions(uri, 6)).map(({ title }) => title.split(" ")[0]);
    expect(kinds.lastIndexOf("Explain")).toBeLessThan(kinds.indexOf("Ignore"));
  });

  test("is a command of the action", async () => {
    await start();
    await client.open(uri, "from x\n");
    expect(titled(await client.actions(uri, 0), "Explain test-upper-keyword").command).toMatchObject({
      command: "plimsoll.explainRule",
      arguments: ["test-upper-keyword"],
    });
  });

  test("any client may ask for the page", async () => {
    await start();
    expect(await client.connection.sendRequest("plimsoll/explain", { rule: "test-old" })).toMatchObject({
      rule: "test-old",
      markdown: expect.stringContaining("Because the test says so."),
      url: expect.stringMatching(/test-old\.md$/),
    });
    expect(await client.connection.sendRequest("plimsoll/explain", { rule: "no-such-rule" })).toBeNull();
  });

  test("a client that runs the commands itself is not told of them", async () => {
    await start({ options: { ownCommands: true } });
    expect(client.initialized.capabilities.executeCommandProvider).toBeUndefined();
  });

  test("other clients get a message", async () => {
    await start();
    expect(client.initialized.capabilities.executeCommandProvider?.commands).toContain("plimsoll.explainRule");
    const call = { command: "plimsoll.explainRule", arguments: ["test-old"] };
    await client.connection.sendRequest("workspace/executeCommand", call);
    expect(client.messages[0]).toMatch(/^test-old: A made-up rule\. https:/);
  });
});
