/** Rules that compare the Dockerfiles of one run. */
import { expect, test } from "vitest";
import { allRules } from "../../server/src/core/index";
import { folderWith, run } from "./terminal";

const product = { rules: allRules };
const only = ["--rule", "workspace-base-drift=warning"];

test("all files of a run are compared, also those that did not change", async () => {
  const folder = folderWith({
    "api/Dockerfile": "FROM node:26-slim\n",
    "jobs/Dockerfile": "FROM node:26-slim\n",
    "web/Dockerfile": "FROM node:24-slim\n",
  });
  const { out } = await run(folder, ["lint", ...only, "."], { product });
  expect(out).toContain(
    "web/Dockerfile:1:11 warning: node:24-slim here, but node:26-slim in api/Dockerfile and jobs/Dockerfile.",
  );
  expect(out.match(/\[workspace-base-drift\]/g)).toHaveLength(1);
});

test("a file by itself has nothing to be compared with, and one that cannot be read has no say", async () => {
  const folder = folderWith({
    "api/Dockerfile": new Uint8Array([0xff, 0xfe, 0x00, 0x00, 0x01]),
    "web/Dockerfile": "FROM node:24-slim\n",
  });
  expect((await run(folder, ["lint", ...only, "web/Dockerfile"], { product })).out).not.toContain("here, but");
  expect((await run(folder, ["lint", ...only, "."], { product })).out).not.toContain("here, but");
});
