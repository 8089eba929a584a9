import * as vscode from "vscode";
import { assert, hoverAt, openDockerfile, reported, suite, test } from "./testing";

suite("hover", () => {
  test("tells what is known of the base image", async () => {
    const document = await openDockerfile("FROM node:26\nUSER node\n");
    const card = await hoverAt(document, new vscode.Position(0, 7));
    for (const expected of [/Node\.js/, /debian/i, /root/]) assert(expected.test(card), `${expected} not in: ${card}`);
  });

  test("tells why a finding matters and how to silence it", async () => {
    const document = await openDockerfile(
      "FROM node:26\nRUN --mount=type=secret,id=npmrc,target=/root/.npmrc,mode=0444 npm ci\nUSER node\n",
    );
    const diagnostic = await reported(document, "secret-mount-world-readable");
    const card = await hoverAt(document, diagnostic.range.start);
    for (const expected of [/secret-mount-world-readable/, /ignore/i])
      assert(expected.test(card), `${expected} not in: ${card}`);
  });
});
