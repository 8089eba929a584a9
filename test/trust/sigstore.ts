/** A Sigstore of one's own: an authority, a certificate log and a signature log, made anew for each test. No network. */
import { generateKeyPairSync, type KeyPairKeyObjectResult, sign } from "node:crypto";
import { preAuthentication, signPredicate, statementType } from "../../server/src/trust/statement";
import { certificate, extension, isAuthority, keyId, logStamp, sha256, subjectName, utf8 } from "./der";

export const actions = "https://token.actions.githubusercontent.com";
export const workflow = "https://github.com/our-team/app/.github/workflows/release.yml@refs/tags/v1";

/** Somebody else's moment: all of it happened then. */
const moment = new Date("2026-05-01T12:00:00Z");
const minutes = (count: number): Date => new Date(moment.getTime() + count * 60_000);

/** What differs from a good signature. */
export interface Wish {
  readonly issuer?: string;
  readonly subject?: string;
  /** Minutes after the certificate was given out at which the log took the entry. The certificate holds for ten. */
  readonly loggedAfter?: number;
  /** The key that signs, where it is not the certificate's. */
  readonly signingKey?: KeyPairKeyObjectResult;
  /** The authority, the certificate log or the signature log is somebody else's. */
  readonly foreign?: "authority" | "certificate log" | "signature log";
  /** Changes the entry after the log signed it. */
  readonly editEntry?: (body: string) => string;
  /** False: the certificate has no stamp of a log. */
  readonly stamped?: boolean;
  /** `none`: the entry is left out. */
  readonly log?: "none";
  readonly predicate?: string;
  /** The log enters the hash of what the envelope signs, as logs of the second generation do; or of something else. */
  readonly envelopeHash?: "right" | "wrong";
}

export interface Sigstore {
  /** The trust root as JSON. */
  readonly root: unknown;
  /** A bundle with a statement about a digest. */
  bundle(digest: string, wish?: Wish): { [key: string]: unknown };
  /** cosign's older form: the payload and its annotations. */
  legacy(digest: string, wish?: Wish): { payload: Buffer; annotations: { [name: string]: string } };
}

export function newKeys(): KeyPairKeyObjectResult {
  return generateKeyPairSync("ec", { namedCurve: "P-256" });
}

