/**
 * Signatures without a key of one's own: a short-lived certificate for an account, and the log that shows when it was used.
 * Sigstore's library checks the chain to the authority at that time, the certificate log's stamp in it, the log's promise
 * or proof, and the signature. Whose account it must be is decided here.
 */
import { createHash } from "node:crypto";
import { bundleFromJSON } from "@sigstore/bundle";
import { TrustedRoot } from "@sigstore/protobuf-specs";
import { type SignedEntity, toSignedEntity, toTrustMaterial, VerificationError, Verifier } from "@sigstore/verify";
import type { SignerIdentity } from "../core/image/signature-policy";
import { preAuthentication } from "./statement";

/** Who signed what. `payload`: of an envelope; null where the signature is over the artifact that was handed in. */
export interface IdentitySignature {
  readonly signer: SignerIdentity;
  readonly payload: Uint8Array | null;
  readonly payloadType: string | null;
}

/**
 * Checks a bundle against a trust root (as JSON). `artifact`: what was signed, where the bundle does not hold it. Says why
 * it does not hold, as a clause.
 */
export type IdentityCheck = (bundle: unknown, artifact: Uint8Array | null) => IdentitySignature | string;

/** Makes the check. Throws where the trust root is none. */
export function createIdentityCheck(trustRoot: unknown): IdentityCheck {
  const root = TrustedRoot.fromJSON(trustRoot);
  if (root.certificateAuthorities.length === 0 || !isDated(root)) throw new Error("this is no whole trust root");
  const verifier = new Verifier(toTrustMaterial(root));
  return (json, artifact) => {
    try {
      const bundle = bundleFromJSON(json);
      const { content } = bundle;
      const isEnvelope = content.$case === "dsseEnvelope";
      if (!isEnvelope && artifact === null) return "it does not say what was signed";
      const plain = toSignedEntity(bundle, artifact === null ? undefined : Buffer.from(artifact));
      const entity = isEnvelope ? withEnvelopeHash(plain, content.dsseEnvelope) : plain;
      if (entity.key.$case !== "certificate") return "it has no certificate, so that it needs the key that made it";
      const { identity } = verifier.verify(entity);
      const [issuer, subject] = [identity?.extensions?.issuer, identity?.subjectAlternativeName];
      if (!issuer || !subject) return "its certificate names nobody";
      return {
        signer: { issuer, subject },
        payload: isEnvelope ? content.dsseEnvelope.payload : null,
        payloadType: isEnvelope ? content.dsseEnvelope.payloadType : null,
      };
    } catch (error) {
      return reasonOf(error);
    }
  };
}

/**
 * Logs of the second generation may enter the hash of what an envelope signs in place of that of its payload (Rekor v2's
 * specification, 6.1.4), which this version of the library does not know. Both name the same payload.
 */
function withEnvelopeHash(
  entity: SignedEntity,
  { payloadType, payload }: { readonly payloadType: string; readonly payload: Uint8Array },
): SignedEntity {
  const { signature } = entity;
  const hash = createHash("sha256").update(preAuthentication(payloadType, payload)).digest();
  return {
    ...entity,
    signature: {
      signature: signature.signature,
      compareSignature: (other) => signature.compareSignature(other),
      verifySignature: (key) => signature.verifySignature(key),
      compareDigest: (digest) => signature.compareDigest(digest) || hash.equals(digest),
    },
  };
}

/** A trust root without the day from which a log or an authority counts would let it count for ever. */
function isDated(root: TrustedRoot): boolean {
  const authorities = [...root.certificateAuthorities, ...root.timestampAuthorities];
  const keys = [...root.tlogs, ...root.ctlogs].map(({ publicKey }) => publicKey);
  return [...authorities, ...keys].every((one) => one?.validFor?.start !== undefined);
}

/** The library's faults in words; whatever else it throws comes from a bundle that is none. */
function reasonOf(error: unknown): string {
  if (!(error instanceof VerificationError)) return "it cannot be read";
  const words: { readonly [code: string]: string } = {
    CERTIFICATE_ERROR: "its certificate is not from an authority that is trusted, or was not valid when it was used",
    SIGNATURE_ERROR: "the signature does not fit",
    TIMESTAMP_ERROR: "nothing that is trusted says when it was made",
    TLOG_ERROR: "it stands in no log",
    TLOG_BODY_ERROR: "its log entry is about something else",
    TLOG_INCLUSION_PROMISE_ERROR: "its log entry is not signed by a log that is trusted",
    TLOG_INCLUSION_PROOF_ERROR: "it is not shown to stand in a log that is trusted",
    TLOG_MISSING_INCLUSION_ERROR: "it is not shown to stand in a log",
  };
  return words[error.code] ?? "it does not hold";
}
