import { afterEach, expect, test } from "vitest";
import type { Hover, MarkupContent } from "vscode-languageserver/node";
import { exampleCatalogue } from "../../server/src/core/catalogue/examples";
import { type Client, type ClientOptions, startClient } from "./client";
import { upperKeyword } from "./rules";

let client: Client;
const start = async (options: ClientOptions = {}): Promise<Client> => {
  client = await startClient({ catalogue: exampleCatalogue(), ...options });
  return client;
};
afterEach(() => client.dispose());

const uri = "file:///work/Dockerfile";
const hover = async (line: number, character: number): Promise<Hover | null> =>
  client.connection.sendRequest("textDocument/hover", { textDocument: { uri }, position: { line, character } });
const text = (found: Hover | null): string => (found?.contents as MarkupContent | undefined)?.value ?? "";

test("a finding says why, and how to silence it, and names its rule once", async () => {
  await start();
  await client.open(uri, "FROM scratch\nrun true\n");
  const found = await hover(1, 1);
  expect(found?.range).toEqual({ start: { line: 1, character: 0 }, end: { line: 1, character: 3 } });
  expect(text(found)).toMatch(/^Because the test says so\. \[More\]\(https:.*\/test-upper-keyword\.md\)\n/);
  expect(text(found)).toContain("# plimsoll ignore=test-upper-keyword -- reason");
  expect(
    text(found)
      .replace(/\(https:[^)]*\)/, "")
      .match(/test-upper-keyword/g),
  ).toHaveLength(1);
});

test("a long reason ends behind a sentence; the page has the rest", async () => {
  const long = {
    ...upperKeyword,
    why: `It matters${" much".repeat(30)}. As of 3.24 it hurts. ${"So it does. ".repeat(20)}`,
  };
  await start({ rules: [long] });
  await client.open(uri, "FROM scratch\nrun true\n");
  const said = /^(.*) \[More\]/.exec(text(await hover(1, 1)))?.[1] ?? "";
  expect(said).toMatch(/^It matters( much){30}\. As of 3\.24 it hurts\.( So it does\.)+$/);
  expect(said.length).toBeGreaterThan(200);
  expect(said.length).toBeLessThanOrEqual(280);
});

test("a base image says what it is, with the date of what is known", async () => {
  await start();
  await client.open(uri, "FROM node:18\n");
  expect(text(await hover(0, 6))).toMatchInlineSnapshot(`
    "Because the test says so. [More](https://github.com/plimsoll-dev/plimsoll/blob/main/docs/rules/test-old.md) · Silence: \`# plimsoll ignore=test-old\`

    ---

    **node:18** · Node.js, Docker official image · as of 2026-08-22

    - About 349 MB compressed (linux/amd64)
    - ⚠ Node.js 18 has had no free updates since 2025-04-30
    - No longer rebuilt: left the list of tags on 2025-05-28
    - Runs as root; ships \`node\` (uid 1000) to switch to
    - Debian; glibc, apt-get, /bin/sh is dash"
  `);
});

test("an image that files are copied from is an image as well", async () => {
  await start();
  await client.open(uri, "FROM scratch\nCOPY --from=alpine:3.22 /a /a\n");
  const found = await hover(1, 14);
  expect(text(found)).toContain("**alpine:3.22**");
  expect(found?.range).toEqual({ start: { line: 1, character: 12 }, end: { line: 1, character: 23 } });
});

test("nothing is known of scratch, unknown images and other words", async () => {
  await start();
  await client.open(uri, "FROM scratch AS a\nFROM a\nFROM example.org/x:1\nRUN alpine\n");
  for (const [line, character] of [
    [0, 6],
    [2, 8],
    [3, 5],
  ] as const) {
    expect(await hover(line, character)).toBeNull();
  }
});

test("a client without Markdown gets plain text", async () => {
  await start({ plain: true });
  await client.open(uri, "FROM node:18\n");
  const found = await hover(0, 6);
  expect(found?.contents).toMatchObject({ kind: "plaintext" });
  expect(text(found)).not.toMatch(/\*\*|`/);
});
