/** `plimsoll lint --online`, and the proof that nobody is asked without it. */
import { readFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { expect, it } from "vitest";
import { allRules, bundledCatalogue } from "../../server/src/core/index";
import { folderWith, run, type World } from "../cli/terminal";
import { startFake } from "./fake";
import { portsFor } from "./tools";

const product = { rules: allRules, catalogue: bundledCatalogue };
const b = `sha256:${"b".repeat(64)}`;
const online: World = { product, registry: () => portsFor() };

async function rulesOf(folder: string, args: readonly string[], world: World = online): Promise<string[]> {
  const { out } = await run(folder, ["lint", "--format", "json", ...args], world);
  return JSON.parse(out).files.flatMap((file: { findings: { rule: string }[] }) =>
    file.findings.map(({ rule }) => rule),
  );
}

it("says that a digest is stale, that a platform is missing, and that an unknown image runs as root", async () => {
  const fake = await startFake();
  fake.push("app", "1", { platforms: ["linux/amd64"] });
  const text = `FROM --platform=linux/arm64 ${fake.host}/app:1@${b} AS a\nFROM ${fake.host}/app:1\nCMD ["x"]\n`;
  const folder = folderWith({ Dockerfile: text });
  const offline = await rulesOf(folder, []);
  expect(fake.requests).toHaveLength(0);
  const asked = await rulesOf(folder, ["--online"]);
  expect(asked.filter((rule) => !offline.includes(rule)).sort()).toEqual(["missing-user", "stale-digest"]);
  // The digest decides what the platform is asked of, and nobody has that one.
  const pinned = folderWith({ Dockerfile: `FROM --platform=linux/arm64 ${fake.host}/app:1\n` });
  expect(await rulesOf(pinned, ["--online"])).toContain("base-image-platform-mismatch");
});

it("an image that declares a user, or an entrypoint that may, is not said to run as root", async () => {
  const fake = await startFake();
  fake.push("user", "1", { user: "1000:1000" });
  fake.push("entry", "1", { entrypoint: ["/entry.sh"] });
  for (const image of ["user", "entry"]) {
    const folder = folderWith({ Dockerfile: `FROM ${fake.host}/${image}:1\nCMD ["x"]\n` });
    expect(await rulesOf(folder, ["--online"])).not.toContain("missing-user");
  }
});

it("the configuration may turn it on, and --offline off again", async () => {
  const fake = await startFake();
  fake.push("app", "1");
  const folder = folderWith({
    ".plimsoll.yaml": "registry: { online: true }\n",
    Dockerfile: `FROM ${fake.host}/app:1@${b}\n`,
  });
  expect(await rulesOf(folder, ["--offline"])).not.toContain("stale-digest");
  expect(fake.requests).toHaveLength(0);
  expect(await rulesOf(folder, [])).toContain("stale-digest");
});

it("fixes that wait for the registry are made", async () => {
  const fake = await startFake();
  const digest = fake.push("app", "1", { user: "1" });
  const folder = folderWith({ Dockerfile: `FROM ${fake.host}/app:1\n` });
  const args = ["fix", "--online", "--unsafe-fixes", "--fix-rule", "base-image-not-digest-pinned"];
  await run(folder, [...args, "--rule", "base-image-not-digest-pinned=on"], online);
  expect(readFileSync(join(folder, "Dockerfile"), "utf8")).toBe(`FROM ${fake.host}/app:1@${digest}\n`);
});

it("no answer is no finding, and is said once", async () => {
  const folder = folderWith({ Dockerfile: `FROM 127.0.0.1:1/app:1@${b}\n` });
  const { err, code } = await run(folder, ["lint", "--online"], online);
  expect(err).toContain(
    "127.0.0.1:1 cannot be reached: it refuses the connection. What it would have said is missing.",
  );
  expect(code).toBe(0);
});

it("nobody is asked anything in runs that are not online", async () => {
  let connections = 0;
  const server = createServer((socket) => {
    connections++;
    socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  const text = `# syntax=127.0.0.1:${port}/d:1\nFROM 127.0.0.1:${port}/app:1@${b}\nCOPY --from=127.0.0.1:${port}/x:1 / /\n`;
  const folder = folderWith({ Dockerfile: text });
  // The terminal of these tests refuses to make a client at all.
  for (const args of [
    ["lint", "--preset", "all"],
    ["fix", "--unsafe-fixes"],
    ["lint", "--format", "json"],
  ]) {
    const { err } = await run(folder, args, { product });
    expect(err).not.toContain("registry was asked");
  }
  server.close();
  expect(connections).toBe(0);
});
