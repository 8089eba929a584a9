// The registry client and `plimsoll pin` against Debian's docker-registry on loopback, open and behind a password:
// `node test/registry/real.mjs`. Says at the end what ten bases cost, in requests and in time beside skopeo.
import assert from "node:assert/strict";
import { execFile, execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { prepareRegistry, prepareSkopeo } from "../e2e/setup.mjs";
import { createResults } from "../e2e/support/results.mjs";
import { pushImage } from "./support/images.mjs";
import { startCounter, startServer } from "./support/server.mjs";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");
const results = createResults("registry");
const work = mkdtempSync(path.join(tmpdir(), "plimsoll-real-registry-"));
const never = new AbortController().signal;
const closing = [];

const missing = prepareRegistry();
if (missing !== null) results.skip(missing);
else {
  try {
    await main();
  } catch (error) {
    results.fail("the suite", error);
  } finally {
    for (const close of closing.reverse()) close();
    rmSync(work, { recursive: true, force: true });
  }
}
results.finish();

async function main() {
  execFileSync(process.execPath, ["server/scripts/build.mjs", "--only", "cli.js", "--outdir", work], { cwd: root });
  const open = await startServer(path.join(work, "open"));
  const closed = await startServer(path.join(work, "closed"), { user: "me", password: "some words" });
  closing.push(open.stop, closed.stop);
  await testClient(open, await loadClient());
  await testPin(open);
  await testLogin(closed);
  await measure(open);
}

/** The client as the product has it, without the command line around it. */
async function loadClient() {
  const outfile = path.join(work, "client.cjs");
  const contents = `
    export { createRegistryPorts } from "./server/src/node/registry";
    export { createRegistry } from "./server/src/registry/registry";
    export { parseReference } from "./server/src/core/image/reference";`;
  await build({
    ...{ stdin: { contents, resolveDir: root, loader: "ts" }, outfile, bundle: true, platform: "node", format: "cjs" },
    logLevel: "error",
  });
  return createRequire(import.meta.url)(outfile);
}

async function testClient({ host, base }, { createRegistryPorts, createRegistry, parseReference }) {
  const env = { DOCKER_CONFIG: path.join(work, "none"), PLIMSOLL_CACHE: path.join(work, "cache") };
  const ports = createRegistryPorts({ env, processes: null, authorities: [] });
  const registry = createRegistry(ports, { mirrors: new Map(), insecure: [] });
  const demo = parseReference(`${host}/lib/demo`);
  const digest = await pushImage(base, "lib/demo", ["1.2.3", "1.2.4", "1.2"], { user: "1000" });
  const single = await pushImage(base, "lib/demo", ["single"], { mark: "single", index: false });

  await results.step("the digest of an index, and of a manifest where there is no index", async () => {
    assert.equal(await registry.client.digest(demo, "1.2.3", never), digest);
    assert.equal(await registry.client.digest(demo, "single", never), single);
  });
  await results.step("all tags", async () => {
    const tags = await registry.client.tags(demo, never);
    assert.deepEqual([...tags].sort(), ["1.2", "1.2.3", "1.2.4", "single"]);
  });
  await results.step("platforms, user and size of an image", async () => {
    const { value } = await registry.image(demo, "1.2.3", 0, never);
    assert.deepEqual(value.platforms, ["linux/amd64", "linux/arm64"]);
    assert.equal(value.user, "1000");
    assert.equal(value.manifests.length, 2);
    assert.ok(value.size > 0);
  });
  await results.step("no such tag is an answer", async () => {
    assert.deepEqual((await registry.digest(demo, "none", 0, never)).value, null);
  });
  await results.step("referrers, by the tag that stands in for them where the registry is older", async () => {
    assert.deepEqual(await registry.client.referrers(demo, digest, never), []);
    await pushImage(base, "lib/demo", [digest.replace(":", "-")]);
    assert.equal((await registry.client.referrers(demo, digest, never)).length, 2);
  });
}

async function testPin({ host, base }) {
  const folder = folderWith("pin", `FROM ${host}/app:1 AS build # kept\nCOPY --from=${host}/tool:2 / /\n`);
  const file = path.join(folder, "Dockerfile");
  const app = await pushImage(base, "app", ["1"]);
  const tool = await pushImage(base, "tool", ["2"], { mark: "tool" });
  const pinned = (first) => `FROM ${host}/app:1@${first} AS build # kept\nCOPY --from=${host}/tool:2@${tool} / /\n`;

  await results.step("pin writes the digests of the indexes", async () => {
    assert.equal((await pin(folder)).code, 0);
    assert.equal(readFileSync(file, "utf8"), pinned(app));
    assert.equal((await pin(folder, ["--check"])).code, 0);
  });
  await results.step("a tag that was pushed again is stale, and is updated", async () => {
    const fresh = await pushImage(base, "app", ["1"], { mark: "fresh" });
    assert.equal((await pin(folder, ["--check"])).code, 1);
    assert.equal((await pin(folder, ["--update"])).code, 0);
    assert.equal(readFileSync(file, "utf8"), pinned(fresh));
  });
  if (prepareSkopeo() === null) {
    await results.step("skopeo sees the same digest", async () => {
      const [, written] = /app:1@(\S+)/.exec(readFileSync(file, "utf8"));
      const args = ["inspect", "--tls-verify=false", "--format", "{{.Digest}}", `docker://${host}/app:1`];
      assert.equal(execFileSync("skopeo", args, { encoding: "utf8" }).trim(), written);
    });
  }
}

async function testLogin({ host, base }) {
  const pair = Buffer.from("me:some words").toString("base64");
  const digest = await pushImage(base, "app", ["1"], { authorization: `Basic ${pair}` });
  const folder = folderWith("login", `FROM ${host}/app:1\n`);
  const file = path.join(folder, "Dockerfile");
  const docker = (name, auth) => {
    const made = path.join(work, name);
    mkdirSync(made, { recursive: true });
    writeFileSync(path.join(made, "config.json"), JSON.stringify({ auths: auth ? { [host]: { auth } } : {} }));
    return made;
  };
  await results.step("without credentials nothing is pinned, and it says how to log in", async () => {
    const { code, err } = await pin(folder, [], docker("nobody"));
    assert.equal(code, 2);
    assert.match(err, /wants you to log in/);
  });
  await results.step("wrong credentials are refused, and shown nowhere", async () => {
    const wrong = Buffer.from("me:secret-guess").toString("base64");
    const { code, out, err } = await pin(folder, [], docker("stranger", wrong));
    assert.equal(code, 2);
    assert.ok(!`${out}${err}`.includes("secret-guess") && !`${out}${err}`.includes(wrong));
  });
  await results.step("with Docker's credentials it is pinned", async () => {
    assert.equal((await pin(folder, [], docker("me", pair))).code, 0);
    assert.equal(readFileSync(file, "utf8"), `FROM ${host}/app:1@${digest}\n`);
  });
}

async function measure({ host, base }) {
  const names = Array.from({ length: 10 }, (_, index) => `base${index}`);
  for (const name of names) await pushImage(base, name, ["1"], { mark: name });
  const text = (at) => names.map((name) => `FROM ${at}/${name}:1 AS ${name}\n`).join("");
  const counter = await startCounter(host);
  closing.push(counter.stop);
  await results.step("ten bases cost one greeting and ten questions", async () => {
    assert.equal((await pin(folderWith("count", text(counter.host)))).code, 0);
    assert.equal(counter.seen.filter((line) => line.startsWith("HEAD ")).length, 10);
    assert.equal(counter.seen.length, 11);
  });
  const folder = folderWith("time", text(host));
  const start = performance.now();
  await pin(folder, ["--check"]);
  const own = performance.now() - start;
  if (prepareSkopeo() !== null) return results.say(`ten bases: ${own.toFixed(0)} ms`);
  const before = performance.now();
  for (const name of names) {
    const args = ["inspect", "--tls-verify=false", "--format", "{{.Digest}}", `docker://${host}/${name}:1`];
    execFileSync("skopeo", args);
  }
  const theirs = performance.now() - before;
  results.say(`ten bases: ${own.toFixed(0)} ms, start of Node included; skopeo, ten calls: ${theirs.toFixed(0)} ms`);
}

function folderWith(name, text) {
  const folder = path.join(work, name);
  mkdirSync(path.join(folder, ".git"), { recursive: true });
  writeFileSync(path.join(folder, "Dockerfile"), text);
  return folder;
}

/** Runs `plimsoll pin` in a folder. */
function pin(folder, args = [], docker = path.join(work, "none")) {
  const env = { ...process.env, DOCKER_CONFIG: docker, PLIMSOLL_CACHE: path.join(work, "cache"), NO_COLOR: "1" };
  const call = [path.join(work, "cli.js"), "pin", ...args];
  return new Promise((resolve) => {
    execFile(process.execPath, call, { cwd: folder, env }, (error, out, err) =>
      resolve({ code: error ? error.code : 0, out, err }),
    );
  });
}
