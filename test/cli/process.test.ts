/** The built bundle as a process of its own: what only shows there. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { version } from "../../server/src/version";
import { folderWith } from "./terminal";

const root = join(import.meta.dirname, "../..");
let built = "";

beforeAll(() => {
  built = mkdtempSync(join(tmpdir(), "plimsoll-cli-"));
  const script = join(root, "server/scripts/build.mjs");
  const done = spawnSync(process.execPath, [script, "--only", "cli.js", "--outdir", built], { encoding: "utf8" });
  expect(done).toMatchObject({ status: 0, stderr: "" });
}, 60_000);

afterAll(() => rmSync(built, { recursive: true, force: true }));

const cli = (cwd: string, ...args: string[]) =>
  spawnSync(process.execPath, [join(built, "cli.js"), ...args], { cwd, encoding: "utf8", maxBuffer: 1 << 28 });

test("lints, with the true rules, and exits with 1", () => {
  const ran = cli(folderWith({ Dockerfile: "FROM scratch\nRUNN x\n" }), "lint");
  expect(ran).toMatchObject({ status: 1, stderr: "" });
  expect(ran.stdout).toContain("Dockerfile:2:1 error: ");
});

test("reads configuration, searches globs, reads stdin", () => {
  const folder = folderWith({ "a b/Dockerfile": "FROM scratch\nRUNN x\n", ".plimsoll.yaml": "failOn: never\n" });
  expect(cli(folder, "lint", "*/Dockerfile")).toMatchObject({ status: 0, stderr: "" });
  const piped = spawnSync(process.execPath, [join(built, "cli.js"), "lint", "-q", "-"], {
    cwd: folder,
    encoding: "utf8",
    input: "FROM scratch\nRUNN x\n",
  });
  expect(piped).toMatchObject({ status: 0, stderr: "" });
  expect(piped.stdout).toContain("Dockerfile:2:1 error: ");
});

test("a long report reaches a pipe whole", () => {
  const folder = folderWith({ Dockerfile: `FROM scratch\n${"RUNN x\n".repeat(700)}` });
  const ran = cli(folder, "lint", "--format", "json");
  expect(ran.stdout.length).toBeGreaterThan(200_000);
  expect(JSON.parse(ran.stdout).summary.error).toBe(700);
});

test("a reader that goes away early is no fault", () => {
  const folder = folderWith({ Dockerfile: `FROM scratch\n${"RUNN x\n".repeat(700)}` });
  const command = `"${process.execPath}" "${join(built, "cli.js")}" lint | head -n 1`;
  expect(spawnSync("sh", ["-c", command], { cwd: folder, encoding: "utf8" })).toMatchObject({ stderr: "" });
});

test("runs through a link, as npm installs it", () => {
  const folder = folderWith({});
  symlinkSync(join(built, "cli.js"), join(folder, "plimsoll"));
  expect(spawnSync(process.execPath, [join(folder, "plimsoll"), "--version"], { encoding: "utf8" }).stdout).toBe(
    `${version}\n`,
  );
});