export function createSigstore(): Sigstore {
  const own = { authority: newKeys(), stamps: newKeys(), log: newKeys() };
  const foreign = { authority: newKeys(), stamps: newKeys(), log: newKeys() };
  const rootParts = {
    issuer: "test authority",
    subject: "test authority",
    from: new Date("2026-01-01T00:00:00Z"),
    to: new Date("2036-01-01T00:00:00Z"),
    key: own.authority.publicKey,
    extensions: [isAuthority],
  };
  const rootCertificate = certificate(rootParts, own.authority.privateKey);

  const leaf = (keys: KeyPairKeyObjectResult, wish: Wish): Buffer => {
    const authority = wish.foreign === "authority" ? foreign.authority : own.authority;
    const stamps =
      wish.foreign === "certificate log" ? { ...foreign.stamps, publicKey: own.stamps.publicKey } : own.stamps;
    const parts = {
      issuer: "test authority",
      subject: "",
      from: moment,
      to: minutes(10),
      key: keys.publicKey,
      extensions: [
        subjectName(wish.subject ?? workflow),
        extension("1.3.6.1.4.1.57264.1.8", utf8(wish.issuer ?? actions)),
      ],
    };
    const stamp = wish.stamped === false ? [] : [logStamp(parts, authority.publicKey, stamps, moment)];
    return certificate({ ...parts, extensions: [...parts.extensions, ...stamp] }, authority.privateKey);
  };

  /** An entry as the log gives it back, with its promise, as names of the bundle have it. */
  const enter = (kind: string, version: string, spec: unknown, wish: Wish) => {
    const log = wish.foreign === "signature log" ? { ...foreign.log, publicKey: own.log.publicKey } : own.log;
    const body = JSON.stringify({ apiVersion: version, kind, spec });
    const integratedTime = Math.floor(minutes(wish.loggedAfter ?? 1).getTime() / 1000);
    const logID = keyId(log.publicKey);
    const base64 = Buffer.from(body).toString("base64");
    const promised = `{"body":"${base64}","integratedTime":${integratedTime},"logID":"${logID.toString("hex")}","logIndex":7}`;
    const promise = sign("sha256", Buffer.from(promised), log.privateKey).toString("base64");
    const edited = Buffer.from(wish.editEntry?.(body) ?? body).toString("base64");
    return { kind, version, body: edited, integratedTime, logID, promise, proof: prove(Buffer.from(body), log) };
  };

  /** A log with two entries, of which this is the second (RFC 9162, section 2.1). */
  const prove = (body: Buffer, log: KeyPairKeyObjectResult) => {
    const leafOf = (bytes: Buffer): Buffer => sha256(Buffer.concat([Buffer.from([0]), bytes]));
    const [first, second] = [leafOf(Buffer.from("first")), leafOf(body)];
    const rootHash = sha256(Buffer.concat([Buffer.from([1]), first, second]));
    const note = `rekor.test\n2\n${rootHash.toString("base64")}\n`;
    const signature = sign("sha256", Buffer.from(note), log.privateKey);
    const signed = Buffer.concat([keyId(log.publicKey).subarray(0, 4), signature]).toString("base64");
    return {
      logIndex: "1",
      treeSize: "2",
      rootHash: rootHash.toString("base64"),
      hashes: [first.toString("base64")],
      checkpoint: { envelope: `${note}\n\u2014 rekor.test ${signed}\n` },
    };
  };

  return {
    root: {
      mediaType: "application/vnd.dev.sigstore.trustedroot+json;version=0.1",
      tlogs: [logOf("https://rekor.test", own.log)],
      certificateAuthorities: [
        {
          subject: { organization: "test", commonName: "test authority" },
          uri: "https://fulcio.test",
          certChain: { certificates: [{ rawBytes: rootCertificate.toString("base64") }] },
          validFor: { start: "2026-01-01T00:00:00Z" },
        },
      ],
      ctlogs: [logOf("https://ct.test", own.stamps)],
      timestampAuthorities: [],
    },
    bundle(digest, wish = {}) {
      const keys = newKeys();
      const payload = Buffer.from(statementOf(digest, wish.predicate));
      const signature = sign("sha256", preAuthentication(statementType, payload), (wish.signingKey ?? keys).privateKey);
      const spec = {
        envelopeHash: { algorithm: "sha256", value: "0".repeat(64) },
        payloadHash: { algorithm: "sha256", value: sha256(payload).toString("hex") },
        signatures: [{ signature: signature.toString("base64"), verifier: "" }],
      };
      const hashed = preAuthentication(wish.envelopeHash === "wrong" ? "text/plain" : statementType, payload);
      const second = {
        hashedRekordV002: {
          data: { algorithm: "SHA2_256", digest: sha256(Buffer.from(hashed)).toString("base64") },
          signature: { content: signature.toString("base64"), verifier: { keyDetails: "PKIX_ECDSA_P256_SHA_256" } },
        },
      };
      const entry = wish.envelopeHash
        ? enter("hashedrekord", "0.0.2", second, wish)
        : enter("dsse", "0.0.1", spec, wish);
      return {
        mediaType: "application/vnd.dev.sigstore.bundle.v0.3+json",
        verificationMaterial: {
          certificate: { rawBytes: leaf(keys, wish).toString("base64") },
          tlogEntries: wish.log === "none" ? [] : [toEntry(entry)],
        },
        dsseEnvelope: {
          payload: payload.toString("base64"),
          payloadType: statementType,
          signatures: [{ sig: signature.toString("base64"), keyid: "" }],
        },
      };
    },
    legacy(digest, wish = {}) {
      const keys = newKeys();
      const payload = Buffer.from(payloadOf(digest));
      const signature = sign("sha256", payload, (wish.signingKey ?? keys).privateKey).toString("base64");
      const pem = pemOf(leaf(keys, wish));
      const spec = {
        data: { hash: { algorithm: "sha256", value: sha256(payload).toString("hex") } },
        signature: { content: signature, publicKey: { content: Buffer.from(pem).toString("base64") } },
      };
      const entry = enter("hashedrekord", "0.0.1", spec, wish);
      const { body, integratedTime, logID } = entry;
      const Payload = { body, integratedTime, logIndex: 7, logID: logID.toString("hex") };
      return {
        payload,
        annotations: {
          "dev.cosignproject.cosign/signature": signature,
          "dev.sigstore.cosign/certificate": pem,
          ...(wish.log === "none"
            ? {}
            : { "dev.sigstore.cosign/bundle": JSON.stringify({ SignedEntryTimestamp: entry.promise, Payload }) }),
        },
      };
    },
  };
}

/** Promise and proof, as bundles of version 0.3 have them. */
function toEntry(entry: {
  readonly kind: string;
  readonly version: string;
  readonly body: string;
  readonly integratedTime: number;
  readonly logID: Buffer;
  readonly promise: string;
  readonly proof: unknown;
}): unknown {
  return {
    logIndex: "7",
    logId: { keyId: entry.logID.toString("base64") },
    kindVersion: { kind: entry.kind, version: entry.version },
    integratedTime: String(entry.integratedTime),
    inclusionPromise: { signedEntryTimestamp: entry.promise },
    inclusionProof: entry.proof,
    canonicalizedBody: entry.body,
  };
}

function logOf(baseUrl: string, { publicKey }: KeyPairKeyObjectResult): unknown {
  return {
    baseUrl,
    hashAlgorithm: "SHA2_256",
    publicKey: {
      rawBytes: publicKey.export({ type: "spki", format: "der" }).toString("base64"),
      keyDetails: "PKIX_ECDSA_P256_SHA_256",
      validFor: { start: "2026-01-01T00:00:00Z" },
    },
    logId: { keyId: keyId(publicKey).toString("base64") },
  };
}

function pemOf(der: Buffer): string {
  return `-----BEGIN CERTIFICATE-----\n${der.toString("base64").replace(/(.{64})/g, "$1\n")}\n-----END CERTIFICATE-----\n`;
}

/** What cosign signs in its bundles. */
export function statementOf(digest: string, predicate: string = signPredicate): string {
  const subject = [{ name: "", digest: { sha256: digest.slice("sha256:".length) } }];
  return JSON.stringify({ _type: "https://in-toto.io/Statement/v1", subject, predicateType: predicate, predicate: {} });
}

/** What cosign signed before. */
export function payloadOf(digest: string): string {
  const critical = {
    identity: { "docker-reference": "registry.test/our-team/app" },
    image: { "docker-manifest-digest": digest },
    type: "cosign container image signature",
  };
  return JSON.stringify({ critical, optional: null });
}
