/**
 * cosign's older signatures without a key: certificate and log entry stand in annotations. Turned into Sigstore's bundle,
 * so that one way of checking holds for both. Names as in cosign's SIGNATURE_SPEC.
 */
import { createHash } from "node:crypto";
import { parseJson, part } from "../registry/json";

const prefix = "dev.sigstore.cosign/";
/** The annotation that holds the signature itself. */
export const signatureAnnotation = "dev.cosignproject.cosign/signature";

/** The bundle as JSON; null where there is no certificate. Nothing in it has been checked. */
export function bundleOfAnnotations(
  payload: Uint8Array,
  annotations: { readonly [name: string]: string },
): unknown | null {
  const certificate = derOf(annotations[`${prefix}certificate`]);
  const signature = annotations[signatureAnnotation];
  if (certificate === null || signature === undefined) return null;
  const timestamp = part(parse(annotations[`${prefix}rfc3161timestamp`]), "SignedRFC3161Timestamp");
  const entry = entryOf(parse(annotations[`${prefix}bundle`]));
  return {
    mediaType: "application/vnd.dev.sigstore.bundle+json;version=0.1",
    verificationMaterial: {
      x509CertificateChain: { certificates: [{ rawBytes: certificate }] },
      tlogEntries: entry ? [entry] : [],
      timestampVerificationData: {
        rfc3161Timestamps: typeof timestamp === "string" ? [{ signedTimestamp: timestamp }] : [],
      },
    },
    messageSignature: {
      messageDigest: { algorithm: "SHA2_256", digest: createHash("sha256").update(payload).digest("base64") },
      signature,
    },
  };
}

/** The log entry with the promise that the log signed. */
function entryOf(bundle: unknown): unknown {
  const payload = part(bundle, "Payload");
  const body = part(payload, "body");
  const promise = part(bundle, "SignedEntryTimestamp");
  const logId = part(payload, "logID");
  if (typeof body !== "string" || typeof promise !== "string" || typeof logId !== "string") return null;
  const kind = parse(Buffer.from(body, "base64").toString("utf8"));
  return {
    logIndex: String(part(payload, "logIndex") ?? ""),
    logId: { keyId: Buffer.from(logId, "hex").toString("base64") },
    kindVersion: { kind: part(kind, "kind"), version: part(kind, "apiVersion") },
    integratedTime: String(part(payload, "integratedTime") ?? ""),
    inclusionPromise: { signedEntryTimestamp: promise },
    canonicalizedBody: body,
  };
}

function derOf(pem: string | undefined): string | null {
  const body = /-----BEGIN CERTIFICATE-----([\sA-Za-z0-9+/=]+)-----END CERTIFICATE-----/.exec(pem ?? "")?.[1];
  return body === undefined ? null : body.replace(/\s+/g, "");
}

function parse(text: string | undefined): unknown {
  return text === undefined ? null : parseJson(text);
}
