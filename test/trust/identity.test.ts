/** Signatures without keys: every link of the chain is broken once. */
import { describe, expect, it } from "vitest";
import type { SignatureRequirement } from "../../server/src/core/image/signature-policy";
import type { FoundSignature } from "../../server/src/registry/signatures/find";
import { createSignatureVerifier } from "../../server/src/trust/verifier";
import { actions, createSigstore, newKeys, type Wish, workflow } from "./sigstore";

const digest = `sha256:${"a".repeat(64)}`;
const other = `sha256:${"b".repeat(64)}`;
const sigstore = createSigstore();
const verifier = createSignatureVerifier(async (path) => (path === "root.json" ? JSON.stringify(sigstore.root) : null));

function asked(more: Partial<SignatureRequirement> = {}): SignatureRequirement {
  const identities = [{ issuer: actions, subject: "https://github.com/our-team/*" }];
  return { images: ["*"], keys: [], identities, predicate: null, ...more };
}

const forms: { readonly [form: string]: (about: string, wish?: Wish) => FoundSignature } = {
  bundle: (about, wish) => ({ kind: "bundle", bundle: sigstore.bundle(about, wish) }),
  "older form": (about, wish) => ({ kind: "payload", ...sigstore.legacy(about, wish) }),
};

async function check(found: FoundSignature, requirement = asked(), trustRoot: string | null = "root.json") {
  const verdict = await verifier.verify(found, digest, requirement, trustRoot);
  return verdict.ok ? `verified: ${verdict.signer}` : verdict.reason;
}

describe.each(Object.keys(forms))("%s", (form) => {
  const make = forms[form] as (about: string, wish?: Wish) => FoundSignature;

  it("holds where the policy names who signed", async () => {
    expect(await check(make(digest))).toBe(`verified: ${workflow} (${actions})`);
    const mail = { issuer: "https://accounts.example.com", subject: "ada@example.com" };
    expect(await check(make(digest, mail), asked({ identities: [mail] }))).toBe(
      "verified: ada@example.com (https://accounts.example.com)",
    );
  });

  it.each<[string, Wish, string]>([
    ["somebody else", { subject: "https://github.com/others/app" }, "whom the policy does not name"],
    ["the same name from another issuer", { issuer: "https://issuer.example.com" }, "whom the policy does not name"],
    [
      "a name that only begins alike",
      { subject: "https://github.com/our-team.evil/x" },
      "whom the policy does not name",
    ],
    ["a foreign authority", { foreign: "authority" }, "its certificate is not from an authority that is trusted"],
    ["a foreign certificate log", { foreign: "certificate log" }, "its certificate is not from an authority"],
    ["no stamp of a certificate log", { stamped: false }, "its certificate is not from an authority"],
    ["a foreign signature log", { foreign: "signature log" }, "not signed by a log that is trusted"],
    ["a certificate that had expired", { loggedAfter: 11 }, "or was not valid when it was used"],
    ["a certificate from the future", { loggedAfter: -1 }, "or was not valid when it was used"],
    ["another key than the certificate's", { signingKey: newKeys() }, "the signature does not fit"],
    ["no log entry", { log: "none" }, "nothing that is trusted says when it was made"],
    [
      "an entry that was changed",
      { editEntry: (body) => body.replace(/value":"./g, 'value":"f') },
      "not signed by a log",
    ],
  ])("refuses %s", async (_, wish, reason) => {
    expect(await check(make(digest, wish))).toContain(reason);
  });

  it("refuses what is about another image", async () => {
    expect(await check(make(other))).toBe("it is about another image");
  });

  it("needs its trust root", async () => {
    expect(await check(make(digest), asked(), "missing.json")).toBe("the trust root missing.json cannot be read");
    // The one that comes with the product knows nothing of this authority.
    expect(await check(make(digest), asked(), null)).toContain("not from an authority that is trusted");
  });

  it("counts nothing where the policy names keys only", async () => {
    expect(await check(make(digest), asked({ identities: [] }))).toBe(
      "it is by none of the keys that the policy names",
    );
  });
});

describe("bundle", () => {
  const edited = (edit: (bundle: string) => string): FoundSignature => ({
    kind: "bundle",
    bundle: JSON.parse(edit(JSON.stringify(sigstore.bundle(digest)))),
  });

  it("refuses a statement that was changed", async () => {
    const bundle = sigstore.bundle(other) as { dsseEnvelope: { payload: string } };
    const good = sigstore.bundle(digest) as { dsseEnvelope: { payload: string } };
    bundle.dsseEnvelope.payload = good.dsseEnvelope.payload;
    expect(await check({ kind: "bundle", bundle })).toMatch(/log entry is about something else|signature does not fit/);
  });

  it("refuses a second signature that nobody checks", async () => {
    const found = edited((text) => text.replace(/"signatures":\[(\{[^\]]*\})\]/, '"signatures":[$1,$1]'));
    expect(await check(found)).toBe("it cannot be read");
  });

  it("refuses a proof that does not fit", async () => {
    const found = edited((text) => text.replace(/"hashes":\["../, '"hashes":["AA'));
    expect(await check(found)).toBe("it is not shown to stand in a log that is trusted");
  });

  it("takes an entry that holds the hash of what the envelope signs, and no other", async () => {
    const entered = (envelopeHash: "right" | "wrong"): FoundSignature => ({
      kind: "bundle",
      bundle: sigstore.bundle(digest, { envelopeHash }),
    });
    expect(await check(entered("right"))).toContain("verified");
    expect(await check(entered("wrong"))).toBe("its log entry is about something else");
  });

  it("counts statements of another kind only where the policy asks for them", async () => {
    const predicate = "https://slsa.dev/provenance/v1";
    const found: FoundSignature = { kind: "bundle", bundle: sigstore.bundle(digest, { predicate }) };
    expect(await check(found)).toBe(`it is a statement of another kind (${predicate})`);
    expect(await check(found, asked({ predicate }))).toContain("verified");
  });

  it.each([null, 1, "x", [], {}, { mediaType: 1 }, { verificationMaterial: null, dsseEnvelope: {} }])(
    "reads %j without a fault",
    async (bundle) => expect(await check({ kind: "bundle", bundle })).toMatch(/cannot be read|no certificate/),
  );
});

it.each([
  ["no JSON", "{"],
  ["nothing in it", "{}"],
  [
    "a log that counts for ever",
    JSON.stringify(sigstore.root).replace('"validFor":{"start":"2026-01-01T00:00:00Z"}', '"validFor":{}'),
  ],
])("takes no trust root with %s", async (_, text) => {
  const other = createSignatureVerifier(async () => text);
  const found: FoundSignature = { kind: "bundle", bundle: sigstore.bundle(digest) };
  expect(await other.verify(found, digest, asked(), "r.json")).toEqual({
    ok: false,
    reason: "r.json is no trust root",
  });
});

it("names Notation's signatures and checks none", async () => {
  expect(await check({ kind: "notation" })).toBe("Plimsoll cannot check Notation signatures");
});
