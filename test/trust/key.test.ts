/** Signatures by keys that the user named. */
import { generateKeyPairSync, type KeyPairKeyObjectResult, sign } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { FoundSignature } from "../../server/src/registry/signatures/find";
import { isSignedBy, readPublicKey } from "../../server/src/trust/by-key";
import { preAuthentication, statementType } from "../../server/src/trust/statement";
import { createSignatureVerifier } from "../../server/src/trust/verifier";
import { newKeys, payloadOf, statementOf } from "./sigstore";

const digest = `sha256:${"a".repeat(64)}`;
const other = `sha256:${"b".repeat(64)}`;

const kinds: { readonly [kind: string]: [KeyPairKeyObjectResult, string | null] } = {
  "P-256": [newKeys(), "sha256"],
  "P-384": [generateKeyPairSync("ec", { namedCurve: "P-384" }), "sha384"],
  "P-384 with SHA-256": [generateKeyPairSync("ec", { namedCurve: "P-384" }), "sha256"],
  Ed25519: [generateKeyPairSync("ed25519"), null],
  RSA: [generateKeyPairSync("rsa", { modulusLength: 2048 }), "sha256"],
};

function pem({ publicKey }: KeyPairKeyObjectResult): string {
  return publicKey.export({ type: "spki", format: "pem" }).toString();
}

type Sign = (data: Uint8Array) => Buffer;

function payload(about: string, signer: Sign, signed = payloadOf(about)): FoundSignature {
  const signature = signer(Buffer.from(signed)).toString("base64");
  const annotations = { "dev.cosignproject.cosign/signature": signature };
  return { kind: "payload", payload: Buffer.from(payloadOf(about)), annotations };
}

function bundle(about: string, signer: Sign, type = statementType): FoundSignature {
  const statement = Buffer.from(statementOf(about));
  const sig = signer(preAuthentication(type, statement)).toString("base64");
  const dsseEnvelope = { payload: statement.toString("base64"), payloadType: type, signatures: [{ sig, keyid: "" }] };
  return { kind: "bundle", bundle: { verificationMaterial: { publicKey: { hint: "k" } }, dsseEnvelope } };
}

async function check(found: FoundSignature, files: { readonly [path: string]: string }, keys = Object.keys(files)) {
  const verifier = createSignatureVerifier(async (path) => files[path] ?? null);
  const requirement = { images: ["*"], keys, identities: [], predicate: null };
  const verdict = await verifier.verify(found, digest, requirement, null);
  return verdict.ok ? `verified: ${verdict.signer}` : verdict.reason;
}

const none = "it is by none of the keys that the policy names";

describe.each(Object.keys(kinds))("%s", (kind) => {
  const [keys, hash] = kinds[kind] as [KeyPairKeyObjectResult, string | null];
  const signer: Sign = (data) => sign(hash, data, keys.privateKey);

  it.each([
    ["older form", payload],
    ["bundle", bundle],
  ])("%s: the right key, the wrong key, the wrong image", async (_, make) => {
    expect(await check(make(digest, signer), { "keys/team.pub": pem(keys) })).toBe("verified: the key team.pub");
    expect(await check(make(digest, signer), { "team.pub": pem(newKeys()) })).toBe(none);
    expect(await check(make(other, signer), { "team.pub": pem(keys) })).toBe("it is about another image");
  });

  it("refuses what was changed after signing", async () => {
    expect(await check(payload(digest, signer, payloadOf(other)), { "a.pub": pem(keys) })).toBe(none);
    const broken = Buffer.from(signer(Buffer.from("x")));
    broken[4] = (broken[4] ?? 0) ^ 1;
    expect(isSignedBy(keys.publicKey, Buffer.from("x"), broken)).toBe(false);
  });
});

describe("the policy's keys", () => {
  const keys = newKeys();
  const signer: Sign = (data) => sign("sha256", data, keys.privateKey);

  it("takes any one of them", async () => {
    const files = { "old.pub": pem(newKeys()), "new.pub": pem(keys) };
    expect(await check(payload(digest, signer), files)).toBe("verified: the key new.pub");
  });

  it("says which cannot be used", async () => {
    expect(await check(payload(digest, signer), {}, ["gone.pub"])).toBe("the key gone.pub cannot be read");
    expect(await check(payload(digest, signer), { "a.pub": "hello" })).toBe("a.pub is no public key");
    expect(await check(payload(digest, signer), { "a.pub": "hello", "b.pub": pem(keys) })).toContain("verified");
  });

  it("wants no private key", () => {
    expect(readPublicKey(keys.privateKey.export({ type: "pkcs8", format: "pem" }).toString())).toBeNull();
  });

  it("wants no short RSA key", () => {
    const short = generateKeyPairSync("rsa", { modulusLength: 1024 });
    expect(isSignedBy(short.publicKey, Buffer.from("x"), sign("sha256", Buffer.from("x"), short.privateKey))).toBe(
      false,
    );
  });

  it("takes an envelope about an image only", async () => {
    const said = "it signs something else than an image";
    expect(await check(bundle(digest, signer, "text/plain"), { "a.pub": pem(keys) })).toBe(said);
    const blob = JSON.stringify({ critical: { type: "blob", image: { "docker-manifest-digest": digest } } });
    const found: FoundSignature = {
      kind: "payload",
      payload: Buffer.from(blob),
      annotations: { "dev.cosignproject.cosign/signature": signer(Buffer.from(blob)).toString("base64") },
    };
    expect(await check(found, { "a.pub": pem(keys) })).toBe(said);
  });

  it.each([null, 1, {}, { dsseEnvelope: null }, { dsseEnvelope: { payload: 1, payloadType: 2, signatures: 3 } }])(
    "reads the bundle %j without a fault",
    async (odd) => expect(await check({ kind: "bundle", bundle: odd }, { "a.pub": pem(keys) })).toBe(none),
  );
});
