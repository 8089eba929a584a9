// `plimsoll verify` against Debian's docker-registry on loopback, with signatures that are made here:
// `node test/trust/real.mjs`. That registry knows no referrers, so that the tag in their place is tried for real.
import assert from "node:assert/strict";
import { execFile, execFileSync } from "node:child_process";
import { sign } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { prepareRegistry } from "../e2e/setup.mjs";
import { createResults } from "../e2e/support/results.mjs";
import { pusherTo, pushImage } from "../registry/support/images.mjs";
import { startServer } from "../registry/support/server.mjs";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");
const results = createResults("signatures");
const work = mkdtempSync(path.join(tmpdir(), "plimsoll-real-trust-"));
const manifestType = "application/vnd.oci.image.manifest.v1+json";
const bundleType = "application/vnd.dev.sigstore.bundle.v0.3+json";

const missing = prepareRegistry();
if (missing !== null) results.skip(missing);
else {
  let server = null;
  try {
    execFileSync(process.execPath, ["server/scripts/build.mjs", "--only", "cli.js", "--outdir", work], { cwd: root });
    server = await startServer(path.join(work, "registry"));
    await main(server, await loadSigstore());
  } catch (error) {
    results.fail("the suite", error);
  } finally {
    server?.stop();
    rmSync(work, { recursive: true, force: true });
  }
}
results.finish();

async function main({ host, base }, { actions, createSigstore, newKeys, payloadOf, workflow }) {
  const sigstore = createSigstore();
  const keys = newKeys();
  writeFileSync(path.join(work, "team.pub"), keys.publicKey.export({ type: "spki", format: "pem" }));
  writeFileSync(path.join(work, "other.pub"), newKeys().publicKey.export({ type: "spki", format: "pem" }));
  writeFileSync(path.join(work, "root.json"), JSON.stringify(sigstore.root));
  const byAccount = ["--identity", "https://github.com/our-team/*", "--issuer", actions, "--trust-root", "root.json"];

  const keyed = await pushImage(base, "team/keyed", ["1"]);
  const payload = Buffer.from(payloadOf(keyed));
  const signature = sign("sha256", payload, keys.privateKey).toString("base64");
  await pushTagged(base, "team/keyed", keyed, payload, { "dev.cosignproject.cosign/signature": signature });
  const keyless = await pushImage(base, "team/keyless", ["1"], { mark: "keyless" });
  const legacy = sigstore.legacy(keyless);
  await pushTagged(base, "team/keyless", keyless, legacy.payload, legacy.annotations);
  const bundled = await pushImage(base, "team/bundled", ["1"], { mark: "bundled" });
  await pushBundle(base, "team/bundled", bundled, sigstore.bundle(bundled));
  await pushImage(base, "team/plain", ["1"], { mark: "plain" });

  await results.step("by key: verified, and refused by another one", async () => {
    const good = await verify(`${host}/team/keyed:1`, "--key", "team.pub");
    assert.deepEqual(
      [good.code, good.out.split("\n")[0]],
      [0, `${host}/team/keyed:1 verified: signed by the key team.pub`],
    );
    assert.equal((await verify(`${host}/team/keyed:1`, "--key", "other.pub")).code, 1);
  });
  for (const name of ["keyless", "bundled"]) {
    await results.step(`by account (${name}): verified, and refused where it is another's`, async () => {
      const good = await verify(`${host}/team/${name}:1`, ...byAccount);
      assert.ok(good.out.includes(`verified: signed by ${workflow}`), good.out + good.err);
      assert.equal(good.code, 0);
      const wrong = byAccount.map((word) => word.replace("our-team", "others"));
      const bad = await verify(`${host}/team/${name}:1`, ...wrong);
      assert.ok(bad.code === 1 && bad.out.includes("whom the policy does not name"), bad.out);
    });
  }
  await results.step("without a signature, and without a policy", async () => {
    const plain = await verify(`${host}/team/plain:1`, "--key", "team.pub");
    assert.ok(plain.code === 1 && plain.out.includes("unsigned: there is no signature"), plain.out);
    const open = await verify(`${host}/team/keyed:1`);
    assert.ok(open.code === 1 && open.out.includes("not verified: somebody signed"), open.out);
  });
}

/** cosign's older form. */
async function pushTagged(base, repository, digest, payload, annotations) {
  const { putBlob, putManifest } = pusherTo(base, repository);
  const layer = {
    mediaType: "application/vnd.dev.cosign.simplesigning.v1+json",
    ...(await putBlob(payload)),
    annotations,
  };
  await putManifest(`${digest.replace(":", "-")}.sig`, manifestType, await manifestOf(putBlob, [layer]));
}

/** A bundle, listed under the tag that stands in for referrers. */
async function pushBundle(base, repository, digest, bundle) {
  const { putBlob, putManifest } = pusherTo(base, repository);
  const layer = { mediaType: bundleType, ...(await putBlob(Buffer.from(JSON.stringify(bundle)))) };
  const manifest = { ...(await manifestOf(putBlob, [layer])), artifactType: bundleType };
  const made = { ...(await putManifest(null, manifestType, manifest)), artifactType: bundleType };
  const index = "application/vnd.oci.image.index.v1+json";
  await putManifest(digest.replace(":", "-"), index, { schemaVersion: 2, mediaType: index, manifests: [made] });
}

async function manifestOf(putBlob, layers) {
  const config = { mediaType: "application/vnd.oci.image.config.v1+json", ...(await putBlob(Buffer.from("{}"))) };
  return { schemaVersion: 2, mediaType: manifestType, config, layers };
}

/** The tests' own authority and logs. */
async function loadSigstore() {
  const outfile = path.join(work, "sigstore.cjs");
  const options = { bundle: true, platform: "node", format: "cjs", logLevel: "error" };
  await build({ entryPoints: [path.join(root, "test/trust/sigstore.ts")], outfile, ...options });
  return createRequire(import.meta.url)(outfile);
}

function verify(...args) {
  const env = { ...process.env, DOCKER_CONFIG: path.join(work, "none"), PLIMSOLL_CACHE: path.join(work, "cache") };
  const options = { cwd: work, encoding: "utf8", env };
  return new Promise((resolve) => {
    execFile(process.execPath, [path.join(work, "cli.js"), "verify", ...args], options, (error, out, err) =>
      resolve({ code: error ? error.code : 0, out, err }),
    );
  });
}
