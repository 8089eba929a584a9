/** From an image's name to what its signatures are worth, with a registry on loopback. */
import { sign } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { SignatureReport } from "../../server/src/core/image/signature";
import type { SignaturePolicy, SignatureRequirement } from "../../server/src/core/image/signature-policy";
import type { Registry } from "../../server/src/registry/registry";
import { checkSignatures } from "../../server/src/registry/signatures/check";
import { artifactTypes } from "../../server/src/registry/signatures/find";
import { createSignatureVerifier } from "../../server/src/trust/verifier";
import { startFake } from "../registry/fake";
import { always, ref, registryFor } from "../registry/tools";
import { attachTo } from "./attach";
import { actions, createSigstore, newKeys, payloadOf } from "./sigstore";

const keys = newKeys();
const pem = keys.publicKey.export({ type: "spki", format: "pem" }).toString();
const sigstore = createSigstore();
const files: { readonly [path: string]: string } = { "team.pub": pem, "root.json": JSON.stringify(sigstore.root) };
const verifier = createSignatureVerifier(async (path) => files[path] ?? null);

function policy(more: Partial<SignatureRequirement> = {}): SignaturePolicy {
  const identities = [{ issuer: actions, subject: "https://github.com/our-team/*" }];
  return {
    required: [{ images: ["*"], keys: ["team.pub"], identities, predicate: null, ...more }],
    trustRoot: "root.json",
  };
}

function byKey(digest: string) {
  const payload = Buffer.from(payloadOf(digest));
  const signature = sign("sha256", payload, keys.privateKey).toString("base64");
  return { payload, annotations: { "dev.cosignproject.cosign/signature": signature } };
}

async function look(registry: Registry, image: string, asked: SignaturePolicy = policy()): Promise<SignatureReport> {
  const check = { registry, verifier, policy: asked, age: 0, now: Date.now };
  const answer = await checkSignatures(check, ref(image), always);
  if (!answer.ok || !answer.value) throw new Error(answer.ok ? "missing" : answer.fault.message);
  return answer.value;
}

describe("what is found", () => {
  it("nothing", async () => {
    const fake = await startFake();
    const digest = fake.push("our-team/app", "1");
    const report = await look(registryFor(), `${fake.host}/our-team/app:1`);
    expect(report).toEqual({ digest, state: "unsigned", required: true, signer: null, found: [], reasons: [] });
  });

  it("a signature under cosign's tag", async () => {
    const fake = await startFake();
    const digest = fake.push("our-team/app", "1");
    attachTo(fake, "our-team/app").tag(digest, [byKey(digest)]);
    expect(await look(registryFor(), `${fake.host}/our-team/app:1`)).toMatchObject({
      state: "verified",
      signer: "the key team.pub",
      found: ["cosign signature"],
    });
  });

  it.each([true, false])("a bundle among the referrers (asked for: %s)", async (referrers) => {
    const fake = await startFake();
    const digest = fake.push("our-team/app", "1");
    const bundle = Buffer.from(JSON.stringify(sigstore.bundle(digest)));
    attachTo(fake, "our-team/app", referrers).refer(digest, "application/vnd.dev.sigstore.bundle.v0.3+json", bundle);
    const report = await look(registryFor(), `${fake.host}/our-team/app:1`);
    expect(report).toMatchObject({ state: "verified", found: ["Sigstore bundle"] });
    expect(report.signer).toContain("https://github.com/our-team/app/");
  });

  it("what stands beside a digest that is written, without asking for the tag", async () => {
    const fake = await startFake();
    const digest = fake.push("our-team/app", "1");
    attachTo(fake, "our-team/app").tag(digest, [byKey(digest)]);
    fake.push("our-team/app", "1", { mark: "newer" });
    expect((await look(registryFor(), `${fake.host}/our-team/app:1@${digest}`)).state).toBe("verified");
    expect((await look(registryFor(), `${fake.host}/our-team/app:1`)).state).toBe("unsigned");
    expect(fake.count("HEAD", /manifests/)).toBe(1);
  });

  it("Notation's, which is named and not believed", async () => {
    const fake = await startFake();
    const digest = fake.push("our-team/app", "1");
    attachTo(fake, "our-team/app").refer(digest, artifactTypes.notation, Buffer.from("{}"), "application/jose+json");
    expect(await look(registryFor(), `${fake.host}/our-team/app:1`)).toMatchObject({
      state: "refused",
      found: ["Notation signature"],
      reasons: ["Plimsoll cannot check Notation signatures"],
    });
  });

  it("one good signature among bad ones is enough", async () => {
    const fake = await startFake();
    const digest = fake.push("our-team/app", "1");
    const stranger = sigstore.legacy(digest, { subject: "https://github.com/others/app" });
    attachTo(fake, "our-team/app").tag(digest, [stranger, byKey(digest)]);
    expect((await look(registryFor(), `${fake.host}/our-team/app:1`)).state).toBe("verified");
  });
});

describe("what is not believed", () => {
  it("a good signature of another image", async () => {
    const fake = await startFake();
    const digest = fake.push("our-team/app", "1");
    attachTo(fake, "our-team/app").tag(digest, [byKey(fake.push("our-team/app", "2", { mark: "2" }))]);
    expect(await look(registryFor(), `${fake.host}/our-team/app:1`)).toMatchObject({
      state: "refused",
      reasons: ["it is about another image"],
    });
  });

  it("a signature, where no policy says who may sign", async () => {
    const fake = await startFake();
    const digest = fake.push("our-team/app", "1");
    attachTo(fake, "our-team/app").tag(digest, [byKey(digest)]);
    for (const asked of [policy({ images: ["ghcr.io/others"] }), { required: [], trustRoot: null }]) {
      const report = await look(registryFor(), `${fake.host}/our-team/app:1`, asked);
      expect(report).toMatchObject({ state: "unchecked", required: false, signer: null });
    }
  });

  it("a layer that is not what its digest names", async () => {
    const fake = await startFake();
    const digest = fake.push("our-team/app", "1");
    attachTo(fake, "our-team/app").tag(digest, [byKey(digest)]);
    const { whim } = fake;
    fake.whim = (request, base) => (/blobs/.test(request.path) ? { status: 200, body: "other" } : whim(request, base));
    await expect(look(registryFor(), `${fake.host}/our-team/app:1`)).rejects.toThrow(/something else/);
  });
});

it("an image that is not there, and a registry without an answer", async () => {
  const fake = await startFake();
  await expect(look(registryFor(), `${fake.host}/our-team/app:1`)).rejects.toThrow("missing");
  fake.whim = () => ({ status: 403 });
  await expect(look(registryFor(), `${fake.host}/our-team/app:1`)).rejects.toThrow(/log in/);
});
